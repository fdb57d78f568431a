terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Bucket, key and lock come by -backend-config, or by an Environment's terraform.backendConfig.
  backend "s3" {}
}
