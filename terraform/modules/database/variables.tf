variable "name" {
  description = "Name of the instance."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9]){0,49}$", var.name))
    error_message = "A name begins with a small letter, and has small letters, digits and single hyphens between them."
  }
}

variable "engine" {
  description = "postgres or mysql."
  type        = string
  default     = "postgres"
  nullable    = false

  validation {
    condition     = contains(["postgres", "mysql"], var.engine)
    error_message = "Expected postgres or mysql."
  }
}

variable "engine_version" {
  description = "Major version of the engine, such as 17 of postgres or 8.4 of mysql. RDS chooses the minor one and keeps it current."
  type        = string
  default     = "17"
  nullable    = false

  validation {
    condition     = var.engine == "postgres" ? can(regex("^[0-9]{2}$", var.engine_version)) : can(regex("^[0-9]+\\.[0-9]+$", var.engine_version))
    error_message = "Expected a major version: two digits for postgres, such as 17; two numbers for mysql, such as 8.4."
  }
}

variable "instance_class" {
  description = "Class of the instance."
  type        = string
  default     = "db.t4g.small"
  nullable    = false

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "Expected a class of RDS, such as db.t4g.small."
  }
}

variable "storage_gib" {
  description = "Storage to begin with."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.storage_gib >= 20 && var.storage_gib <= 65536
    error_message = "Expected 20 to 65536 GiB."
  }
}

variable "maximum_storage_gib" {
  description = "Storage up to which RDS grows by itself."
  type        = number
  default     = 100
  nullable    = false

  validation {
    condition     = var.maximum_storage_gib > var.storage_gib && var.maximum_storage_gib <= 65536
    error_message = "Expected more than storage_gib, and at most 65536 GiB."
  }
}

variable "database_name" {
  description = "Database that is made with the instance."
  type        = string
  default     = "app"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name))
    error_message = "A name begins with a small letter and has up to 63 small letters, digits and underscores."
  }
}

variable "username" {
  description = "Name of the master user. Its password is made, kept and rotated by Secrets Manager; Terraform never sees it."
  type        = string
  default     = "owner"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,15}$", var.username)) && !contains(["admin", "postgres", "rdsadmin", "root"], var.username)
    error_message = "A name begins with a small letter, has up to 16 small letters, digits and underscores, and is none of admin, postgres, rdsadmin and root."
  }
}

variable "vpc_id" {
  description = "VPC of the instance."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "Expected a VPC's id, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  description = "Private subnets in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2 && alltrue([for id in var.subnet_ids : startswith(id, "subnet-")])
    error_message = "Expected the ids of at least two subnets."
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

variable "multi_zone" {
  description = "Whether a standby in another zone takes over when the instance fails."
  type        = bool
  default     = true
  nullable    = false
}

variable "backup_days" {
  description = "Days that can be gone back to."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "Expected 1 to 35 days."
  }
}

variable "key_arn" {
  description = "KMS key for storage and password. Left out, AWS's own keys."
  type        = string
  default     = null

  validation {
    condition     = var.key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", var.key_arn))
    error_message = "Expected the ARN of a KMS key."
  }
}

variable "deletion_protection" {
  description = "Whether the instance can't be deleted until this is false. While it is true, a last snapshot is made when the instance goes."
  type        = bool
  default     = true
  nullable    = false
}
