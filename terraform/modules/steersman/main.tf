data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.id
  partition  = data.aws_partition.current.partition

  api_port       = 8080
  telemetry_port = 9090
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_security_group" "tasks" {
  name        = "${var.name}-tasks"
  description = "Steersman's controllers"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-tasks" }
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each = { for pair in setproduct(var.egress_cidrs, var.egress_ports) : "${pair[0]}:${pair[1]}" => { cidr = pair[0], port = pair[1] } }

  security_group_id = aws_security_group.tasks.id
  description       = "AWS, git, and what gates ask"
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "metrics" {
  for_each = var.metrics_security_group_ids

  security_group_id            = aws_security_group.tasks.id
  description                  = "Who collects metrics"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.telemetry_port
  to_port                      = local.telemetry_port
}

# Leases in the table say which of the tasks acts, so new ones may start before old ones end.
resource "aws_ecs_service" "this" {
  name                               = var.name
  cluster                            = var.cluster_arn
  task_definition                    = aws_ecs_task_definition.this.arn
  desired_count                      = var.tasks
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = var.api == null ? null : 60
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = false

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.api

    content {
      target_group_arn = load_balancer.value.arn
      container_name   = "steersman"
      container_port   = local.api_port
    }
  }

  # A version or a configuration with which no task becomes healthy gives way to the one before.
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # A task starts only with its roles' permissions, and ECS takes a target group only once a listener forwards to it.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.own,
    aws_iam_role_policy.state_table,
    aws_iam_role_policy.further,
    aws_lb_listener.api,
  ]
}
