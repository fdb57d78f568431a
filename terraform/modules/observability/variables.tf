variable "name" {
  description = "Name of the dashboard, and what the names of alarms and of the topic begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,60}$", var.name))
    error_message = "A name has up to 60 letters, digits, hyphens and underscores."
  }
}

variable "cluster_name" {
  description = "Name of the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,255}$", var.cluster_name))
    error_message = "Expected the name of a cluster, not its ARN."
  }
}

variable "load_balancer_arn_suffix" {
  description = "What CloudWatch calls the load balancer: app/NAME/ID."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.load_balancer_arn_suffix, "app/")
    error_message = "Expected app/NAME/ID of an application load balancer."
  }
}

variable "services" {
  description = "Releases by name: their two services, what CloudWatch calls their two target groups, and the bounds of their alarms."
  type = map(object({
    service_names             = map(string)
    target_group_arn_suffixes = map(string)
    error_percent             = optional(number, 1)
    latency_seconds           = optional(number, 1)
  }))
  nullable = false

  validation {
    condition     = alltrue([for service in values(var.services) : toset(keys(service.service_names)) == toset(["blue", "green"]) && toset(keys(service.target_group_arn_suffixes)) == toset(["blue", "green"])])
    error_message = "service_names and target_group_arn_suffixes have the keys blue and green."
  }

  validation {
    condition     = alltrue([for service in values(var.services) : service.error_percent > 0 && service.error_percent <= 100 && service.latency_seconds > 0])
    error_message = "error_percent is above 0 and at most 100; latency_seconds is above 0."
  }
}

variable "alarm_emails" {
  description = "Addresses that get the alarms. Each has to confirm a mail first."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "Expected mail addresses."
  }
}

variable "trace_percent" {
  description = "Share of requests that X-Ray traces, besides the first one of each second."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.trace_percent >= 0 && var.trace_percent <= 100
    error_message = "Expected 0 to 100."
  }
}

variable "trace_rule_priority" {
  description = "Priority of the sampling rule: unique in the account and region, the lowest number wins."
  type        = number
  default     = 1000
  nullable    = false

  validation {
    condition     = var.trace_rule_priority >= 1 && var.trace_rule_priority <= 9999
    error_message = "Expected 1 to 9999."
  }
}
