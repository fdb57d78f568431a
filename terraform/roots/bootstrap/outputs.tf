output "backend" {
  description = "The backend of this root, to be written to backend.tf before `terraform init -migrate-state`."
  value = join("\n", concat(
    ["terraform {", "  backend \"s3\" {", "    key = \"bootstrap.tfstate\""],
    [for name, value in module.state.backend_config : "    ${name} = ${jsonencode(value)}"],
    ["  }", "}", ""],
  ))
}

output "backend_config" {
  description = "Settings of the S3 backend for the other roots, all but the key."
  value       = module.state.backend_config
}

output "core_variables" {
  description = "What roots/core wants to know of this root."
  value = {
    project                  = var.project
    region                   = var.region
    account_id               = var.account_id
    github_repository        = var.github_repository
    github_provider_arn      = module.identity.github_provider_arn
    permissions_boundary_arn = module.identity.permissions_boundary_arn
    controller_role_arn      = module.identity.controller_role_arn
    state_bucket             = module.state.bucket
    state_key_arn            = module.state.key_arn
    state_lock_table_arn     = module.state.lock_table_arn
  }
}

output "core_role_arn" {
  description = "Role for the pipeline that applies roots/core; null without a GitHub repository."
  value       = module.identity.core_role_arn
}
