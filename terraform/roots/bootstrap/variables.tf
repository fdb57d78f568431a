variable "project" {
  description = "Name of the project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.project)) && var.project != "steersman"
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, ends with no hyphen, and is not steersman."
  }
}

variable "account_id" {
  description = "Account that this root is for. Credentials of any other are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account's id has 12 digits."
  }
}

variable "region" {
  description = "Region of the states."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Expected a region, such as eu-west-1."
  }
}

variable "github_repository" {
  description = "Repository whose GitHub Actions get roles, as OWNER/NAME. Left out, no role trusts GitHub."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Expected OWNER/NAME."
  }
}

variable "github_provider_arn" {
  description = "The account's OIDC provider for GitHub Actions, where it exists already."
  type        = string
  default     = null

  validation {
    condition     = var.github_provider_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:oidc-provider/", var.github_provider_arn))
    error_message = "Expected the ARN of an OIDC provider."
  }
}

variable "lock_table" {
  description = "Whether locks lie in a DynamoDB table, for Terraform older than 1.10, and not in the bucket."
  type        = bool
  default     = false
  nullable    = false
}
