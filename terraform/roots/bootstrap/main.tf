provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      project    = var.project
      managed-by = "terraform"
    }
  }
}

module "state" {
  source = "../../modules/state"

  bucket     = "${var.project}-${var.account_id}-tfstate"
  lock_table = var.lock_table ? "${var.project}-tflocks" : null
}

module "identity" {
  source = "../../modules/identity"

  project             = var.project
  github_repository   = var.github_repository
  github_provider_arn = var.github_provider_arn
  core_state = {
    bucket_arn     = module.state.bucket_arn
    key_arn        = module.state.key_arn
    lock_table_arn = module.state.lock_table_arn
  }
}
