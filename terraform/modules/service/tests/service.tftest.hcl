# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/prod/web" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/prod-web" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/prod-web/0a1b2c3d4e5f6071", arn_suffix = "targetgroup/prod-web/0a1b2c3d4e5f6071" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-web-terraform:1" }
  }
}

variables {
  name                            = "web"
  environment                     = "prod"
  image                           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-prod/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  cluster_name                    = "shop-prod"
  vpc_id                          = "vpc-0a1b2c3d"
  subnet_ids                      = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
  load_balancer_security_group_id = "sg-0a1b2c3d"
  listener_arn                    = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop-prod/0a1b2c3d4e5f6071/0a1b2c3d4e5f6072"
  test_listener_arn               = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop-prod/0a1b2c3d4e5f6071/0a1b2c3d4e5f6073"
  rule                            = { priority = 100, hosts = ["shop.example.com"] }
}

run "a_first_apply_serves_nothing" {
  command = apply

  assert {
    condition     = { for side, service in aws_ecs_service.side : side => [service.name, service.desired_count] } == { blue = ["web-blue", 0], green = ["web-green", 0] }
    error_message = "Both services are made without a task."
  }

  assert {
    condition     = toset([for group in aws_lb_listener_rule.production.action[0].forward[0].target_group : group.weight]) == toset([0, 100]) && local.production_weights == { blue = 100, green = 0 }
    error_message = "Production is at 100/0."
  }

  assert {
    condition     = toset([for group in aws_lb_listener_rule.test.action[0].forward[0].target_group : group.weight]) == toset([0, 100]) && local.test_weights == { blue = 0, green = 100 }
    error_message = "The tests reach the idle side alone."
  }

  assert {
    condition     = alltrue([for service in aws_ecs_service.side : service.deployment_circuit_breaker[0].enable && !service.deployment_circuit_breaker[0].rollback])
    error_message = "A deployment that fails stops, and does not go back by itself."
  }

  assert {
    condition     = { for side, group in aws_lb_target_group.side : side => group.name } == { blue = "prod-web-blue", green = "prod-web-green" }
    error_message = "The target groups are named for environment, release and side."
  }
}

run "the_task_definition_is_kept_and_is_not_steersmans" {
  command = apply

  assert {
    condition     = aws_ecs_task_definition.this.skip_destroy && aws_ecs_task_definition.this.family == "prod-web-terraform"
    error_message = "A revision stays registered, in a family that Steersman does not use."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].image == var.image && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem
    error_message = "The container runs the image, from a read-only file system."
  }
}

run "roles_may_do_what_is_needed" {
  command = apply

  variables {
    secrets = {
      PASSWORD = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf:password::"
      USER     = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf:username::"
      FLAG     = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/flag"
    }
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid => statement.Resource } == {
      WriteLog       = ["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/prod/web:*"]
      SignInToEcr    = ["*"]
      PullImages     = ["arn:aws:ecr:eu-west-1:123456789012:repository/shop-prod/web"]
      ReadSecrets    = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/database-AbCdEf"]
      ReadParameters = ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/flag"]
    }
    error_message = "The execution role reads its image, its secrets and writes its log, and nothing else."
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0 && length(aws_iam_role_policy.execute_command) == 0
    error_message = "The application may do nothing until it is given a policy."
  }

  assert {
    condition     = jsondecode(aws_iam_role.task.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Only ECS of this account gives the role to tasks."
  }
}

