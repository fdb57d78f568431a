data "aws_region" "current" {}
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  # What wakes Steersman: what ECS and ECR tell by themselves, and calls by hand, which CloudTrail tells where a trail
  # records management events.
  patterns = merge(
    {
      ecs = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Service Action", "ECS Deployment State Change", "ECS Task State Change"]
        detail      = null
      }
      ecr = {
        source      = ["aws.ecr"]
        detail-type = ["ECR Image Action", "ECR Image Scan"]
        detail      = null
      }
    },
    var.api_calls ? {
      calls = {
        source      = ["aws.ecs", "aws.elasticloadbalancing"]
        detail-type = ["AWS API Call via CloudTrail"]
        detail = {
          readOnly = [false]
          eventName = [
            "CreateService", "UpdateService", "DeleteService", "TagResource", "UntagResource",
            "CreateRule", "ModifyRule", "DeleteRule", "SetRulePriorities", "ModifyListener", "DeleteListener",
            "ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup", "RegisterTargets", "DeregisterTargets",
          ]
        }
      }
    } : {},
  )
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

# A message that is older than this says nothing that a look at the usual interval has not found long ago.
resource "aws_sqs_queue" "this" {
  name                       = var.name
  message_retention_seconds  = var.retention_seconds
  visibility_timeout_seconds = 30
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.patterns

  name        = "${var.name}-${each.key}"
  description = "Tells Steersman that something may have changed."
  event_pattern = jsonencode(merge(
    { source = each.value.source, detail-type = each.value.detail-type },
    each.value.detail == null ? {} : { detail = each.value.detail },
  ))
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = aws_cloudwatch_event_rule.this

  rule      = each.value.name
  target_id = "queue"
  arn       = aws_sqs_queue.this.arn

  retry_policy {
    maximum_event_age_in_seconds = 300
    maximum_retry_attempts       = 10
  }

  depends_on = [aws_sqs_queue_policy.this]
}

# EventBridge alone puts messages in, and only for these rules; nobody talks to the queue without TLS.
resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RulesOnly"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this.arn
        Condition = {
          ArnEquals = {
            "aws:SourceArn" = [
              for key in sort(keys(local.patterns)) :
              "arn:${data.aws_partition.current.partition}:events:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:rule/${var.name}-${key}"
            ]
          }
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
        }
      },
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.this.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}
