variable "name" {
  description = "Name of the cluster and of its load balancer: what a Release names in service.cluster and traffic.loadBalancer."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}[a-z0-9]$", var.name)) && !startswith(var.name, "internal-")
    error_message = "A name begins with a small letter, has 2 to 31 small letters, digits and hyphens, ends with no hyphen, and does not begin with internal-."
  }
}

variable "vpc_id" {
  description = "VPC of the load balancer."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Expected a VPC's id, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  description = "Subnets of the load balancer, in at least two zones: public ones, or private ones where internal is true."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Expected the ids of at least two subnets."
  }
}

variable "internal" {
  description = "Whether the load balancer has only private addresses."
  type        = bool
  default     = false
  nullable    = false
}

variable "ingress_cidrs" {
  description = "IPv4 ranges that may reach the production listener."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.ingress_cidrs : can(cidrhost(cidr, 0)) && !strcontains(cidr, ":")])
    error_message = "Expected IPv4 ranges in CIDR form."
  }
}

variable "test_ingress_cidrs" {
  description = "IPv4 ranges that may reach the test listener: the controller, whose gates ask the new version there, and nobody else."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.test_ingress_cidrs : can(cidrhost(cidr, 0)) && !strcontains(cidr, ":") && !endswith(cidr, "/0")])
    error_message = "Expected IPv4 ranges in CIDR form, and not the whole internet."
  }
}

variable "certificate_arn" {
  description = "Certificate of the listeners. With it they speak HTTPS, and port 80 redirects to 443; without it they speak HTTP."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[^:]+:(acm|iam):", var.certificate_arn))
    error_message = "Expected the ARN of a certificate in ACM or IAM."
  }
}

variable "ssl_policy" {
  description = "Security policy of HTTPS listeners."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  nullable    = false

  validation {
    condition     = startswith(var.ssl_policy, "ELBSecurityPolicy-")
    error_message = "Expected a policy of Elastic Load Balancing, such as ELBSecurityPolicy-TLS13-1-2-2021-06."
  }
}

variable "test_port" {
  description = "Port of the test listener."
  type        = number
  default     = 8443
  nullable    = false

  validation {
    condition     = var.test_port >= 1 && var.test_port <= 65535 && !contains([80, 443], var.test_port)
    error_message = "Expected a port from 1 to 65535 that is not 80 or 443."
  }
}

variable "idle_timeout_seconds" {
  description = "Seconds after which the load balancer closes a connection on which nothing is sent."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.idle_timeout_seconds >= 1 && var.idle_timeout_seconds <= 4000
    error_message = "Expected 1 to 4000 seconds."
  }
}

variable "access_log_bucket" {
  description = "S3 bucket for the load balancer's access logs; its policy must let the load balancer write. Left out, none are written."
  type        = string
  default     = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "Expected the name of an S3 bucket."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer can't be deleted until this is false."
  type        = bool
  default     = true
  nullable    = false
}

variable "container_insights" {
  description = "Metrics of Container Insights: enabled, enhanced (of each task and container) or disabled."
  type        = string
  default     = "enabled"
  nullable    = false

  validation {
    condition     = contains(["enabled", "enhanced", "disabled"], var.container_insights)
    error_message = "Expected enabled, enhanced or disabled."
  }
}

variable "insights_retention_days" {
  description = "Days that Container Insights' records are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.insights_retention_days)
    error_message = "CloudWatch Logs keeps 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}
