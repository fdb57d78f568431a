data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  sides      = toset(["blue", "green"])
  prefix     = "${var.environment}-${var.name}"
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.id
  partition  = data.aws_partition.current.partition

  cluster_arn = "arn:${local.partition}:ecs:${local.region}:${local.account_id}:cluster/${var.cluster_name}"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.environment}/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_security_group" "tasks" {
  name        = "${local.prefix}-tasks"
  description = "Tasks of ${local.prefix}: from the load balancer alone"
  vpc_id      = var.vpc_id

  tags = { Name = "${local.prefix}-tasks" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  security_group_id            = aws_security_group.tasks.id
  description                  = "The load balancer"
  referenced_security_group_id = var.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  security_group_id            = var.load_balancer_security_group_id
  description                  = "Tasks of ${local.prefix}"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each = var.egress_cidrs

  security_group_id = aws_security_group.tasks.id
  description       = "What the application calls"
  cidr_ipv4         = each.value
  ip_protocol       = "-1"
}

# Terraform makes both services without a task. From then on Steersman decides which revision a side runs and how many
# tasks of it: an apply must not undo a rollout.
resource "aws_ecs_service" "side" {
  for_each = local.sides

  name                               = "${var.name}-${each.key}"
  cluster                            = local.cluster_arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = 0
  launch_type                        = length(var.capacity_providers) == 0 ? "FARGATE" : null
  enable_execute_command             = var.execute_command
  health_check_grace_period_seconds  = var.health_check.grace_period
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = var.rebalance_zones ? "ENABLED" : "DISABLED"
  propagate_tags                     = "SERVICE"
  tags                               = local.bounds
  wait_for_steady_state              = false

  dynamic "capacity_provider_strategy" {
    for_each = var.capacity_providers

    content {
      capacity_provider = capacity_provider_strategy.value.name
      weight            = capacity_provider_strategy.value.weight
      base              = capacity_provider_strategy.value.base
    }
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = var.assign_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.side[each.key].arn
    container_name   = var.name
    container_port   = var.container_port
  }

  # A deployment that fails stops; going back is a rollout of Steersman's.
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  # ECS takes a target group only once a rule forwards to it, and a task starts only with its role's permissions.
  depends_on = [
    aws_lb_listener_rule.production,
    aws_lb_listener_rule.test,
    aws_iam_role_policy.execution,
    aws_iam_role_policy.execute_command,
    aws_iam_role_policy.task,
  ]
}
