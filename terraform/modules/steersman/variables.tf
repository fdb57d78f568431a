variable "name" {
  description = "Name of the service, and the beginning of the names of what belongs to it."
  type        = string
  default     = "steersman"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$", var.name))
    error_message = "A name begins with a small letter, has up to 24 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "cluster_arn" {
  description = "Cluster of ECS in which the controllers run. It need not be one that they roll out to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:ecs:[^:]+:[0-9]{12}:cluster/", var.cluster_arn))
    error_message = "Expected the ARN of a cluster."
  }
}

variable "vpc_id" {
  description = "VPC of the controllers."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Expected the id of a VPC, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the controllers, in two zones or more. They need a way to AWS and to git: a NAT gateway, or endpoints."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Expected ids of two subnets or more."
  }
}

variable "egress_cidrs" {
  description = "Networks that the controllers connect to."
  type        = set(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.egress_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Expected networks such as 10.0.0.0/16."
  }
}

variable "egress_ports" {
  description = "Ports that the controllers connect to: 443 for AWS and git over HTTPS, 22 for git over SSH, and those of the test listeners that gates ask."
  type        = set(number)
  default     = [443]
  nullable    = false

  validation {
    condition     = contains(var.egress_ports, 443) && alltrue([for port in var.egress_ports : port >= 1 && port <= 65535])
    error_message = "Expected ports from 1 to 65535, and 443 among them: without AWS nothing works."
  }
}

variable "metrics_security_group_ids" {
  description = "Security groups of who collects metrics at port 9090, which asks for no token."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.metrics_security_group_ids : startswith(id, "sg-")])
    error_message = "Expected ids of security groups."
  }
}

variable "api" {
  description = "A private load balancer for the API and the dashboard: its subnets, certificate, the names by which people and forges reach it, and the networks of who may use it. Left out, there is none."
  type        = object({ subnet_ids = set(string), certificate_arn = string, hosts = set(string), cidrs = set(string), ssl_policy = optional(string, "ELBSecurityPolicy-TLS13-1-2-2021-06"), deletion_protection = optional(bool, true) })
  default     = null

  validation {
    condition     = var.api == null || try(length(var.api.subnet_ids) >= 2 && can(regex("^arn:[^:]+:(acm|iam):", var.api.certificate_arn)), false)
    error_message = "A load balancer needs two subnets and the ARN of a certificate."
  }

  validation {
    condition     = var.api == null || try(length(var.api.hosts) > 0 && alltrue([for host in var.api.hosts : can(regex("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", host))]), false)
    error_message = "Expected the host names that the certificate is for, such as steersman.example.com: requests for others are refused."
  }

  validation {
    condition     = var.api == null || try(length(var.api.cidrs) > 0 && alltrue([for cidr in var.api.cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")]), false)
    error_message = "Expected the networks of who may use the API, and not the whole internet."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds both roles."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}

variable "log_retention_days" {
  description = "Days that the log is kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "log_key_arn" {
  description = "KMS key for the log. Its policy must let CloudWatch Logs use it."
  type        = string
  default     = null

  validation {
    condition     = var.log_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.log_key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}
