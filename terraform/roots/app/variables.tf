variable "project" {
  description = "Name of the project. Cluster, load balancer and network are called PROJECT-ENVIRONMENT."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$", var.project))
    error_message = "A name begins with a small letter, has up to 10 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "environment" {
  description = "Name of the environment. Steersman gives its own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$", var.environment))
    error_message = "A name begins with a small letter, has up to 12 small letters, digits and hyphens, and ends with no hyphen."
  }
}

variable "region" {
  description = "Region of the environment."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Expected a region, such as eu-west-1."
  }
}

variable "role_arn" {
  description = "Role that this root is applied with, as roots/core made it. Credentials of another account are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:iam::[0-9]{12}:role/", var.role_arn))
    error_message = "Expected the ARN of an IAM role."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds the roles made here, as roots/bootstrap made it. The role of roots/core makes no role without it."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "Expected the ARN of an IAM policy."
  }
}

variable "registry" {
  description = "Where images lie, as roots/core made it: HOST/PROJECT-ENVIRONMENT. Every image of a release must."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$", var.registry))
    error_message = "Expected a registry's host, with a path or without, and no slash at the end."
  }
}

variable "images" {
  description = "Image of each release. Steersman gives it, with digests; by hand: TF_VAR_images='{\"web\":\"REGISTRY/web@sha256:…\"}'. Not in a .tfvars file, which would win over Steersman's."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in local.releases : contains(keys(var.images), name)])
    error_message = "Each release needs its image here: TF_VAR_images='{\"NAME\":\"REPOSITORY@sha256:DIGEST\"}'."
  }

  validation {
    condition     = alltrue([for image in values(var.images) : startswith(image, "${var.registry}/")])
    error_message = "An image lies below the registry."
  }
}

variable "availability_zones" {
  description = "Zones of the network, two at least."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zones) >= 2
    error_message = "Two to six different zones are expected."
  }
}

variable "cidr" {
  description = "IPv4 range of the network."
  type        = string
  default     = "10.0.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "The range is IPv4 in CIDR form, such as 10.0.0.0/16."
  }
}

variable "nat_gateways" {
  description = "none, single or per-zone: see modules/network."
  type        = string
  default     = "per-zone"
  nullable    = false

  validation {
    condition     = contains(["none", "single", "per-zone"], var.nat_gateways)
    error_message = "Expected none, single or per-zone."
  }
}

variable "interface_endpoints" {
  description = "AWS services that tasks reach without a NAT gateway: see modules/network."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9][a-z0-9.-]*$", service))])
    error_message = "Services are named as in com.amazonaws.REGION.NAME, such as ecr.api."
  }
}

variable "certificate_arn" {
  description = "Certificate of the load balancer. Left out, it speaks HTTP."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[^:]+:(acm|iam):", var.certificate_arn))
    error_message = "Expected the ARN of a certificate in ACM or IAM."
  }
}

variable "test_ingress_cidrs" {
  description = "IPv4 ranges that may reach the test listener: where the controller comes from."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.test_ingress_cidrs : can(cidrhost(cidr, 0)) && !endswith(cidr, "/0")])
    error_message = "Expected IPv4 ranges in CIDR form, and not the whole internet."
  }
}

variable "database" {
  description = "The database: see modules/database. Left out, there is none."
  type = object({
    engine         = optional(string, "postgres")
    engine_version = optional(string, "17")
    instance_class = optional(string, "db.t4g.small")
    multi_zone     = optional(bool, true)
    backup_days    = optional(number, 7)
  })
  default = null

  validation {
    condition     = var.database == null || try(contains(["postgres", "mysql"], var.database.engine), false)
    error_message = "The engine is postgres or mysql."
  }
}

variable "cache" {
  description = "The cache: see modules/cache. Left out, there is none."
  type = object({
    engine         = optional(string, "valkey")
    engine_version = optional(string, "8.0")
    node_type      = optional(string, "cache.t4g.small")
    nodes          = optional(number, 2)
  })
  default = null

  validation {
    condition     = var.cache == null || try(contains(["valkey", "redis"], var.cache.engine), false)
    error_message = "The engine is valkey or redis."
  }
}

variable "alarm_emails" {
  description = "Addresses that get the alarms."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "Expected mail addresses."
  }
}

variable "deletion_protection" {
  description = "Whether load balancer and database can't be deleted until this is false."
  type        = bool
  default     = true
  nullable    = false
}
