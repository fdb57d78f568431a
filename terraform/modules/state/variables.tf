variable "bucket" {
  description = "Name of the bucket for states. It is unique in the world."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "A bucket's name has 3 to 63 small letters, digits and hyphens, and neither begins nor ends with a hyphen."
  }
}

variable "lock_table" {
  description = "Name of a DynamoDB table for locks, where a Terraform older than 1.10 takes part. Left out, locks are objects in the bucket (use_lockfile)."
  type        = string
  default     = null

  validation {
    condition     = var.lock_table == null || can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.lock_table))
    error_message = "A table's name has 3 to 255 letters, digits, dots, hyphens and underscores."
  }
}

variable "old_version_days" {
  description = "Days that a state that was written over can be brought back."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.old_version_days >= 30
    error_message = "Keep old states for at least 30 days."
  }
}
