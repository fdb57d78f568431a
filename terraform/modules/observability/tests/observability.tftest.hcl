# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-west-1:123456789012:shop-prod-alarms" }
  }
}

variables {
  name                     = "shop-prod"
  cluster_name             = "shop-prod"
  load_balancer_arn_suffix = "app/shop-prod/0a1b2c3d4e5f6071"

  services = {
    web = {
      service_names             = { blue = "web-blue", green = "web-green" }
      target_group_arn_suffixes = { blue = "targetgroup/prod-web-blue/1", green = "targetgroup/prod-web-green/2" }
      latency_seconds           = 0.5
    }
  }
}

run "an_alarm_looks_at_both_sides" {
  command = apply

  assert {
    condition     = toset(flatten([for query in aws_cloudwatch_metric_alarm.errors["web"].metric_query : [for metric in query.metric : metric.dimensions.TargetGroup]])) == toset(["targetgroup/prod-web-blue/1", "targetgroup/prod-web-green/2"])
    error_message = "Errors are those of both target groups."
  }

  assert {
    condition     = length([for query in aws_cloudwatch_metric_alarm.latency["web"].metric_query : query if query.id == "blue" || query.id == "green"]) == 2 && aws_cloudwatch_metric_alarm.latency["web"].threshold == 0.5
    error_message = "Latency is that of both target groups."
  }

  assert {
    condition     = output.alarm_names == { web = ["shop-prod-web-5xx", "shop-prod-web-latency"] }
    error_message = "The names are told, for gates."
  }
}

run "the_dashboard_has_a_row_for_each_release" {
  command = apply

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 4
    error_message = "Requests, errors, slow answers and tasks."
  }

  assert {
    condition     = output.dashboard_url == "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/shop-prod"
    error_message = "The dashboard's address is an output."
  }
}

run "traces_are_sampled" {
  command = plan

  variables {
    trace_percent = 25
  }

  assert {
    condition     = aws_xray_sampling_rule.this.fixed_rate == 0.25 && aws_xray_sampling_rule.this.reservoir_size == 1
    error_message = "One a second and a quarter of the rest."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                     = "shop prod"
    cluster_name             = "shop prod"
    load_balancer_arn_suffix = "net/shop"
    alarm_emails             = ["nobody"]
    trace_percent            = 101
    trace_rule_priority      = 0

    services = {
      web = {
        service_names             = { blue = "web-blue" }
        target_group_arn_suffixes = { blue = "1", green = "2" }
        latency_seconds           = 0
      }
    }
  }

  expect_failures = [
    var.name,
    var.cluster_name,
    var.load_balancer_arn_suffix,
    var.alarm_emails,
    var.trace_percent,
    var.trace_rule_priority,
    var.services,
  ]
}
