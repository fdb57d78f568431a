# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/steersman-controller-shop" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/steersman-boundary-shop" }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  project = "shop"
}

run "an_environment_that_names_nothing_has_the_shipped_policy" {
  command = apply

  variables {
    environments = { prod = {} }
  }

  assert {
    condition     = jsonencode(jsondecode(aws_iam_role_policy.environment["prod"].policy)) == jsonencode(jsondecode(file("policies/steersman-policy.json")))
    error_message = "The environment's role has Steersman's policy, word for word."
  }

  assert {
    condition     = jsonencode(jsondecode(aws_iam_role_policy.controller[0].policy)) == jsonencode(jsondecode(file("policies/controller-policy.json")))
    error_message = "The controller's role has the controller's policy, word for word."
  }

  assert {
    condition     = aws_iam_role.environment["prod"].name == "steersman-prod" && aws_iam_role.environment["prod"].permissions_boundary == "arn:aws:iam::123456789012:policy/steersman-boundary-shop"
    error_message = "The role is one that the controller may take on, and is bounded."
  }

  assert {
    condition     = jsondecode(aws_iam_role.environment["prod"].assume_role_policy).Statement[0].Condition.StringLike["sts:RoleSessionName"] == "steersman-*"
    error_message = "A session tells which environment acts."
  }

  assert {
    condition     = length(aws_iam_role.terraform) == 0 && length(aws_iam_role.push) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "What is not asked for is not made."
  }
}

run "what_an_environment_names_narrows_resources_and_nothing_else" {
  command = apply

  variables {
    environments = {
      prod = {
        clusters            = ["shop-prod"]
        load_balancers      = ["shop-prod"]
        repository_arns     = ["arn:aws:ecr:eu-west-1:123456789012:repository/shop-prod/web"]
        task_role_arns      = ["arn:aws:iam::123456789012:role/prod-*-task"]
        execution_role_arns = ["arn:aws:iam::123456789012:role/prod-*-execution"]
      }
    }
  }

  assert {
    condition     = jsonencode([for statement in jsondecode(aws_iam_role_policy.environment["prod"].policy).Statement : merge(statement, { Resource = "" })]) == jsonencode([for statement in jsondecode(file("policies/steersman-policy.json")).Statement : merge(statement, { Resource = "" })])
    error_message = "Actions and conditions are the shipped ones."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.environment["prod"].policy).Statement : statement.Sid => jsonencode(statement.Resource) if contains(["ResolveImages", "RunServices", "UntagServices", "StopGateTasks", "PassRolesToTasks", "MoveTraffic", "TagTraffic"], statement.Sid) } == {
      ResolveImages    = jsonencode(["arn:aws:ecr:eu-west-1:123456789012:repository/shop-prod/web"])
      RunServices      = jsonencode(["arn:aws:ecs:*:123456789012:service/shop-prod/*"])
      UntagServices    = jsonencode(["arn:aws:ecs:*:123456789012:service/shop-prod/*"])
      StopGateTasks    = jsonencode(["arn:aws:ecs:*:123456789012:task/shop-prod/*"])
      PassRolesToTasks = jsonencode(["arn:aws:iam::123456789012:role/prod-*-task", "arn:aws:iam::123456789012:role/prod-*-execution"])
      MoveTraffic      = jsonencode(["arn:aws:elasticloadbalancing:*:123456789012:listener/app/shop-prod/*", "arn:aws:elasticloadbalancing:*:123456789012:listener-rule/app/shop-prod/*"])
      TagTraffic       = jsonencode(["arn:aws:elasticloadbalancing:*:123456789012:targetgroup/*", "arn:aws:elasticloadbalancing:*:123456789012:listener/app/shop-prod/*", "arn:aws:elasticloadbalancing:*:123456789012:listener-rule/app/shop-prod/*"])
    }
    error_message = "The resources are those of the environment."
  }
}

run "terraform_has_its_own_state_and_bounded_roles" {
  command = apply

  variables {
    environments = {
      prod = {
        state = {
          bucket_arn = "arn:aws:s3:::shop-123456789012-tfstate"
          key        = "app/prod.tfstate"
          key_arn    = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"
        }
      }
    }
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.terraform["prod"].policy).Statement : jsonencode(statement.Resource) if statement.Sid == "ReadState"]) == jsonencode(["arn:aws:s3:::shop-123456789012-tfstate/app/prod.tfstate", "arn:aws:s3:::shop-123456789012-tfstate/env:/*/app/prod.tfstate", "arn:aws:s3:::shop-123456789012-tfstate/app/prod.tfstate.tflock", "arn:aws:s3:::shop-123456789012-tfstate/env:/*/app/prod.tfstate.tflock"])
    error_message = "It reads its state, of any workspace, and the lock."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.terraform["prod"].policy).Statement : jsonencode(statement.Condition) if statement.Sid == "BoundedRoles"]) == jsonencode({ StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/steersman-boundary-shop" } })
    error_message = "It makes no role without the boundary."
  }

  assert {
    condition     = !anytrue([for action in flatten([for statement in jsondecode(aws_iam_role_policy.preview["prod"].policy).Statement : statement.Action]) : can(regex(":(Create|Put|Delete|Update|Modify|\\*)", action))])
    error_message = "The preview writes nothing."
  }
}

run "github_gets_roles_for_its_environments_alone" {
  command = apply

  variables {
    github_repository = "acme/shop"
    environments = {
      prod = { push_repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/shop-prod/web"] }
    }
    core_state = {
      bucket_arn = "arn:aws:s3:::shop-123456789012-tfstate"
      key_arn    = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"
    }
  }

  assert {
    condition     = jsondecode(aws_iam_role.push["prod"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme/shop:environment:prod"
    error_message = "A job of the environment pushes its images."
  }

  assert {
    condition     = jsondecode(aws_iam_role.core[0].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:acme/shop:environment:core"
    error_message = "A job of the environment core applies roots/core."
  }

  assert {
    condition     = one(aws_iam_openid_connect_provider.github).client_id_list == toset(["sts.amazonaws.com"])
    error_message = "The provider is made."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    project                  = "steersman"
    github_repository        = "shop"
    github_provider_arn      = "github"
    permissions_boundary_arn = "boundary"
    controller_role_arn      = "controller"
    controller_services      = ["ecs"]
    core_state               = { bucket_arn = "bucket", key_arn = "key" }
    environments             = { controller = { state = { bucket_arn = "bucket", key = "/app", key_arn = "key" } } }
  }

  expect_failures = [
    var.project,
    var.github_repository,
    var.github_provider_arn,
    var.permissions_boundary_arn,
    var.controller_role_arn,
    var.controller_services,
    var.core_state,
    var.environments,
  ]
}
