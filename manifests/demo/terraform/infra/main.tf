# What the demo's release needs beside the cluster and the load balancer, which are there. Terraform keeps the shape: target groups, rules,
# the pair of services, the task definition. What moves (weights, counts, which revision a side runs) is Steersman's, so it is ignored here.
terraform {
  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "images" {
  description = "Given by Steersman: by release, repository@digest."
  type        = map(string)
}

locals {
  sides = toset(["blue", "green"])
}

data "aws_lb" "demo" {
  name = "demo"
}

data "aws_lb_listener" "side" {
  for_each = { production = 80, test = 8081 }

  load_balancer_arn = data.aws_lb.demo.arn
  port              = each.value
}

resource "aws_lb_target_group" "side" {
  for_each = local.sides

  name                 = "web-${each.key}"
  vpc_id               = "vpc-demo"
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 8080
  deregistration_delay = 10

  health_check {
    path                = "/"
    interval            = 5
    timeout             = 2
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener_rule" "web" {
  for_each = { production = { blue = 100, green = 0 }, test = { blue = 0, green = 100 } }

  listener_arn = data.aws_lb_listener.side[each.key].arn
  priority     = 10

  condition {
    path_pattern {
      values = ["/*"]
    }
  }

  action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = each.value

        content {
          arn    = aws_lb_target_group.side[target_group.key].arn
          weight = target_group.value
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "demo-web-terraform"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = "arn:aws:iam::123456789012:role/demo-exec"
  skip_destroy             = true

  container_definitions = jsonencode([{
    name           = "web"
    image          = var.images["web"]
    essential      = true
    portMappings   = [{ containerPort = 8080, hostPort = 8080, protocol = "tcp" }]
    environment    = []
    mountPoints    = []
    systemControls = []
    volumesFrom    = []
  }])
}

resource "aws_ecs_service" "side" {
  for_each = local.sides

  name                  = "web-${each.key}"
  cluster               = "arn:aws:ecs:eu-west-1:123456789012:cluster/demo"
  task_definition       = aws_ecs_task_definition.web.arn
  desired_count         = 0
  launch_type           = "FARGATE"
  wait_for_steady_state = false

  network_configuration {
    subnets         = ["subnet-demo"]
    security_groups = ["sg-demo"]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.side[each.key].arn
    container_name   = "web"
    container_port   = 8080
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_lb_listener_rule.web]
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.web.arn
}

output "rule_arn" {
  value = aws_lb_listener_rule.web["production"].arn
}

output "test_rule_arn" {
  value = aws_lb_listener_rule.web["test"].arn
}

output "target_group_blue" {
  value = aws_lb_target_group.side["blue"].name
}

output "target_group_green" {
  value = aws_lb_target_group.side["green"].name
}
