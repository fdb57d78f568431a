output "dashboard_url" {
  description = "Address of the dashboard in the console."
  value       = "https://${local.region}.${local.console}/cloudwatch/home?region=${local.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.this.dashboard_name}"
}

output "alarm_names" {
  description = "Names of the alarms of each release, for gates that ask alarms."
  value = {
    for name in keys(var.services) : name => [aws_cloudwatch_metric_alarm.errors[name].alarm_name, aws_cloudwatch_metric_alarm.latency[name].alarm_name]
  }
}

output "topic_arn" {
  description = "Topic that the alarms are sent to."
  value       = aws_sns_topic.alarms.arn
}
