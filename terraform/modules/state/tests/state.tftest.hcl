# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::shop-123456789012-tfstate" }
  }
}

variables {
  bucket = "shop-123456789012-tfstate"
}

run "the_bucket_is_private_encrypted_and_keeps_versions" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "Nothing of it is public."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && aws_kms_key.this.enable_key_rotation
    error_message = "It is encrypted with its own key."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "A state that was written over can be brought back."
  }

  assert {
    condition     = length(aws_dynamodb_table.locks) == 0
    error_message = "Locks lie in the bucket."
  }
}

run "locks_lie_in_a_table_where_it_is_named" {
  command = plan

  variables {
    lock_table = "shop-tflocks"
  }

  assert {
    condition     = aws_dynamodb_table.locks[0].hash_key == "LockID" && aws_dynamodb_table.locks[0].deletion_protection_enabled
    error_message = "The table has the key that Terraform asks for."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    bucket           = "Shop"
    lock_table       = "a b"
    old_version_days = 1
  }

  expect_failures = [var.bucket, var.lock_table, var.old_version_days]
}
