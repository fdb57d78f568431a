# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-west-1:123456789012:steersman-events"
      url = "https://sqs.eu-west-1.amazonaws.com/123456789012/steersman-events"
    }
  }
}

run "only_its_own_rules_may_send" {
  assert {
    condition     = jsondecode(aws_sqs_queue_policy.this.policy).Statement[0].Principal == { Service = "events.amazonaws.com" }
    error_message = "EventBridge alone puts messages in."
  }

  assert {
    condition = jsondecode(aws_sqs_queue_policy.this.policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == [
      "arn:aws:events:eu-west-1:123456789012:rule/steersman-events-calls",
      "arn:aws:events:eu-west-1:123456789012:rule/steersman-events-ecr",
      "arn:aws:events:eu-west-1:123456789012:rule/steersman-events-ecs",
    ]
    error_message = "No other rule's messages are taken."
  }

  assert {
    condition     = [for rule in aws_cloudwatch_event_rule.this : rule.name] == ["steersman-events-calls", "steersman-events-ecr", "steersman-events-ecs"]
    error_message = "The rules have the names that the policy allows."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_policy.this.policy).Statement[1].Effect == "Deny" && jsondecode(aws_sqs_queue_policy.this.policy).Statement[1].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Nobody talks to it without TLS."
  }
}

run "the_queue_is_encrypted_and_has_dead_letters" {
  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.dead.sqs_managed_sse_enabled
    error_message = "Both queues are encrypted."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 5 && aws_sqs_queue.this.message_retention_seconds == 3600
    error_message = "What can't be taken off goes away."
  }

  assert {
    condition     = jsondecode(output.consumer_policy).Statement[0].Action == ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
    error_message = "Whoever listens may do no more than that."
  }
}

run "calls_are_left_out_where_there_is_no_trail" {
  variables {
    api_calls = false
  }

  assert {
    condition     = keys(aws_cloudwatch_event_rule.this) == ["ecr", "ecs"]
    error_message = "There is no rule for calls."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    name              = "a b"
    retention_seconds = 1
  }

  expect_failures = [var.name, var.retention_seconds]
}
