# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {}

variables {
  name                    = "shop-prod"
  vpc_id                  = "vpc-0a1b2c3d"
  subnet_ids              = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
  allowed_security_groups = { web = "sg-1a2b3c4d" }
}

run "it_is_encrypted_and_a_replica_takes_over" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.transit_encryption_enabled && tobool(aws_elasticache_replication_group.this.at_rest_encryption_enabled)
    error_message = "What is stored and what is sent is encrypted."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "A replica takes over."
  }
}

run "one_node_has_nobody_to_take_over" {
  command = plan

  variables {
    engine         = "redis"
    engine_version = "7.1"
    nodes          = 1
  }

  assert {
    condition     = !aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.engine == "redis"
    error_message = "There is no failover with one node."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                    = "Shop"
    engine                  = "memcached"
    node_type               = "small"
    nodes                   = 0
    vpc_id                  = "shop"
    subnet_ids              = []
    allowed_security_groups = { web = "web" }
    user_group_ids          = ["a", "b"]
    snapshot_days           = 36
    key_arn                 = "key"
  }

  expect_failures = [
    var.name,
    var.engine,
    var.node_type,
    var.nodes,
    var.vpc_id,
    var.subnet_ids,
    var.allowed_security_groups,
    var.user_group_ids,
    var.snapshot_days,
    var.key_arn,
  ]
}

run "a_version_of_another_engine_is_refused" {
  command = plan

  variables {
    engine         = "valkey"
    engine_version = "7.1"
  }

  expect_failures = [var.engine_version]
}
