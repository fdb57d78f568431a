output "name" {
  description = "Name of the table, for spec.store.table."
  value       = aws_dynamodb_table.this.name
}

output "arn" {
  description = "ARN of the table."
  value       = aws_dynamodb_table.this.arn
}

output "policy_json" {
  description = "Policy for the controller's own role: what it does with the table, and nothing else."
  value       = data.aws_iam_policy_document.controller.json
}
