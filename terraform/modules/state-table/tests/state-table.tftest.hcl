# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

run "one_table_that_keeps_what_it_holds" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.hash_key == "pk" && aws_dynamodb_table.this.range_key == "sk" && alltrue([for attribute in aws_dynamodb_table.this.attribute : attribute.type == "S"])
    error_message = "The keys are the controller's."
  }

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" && aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "It is paid by use, and can't be deleted by mistake."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].attribute_name == "expiresAt" && aws_dynamodb_table.this.ttl[0].enabled
    error_message = "What has an end goes."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "It can be put back, and is encrypted."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.controller.statement) == 1
    error_message = "Without a key of its own the policy names none."
  }
}

run "a_key_of_ones_own_is_used_by_way_of_dynamodb" {
  command = plan

  variables {
    key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.controller.statement[1].resources) == "arn:aws:kms:eu-west-1:123456789012:key/1"
    error_message = "The policy names the key."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.controller.statement[1].condition).variable == "kms:ViaService"
    error_message = "The key serves the table alone."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name    = "a b"
    key_arn = "key"
  }

  expect_failures = [var.name, var.key_arn]
}
