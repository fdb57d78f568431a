variable "project" {
  description = "Name of the project. It begins the names of the roles that pipelines have."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.project)) && var.project != "steersman"
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, ends with no hyphen, and is not steersman."
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
  description = "The account's OIDC provider for GitHub Actions, of which there can be one. Left out, it is made, if github_repository is given."
  type        = string
  default     = null

  validation {
    condition     = var.github_provider_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.github_provider_arn))
    error_message = "Expected the ARN of the OIDC provider of token.actions.githubusercontent.com."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role of the project. Left out, it is made, as steersman-boundary-PROJECT."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}

variable "controller_role_arn" {
  description = "Role that the controller runs with, which takes on the roles of the environments. Left out, it is made, as steersman-controller-PROJECT."
  type        = string
  default     = null

  validation {
    condition     = var.controller_role_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", var.controller_role_arn))
    error_message = "Expected the ARN of an IAM role."
  }
}

variable "controller_services" {
  description = "AWS services that may give the controller's role to what they run: where the controller runs."
  type        = set(string)
  default     = ["ecs-tasks.amazonaws.com"]
  nullable    = false

  validation {
    condition     = length(var.controller_services) > 0 && alltrue([for service in var.controller_services : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com$", service))])
    error_message = "Expected names of services, such as ecs-tasks.amazonaws.com."
  }
}

variable "core_state" {
  description = "Where roots/core keeps its states: bucket, key and table by ARN. With it, and a GitHub repository, a role for the pipeline that applies roots/core is made, as PROJECT-core."
  type = object({
    bucket_arn     = string
    key_arn        = string
    lock_table_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.core_state == null || try(strcontains(var.core_state.bucket_arn, ":s3:::") && strcontains(var.core_state.key_arn, ":kms:"), false)
    error_message = "Expected the ARN of an S3 bucket and of a KMS key."
  }
}

variable "environments" {
  description = "Environments by name: their branch, where the states of their roots lie, and what their releases may name. A list left empty does not narrow."
  type = map(object({
    branch = optional(string)
    state = optional(object({
      bucket_arn     = string
      key            = string
      key_arn        = string
      lock_table_arn = optional(string)
    }))
    clusters             = optional(list(string), [])
    load_balancers       = optional(list(string), [])
    repository_arns      = optional(list(string), [])
    task_role_arns       = optional(list(string), [])
    execution_role_arns  = optional(list(string), [])
    push_repository_arns = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.environments) : can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", name)) && !contains(["boundary", "controller", "core"], name)])
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, ends with no hyphen, and is none of boundary, controller and core."
  }

  validation {
    condition     = alltrue([for settings in values(var.environments) : settings.state == null || try(!startswith(settings.state.key, "/") && strcontains(settings.state.bucket_arn, ":s3:::"), false)])
    error_message = "A state has the ARN of a bucket, and a key that does not begin with a slash."
  }
}
