variable "name" {
  description = "Name of the replication group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9]){0,39}$", var.name)) && length(var.name) <= 40
    error_message = "A name begins with a small letter, and has up to 40 small letters, digits and single hyphens between them."
  }
}

variable "engine" {
  description = "valkey or redis."
  type        = string
  default     = "valkey"
  nullable    = false

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "Expected valkey or redis."
  }
}

variable "engine_version" {
  description = "Version of the engine: 7.2 or later of valkey, 7.0 or 7.1 of redis."
  type        = string
  default     = "8.0"
  nullable    = false

  validation {
    condition     = can(regex(var.engine == "valkey" ? "^([89]\\.[0-9]+|7\\.2)$" : "^7\\.[01]$", var.engine_version))
    error_message = "Expected 7.2 or later of valkey, 7.0 or 7.1 of redis."
  }
}

variable "node_type" {
  description = "Type of the nodes."
  type        = string
  default     = "cache.t4g.small"
  nullable    = false

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "Expected a node type of ElastiCache, such as cache.t4g.small."
  }
}

variable "nodes" {
  description = "Nodes: one, or a primary and its replicas, one of which takes over when the primary fails."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.nodes >= 1 && var.nodes <= 6
    error_message = "Expected 1 to 6 nodes."
  }
}

variable "vpc_id" {
  description = "VPC of the nodes."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Expected a VPC's id, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the nodes."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Expected the id of at least one subnet."
  }
}

variable "allowed_security_groups" {
  description = "Security groups that may connect, by a name of your choice."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in values(var.allowed_security_groups) : startswith(id, "sg-")])
    error_message = "Expected security groups' ids, such as sg-0a1b2c3d."
  }
}

variable "user_group_ids" {
  description = "User groups of ElastiCache that may sign in. Left out, whoever may connect may do everything."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.user_group_ids) <= 1
    error_message = "A replication group takes one user group."
  }
}

variable "snapshot_days" {
  description = "Days that snapshots are kept; 0 makes none."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.snapshot_days >= 0 && var.snapshot_days <= 35
    error_message = "Expected 0 to 35 days."
  }
}

variable "key_arn" {
  description = "KMS key for what is stored. Left out, AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}
