locals {
  further = yamldecode(var.configuration)

  # Without a token the API is this task's own, and nobody reaches it from outside.
  configuration = {
    apiVersion = "steersman.dev/v1alpha1"
    kind       = "Configuration"
    spec = merge(
      local.further,
      {
        listen          = length(var.tokens) == 0 ? "127.0.0.1:${local.api_port}" : "0.0.0.0:${local.api_port}"
        hosts           = distinct(concat(try(local.further.hosts, []), try(sort(var.api.hosts), [])))
        telemetryListen = "0.0.0.0:${local.telemetry_port}"
        dataDir         = "/data"
        store           = merge(try(local.further.store, {}), { type = "dynamodb", table = var.state_table.name, region = local.region, shards = var.shards })
      },
      [{}, { tokens = local.tokens }][length(var.tokens) == 0 ? 0 : 1],
    )
  }

  tokens = [for name in sort(keys(var.tokens)) : merge(
    { name = name, role = var.tokens[name].role, tokenFrom = { env = local.token_variables[name] } },
    [{}, { environments = var.tokens[name].environments }][var.tokens[name].environments == null ? 0 : 1],
  )]

  token_variables = { for name in keys(var.tokens) : name => "STEERSMAN_TOKEN_${upper(replace(name, "-", "_"))}" }
  secrets         = merge(var.secrets, { for name, token in var.tokens : local.token_variables[name] => token.secret_arn })

  files = merge(var.files, { "steersman.yaml" = yamlencode(local.configuration) })

  # The one folder that is written. Its owner and its mode are the image's, which declares it as a volume.
  data = [{ sourceVolume = "data", containerPath = "/data", readOnly = false }]

  # ECS has no files for a task: what it has of the configuration is written down before the controller starts.
  write_files = <<-EOT
    const { mkdirSync, writeFileSync } = require('node:fs')
    for (const folder of ['/data/config', '/data/tmp']) mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const [name, text] of Object.entries(JSON.parse(process.env.STEERSMAN_FILES)))
      writeFileSync('/data/config/' + name, text, { mode: 0o600 })
  EOT

  ask_health = "fetch(process.env.STEERSMAN_HEALTH_URL,{signal:AbortSignal.timeout(4000)}).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"

  every_container = {
    image                  = var.image
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
    mountPoints            = local.data
    systemControls         = []
    volumesFrom            = []
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "steersman"
      }
    }
  }

  containers = [
    merge(local.every_container, {
      name         = "configuration"
      essential    = false
      entryPoint   = ["node", "-e"]
      command      = [local.write_files]
      environment  = [{ name = "STEERSMAN_FILES", value = jsonencode(local.files) }]
      portMappings = []
    }),
    merge(local.every_container, {
      name      = "steersman"
      essential = true
      command   = ["run", "--config", "/data/config"]
      dependsOn = [{ containerName = "configuration", condition = "SUCCESS" }]
      environment = [
        { name = "STEERSMAN_HEALTH_URL", value = "http://127.0.0.1:${local.telemetry_port}/healthz" },
        { name = "TMPDIR", value = "/data/tmp" },
      ]
      secrets      = [for name in sort(keys(local.secrets)) : { name = name, valueFrom = local.secrets[name] }]
      portMappings = [for port in [local.api_port, local.telemetry_port] : { containerPort = port, hostPort = port, protocol = "tcp" }]
      stopTimeout  = var.stop_timeout_seconds
      healthCheck  = { command = ["CMD", "node", "-e", local.ask_health], interval = 15, timeout = 5, retries = 3, startPeriod = 60 }
    }),
  ]
}

# Each image and each configuration is a new revision. The one before stays registered: the circuit breaker goes back to it.
resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(local.containers)
  skip_destroy             = true

  volume {
    name = "data"
  }

  ephemeral_storage {
    size_in_gib = var.storage_gib
  }

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  lifecycle {
    precondition {
      condition     = length(jsonencode(local.files)) <= 48000
      error_message = "A task definition holds 64 KB: the files, with the Configuration, may have 48,000 characters."
    }

    precondition {
      condition     = var.api == null || length(var.tokens) > 0
      error_message = "An API that others reach needs a token: give tokens, or leave api out."
    }
  }
}
