variable "image" {
  description = "Image of the controller as repository@sha256:… or repository:tag."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s:@]+(:[0-9]+)?/?[^\\s:@]*(:[\\w][\\w.-]{0,127}|@sha256:[0-9a-f]{64})$", var.image))
    error_message = "Expected repository@sha256:DIGEST or repository:tag."
  }
}

variable "tasks" {
  description = "Controllers that run. With one shard one of them leads, and the others stand by."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.tasks >= 1 && var.tasks <= 20 && floor(var.tasks) == var.tasks
    error_message = "Expected 1 to 20 tasks."
  }
}

variable "shards" {
  description = "Over how many leases the environments are spread: at most so many controllers work at once. Scale to no task before you change it."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.shards >= 1 && var.shards <= 64 && floor(var.shards) == var.shards
    error_message = "Expected 1 to 64 shards."
  }
}

variable "state_table" {
  description = "The table that the controllers share: the module state-table."
  type        = object({ name = string, policy_json = string })
  nullable    = false

  validation {
    condition     = can(jsondecode(var.state_table.policy_json).Statement) || var.state_table.policy_json == "{}"
    error_message = "Expected the outputs name and policy_json of the module state-table."
  }
}

variable "events" {
  description = "The queue that wakes the controllers, where environments without a role of their own name it: the module events. With aws.roleArn that role hears it, and this is left out."
  type        = object({ queue_arn = string })
  default     = null

  validation {
    condition     = var.events == null || can(regex("^arn:[^:]+:sqs:[^:*]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.events.queue_arn))
    error_message = "Expected the ARN of one queue, as the output queue_arn of the module events."
  }
}

variable "environment_role_arns" {
  description = "The roles that the controllers take on: spec.aws.roleArn and spec.terraform.roleArn of every environment, in whichever account."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.environment_role_arns : can(regex("^arn:[^:*]+:iam::[0-9]{12}:role/[^*?]+$", arn))])
    error_message = "Expected ARNs of roles, each named in full."
  }
}

variable "policies_json" {
  description = "Further policies of the controllers' own role by name: what environments without a role of their own need."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, policy in var.policies_json : can(jsondecode(policy).Statement) && !contains(["steersman", "state-table"], name)])
    error_message = "Expected IAM policies in JSON, with Statement, and other names than steersman and state-table."
  }
}

variable "files" {
  description = "Files of the configuration by name: a document of kind Environment for each environment, and what they name relatively, such as known_hosts. No secrets: everybody who may describe the task definition reads them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.files) : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]*$", name)) && name != "steersman.yaml"])
    error_message = "A file's name has letters, digits, dots, hyphens and underscores, begins with a letter or digit, and is not steersman.yaml."
  }
}

variable "configuration" {
  description = "Further fields of the Configuration's spec, in YAML, such as \"concurrency: 20\"."
  type        = string
  default     = "{}"
  nullable    = false

  validation {
    condition     = try(length(setintersection(keys(yamldecode(var.configuration)), ["listen", "telemetryListen", "dataDir", "tokens"])) == 0, false)
    error_message = "Expected fields of the Configuration's spec, without listen, telemetryListen, dataDir and tokens, which this module gives."
  }
}

variable "tokens" {
  description = "Who may use the API: name to role, environments, and the ARN of the secret or SSM parameter that holds the token. Without any the API is reached from the task itself alone."
  type        = map(object({ role = string, environments = optional(list(string)), secret_arn = string }))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, token in var.tokens : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", name)) && contains(["viewer", "operator", "approver", "admin"], token.role)])
    error_message = "A token has a name of small letters, digits and hyphens, and the role viewer, operator, approver or admin."
  }

  validation {
    condition     = alltrue([for token in values(var.tokens) : can(regex("^arn:[^:]+:(secretsmanager:[^:]+:[0-9]{12}:secret:|ssm:[^:]+:[0-9]{12}:parameter/)[^*]+$", token.secret_arn))])
    error_message = "Expected ARNs of secrets or of SSM parameters."
  }
}

variable "secrets" {
  description = "Environment variables that documents name by env, such as GIT_TOKEN: name to ARN of a Secrets Manager secret (a JSON key may follow) or of an SSM parameter."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name)) && !startswith(name, "STEERSMAN_") && name != "TMPDIR"])
    error_message = "A variable's name has letters, digits and underscores, begins with no digit, and is none that this module gives."
  }

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:[^:]+:(secretsmanager:[^:]+:[0-9]{12}:secret:|ssm:[^:]+:[0-9]{12}:parameter/)[^*]+$", arn))])
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

variable "cpu" {
  description = "CPU units of a task; 1024 are one vCPU."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Fargate has 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units."
  }
}

variable "memory" {
  description = "Memory of a task in MiB. Each root of Terraform that is open takes some 800. Which values go with which cpu: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
  type        = number
  default     = 2048
  nullable    = false

  validation {
    condition     = var.memory >= 1024 && var.memory <= 122880 && var.memory % 1024 == 0
    error_message = "Expected 1024 to 122880 in steps of 1024."
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

variable "storage_gib" {
  description = "Size in GiB of the task's disk, for mirrors of git repositories and Terraform's folders. It goes with the task, and a new one fetches again."
  type        = number
  default     = 21
  nullable    = false

  validation {
    condition     = var.storage_gib >= 21 && var.storage_gib <= 200
    error_message = "Fargate has 21 to 200 GiB."
  }
}

variable "stop_timeout_seconds" {
  description = "Seconds that a controller has after SIGTERM for the write under way and to give up its leases."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.stop_timeout_seconds >= 30 && var.stop_timeout_seconds <= 120
    error_message = "Fargate allows up to 120 seconds, and the controller needs 30."
  }
}
