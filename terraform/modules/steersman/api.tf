locals {
  # One of each where the API has a load balancer, none where it has not.
  balancers = var.api == null ? {} : { api = var.api }
  api_cidrs = var.api == null ? [] : var.api.cidrs
}

resource "aws_security_group" "load_balancer" {
  for_each = local.balancers

  name        = "${var.name}-api"
  description = "Who may use Steersman's API"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-api" }
}

resource "aws_vpc_security_group_ingress_rule" "api" {
  for_each = toset(local.api_cidrs)

  security_group_id = aws_security_group.load_balancer["api"].id
  description       = "People, pipelines and webhooks"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  for_each = var.api == null ? {} : { api = local.api_port, telemetry = local.telemetry_port }

  security_group_id            = aws_security_group.load_balancer["api"].id
  description                  = "Steersman's controllers"
  referenced_security_group_id = aws_security_group.tasks.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each = var.api == null ? {} : { api = local.api_port, telemetry = local.telemetry_port }

  security_group_id            = aws_security_group.tasks.id
  description                  = "The load balancer"
  referenced_security_group_id = aws_security_group.load_balancer["api"].id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

# Never from the internet: it commands what may deploy.
resource "aws_lb" "api" {
  for_each = local.balancers

  name                       = var.name
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = each.value.subnet_ids
  security_groups            = [aws_security_group.load_balancer["api"].id]
  idle_timeout               = 120
  enable_deletion_protection = each.value.deletion_protection
  drop_invalid_header_fields = true
}

# A table that is away is no reason to replace the tasks: so health is that they live, and not /readyz.
resource "aws_lb_target_group" "api" {
  for_each = local.balancers

  name                 = var.name
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = local.api_port
  deregistration_delay = 30

  health_check {
    path     = "/healthz"
    port     = local.telemetry_port
    matcher  = "200"
    interval = 15
    timeout  = 5
  }
}

resource "aws_lb_listener" "api" {
  for_each = local.balancers

  load_balancer_arn = aws_lb.api["api"].arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = each.value.certificate_arn
  ssl_policy        = each.value.ssl_policy

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api["api"].arn
  }
}