run "both_sides_scale_alike" {
  command = apply

  variables {
    autoscaling = { minimum = 2, maximum = 10, cpu_percent = 60, requests_per_target = 1000 }
  }

  assert {
    condition     = { for side, target in aws_appautoscaling_target.side : side => [target.resource_id, target.min_capacity, target.max_capacity] } == { blue = ["service/shop-prod/web-blue", 0, 10], green = ["service/shop-prod/web-green", 0, 10] }
    error_message = "No side is started by its scalable target."
  }

  assert {
    condition     = alltrue([for service in values(aws_ecs_service.side) : jsonencode(service.tags) == jsonencode({ "steersman.dev/minimum-tasks" = "2", "steersman.dev/maximum-tasks" = "10" })])
    error_message = "Both sides have the bounds, as tags."
  }

  assert {
    condition     = keys(aws_appautoscaling_policy.side) == ["blue-ALBRequestCountPerTarget", "blue-ECSServiceAverageCPUUtilization", "green-ALBRequestCountPerTarget", "green-ECSServiceAverageCPUUtilization"]
    error_message = "Each side has a policy for each metric."
  }

  assert {
    condition     = aws_appautoscaling_policy.side["blue-ALBRequestCountPerTarget"].target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].resource_label == "app/shop-prod/0a1b2c3d4e5f6071/targetgroup/prod-web/0a1b2c3d4e5f6071"
    error_message = "Requests are counted of load balancer and target group."
  }
}

run "without_autoscaling_nothing_scales" {
  command = plan

  assert {
    condition     = length(aws_appautoscaling_target.side) == 0 && length(aws_appautoscaling_policy.side) == 0
    error_message = "The Release says how many tasks run."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                            = "Web"
    environment                     = "prod-"
    family                          = "a family"
    cluster_name                    = "arn:aws:ecs:eu-west-1:123456789012:cluster/shop-prod"
    vpc_id                          = "shop"
    subnet_ids                      = []
    load_balancer_security_group_id = "shop"
    egress_cidrs                    = ["everything"]
    image                           = "web"
    container_port                  = 0
    cpu                             = 300
    memory                          = 700
    cpu_architecture                = "Z80"
    command                         = []
    environment_variables           = { "1ST" = "a" }
    secrets                         = { PASSWORD = "secret" }
    secret_key_arns                 = ["key"]
    sidecars                        = "[{}]"
    sidecar_repository_arns         = ["proxy"]
    task_policy_json                = "{}"
    log_retention_days              = 2
    log_key_arn                     = "key"
    listener_arn                    = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/shop/1/2"
    test_listener_arn               = "listener"
    rule                            = { priority = 0 }
    health_check                    = { path = "healthz", interval = 5, timeout = 5, healthy_threshold = 1 }
    deregistration_delay_seconds    = -1
    slow_start_seconds              = 10
    capacity_providers              = [{ name = "FARGATE", weight = -1 }]
    autoscaling                     = { minimum = 3, maximum = 2 }
    permissions_boundary_arn        = "boundary"
  }

  expect_failures = [
    var.name,
    var.environment,
    var.family,
    var.cluster_name,
    var.vpc_id,
    var.subnet_ids,
    var.load_balancer_security_group_id,
    var.egress_cidrs,
    var.image,
    var.container_port,
    var.cpu,
    var.memory,
    var.cpu_architecture,
    var.command,
    var.environment_variables,
    var.secrets,
    var.secret_key_arns,
    var.sidecars,
    var.sidecar_repository_arns,
    var.task_policy_json,
    var.log_retention_days,
    var.log_key_arn,
    var.listener_arn,
    var.test_listener_arn,
    var.rule,
    var.health_check,
    var.deregistration_delay_seconds,
    var.slow_start_seconds,
    var.capacity_providers,
    var.autoscaling,
    var.permissions_boundary_arn,
  ]
}

run "a_name_too_long_for_a_target_group_is_refused" {
  command = plan

  variables {
    name = "a-release-whose-name-is-long"
  }

  expect_failures = [var.target_group_prefix]
}

run "a_shorter_prefix_mends_it" {
  command = plan

  variables {
    name                = "a-release-whose-name-is-long"
    target_group_prefix = "prod-long"
  }

  assert {
    condition     = aws_lb_target_group.side["green"].name == "prod-long-green" && aws_ecs_service.side["green"].name == "a-release-whose-name-is-long-green"
    error_message = "The prefix is of target groups alone."
  }
}
