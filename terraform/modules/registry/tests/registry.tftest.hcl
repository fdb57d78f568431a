# The provider is played: no account is needed, and nothing is made.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
}

variables {
  repositories = {
    "shop-prod/web" = {}
    "shop-prod/api" = { keep_images = 50 }
  }
}

run "images_are_scanned_and_tags_stay" {
  command = plan

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push])
    error_message = "Tags are immutable, and images scanned on push."
  }

  assert {
    condition     = { for name, policy in aws_ecr_lifecycle_policy.this : name => jsondecode(policy.policy).rules[1].selection.countNumber } == { "shop-prod/web" = 200, "shop-prod/api" = 50 }
    error_message = "Each repository keeps its number of images."
  }

  assert {
    condition     = length(aws_ecr_repository_policy.pull) == 0
    error_message = "No other account pulls."
  }
}

run "another_account_pulls_and_does_not_push" {
  command = plan

  variables {
    pull_account_ids = ["210987654321"]
  }

  assert {
    condition     = jsondecode(aws_ecr_repository_policy.pull["shop-prod/web"].policy).Statement[0].Principal.AWS == ["arn:aws:iam::210987654321:root"]
    error_message = "The account is named."
  }

  assert {
    condition     = !anytrue([for action in jsondecode(aws_ecr_repository_policy.pull["shop-prod/web"].policy).Statement[0].Action : strcontains(action, "Put") || strcontains(action, "Upload")])
    error_message = "It only reads."
  }
}

run "nonsense_is_refused" {
  command = plan

  variables {
    repositories     = { "Shop" = { keep_images = 1 } }
    key_arn          = "key"
    pull_account_ids = ["acme"]
  }

  expect_failures = [var.repositories, var.key_arn, var.pull_account_ids]
}
