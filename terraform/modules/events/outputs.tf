output "queue_url" {
  description = "URL of the queue: an Environment's spec.aws.events.queueUrl."
  value       = aws_sqs_queue.this.url
}

output "queue_arn" {
  description = "ARN of the queue."
  value       = aws_sqs_queue.this.arn
}

output "dead_letter_queue_url" {
  description = "Where messages go that nobody could take off the queue five times."
  value       = aws_sqs_queue.dead.url
}

output "consumer_policy" {
  description = "IAM policy for the role that Steersman listens with, as JSON: this queue, and nothing else."
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "HearEvents"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
      Resource = aws_sqs_queue.this.arn
    }]
  })
}
