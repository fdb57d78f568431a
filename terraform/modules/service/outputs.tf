output "cluster" {
  description = "Name of the cluster, for service.cluster."
  value       = var.cluster_name
}

output "service_names" {
  description = "Names of the two services, for service.names."
  value       = { for side, service in aws_ecs_service.side : side => service.name }
}

output "target_group_names" {
  description = "Names of the two target groups, for traffic.targetGroups."
  value       = { for side, group in aws_lb_target_group.side : side => group.name }
}

output "target_group_arn_suffixes" {
  description = "What CloudWatch calls the two target groups."
  value       = { for side, group in aws_lb_target_group.side : side => group.arn_suffix }
}

output "rule_arn" {
  description = "The production rule, for traffic.rule.ruleArn."
  value       = aws_lb_listener_rule.production.arn
}

output "test_rule_arn" {
  description = "The test rule, for traffic.test.ruleArn."
  value       = aws_lb_listener_rule.test.arn
}

output "task_definition_arn" {
  description = "The revision that Terraform registered last, for taskDefinition.terraform."
  value       = aws_ecs_task_definition.this.arn
}

output "traffic_actions" {
  description = "Actions of the production rule other than forward, as Elastic Load Balancing's API writes them and without secrets, for traffic.actions."
  value = var.authenticate == null ? [] : [{
    Type  = "authenticate-oidc"
    Order = 1
    AuthenticateOidcConfig = {
      Issuer                  = var.authenticate.issuer
      AuthorizationEndpoint   = var.authenticate.authorization_endpoint
      TokenEndpoint           = var.authenticate.token_endpoint
      UserInfoEndpoint        = var.authenticate.user_info_endpoint
      ClientId                = var.authenticate.client_id
      Scope                   = var.authenticate.scope
      SessionTimeout          = var.authenticate.session_timeout
      UseExistingClientSecret = true
    }
  }]
}

output "task_role_arn" {
  description = "Role of the application, for the Environment's allow.taskRoles."
  value       = aws_iam_role.task.arn
}

output "execution_role_arn" {
  description = "Role that ECS starts tasks with, for the Environment's allow.executionRoles."
  value       = aws_iam_role.execution.arn
}

output "security_group_id" {
  description = "Security group of the tasks, for what they connect to."
  value       = aws_security_group.tasks.id
}

output "log_group_name" {
  description = "Log of the container."
  value       = aws_cloudwatch_log_group.this.name
}
