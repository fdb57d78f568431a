# Whatever a role of the project is given, it can neither make a role that is free of this boundary nor touch the roles that
# deploy. So who may merge Terraform code can't give himself more than the environment has.
resource "aws_iam_policy" "boundary" {
  count = var.permissions_boundary_arn == null ? 1 : 0

  name        = local.boundary_name
  description = "Bounds every role that Steersman's Terraform runs with or makes"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "WhatIsNotDenied"
        Effect   = "Allow"
        Action   = "*"
        Resource = "*"
      },
      {
        Sid    = "NoRoleWithoutThisBoundary"
        Effect = "Deny"
        Action = [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:PutRolePermissionsBoundary",
          "iam:PutRolePolicy",
        ]
        Resource  = "*"
        Condition = { StringNotEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid    = "NoOtherIdentities"
        Effect = "Deny"
        Action = [
          "account:*",
          "iam:AddUserToGroup",
          "iam:CreateAccessKey",
          "iam:CreateLoginProfile",
          "iam:CreateUser",
          "iam:DeleteRolePermissionsBoundary",
          "iam:*OpenIDConnectProvider*",
          "iam:*SAMLProvider*",
          "iam:UpdateLoginProfile",
          "organizations:*",
        ]
        Resource = "*"
      },
      {
        Sid    = "NoChangeOfWhoDeploys"
        Effect = "Deny"
        Action = [
          "iam:AttachRolePolicy",
          "iam:CreatePolicyVersion",
          "iam:DeletePolicy",
          "iam:DeletePolicyVersion",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:PassRole",
          "iam:PutRolePolicy",
          "iam:SetDefaultPolicyVersion",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
          "sts:AssumeRole",
        ]
        Resource = ["${local.iam}:role/steersman-*", "${local.iam}:role/${var.project}-core", "${local.iam}:policy/steersman-*"]
      },
    ]
  })
}
