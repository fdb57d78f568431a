output "bucket" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.id
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}

output "key_arn" {
  description = "Key that the states are encrypted with."
  value       = aws_kms_key.this.arn
}

output "lock_table_arn" {
  description = "ARN of the table for locks; null where there is none."
  value       = one(aws_dynamodb_table.locks[*].arn)
}

output "backend_config" {
  description = "Settings of the S3 backend, all but the key: for terraform init -backend-config and an Environment's terraform.backendConfig."
  value = merge(
    {
      bucket     = aws_s3_bucket.this.id
      region     = data.aws_region.current.id
      encrypt    = "true"
      kms_key_id = aws_kms_key.this.arn
    },
    var.lock_table == null ? tomap({ use_lockfile = "true" }) : tomap({ dynamodb_table = var.lock_table }),
  )
}
