variable "project" {
  description = "Name of the project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.project)) && var.project != "steersman"
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, ends with no hyphen, and is not steersman."
  }
}

variable "environment" {
  description = "Name of the environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.environment))
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "region" {
  description = "Region of the environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Expected a region, such as eu-west-1."
  }
}

variable "account_id" {
  description = "Account of the environment. Credentials of any other are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account's id has 12 digits."
  }
}

variable "github_repository" {
  description = "Repository whose GitHub Actions push images, as OWNER/NAME. Left out, no role trusts GitHub."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Expected OWNER/NAME."
  }
}

variable "github_provider_arn" {
  description = "The account's OIDC provider for GitHub Actions, as roots/bootstrap made it."
  type        = string
  default     = null

  validation {
    condition     = var.github_provider_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:oidc-provider/", var.github_provider_arn))
    error_message = "Expected the ARN of an OIDC provider."
  }

  validation {
    condition     = var.github_repository == null || var.github_provider_arn != null
    error_message = "github_repository needs github_provider_arn: an account has one provider, and roots/bootstrap made it."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role of the project, as roots/bootstrap made it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}

variable "controller_role_arn" {
  description = "Role that the controller runs with, as roots/bootstrap made it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", var.controller_role_arn))
    error_message = "Expected the ARN of an IAM role."
  }
}

variable "state_bucket" {
  description = "Bucket of the states, as roots/bootstrap made it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "Expected the name of an S3 bucket."
  }
}

variable "state_key_arn" {
  description = "Key that the states are encrypted with, as roots/bootstrap made it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.state_key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}

variable "state_lock_table_arn" {
  description = "Table of the locks, where roots/bootstrap made one."
  type        = string
  default     = null

  validation {
    condition     = var.state_lock_table_arn == null || can(regex("^arn:[^:]+:dynamodb:[^:]+:[0-9]{12}:table/", var.state_lock_table_arn))
    error_message = "Expected the ARN of a DynamoDB table."
  }
}

variable "repositories" {
  description = "Repositories of the environment's images, by name."
  type = map(object({
    keep_images   = optional(number, 200)
    untagged_days = optional(number, 14)
  }))
  nullable = false

  validation {
    condition     = length(var.repositories) > 0
    error_message = "Expected at least one repository."
  }
}
