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

run "sign_in_comes_before_the_traffic" {
  command = apply

  variables {
    authenticate = {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "shop"
    }
    authenticate_client_secret = "not-to-be-shown"
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.production.action : action.type] == ["authenticate-oidc", "forward"]
    error_message = "The production rule signs users in, then forwards."
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.test.action : action.type] == ["forward"]
    error_message = "Gates need no sign-in."
  }

  assert {
    condition     = output.traffic_actions[0].AuthenticateOidcConfig.UseExistingClientSecret && !strcontains(jsonencode(output.traffic_actions), "not-to-be-shown")
    error_message = "The output holds the action without its secret."
  }
}

run "a_rule_that_exists_keeps_its_actions" {
  command = apply

  variables {
    authenticate = null
  }

  assert {
    condition     = [for action in aws_lb_listener_rule.production.action : action.type] == ["authenticate-oidc", "forward"]
    error_message = "Terraform leaves the action alone."
  }

  assert {
    condition     = length(output.traffic_actions) == 0
    error_message = "Steersman is told what it is to be."
  }
}

run "a_sign_in_without_its_secret_is_refused" {
  command = plan

  variables {
    authenticate_client_secret = null
    authenticate = {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "shop"
    }
  }

  expect_failures = [var.authenticate_client_secret]
}

run "a_sign_in_without_tls_is_refused" {
  command = plan

  variables {
    authenticate_client_secret = "not-to-be-shown"
    authenticate = {
      issuer                 = "http://login.example.com"
      authorization_endpoint = "https://login.example.com/authorize"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/userinfo"
      client_id              = "shop"
    }
  }

  expect_failures = [var.authenticate]
}
