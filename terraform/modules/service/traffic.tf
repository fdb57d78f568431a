locals {
  # At first blue takes production's requests and green the tests'. Neither has a task yet: nothing is served.
  production_weights = { blue = 100, green = 0 }
  test_weights       = { blue = 0, green = 100 }

  target_group_prefix = coalesce(var.target_group_prefix, local.prefix)
}

resource "aws_lb_target_group" "side" {
  for_each = local.sides

  name                 = "${local.target_group_prefix}-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.container_port
  deregistration_delay = var.deregistration_delay_seconds
  slow_start           = var.slow_start_seconds

  health_check {
    path                = var.health_check.path
    matcher             = var.health_check.matcher
    interval            = var.health_check.interval
    timeout             = var.health_check.timeout
    healthy_threshold   = var.health_check.healthy_threshold
    unhealthy_threshold = var.health_check.unhealthy_threshold
  }
}

# Weights lie in a set, and one attribute of a set's element can't be ignored: so the whole action is. Terraform makes the
# rule, and Steersman moves its traffic.
resource "aws_lb_listener_rule" "production" {
  listener_arn = var.listener_arn
  priority     = var.rule.priority

  dynamic "condition" {
    for_each = length(var.rule.hosts) > 0 ? [var.rule.hosts] : []

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(var.rule.paths) > 0 ? [var.rule.paths] : []

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  dynamic "action" {
    for_each = var.authenticate == null ? [] : [var.authenticate]

    content {
      type  = "authenticate-oidc"
      order = 1

      authenticate_oidc {
        issuer                 = action.value.issuer
        authorization_endpoint = action.value.authorization_endpoint
        token_endpoint         = action.value.token_endpoint
        user_info_endpoint     = action.value.user_info_endpoint
        client_id              = action.value.client_id
        client_secret          = var.authenticate_client_secret
        scope                  = action.value.scope
        session_timeout        = action.value.session_timeout
      }
    }
  }

  action {
    type  = "forward"
    order = var.authenticate == null ? 1 : 2

    forward {
      dynamic "target_group" {
        for_each = local.production_weights

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

# Gates come here, past any sign-in: the test listener must not be open to users.
resource "aws_lb_listener_rule" "test" {
  listener_arn = var.test_listener_arn
  priority     = var.rule.priority

  dynamic "condition" {
    for_each = length(var.rule.hosts) > 0 ? [var.rule.hosts] : []

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(var.rule.paths) > 0 ? [var.rule.paths] : []

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  action {
    type  = "forward"
    order = 1

    forward {
      dynamic "target_group" {
        for_each = local.test_weights

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
