variable "name" {
  description = "Name of the queue, and the beginning of the names of its rules. The shipped IAM policy allows queues whose names begin with steersman-."
  type        = string
  default     = "steersman-events"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,58}$", var.name))
    error_message = "A queue's name has up to 58 letters, digits, hyphens and underscores here, since the dead-letter queue and the rules get longer ones."
  }
}

variable "retention_seconds" {
  description = "Seconds that a message waits for a controller that is away. Later it would tell nothing new."
  type        = number
  default     = 3600
  nullable    = false

  validation {
    condition     = var.retention_seconds >= 60 && var.retention_seconds <= 1209600
    error_message = "SQS keeps messages from 60 seconds to 14 days."
  }
}

variable "api_calls" {
  description = "Whether calls that change services, rules and target groups are told as well. EventBridge has them only where a trail of CloudTrail records management events."
  type        = bool
  default     = true
  nullable    = false
}
