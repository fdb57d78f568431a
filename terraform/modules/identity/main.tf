data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  iam        = "arn:${local.partition}:iam::${local.account_id}"

  boundary_name       = "steersman-boundary-${var.project}"
  boundary_arn        = coalesce(var.permissions_boundary_arn, "${local.iam}:policy/${local.boundary_name}")
  controller_name     = "steersman-controller-${var.project}"
  controller_role_arn = var.controller_role_arn == null ? aws_iam_role.controller[0].arn : var.controller_role_arn
}

# The controller's own role: it may take on the roles of environments, and nothing else.
resource "aws_iam_role" "controller" {
  count = var.controller_role_arn == null ? 1 : 0

  name        = local.controller_name
  description = "Steersman's controller"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = sort(var.controller_services) }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "controller" {
  count = var.controller_role_arn == null ? 1 : 0

  name   = "steersman"
  role   = aws_iam_role.controller[0].id
  policy = jsonencode(jsondecode(replace(file("${path.module}/policies/controller-policy.json"), "arn:aws:", "arn:${local.partition}:")))
}
