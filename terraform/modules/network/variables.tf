variable "name" {
  description = "Name of the network. It begins the name of everything in it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,29}$", var.name))
    error_message = "A name begins with a small letter and has up to 30 small letters, digits and hyphens."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC. Each subnet gets a sixteenth of it."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("/(1[6-9]|2[0-4])$", var.cidr))
    error_message = "The range is IPv4 in CIDR form with a prefix of 16 to 24, such as 10.0.0.0/16."
  }
}

variable "availability_zones" {
  description = "Availability zones, each of which gets a public and a private subnet. A load balancer needs two. Add new ones at the end."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 6 && length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "Two to six different zones are expected."
  }
}

variable "nat_gateways" {
  description = "How private subnets reach the internet: not at all (none), by one NAT gateway (single), or by one in each zone (per-zone)."
  type        = string
  default     = "per-zone"
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per-zone"], var.nat_gateways)
    error_message = "Expected none, single or per-zone."
  }
}

variable "interface_endpoints" {
  description = "AWS services that private subnets reach without a NAT gateway. Tasks without one need at least ecr.api, ecr.dkr and logs."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9][a-z0-9.-]*$", service))])
    error_message = "Services are named as in com.amazonaws.REGION.NAME, such as ecr.api."
  }
}

variable "flow_log_retention_days" {
  description = "Days that flow logs of rejected connections are kept; 0 writes none."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "CloudWatch Logs keeps 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days; 0 writes no flow logs."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds the role of the flow logs."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}
