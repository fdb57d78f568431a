output "state_key" {
  description = "Key of the state of roots/app, for the backend."
  value       = local.state_key
}

output "registry" {
  description = "Where the environment's images lie: the variable registry of roots/app."
  value       = "${module.registry.registry}/${local.name}"
}

output "terraform_role_arn" {
  description = "Role that applies roots/app: its variable role_arn, and spec.terraform.roleArn."
  value       = module.identity.terraform_role_arns[var.environment]
}

output "preview_role_arn" {
  description = "Role that plans what is not merged: spec.terraform.previewRoleArn."
  value       = module.identity.preview_role_arns[var.environment]
}

output "role_arn" {
  description = "Role of Steersman: spec.aws.roleArn."
  value       = module.identity.role_arns[var.environment]
}

output "pipeline_variables" {
  description = "Variables of the GitHub environment whose pipeline builds and pushes images."
  value = {
    AWS_REGION   = var.region
    AWS_ROLE_ARN = lookup(module.identity.push_role_arns, var.environment, null)
    REGISTRY     = "${module.registry.registry}/${local.name}"
  }
}
