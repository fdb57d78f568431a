data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  region  = data.aws_region.current.id
  console = lookup({ aws-cn = "console.amazonaws.cn", aws-us-gov = "console.amazonaws-us-gov.com" }, data.aws_partition.current.partition, "console.aws.amazon.com")
}

resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.alarm_emails

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

# Sides swap, so an alarm looks at both target groups together: what users get, whichever side gives it.
resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.services

  alarm_name          = "${var.name}-${each.key}-5xx"
  alarm_description   = "More than ${each.value.error_percent} % of the answers of ${each.key} are 5xx."
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.error_percent
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "percent"
    expression  = "IF(FILL(blue_requests, 0) + FILL(green_requests, 0) > 0, 100 * (FILL(blue_errors, 0) + FILL(green_errors, 0)) / (FILL(blue_requests, 0) + FILL(green_requests, 0)), 0)"
    label       = "5xx in percent"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      for pair in setproduct(["blue", "green"], ["errors", "requests"]) : "${pair[0]}_${pair[1]}" => {
        group  = each.value.target_group_arn_suffixes[pair[0]]
        metric = { errors = "HTTPCode_Target_5XX_Count", requests = "RequestCount" }[pair[1]]
      }
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value.metric
        stat        = "Sum"
        period      = 60
        dimensions  = { LoadBalancer = var.load_balancer_arn_suffix, TargetGroup = metric_query.value.group }
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "latency" {
  for_each = var.services

  alarm_name          = "${var.name}-${each.key}-latency"
  alarm_description   = "One in a hundred answers of ${each.key} takes longer than ${each.value.latency_seconds} s."
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.latency_seconds
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "slowest"
    expression  = "MAX([FILL(blue, 0), FILL(green, 0)])"
    label       = "p99 of the slower side"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.target_group_arn_suffixes

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "TargetResponseTime"
        stat        = "p99"
        period      = 60
        dimensions  = { LoadBalancer = var.load_balancer_arn_suffix, TargetGroup = metric_query.value }
      }
    }
  }
}

# The load balancer answers 5xx by itself when nobody behind it takes a request.
resource "aws_cloudwatch_metric_alarm" "unanswered" {
  alarm_name          = "${var.name}-unanswered"
  alarm_description   = "The load balancer found nobody to answer requests."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = var.load_balancer_arn_suffix }
  statistic           = "Sum"
  period              = 60
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_xray_sampling_rule" "this" {
  rule_name      = substr(var.name, 0, 32)
  priority       = var.trace_rule_priority
  version        = 1
  reservoir_size = 1
  fixed_rate     = var.trace_percent / 100
  service_name   = "${var.name}-*"
  service_type   = "*"
  host           = "*"
  http_method    = "*"
  url_path       = "*"
  resource_arn   = "*"
}
