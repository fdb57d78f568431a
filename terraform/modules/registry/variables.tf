variable "repositories" {
  description = "Repositories by name, each with how many images it keeps and how many days an image without a tag stays. Keep more images than releases may go back to."
  type = map(object({
    keep_images   = optional(number, 200)
    untagged_days = optional(number, 14)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.repositories) : can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", name))])
    error_message = "A repository's name has small letters and digits, with single dots, hyphens, underscores and slashes between."
  }

  validation {
    condition     = alltrue([for settings in values(var.repositories) : settings.keep_images >= 10 && settings.untagged_days >= 1])
    error_message = "keep_images is at least 10 and untagged_days at least 1: an image that is served or may be gone back to must stay."
  }
}

variable "immutable_tags" {
  description = "Whether a tag that was pushed once can't be pushed again. Where it can, a commit no longer says which image it means."
  type        = bool
  default     = true
  nullable    = false
}

variable "key_arn" {
  description = "KMS key for the images. Left out, ECR encrypts with its own."
  type        = string
  default     = null

  validation {
    condition     = var.key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}

variable "pull_account_ids" {
  description = "Other accounts whose tasks pull these images, and whose Steersman resolves their tags."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.pull_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "An account's id has 12 digits."
  }
}

variable "force_delete" {
  description = "Whether a repository that holds images is deleted with them when it is taken out of Terraform."
  type        = bool
  default     = false
  nullable    = false
}
