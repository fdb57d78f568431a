locals {
  container = {
    name                   = var.name
    image                  = var.image
    essential              = true
    readonlyRootFilesystem = var.readonly_root_filesystem
    portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]
    environment            = [for name in sort(keys(var.environment_variables)) : { name = name, value = var.environment_variables[name] }]
    secrets                = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = var.secrets[name] }]
    linuxParameters        = { initProcessEnabled = true }
    mountPoints            = []
    systemControls         = []
    volumesFrom            = []
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = local.region
        awslogs-stream-prefix = var.environment
      }
    }
  }

  command = [{}, { command = var.command }][var.command == null ? 0 : 1]
}

# Each image is a new revision. The one before stays registered, because it may still be served, or be gone back to.
resource "aws_ecs_task_definition" "this" {
  family                   = coalesce(var.family, "${local.prefix}-terraform")
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode(concat([merge(local.container, local.command)], jsondecode(var.sidecars)))
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }
}
