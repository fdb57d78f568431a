locals {
  # Of an image in ECR: the account, the region and the repository.
  ecr = try(regex("^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/(?P<name>[^:@]+)", var.image), null)

  # A JSON key, a stage or a version may follow a secret's ARN; IAM knows the secret alone.
  secret_arns    = distinct([for arn in values(local.secrets) : join(":", slice(split(":", arn), 0, 7)) if strcontains(arn, ":secretsmanager:")])
  parameter_arns = distinct([for arn in values(local.secrets) : arn if strcontains(arn, ":ssm:")])

  # A statement without a resource is refused by IAM, so what is not needed is left out.
  execution_statements = [for statement in [
    {
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    },
    {
      Sid      = "SignInToEcr"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = [for star in ["*"] : star if local.ecr != null]
    },
    {
      Sid      = "PullImage"
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = local.ecr == null ? [] : ["arn:${local.partition}:ecr:${local.ecr.region}:${local.ecr.account}:repository/${local.ecr.name}"]
    },
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = local.secret_arns
    },
    {
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameters"]
      Resource = local.parameter_arns
    },
    {
      Sid      = "DecryptSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = sort(var.secret_key_arns)
    },
  ] : statement if length(statement.Resource) > 0]

  own_statements = [for statement in [
    {
      Sid      = "TakeOnEnvironments"
      Effect   = "Allow"
      Action   = ["sts:AssumeRole"]
      Resource = sort(var.environment_role_arns)
    },
    {
      Sid      = "HearEvents"
      Effect   = "Allow"
      Action   = ["sqs:DeleteMessage", "sqs:ReceiveMessage"]
      Resource = var.events == null ? [] : [var.events.queue_arn]
    },
  ] : statement if length(statement.Resource) > 0]

  # Only ECS of this account may give these roles to tasks.
  tasks_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account_id}:*" }
      }
    }]
  })
}

# What ECS does for a task before it starts: pull, read secrets, write the log.
resource "aws_iam_role" "execution" {
  name                 = "${var.name}-execution"
  description          = "ECS, to start Steersman's controllers"
  assume_role_policy   = local.tasks_trust
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-tasks"
  role   = aws_iam_role.execution.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements })
}

# The controllers' own role: the table, the roles of environments, the queue.
resource "aws_iam_role" "task" {
  name                 = "${var.name}-controller"
  description          = "Steersman's controllers"
  assume_role_policy   = local.tasks_trust
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "state_table" {
  name   = "state-table"
  role   = aws_iam_role.task.id
  policy = var.state_table.policy_json
}

resource "aws_iam_role_policy" "own" {
  count = length(var.environment_role_arns) == 0 && var.events == null ? 0 : 1

  name   = "steersman"
  role   = aws_iam_role.task.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.own_statements })
}

resource "aws_iam_role_policy" "further" {
  for_each = var.policies_json

  name   = each.key
  role   = aws_iam_role.task.id
  policy = each.value
}
