locals {
  metrics = var.autoscaling == null ? {} : {
    for metric, target in {
      ECSServiceAverageCPUUtilization    = var.autoscaling.cpu_percent
      ECSServiceAverageMemoryUtilization = var.autoscaling.memory_percent
      ALBRequestCountPerTarget           = var.autoscaling.requests_per_target
    } : metric => target if target != null
  }

  policies = {
    for pair in setproduct(local.sides, keys(local.metrics)) : "${pair[0]}-${pair[1]}" => { side = pair[0], metric = pair[1] }
  }

  # A listener's ARN holds what CloudWatch calls its load balancer: app/NAME/ID.
  load_balancer_suffix = join("/", slice(split("/", var.listener_arn), 1, 4))

  bounds = var.autoscaling == null ? null : {
    "steersman.dev/minimum-tasks" = tostring(var.autoscaling.minimum)
    "steersman.dev/maximum-tasks" = tostring(var.autoscaling.maximum)
  }
}

# AWS brings the count of a service into the bounds whenever a scalable target is written: with a minimum above zero, an
# apply would start tasks in both services. So the bounds are tags of the services, and Steersman gives them to the side
# that serves.
resource "aws_appautoscaling_target" "side" {
  for_each = var.autoscaling == null ? [] : local.sides

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${aws_ecs_service.side[each.key].name}"
  min_capacity       = 0
  max_capacity       = var.autoscaling.maximum

  # Until Steersman has looked.
  suspended_state {
    dynamic_scaling_in_suspended = true
  }

  lifecycle {
    ignore_changes = [min_capacity, max_capacity, suspended_state]
  }
}

resource "aws_appautoscaling_policy" "side" {
  for_each = local.policies

  name               = "${local.prefix}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.side[each.value.side].service_namespace
  scalable_dimension = aws_appautoscaling_target.side[each.value.side].scalable_dimension
  resource_id        = aws_appautoscaling_target.side[each.value.side].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = local.metrics[each.value.metric]
    scale_in_cooldown  = var.autoscaling.scale_in_cooldown
    scale_out_cooldown = var.autoscaling.scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = each.value.metric
      resource_label         = each.value.metric == "ALBRequestCountPerTarget" ? "${local.load_balancer_suffix}/${aws_lb_target_group.side[each.value.side].arn_suffix}" : null
    }
  }
}
