# The release web: all that it needs and nothing of another one. For a further release copy this file, put its name in the
# place of web, and name it in local.releases and module.observability.

variable "web" {
  description = "The release web: see modules/service, and modules/observability for error_percent and latency_seconds."
  type = object({
    rule                  = object({ priority = number, hosts = optional(list(string), []), paths = optional(list(string), []) })
    container_port        = optional(number, 8080)
    cpu                   = optional(number, 256)
    memory                = optional(number, 512)
    health_path           = optional(string, "/healthz")
    environment_variables = optional(map(string), {})
    secrets               = optional(map(string), {})
    execute_command       = optional(bool, false)
    error_percent         = optional(number, 1)
    latency_seconds       = optional(number, 1)
    autoscaling = optional(object({
      minimum             = number
      maximum             = number
      cpu_percent         = optional(number)
      memory_percent      = optional(number)
      requests_per_target = optional(number)
    }))
  })
  nullable = false

  validation {
    condition     = length(var.web.rule.hosts) + length(var.web.rule.paths) > 0
    error_message = "A rule needs a host or a path; the path /* takes every request."
  }
}

module "web" {
  source = "../../modules/service"

  name                            = "web"
  environment                     = var.environment
  cluster_name                    = module.cluster.cluster_name
  vpc_id                          = module.network.vpc_id
  subnet_ids                      = module.network.private_subnet_ids
  load_balancer_security_group_id = module.cluster.security_group_id
  listener_arn                    = module.cluster.listener_arn
  test_listener_arn               = module.cluster.test_listener_arn
  permissions_boundary_arn        = var.permissions_boundary_arn

  image           = var.images["web"]
  rule            = var.web.rule
  container_port  = var.web.container_port
  cpu             = var.web.cpu
  memory          = var.web.memory
  health_check    = { path = var.web.health_path }
  execute_command = var.web.execute_command
  autoscaling     = var.web.autoscaling

  environment_variables = merge(
    var.web.environment_variables,
    var.database == null ? {} : {
      DATABASE_HOST = module.database[0].address
      DATABASE_PORT = tostring(module.database[0].port)
      DATABASE_NAME = module.database[0].database_name
    },
    var.cache == null ? {} : {
      CACHE_HOST = module.cache[0].address
      CACHE_PORT = tostring(module.cache[0].port)
    },
  )
  secrets = merge(
    var.web.secrets,
    var.database == null ? {} : {
      DATABASE_USER     = "${module.database[0].secret_arn}:username::"
      DATABASE_PASSWORD = "${module.database[0].secret_arn}:password::"
    },
  )
}

# Said here and not in the modules: the release waits for the database's address, so the database can't wait for the
# release's security group.
resource "aws_vpc_security_group_ingress_rule" "web_to_database" {
  count = var.database == null ? 0 : 1

  security_group_id            = module.database[0].security_group_id
  description                  = "web"
  referenced_security_group_id = module.web.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = module.database[0].port
  to_port                      = module.database[0].port
}

resource "aws_vpc_security_group_ingress_rule" "web_to_cache" {
  count = var.cache == null ? 0 : 1

  security_group_id            = module.cache[0].security_group_id
  description                  = "web"
  referenced_security_group_id = module.web.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = module.cache[0].port
  to_port                      = module.cache[0].port
}

output "web_task_definition_arn" {
  description = "For taskDefinition: { terraform: web_task_definition_arn }."
  value       = module.web.task_definition_arn
}

output "web_service_blue" {
  description = "For service.names.blue."
  value       = module.web.service_names["blue"]
}

output "web_service_green" {
  description = "For service.names.green."
  value       = module.web.service_names["green"]
}

output "web_target_group_blue" {
  description = "For traffic.targetGroups.blue."
  value       = module.web.target_group_names["blue"]
}

output "web_target_group_green" {
  description = "For traffic.targetGroups.green."
  value       = module.web.target_group_names["green"]
}

output "web_rule_arn" {
  description = "For traffic.rule.ruleArn."
  value       = module.web.rule_arn
}

output "web_test_rule_arn" {
  description = "For traffic.test.ruleArn."
  value       = module.web.test_rule_arn
}

output "web_traffic_actions" {
  description = "For traffic.actions: { terraform: web_traffic_actions }."
  value       = module.web.traffic_actions
}

output "web_task_role_arn" {
  description = "For the Environment's allow.taskRoles."
  value       = module.web.task_role_arn
}

output "web_execution_role_arn" {
  description = "For the Environment's allow.executionRoles."
  value       = module.web.execution_role_arn
}
