provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      project     = var.project
      environment = var.environment
      managed-by  = "terraform"
    }
  }
}

data "aws_partition" "current" {}

locals {
  name      = "${var.project}-${var.environment}"
  partition = data.aws_partition.current.partition
  state_key = "app/${var.environment}.tfstate"
  roles     = "arn:${local.partition}:iam::${var.account_id}:role"
}

module "registry" {
  source = "../../modules/registry"

  repositories = { for name, settings in var.repositories : "${local.name}/${name}" => settings }
}

module "identity" {
  source = "../../modules/identity"

  project                  = var.project
  github_repository        = var.github_repository
  github_provider_arn      = var.github_provider_arn
  permissions_boundary_arn = var.permissions_boundary_arn
  controller_role_arn      = var.controller_role_arn

  environments = {
    (var.environment) = {
      state = {
        bucket_arn     = "arn:${local.partition}:s3:::${var.state_bucket}"
        key            = local.state_key
        key_arn        = var.state_key_arn
        lock_table_arn = var.state_lock_table_arn
      }
      # As roots/app names them.
      clusters             = [local.name]
      load_balancers       = [local.name]
      task_role_arns       = ["${local.roles}/${var.environment}-*-task"]
      execution_role_arns  = ["${local.roles}/${var.environment}-*-execution"]
      repository_arns      = values(module.registry.repository_arns)
      push_repository_arns = values(module.registry.repository_arns)
    }
  }
}
