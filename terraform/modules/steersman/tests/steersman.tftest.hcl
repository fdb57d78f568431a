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
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/steersman" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/steersman-controller" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/steersman/0a1b2c3d4e5f6071" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/steersman/0a1b2c3d4e5f6071" }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/steersman/0a1b2c3d4e5f6071/0a1b2c3d4e5f6072" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/steersman:1" }
  }
}

variables {
  image       = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/steersman@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  cluster_arn = "arn:aws:ecs:eu-west-1:123456789012:cluster/operations"
  vpc_id      = "vpc-0a1b2c3d"
  subnet_ids  = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
  state_table = {
    name        = "steersman"
    policy_json = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\"],\"Resource\":[\"arn:aws:dynamodb:eu-west-1:123456789012:table/steersman\"]}]}"
  }
}

run "two_tasks_nobody_reaches" {
  command = apply

  assert {
    condition     = aws_ecs_service.this.desired_count == 2 && !aws_ecs_service.this.network_configuration[0].assign_public_ip && length(aws_ecs_service.this.load_balancer) == 0
    error_message = "Two tasks run, without public addresses and without a load balancer."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "What does not become healthy gives way to what was there before."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.metrics) == 0 && length(aws_vpc_security_group_ingress_rule.load_balancer) == 0 && length(aws_lb.api) == 0
    error_message = "Nothing comes in."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_egress_rule.tasks : "${rule.cidr_ipv4} ${rule.from_port}-${rule.to_port}"] == ["0.0.0.0/0 443-443"]
    error_message = "What goes out goes to HTTPS."
  }

  assert {
    condition     = yamldecode(local.files["steersman.yaml"]).spec == { listen = "127.0.0.1:8080", telemetryListen = "0.0.0.0:9090", hosts = [], dataDir = "/data", store = { type = "dynamodb", table = "steersman", region = "eu-west-1", shards = 1 } }
    error_message = "Without a token the API is the task's own."
  }

  assert {
    condition     = alltrue([for container in local.containers : container.readonlyRootFilesystem && container.user == "10001:10001" && container.linuxParameters.capabilities.drop == ["ALL"]])
    error_message = "Every container has a read-only file system, an ordinary user, and no capability."
  }

  assert {
    condition     = alltrue([for container in local.containers : [for mount in container.mountPoints : mount.containerPath] == ["/data"]])
    error_message = "They write to /data alone, which is what the image declares as a volume."
  }

  assert {
    condition     = local.containers[1].stopTimeout == 60 && local.containers[1].healthCheck.command[0] == "CMD" && local.containers[1].dependsOn == [{ containerName = "configuration", condition = "SUCCESS" }]
    error_message = "The controller has time to end, is asked whether it lives, and starts with its configuration."
  }
}

