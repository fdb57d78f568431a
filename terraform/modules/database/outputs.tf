output "address" {
  description = "Host name of the instance."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port of the instance."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "The database."
  value       = aws_db_instance.this.db_name
}

output "identifier" {
  description = "Name of the instance, for CloudWatch."
  value       = aws_db_instance.this.identifier
}

output "secret_arn" {
  description = "Secret that holds username and password as JSON, for a task's secrets: SECRET_ARN:password::."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}
