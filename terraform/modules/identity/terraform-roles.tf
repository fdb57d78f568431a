locals {
  with_state = { for name, settings in var.environments : name => settings if settings.state != null }

  # A workspace's state lies below env:/; a lock lies beside its state.
  state_objects = {
    for name, settings in local.with_state : name => flatten([for key in [settings.state.key, "env:/*/${settings.state.key}"] :
      "${settings.state.bucket_arn}/${key}"
    ])
  }

  lock_objects = { for name, objects in local.state_objects : name => [for object in objects : "${object}.tflock"] }

  read_state = {
    for name, settings in local.with_state : name => [
      {
        Sid      = "FindState"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [settings.state.bucket_arn]
      },
      {
        Sid      = "ReadState"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = concat(local.state_objects[name], local.lock_objects[name])
      },
    ]
  }

  write_state = {
    for name, settings in local.with_state : name => [for statement in [
      {
        Sid      = "WriteState"
        Effect   = "Allow"
        Action   = ["s3:PutObject"]
        Resource = concat(local.state_objects[name], local.lock_objects[name])
      },
      {
        Sid      = "FreeLock"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = local.lock_objects[name]
      },
      {
        Sid      = "LockTable"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"]
        Resource = [for arn in [settings.state.lock_table_arn] : arn if arn != null]
      },
      {
        Sid      = "StateKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        Resource = [settings.state.key_arn]
      },
    ] : statement if length(statement.Resource) > 0]
  }

  # What a plan reads of what the modules make. No object, secret, parameter or log line is among it.
  look_actions = [
    "application-autoscaling:Describe*",
    "application-autoscaling:ListTagsForResource",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetDashboard",
    "cloudwatch:ListTagsForResource",
    "ec2:Describe*",
    "ecs:Describe*",
    "ecs:List*",
    "elasticache:Describe*",
    "elasticache:ListTagsForResource",
    "elasticloadbalancing:Describe*",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
    "iam:ListRolePolicies",
    "logs:DescribeLogGroups",
    "logs:ListTagsForResource",
    "rds:Describe*",
    "rds:ListTagsForResource",
    "sns:GetSubscriptionAttributes",
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "xray:GetSamplingRules",
    "xray:ListTagsForResource",
  ]

  # What an apply of roots/app writes. Roles are apart, because they are bounded.
  shape_actions = [
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:RegisterScalableTarget",
    "application-autoscaling:*agResource",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DeleteDashboards",
    "cloudwatch:PutDashboard",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:*agResource",
    "ec2:AllocateAddress",
    "ec2:*InternetGateway",
    "ec2:AssociateRouteTable",
    "ec2:AuthorizeSecurityGroup*",
    "ec2:Create*Tags",
    "ec2:CreateFlowLogs",
    "ec2:CreateRoute*",
    "ec2:*NatGateway",
    "ec2:*SecurityGroup",
    "ec2:*Subnet",
    "ec2:*Vpc",
    "ec2:*VpcEndpoint*",
    "ec2:DeleteFlowLogs",
    "ec2:DeleteRoute*",
    "ec2:DeleteTags",
    "ec2:DisassociateAddress",
    "ec2:DisassociateRouteTable",
    "ec2:ModifySecurityGroupRules",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifyVpcAttribute",
    "ec2:ReleaseAddress",
    "ec2:ReplaceRoute*",
    "ec2:RevokeSecurityGroup*",
    "ec2:UpdateSecurityGroupRuleDescriptions*",
    "ecs:CreateCluster",
    "ecs:CreateService",
    "ecs:DeleteCluster",
    "ecs:DeleteService",
    "ecs:PutClusterCapacityProviders",
    "ecs:RegisterTaskDefinition",
    "ecs:*agResource",
    "ecs:UpdateCluster*",
    "ecs:UpdateService",
    "elasticache:*CacheSubnetGroup",
    "elasticache:*ReplicationGroup*",
    "elasticache:*TagsToResource",
    "elasticache:RemoveTagsFromResource",
    "elasticloadbalancing:*",
    "logs:CreateLogDelivery",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:*RetentionPolicy",
    "logs:*agResource",
    "rds:AddTagsToResource",
    "rds:CreateDB*",
    "rds:DeleteDB*",
    "rds:ModifyDB*",
    "rds:RemoveTagsFromResource",
    "rds:ResetDBParameterGroup",
    "secretsmanager:CreateSecret",
    "secretsmanager:RotateSecret",
    "secretsmanager:TagResource",
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
    "sns:*agResource",
    "sns:Unsubscribe",
    "xray:*SamplingRule",
    "xray:*agResource",
  ]
}

# What Terraform runs with: spec.terraform.roleArn. Its roles are ENVIRONMENT-… and <project>-ENVIRONMENT-…, and bounded.
resource "aws_iam_role" "terraform" {
  for_each = local.with_state

  name                 = "steersman-${each.key}-terraform"
  description          = "Terraform, to make the infrastructure of ${each.key}"
  assume_role_policy   = local.controller_trust
  permissions_boundary = local.boundary_arn

  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "terraform" {
  for_each = local.with_state

  name = "make-infrastructure"
  role = aws_iam_role.terraform[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_state[each.key], local.write_state[each.key], [
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = local.look_actions
        Resource = "*"
      },
      {
        Sid      = "Shape"
        Effect   = "Allow"
        Action   = local.shape_actions
        Resource = "*"
      },
      {
        Sid       = "BoundedRoles"
        Effect    = "Allow"
        Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource  = local.role_arns[each.key]
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid      = "OtherChangesOfRoles"
        Effect   = "Allow"
        Action   = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
        Resource = local.role_arns[each.key]
      },
      {
        Sid       = "GiveRolesToServices"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = local.role_arns[each.key]
        Condition = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
      },
      {
        Sid      = "ServiceLinkedRoles"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole"]
        Resource = "${local.iam}:role/aws-service-role/*"
        Condition = { StringEquals = { "iam:AWSServiceName" = [
          "ecs.amazonaws.com",
          "ecs.application-autoscaling.amazonaws.com",
          "elasticache.amazonaws.com",
          "elasticloadbalancing.amazonaws.com",
          "rds.amazonaws.com",
        ] } }
      },
    ])
  })
}

locals {
  role_arns = { for name in keys(var.environments) : name => ["${local.iam}:role/${name}-*", "${local.iam}:role/${var.project}-${name}-*"] }
}

# For plans of code that nobody has merged: spec.terraform.previewRoleArn. It writes nothing; the state that it reads holds secrets.
resource "aws_iam_role" "preview" {
  for_each = local.with_state

  name                 = "steersman-${each.key}-terraform-preview"
  description          = "Terraform, to plan what is not merged into ${each.key}"
  assume_role_policy   = local.controller_trust
  permissions_boundary = local.boundary_arn

  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "preview" {
  for_each = local.with_state

  name = "look-at-infrastructure"
  role = aws_iam_role.preview[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_state[each.key], [
      {
        Sid      = "StateKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [each.value.state.key_arn]
      },
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = local.look_actions
        Resource = "*"
      },
    ])
  })
}
