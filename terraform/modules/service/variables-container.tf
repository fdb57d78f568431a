variable "image" {
  description = "Image of the container as repository@sha256:…, as Steersman gives it to Terraform. A tag works too, and then what it points to may change."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?/?[^\\s:@]*(:[\\w][\\w.-]{0,127}|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "Expected repository@sha256:DIGEST or repository:tag."
  }
}

variable "container_port" {
  description = "Port on which the container takes HTTP."
  type        = number
  default     = 8080
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "Expected a port from 1 to 65535."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one vCPU."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Fargate has 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units."
  }
}

variable "memory" {
  description = "Memory of a task in MiB. Which values go with which cpu: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory >= 512 && var.memory <= 122880 && (var.memory % 1024 == 0 || var.memory == 512)
    error_message = "Fargate has 512 MiB, or 1024 to 122880 in steps of 1024."
  }
}

variable "cpu_architecture" {
  description = "What the image was built for: X86_64 or ARM64."
  type        = string
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "Expected X86_64 or ARM64."
  }
}

variable "command" {
  description = "Command in place of the image's own."
  type        = list(string)
  default     = null

  validation {
    condition     = var.command == null || try(length(var.command) > 0, false)
    error_message = "Leave it out, or give at least one word."
  }
}

variable "environment_variables" {
  description = "Environment variables of the container. No secrets: everybody who may describe the task definition reads them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment_variables) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])
    error_message = "A variable's name has letters, digits and underscores, and begins with no digit."
  }
}

variable "secrets" {
  description = "Environment variables whose values ECS reads when a task starts: name to ARN of a Secrets Manager secret (a JSON key may follow) or of an SSM parameter."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name))])
    error_message = "A variable's name has letters, digits and underscores, and begins with no digit."
  }

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:[^:]+:(secretsmanager:[^:]+:[0-9]{12}:secret:|ssm:[^:]+:[0-9]{12}:parameter/).+", arn))])
    error_message = "Expected ARNs of secrets or of SSM parameters."
  }
}

variable "secret_key_arns" {
  description = "KMS keys, other than AWS's own, that the secrets are encrypted with."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.secret_key_arns : can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/", arn))])
    error_message = "Expected ARNs of KMS keys."
  }
}

variable "sidecars" {
  description = "Further containers: a JSON list of ECS's container definitions, such as jsonencode([{ name = \"proxy\", image = … }])."
  type        = string
  default     = "[]"
  nullable    = false

  validation {
    condition     = can([for container in jsondecode(var.sidecars) : "${container.name} ${container.image}"])
    error_message = "Expected a JSON list of container definitions, each with name and image."
  }
}

variable "sidecar_repository_arns" {
  description = "ECR repositories of the sidecars' images, for the execution role."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.sidecar_repository_arns : can(regex("^arn:[^:]+:ecr:[^:]+:[0-9]{12}:repository/", arn))])
    error_message = "Expected ARNs of ECR repositories."
  }
}

variable "readonly_root_filesystem" {
  description = "Whether the container can't write to its root file system."
  type        = bool
  default     = true
  nullable    = false
}

variable "task_policy_json" {
  description = "IAM policy of what the application may do, for the task role. Left out, it may do nothing."
  type        = string
  default     = null

  validation {
    condition     = var.task_policy_json == null || can(jsondecode(var.task_policy_json).Statement)
    error_message = "Expected an IAM policy in JSON, with Statement."
  }
}

variable "execute_command" {
  description = "Whether people with the permission may open a shell in a task (ECS Exec)."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that the container's log is kept."
  type        = number
  default     = 30
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
