output "repository_urls" {
  description = "Addresses of the repositories by name, for a Release's image.repository."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "repository_arns" {
  description = "ARNs of the repositories by name."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.arn }
}

output "registry" {
  description = "Host of the registry, without a repository; null where there is none."
  value       = one(distinct([for name, repository in aws_ecr_repository.this : trimsuffix(repository.repository_url, "/${name}")]))
}
