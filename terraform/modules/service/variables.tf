variable "name" {
  description = "Name of the release. Its services are NAME-blue and NAME-green, as Steersman expects them."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.name))
    error_message = "A name begins with a small letter, has up to 40 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "environment" {
  description = "Name of the environment. It begins the names that are unique in an account and region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", var.environment))
    error_message = "A name begins with a small letter, has up to 20 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "target_group_prefix" {
  description = "What the names of the two target groups begin with; -blue and -green follow. Left out: ENVIRONMENT-NAME."
  type        = string
  default     = null

  validation {
    condition     = can(regex("^[a-zA-Z0-9]([a-zA-Z0-9-]{0,25})$", var.target_group_prefix == null ? "${var.environment}-${var.name}" : var.target_group_prefix))
    error_message = "A target group's name has up to 32 letters, digits and hyphens, so its prefix has up to 26. Where ENVIRONMENT-NAME is longer, give a shorter one."
  }
}

variable "family" {
  description = "Family of the task definitions that Terraform registers. Left out: ENVIRONMENT-NAME-terraform, because ENVIRONMENT-NAME belongs to Steersman."
  type        = string
  default     = null

  validation {
    condition     = var.family == null || can(regex("^[a-zA-Z0-9_-]{1,255}$", var.family))
    error_message = "A family has up to 255 letters, digits, hyphens and underscores."
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

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Expected a VPC's id, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  description = "Subnets of the tasks, private ones as a rule."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Expected the id of at least one subnet."
  }
}

variable "assign_public_ip" {
  description = "Whether tasks get public addresses: in public subnets without a NAT gateway they need one to pull their image."
  type        = bool
  default     = false
  nullable    = false
}

variable "rebalance_zones" {
  description = "Whether ECS by itself moves tasks between zones. While it does, a side has more targets than it is to have, and a rollout waits."
  type        = bool
  default     = false
  nullable    = false
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer. It alone may reach the tasks."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.load_balancer_security_group_id, "sg-")
    error_message = "Expected a security group's id, such as sg-0a1b2c3d."
  }
}

variable "egress_cidrs" {
  description = "IPv4 ranges that tasks may connect to."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.egress_cidrs : can(cidrhost(cidr, 0)) && !strcontains(cidr, ":")])
    error_message = "Expected IPv4 ranges in CIDR form."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds the task role and the execution role."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}
