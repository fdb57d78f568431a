locals {
  releases = sort(keys(var.services))

  # One row for each release: requests, errors and latency by side, and tasks by side.
  rows = [for index, name in local.releases : [
    {
      type   = "metric"
      x      = 0
      y      = 6 * index
      width  = 6
      height = 6
      properties = {
        title  = "${name}: requests a minute"
        region = local.region
        stat   = "Sum"
        period = 60
        view   = "timeSeries"
        metrics = [for side in ["blue", "green"] :
          ["AWS/ApplicationELB", "RequestCount", "TargetGroup", var.services[name].target_group_arn_suffixes[side], "LoadBalancer", var.load_balancer_arn_suffix, { label = side }]
        ]
      }
    },
    {
      type   = "metric"
      x      = 6
      y      = 6 * index
      width  = 6
      height = 6
      properties = {
        title  = "${name}: answers 5xx"
        region = local.region
        stat   = "Sum"
        period = 60
        view   = "timeSeries"
        metrics = [for side in ["blue", "green"] :
          ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "TargetGroup", var.services[name].target_group_arn_suffixes[side], "LoadBalancer", var.load_balancer_arn_suffix, { label = side }]
        ]
      }
    },
    {
      type   = "metric"
      x      = 12
      y      = 6 * index
      width  = 6
      height = 6
      properties = {
        title  = "${name}: p99 in seconds"
        region = local.region
        stat   = "p99"
        period = 60
        view   = "timeSeries"
        metrics = [for side in ["blue", "green"] :
          ["AWS/ApplicationELB", "TargetResponseTime", "TargetGroup", var.services[name].target_group_arn_suffixes[side], "LoadBalancer", var.load_balancer_arn_suffix, { label = side }]
        ]
      }
    },
    {
      type   = "metric"
      x      = 18
      y      = 6 * index
      width  = 6
      height = 6
      properties = {
        title  = "${name}: running tasks"
        region = local.region
        stat   = "Average"
        period = 60
        view   = "timeSeries"
        metrics = [for side in ["blue", "green"] :
          ["ECS/ContainerInsights", "RunningTaskCount", "ServiceName", var.services[name].service_names[side], "ClusterName", var.cluster_name, { label = side }]
        ]
      }
    },
  ]]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = flatten(local.rows) })
}
