output "controller_role_arn" {
  description = "Role that the controller runs with."
  value       = local.controller_role_arn
}

output "permissions_boundary_arn" {
  description = "Policy that bounds every role of the project."
  value       = var.permissions_boundary_arn == null ? aws_iam_policy.boundary[0].arn : var.permissions_boundary_arn
}

output "github_provider_arn" {
  description = "The OIDC provider for GitHub Actions; null where no role trusts GitHub."
  value       = local.github_provider_arn
}

output "core_role_arn" {
  description = "Role for the pipeline that applies roots/core; null where there is none."
  value       = one(aws_iam_role.core[*].arn)
}

output "role_arns" {
  description = "Roles by environment, for spec.aws.roleArn."
  value       = { for name, role in aws_iam_role.environment : name => role.arn }
}

output "terraform_role_arns" {
  description = "Roles by environment, for spec.terraform.roleArn, where the environment has a state."
  value       = { for name, role in aws_iam_role.terraform : name => role.arn }
}

output "preview_role_arns" {
  description = "Roles by environment, for spec.terraform.previewRoleArn, where the environment has a state."
  value       = { for name, role in aws_iam_role.preview : name => role.arn }
}

output "push_role_arns" {
  description = "Roles by environment, for the pipeline that pushes images."
  value       = { for name, role in aws_iam_role.push : name => role.arn }
}
