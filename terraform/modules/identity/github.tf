locals {
  has_github          = var.github_repository != null
  github              = "token.actions.githubusercontent.com"
  github_provider_arn = var.github_provider_arn != null ? var.github_provider_arn : one(aws_iam_openid_connect_provider.github[*].arn)

  # A job gets a role only for the GitHub environment that the role is for: GitHub's rules of that environment say which
  # branches and whose approval it takes.
  github_trust = {
    for name in local.has_github ? concat(["core"], keys(var.environments)) : [] : name => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Federated = local.github_provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${local.github}:aud" = "sts.amazonaws.com"
            "${local.github}:sub" = "repo:${var.github_repository}:environment:${name}"
          }
        }
      }]
    })
  }

  core_keys = var.core_state == null ? [] : ["core/*"]
}

resource "aws_iam_openid_connect_provider" "github" {
  count = local.has_github && var.github_provider_arn == null ? 1 : 0

  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

# For the pipeline that pushes an environment's images; it can't deploy them.
resource "aws_iam_role" "push" {
  for_each = local.has_github ? var.environments : {}

  name                 = "${var.project}-${each.key}-push"
  description          = "GitHub Actions, to push images of ${each.key}"
  assume_role_policy   = local.github_trust[each.key]
  permissions_boundary = local.boundary_arn

  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "push" {
  for_each = { for name, role in aws_iam_role.push : name => role if length(var.environments[name].push_repository_arns) > 0 }

  name = "push-images"
  role = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SignIn"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = var.environments[each.key].push_repository_arns
      },
    ]
  })
}

# For the pipeline that applies roots/core: roles of environments, and repositories.
resource "aws_iam_role" "core" {
  count = local.has_github && var.core_state != null ? 1 : 0

  name               = "${var.project}-core"
  description        = "GitHub Actions, to apply roots/core"
  assume_role_policy = local.github_trust["core"]
}

resource "aws_iam_role_policy" "core" {
  count = length(aws_iam_role.core)

  name = "apply-core"
  role = aws_iam_role.core[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.core_state_statements, [
      {
        Sid      = "Repositories"
        Effect   = "Allow"
        Action   = ["ecr:*Repository", "ecr:*RepositoryPolicy", "ecr:*LifecyclePolicy", "ecr:DescribeRepositories", "ecr:ListTagsForResource", "ecr:TagResource", "ecr:UntagResource", "ecr:PutImageTagMutability", "ecr:PutImageScanningConfiguration"]
        Resource = "*"
      },
      {
        Sid      = "LookAtRoles"
        Effect   = "Allow"
        Action   = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"]
        Resource = local.core_role_arns
      },
      {
        Sid       = "BoundedRoles"
        Effect    = "Allow"
        Action    = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource  = local.core_role_arns
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid      = "OtherChangesOfRoles"
        Effect   = "Allow"
        Action   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
        Resource = local.core_role_arns
      },
      {
        Sid      = "NotTheController"
        Effect   = "Deny"
        Action   = ["iam:DeleteRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy"]
        Resource = ["${local.iam}:role/steersman-controller*"]
      },
    ])
  })
}

locals {
  core_role_arns = ["${local.iam}:role/steersman-*", "${local.iam}:role/${var.project}-*-push"]

  core_state_statements = var.core_state == null ? [] : [for statement in [
    {
      Sid      = "FindState"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [var.core_state.bucket_arn]
    },
    {
      Sid      = "State"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = [for key in local.core_keys : "${var.core_state.bucket_arn}/${key}"]
    },
    {
      Sid      = "StateKey"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      Resource = [var.core_state.key_arn]
    },
    {
      Sid      = "StateLock"
      Effect   = "Allow"
      Action   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"]
      Resource = [for arn in [var.core_state.lock_table_arn] : arn if arn != null]
    },
  ] : statement if length(statement.Resource) > 0]
}
