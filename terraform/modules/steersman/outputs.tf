output "task_role_arn" {
  description = "The controllers' own role, which the roles of environments trust: controller_role_arn of the module identity."
  value       = aws_iam_role.task.arn
}

output "execution_role_arn" {
  description = "Role that ECS starts the controllers with."
  value       = aws_iam_role.execution.arn
}

output "service_name" {
  description = "Name of the service of ECS."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "The revision that runs."
  value       = aws_ecs_task_definition.this.arn
}

output "security_group_id" {
  description = "Security group of the controllers, for what they ask: the test listeners of load balancers, endpoints."
  value       = aws_security_group.tasks.id
}

output "log_group_name" {
  description = "Log of the controllers."
  value       = aws_cloudwatch_log_group.this.name
}

output "api_dns_name" {
  description = "Name of the API's load balancer, for a record of the name that its certificate has. Null without one."
  value       = one([for balancer in aws_lb.api : balancer.dns_name])
}
