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
  name               = "shop-prod"
  availability_zones = ["eu-west-1a", "eu-west-1b"]
}

run "each_zone_has_a_public_and_a_private_subnet" {
  command = plan

  assert {
    condition     = { for zone, subnet in aws_subnet.public : zone => subnet.cidr_block } == { eu-west-1a = "10.0.0.0/20", eu-west-1b = "10.0.16.0/20" }
    error_message = "The public subnets have the first sixteenths."
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => subnet.cidr_block } == { eu-west-1a = "10.0.128.0/20", eu-west-1b = "10.0.144.0/20" }
    error_message = "The private subnets have the sixteenths from the ninth on."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 2 && length(aws_route.nat) == 2
    error_message = "By default each zone has its own NAT gateway."
  }
}

run "one_gateway_serves_every_zone" {
  command = plan

  variables {
    nat_gateways = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["eu-west-1a"] && keys(aws_route.nat) == ["eu-west-1a", "eu-west-1b"]
    error_message = "The first zone's gateway serves both private subnets."
  }
}

run "without_gateways_there_is_no_way_out" {
  command = plan

  variables {
    nat_gateways        = "none"
    interface_endpoints = ["ecr.api", "ecr.dkr", "logs"]
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "No gateway is made."
  }

  assert {
    condition     = aws_vpc_endpoint.interface["ecr.dkr"].service_name == "com.amazonaws.eu-west-1.ecr.dkr" && aws_vpc_endpoint.interface["ecr.dkr"].private_dns_enabled
    error_message = "Services are reached by their endpoints."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                    = "Shop"
    cidr                    = "10.0.0.0/8"
    availability_zones      = ["eu-west-1a"]
    nat_gateways            = "two"
    interface_endpoints     = ["com/amazonaws"]
    flow_log_retention_days = 2
  }

  expect_failures = [
    var.name,
    var.cidr,
    var.availability_zones,
    var.nat_gateways,
    var.interface_endpoints,
    var.flow_log_retention_days,
  ]
}
