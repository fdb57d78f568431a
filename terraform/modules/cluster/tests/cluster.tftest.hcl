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
}

variables {
  name       = "shop-prod"
  vpc_id     = "vpc-0a1b2c3d"
  subnet_ids = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

run "without_a_certificate_it_speaks_http" {
  command = plan

  assert {
    condition     = aws_lb_listener.production.port == 80 && aws_lb_listener.production.protocol == "HTTP" && length(aws_lb_listener.redirect) == 0
    error_message = "Production is HTTP on port 80."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.test) == 0
    error_message = "Nobody reaches the test listener until somebody is named."
  }

  assert {
    condition     = aws_lb_listener.production.default_action[0].fixed_response[0].status_code == "404" && aws_lb_listener.test.default_action[0].fixed_response[0].status_code == "404"
    error_message = "A request that no rule takes gets 404."
  }
}

run "records_of_container_insights_are_kept_for_a_while" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.insights[0].name == "/aws/ecs/containerinsights/shop-prod/performance" && aws_cloudwatch_log_group.insights[0].retention_in_days == 30
    error_message = "The group that Container Insights writes to has a retention."
  }
}

run "with_a_certificate_it_speaks_https" {
  command = plan

  variables {
    certificate_arn    = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"
    test_ingress_cidrs = ["10.0.0.0/16"]
  }

  assert {
    condition     = aws_lb_listener.production.port == 443 && aws_lb_listener.production.protocol == "HTTPS" && aws_lb_listener.test.protocol == "HTTPS"
    error_message = "Both listeners are HTTPS."
  }

  assert {
    condition     = aws_lb_listener.redirect[0].default_action[0].redirect[0].port == "443"
    error_message = "Port 80 redirects."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.test["10.0.0.0/16"].from_port == 8443
    error_message = "The named range reaches the test listener."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                    = "internal-shop"
    vpc_id                  = "shop"
    subnet_ids              = ["subnet-0a1b2c3d"]
    ingress_cidrs           = ["everybody"]
    test_ingress_cidrs      = ["0.0.0.0/0"]
    certificate_arn         = "shop.pem"
    ssl_policy              = "best"
    test_port               = 443
    idle_timeout_seconds    = 0
    access_log_bucket       = "A"
    container_insights      = "some"
    insights_retention_days = 2
  }

  expect_failures = [
    var.name,
    var.vpc_id,
    var.subnet_ids,
    var.ingress_cidrs,
    var.test_ingress_cidrs,
    var.certificate_arn,
    var.ssl_policy,
    var.test_port,
    var.idle_timeout_seconds,
    var.access_log_bucket,
    var.container_insights,
    var.insights_retention_days,
  ]
}
