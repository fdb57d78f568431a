# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {}

variables {
  name                    = "shop-prod"
  vpc_id                  = "vpc-0a1b2c3d"
  subnet_ids              = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
  allowed_security_groups = { web = "sg-1a2b3c4d" }
}

run "postgres_is_private_encrypted_and_protected" {
  command = plan

  assert {
    condition     = aws_db_instance.this.storage_encrypted && !aws_db_instance.this.publicly_accessible && aws_db_instance.this.multi_az && aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot
    error_message = "The defaults are the safe ones."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.password == null
    error_message = "Secrets Manager has the password."
  }

  assert {
    condition     = one(aws_db_parameter_group.this.parameter).name == "rds.force_ssl" && aws_db_parameter_group.this.family == "postgres17"
    error_message = "A connection without TLS is refused."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this["web"].from_port == 5432
    error_message = "The named group connects to PostgreSQL's port."
  }
}

run "mysql_has_its_own_port_and_parameters" {
  command = plan

  variables {
    engine         = "mysql"
    engine_version = "8.4"
  }

  assert {
    condition     = one(aws_db_parameter_group.this.parameter).name == "require_secure_transport" && aws_db_parameter_group.this.family == "mysql8.4" && aws_db_parameter_group.this.name == "shop-prod-mysql8-4"
    error_message = "A connection without TLS is refused."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this["web"].from_port == 3306
    error_message = "The named group connects to MySQL's port."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name                    = "Shop"
    engine                  = "oracle"
    instance_class          = "small"
    storage_gib             = 5
    database_name           = "1"
    username                = "root"
    vpc_id                  = "shop"
    subnet_ids              = ["subnet-2a3b4c5d"]
    allowed_security_groups = { web = "web" }
    backup_days             = 0
    key_arn                 = "key"
  }

  expect_failures = [
    var.name,
    var.engine,
    var.instance_class,
    var.storage_gib,
    var.database_name,
    var.username,
    var.vpc_id,
    var.subnet_ids,
    var.allowed_security_groups,
    var.backup_days,
    var.key_arn,
  ]
}

run "what_does_not_go_together_is_refused" {
  command = plan

  variables {
    engine              = "postgres"
    engine_version      = "8.4"
    storage_gib         = 100
    maximum_storage_gib = 50
  }

  expect_failures = [var.engine_version, var.maximum_storage_gib]
}
