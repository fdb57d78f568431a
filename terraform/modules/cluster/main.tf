locals {
  is_https        = var.certificate_arn != null
  protocol        = local.is_https ? "HTTPS" : "HTTP"
  production_port = local.is_https ? 443 : 80

  # Of HTTPS and of nothing else.
  ssl_policy = local.is_https ? var.ssl_policy : null
}

# Container Insights would make the group by itself, and keep it for a day: so it is there before the cluster.
resource "aws_cloudwatch_log_group" "insights" {
  count = var.container_insights == "disabled" ? 0 : 1

  name              = "/aws/ecs/containerinsights/${var.name}/performance"
  retention_in_days = var.insights_retention_days
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }

  depends_on = [aws_cloudwatch_log_group.insights]
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "Load balancer ${var.name}: users to the production listener, gates to the test listener"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "production" {
  for_each = var.ingress_cidrs

  security_group_id = aws_security_group.load_balancer.id
  description       = "Users"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.production_port
  to_port           = local.production_port
}

resource "aws_vpc_security_group_ingress_rule" "redirect" {
  for_each = local.is_https ? var.ingress_cidrs : []

  security_group_id = aws_security_group.load_balancer.id
  description       = "Users that are redirected to HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each = var.test_ingress_cidrs

  security_group_id = aws_security_group.load_balancer.id
  description       = "Gates"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.test_port
  to_port           = var.test_port
}

resource "aws_lb" "this" {
  name                       = var.name
  load_balancer_type         = "application"
  internal                   = var.internal
  subnets                    = var.subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  idle_timeout               = var.idle_timeout_seconds
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true

  dynamic "access_logs" {
    for_each = var.access_log_bucket == null ? [] : [var.access_log_bucket]

    content {
      bucket  = access_logs.value
      prefix  = var.name
      enabled = true
    }
  }
}

# A release may also be served by a listener's default action, and then its weights are Steersman's. They can't be ignored
# alone, so the whole action is.
resource "aws_lb_listener" "production" {
  load_balancer_arn = aws_lb.this.arn
  port              = local.production_port
  protocol          = local.protocol
  certificate_arn   = var.certificate_arn
  ssl_policy        = local.ssl_policy

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "No rule takes this request."
      status_code  = "404"
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "test" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.test_port
  protocol          = local.protocol
  certificate_arn   = var.certificate_arn
  ssl_policy        = local.ssl_policy

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "No rule takes this request."
      status_code  = "404"
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "redirect" {
  count = local.is_https ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
