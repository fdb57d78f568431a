variable "listener_arn" {
  description = "The production listener."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:elasticloadbalancing:[^:]+:[0-9]{12}:listener/app/", var.listener_arn))
    error_message = "Expected the ARN of an application load balancer's listener."
  }
}

variable "test_listener_arn" {
  description = "The test listener, where gates reach the idle side."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:elasticloadbalancing:[^:]+:[0-9]{12}:listener/app/", var.test_listener_arn))
    error_message = "Expected the ARN of an application load balancer's listener."
  }
}

variable "rule" {
  description = "Which requests are the release's: hosts, paths or both, on the production and the test listener alike. Of two rules that take a request the one with the lower priority wins."
  type = object({
    priority = number
    hosts    = optional(list(string), [])
    paths    = optional(list(string), [])
  })
  nullable = false

  validation {
    condition     = var.rule.priority >= 1 && var.rule.priority <= 50000
    error_message = "A priority is a number from 1 to 50000."
  }

  validation {
    condition     = length(var.rule.hosts) + length(var.rule.paths) >= 1 && length(var.rule.hosts) + length(var.rule.paths) <= 5
    error_message = "A rule needs one to five hosts and paths; the path /* takes every request."
  }
}

variable "authenticate" {
  description = "OpenID Connect provider that users must sign in with before they reach the release. The listeners must speak HTTPS. Used when the rule is made: later changes come by the output traffic_actions."
  type = object({
    issuer                 = string
    authorization_endpoint = string
    token_endpoint         = string
    user_info_endpoint     = string
    client_id              = string
    scope                  = optional(string, "openid")
    session_timeout        = optional(number, 604800)
  })
  default = null

  validation {
    condition     = var.authenticate == null || alltrue([for url in [try(var.authenticate.issuer, ""), try(var.authenticate.authorization_endpoint, ""), try(var.authenticate.token_endpoint, ""), try(var.authenticate.user_info_endpoint, "")] : startswith(url, "https://")])
    error_message = "Issuer and endpoints are https addresses."
  }
}

variable "authenticate_client_secret" {
  description = "Client secret of the OpenID Connect provider. It is kept in Terraform's state."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.authenticate == null || try(length(var.authenticate_client_secret) > 0, false)
    error_message = "authenticate needs authenticate_client_secret."
  }
}

variable "health_check" {
  description = "How the load balancer sees that a task is healthy."
  type = object({
    path                = optional(string, "/healthz")
    matcher             = optional(string, "200")
    interval            = optional(number, 10)
    timeout             = optional(number, 5)
    healthy_threshold   = optional(number, 2)
    unhealthy_threshold = optional(number, 3)
    grace_period        = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.health_check.path, "/") && can(regex("^[0-9,-]+$", var.health_check.matcher))
    error_message = "The path begins with a slash; the matcher is a status, a list or a range, such as 200-299."
  }

  validation {
    condition     = var.health_check.interval >= 5 && var.health_check.interval <= 300 && var.health_check.timeout >= 2 && var.health_check.timeout < var.health_check.interval
    error_message = "The interval is 5 to 300 seconds; the timeout is at least 2 and shorter than the interval."
  }

  validation {
    condition     = var.health_check.healthy_threshold >= 2 && var.health_check.healthy_threshold <= 10 && var.health_check.unhealthy_threshold >= 2 && var.health_check.unhealthy_threshold <= 10 && var.health_check.grace_period >= 0
    error_message = "The thresholds are 2 to 10; the grace period is not negative."
  }
}

variable "deregistration_delay_seconds" {
  description = "Seconds that requests under way have to end on a side that is scaled in."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.deregistration_delay_seconds >= 0 && var.deregistration_delay_seconds <= 3600
    error_message = "Expected 0 to 3600 seconds."
  }
}

variable "slow_start_seconds" {
  description = "Seconds over which a new target's share of the requests grows; 0 gives it its whole share at once."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.slow_start_seconds == 0 || (var.slow_start_seconds >= 30 && var.slow_start_seconds <= 900)
    error_message = "Expected 0, or 30 to 900 seconds."
  }
}

variable "capacity_providers" {
  description = "Shares of capacity providers, such as [{ name = \"FARGATE_SPOT\", weight = 1 }]. Left out, the services have the launch type FARGATE."
  type = list(object({
    name   = string
    weight = optional(number, 1)
    base   = optional(number, 0)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for provider in var.capacity_providers : provider.weight >= 0 && provider.weight <= 1000 && provider.base >= 0])
    error_message = "A weight is 0 to 1000, a base is not negative."
  }
}

variable "autoscaling" {
  description = "Bounds of the count of tasks on the live side, and the averages to hold: CPU and memory in percent, requests a minute of each target. Left out, the Release's service.desiredCount says how many."
  type = object({
    minimum             = number
    maximum             = number
    cpu_percent         = optional(number)
    memory_percent      = optional(number)
    requests_per_target = optional(number)
    scale_in_cooldown   = optional(number, 300)
    scale_out_cooldown  = optional(number, 60)
  })
  default = null

  validation {
    condition     = var.autoscaling == null || try(var.autoscaling.minimum >= 1 && var.autoscaling.maximum >= var.autoscaling.minimum, false)
    error_message = "The minimum is at least 1, and the maximum is not below it."
  }

  validation {
    condition     = var.autoscaling == null || try(length([for value in [var.autoscaling.cpu_percent, var.autoscaling.memory_percent, var.autoscaling.requests_per_target] : value if value != null]) > 0, false)
    error_message = "Give at least one of cpu_percent, memory_percent and requests_per_target."
  }
}
