variable "name" {
  description = "Name of the table, as in spec.store.table of the Configuration."
  type        = string
  default     = "steersman"
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.name))
    error_message = "A table's name has 3 to 255 letters, digits, dots, hyphens and underscores."
  }
}

variable "key_arn" {
  description = "KMS key for the table. Left out, DynamoDB encrypts with AWS's own key of the account."
  type        = string
  default     = null

  validation {
    condition     = var.key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}

variable "deletion_protection" {
  description = "Whether DynamoDB refuses to delete the table."
  type        = bool
  default     = true
  nullable    = false
}