run "roles_may_do_what_is_needed" {
  command = apply

  variables {
    environment_role_arns = ["arn:aws:iam::210987654321:role/steersman-prod", "arn:aws:iam::123456789012:role/steersman-dev"]
    events                = { queue_arn = "arn:aws:sqs:eu-west-1:123456789012:steersman-events" }
    secrets               = { GIT_TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:steersman/git-AbCdEf:token::" }
    tokens                = { ci = { role = "operator", secret_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/steersman/ci" } }
    secret_key_arns       = ["arn:aws:kms:eu-west-1:123456789012:key/1"]
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.own[0].policy).Statement : statement.Sid => [statement.Action, statement.Resource] } == {
      TakeOnEnvironments = [["sts:AssumeRole"], ["arn:aws:iam::123456789012:role/steersman-dev", "arn:aws:iam::210987654321:role/steersman-prod"]]
      HearEvents         = [["sqs:DeleteMessage", "sqs:ReceiveMessage"], ["arn:aws:sqs:eu-west-1:123456789012:steersman-events"]]
    }
    error_message = "The controllers take on the named roles and hear the one queue."
  }

  assert {
    condition     = aws_iam_role_policy.state_table.policy == var.state_table.policy_json && length(aws_iam_role_policy.further) == 0
    error_message = "What they do with the table is what its module says, and they have no other policy."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid => statement.Resource } == {
      WriteLog       = ["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/steersman:*"]
      SignInToEcr    = ["*"]
      PullImage      = ["arn:aws:ecr:eu-west-1:123456789012:repository/steersman"]
      ReadSecrets    = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:steersman/git-AbCdEf"]
      ReadParameters = ["arn:aws:ssm:eu-west-1:123456789012:parameter/steersman/ci"]
      DecryptSecrets = ["arn:aws:kms:eu-west-1:123456789012:key/1"]
    }
    error_message = "ECS pulls the one image, reads the named secrets and writes the one log."
  }

  # The negative of both: a star stands where the action takes no resource, and nowhere else.
  assert {
    condition = [for statement in concat(jsondecode(aws_iam_role_policy.execution.policy).Statement, jsondecode(aws_iam_role_policy.own[0].policy).Statement) :
      statement.Sid if contains(statement.Resource, "*") || anytrue([for action in statement.Action : strcontains(action, "*")])
    ] == ["SignInToEcr"]
    error_message = "No action and no resource is left open."
  }

  assert {
    condition     = jsondecode(aws_iam_role.task.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012" && aws_iam_role.task.assume_role_policy == aws_iam_role.execution.assume_role_policy
    error_message = "Only ECS of this account gives the roles to tasks."
  }

  assert {
    condition     = local.containers[1].secrets == [{ name = "GIT_TOKEN", valueFrom = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:steersman/git-AbCdEf:token::" }, { name = "STEERSMAN_TOKEN_CI", valueFrom = "arn:aws:ssm:eu-west-1:123456789012:parameter/steersman/ci" }]
    error_message = "Secrets are named by ARN."
  }
}

run "without_roles_and_queue_there_is_no_policy_for_them" {
  command = apply

  variables {
    image = "ghcr.io/acme/steersman:0.1.0"
  }

  assert {
    condition     = length(aws_iam_role_policy.own) == 0 && [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["WriteLog"]
    error_message = "A statement without a resource is left out."
  }
}

run "the_api_is_private" {
  command = apply

  variables {
    api                        = { subnet_ids = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"], certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1", hosts = ["steersman.example.com"], cidrs = ["10.0.0.0/8"] }
    tokens                     = { ci = { role = "viewer", environments = ["prod"], secret_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/steersman/ci" } }
    metrics_security_group_ids = ["sg-0a1b2c3d"]
    shards                     = 4
    configuration              = "{ concurrency: 20, store: { rollouts: 100 }, hosts: [deploys.acme.test] }"
  }

  assert {
    condition     = aws_lb.api["api"].internal && aws_lb.api["api"].enable_deletion_protection && aws_lb_listener.api["api"].protocol == "HTTPS"
    error_message = "The internet does not reach it, and it speaks HTTPS."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.api : "${rule.cidr_ipv4}:${rule.from_port}"] == ["10.0.0.0/8:443"] && aws_lb_target_group.api["api"].health_check[0].path == "/healthz"
    error_message = "It is open to whom it was given, and a table that is away replaces no task."
  }

  assert {
    condition     = yamldecode(local.files["steersman.yaml"]).spec.tokens == [{ name = "ci", role = "viewer", environments = ["prod"], tokenFrom = { env = "STEERSMAN_TOKEN_CI" } }]
    error_message = "Tokens are read from variables."
  }

  assert {
    condition     = yamldecode(local.files["steersman.yaml"]).spec.concurrency == 20 && yamldecode(local.files["steersman.yaml"]).spec.store == { rollouts = 100, type = "dynamodb", table = "steersman", region = "eu-west-1", shards = 4 }
    error_message = "Further settings join what the module gives."
  }

  assert {
    condition     = yamldecode(local.files["steersman.yaml"]).spec.hosts == ["deploys.acme.test", "steersman.example.com"]
    error_message = "It answers to the names that its certificate is for."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.metrics) == 1 && length(aws_ecs_service.this.load_balancer) == 1
    error_message = "Metrics have a door of their own."
  }
}

run "an_api_without_a_token_is_refused" {
  command = plan

  variables {
    api = { subnet_ids = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"], certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1", hosts = ["steersman.example.com"], cidrs = ["10.0.0.0/8"] }
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "an_open_api_and_open_permissions_are_refused" {
  command = plan

  variables {
    api                   = { subnet_ids = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"], certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1", hosts = ["steersman.example.com"], cidrs = ["0.0.0.0/0"] }
    environment_role_arns = ["arn:aws:iam::123456789012:role/*"]
    events                = { queue_arn = "arn:aws:sqs:eu-west-1:123456789012:*" }
    secrets               = { GIT_TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:*" }
    tokens                = { ci = { role = "operator", secret_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/*" } }
    configuration         = "{ listen: \"0.0.0.0:80\" }"
  }

  expect_failures = [var.api, var.environment_role_arns, var.events, var.secrets, var.tokens, var.configuration]
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                 = "Steers man"
    cluster_arn          = "operations"
    subnet_ids           = ["subnet-2a3b4c5d"]
    tasks                = 0
    shards               = 65
    egress_ports         = [22]
    files                = { "../passwd" = "" }
    policies_json        = { steersman = "{}" }
    memory               = 512
    storage_gib          = 20
    stop_timeout_seconds = 121
  }

  expect_failures = [
    var.name, var.cluster_arn, var.subnet_ids, var.tasks, var.shards, var.egress_ports, var.files, var.policies_json,
    var.memory, var.storage_gib, var.stop_timeout_seconds,
  ]
}
