locals {
  # The policy that Steersman is shipped with. What an environment names narrows the resources of its statements; actions
  # and conditions stay as they are.
  policy = jsondecode(replace(file("${path.module}/policies/steersman-policy.json"), "arn:aws:", "arn:${local.partition}:"))

  narrowed = {
    for name, settings in var.environments : name => {
      ResolveImages    = settings.repository_arns
      RunServices      = [for cluster in settings.clusters : "arn:${local.partition}:ecs:*:${local.account_id}:service/${cluster}/*"]
      UntagServices    = [for cluster in settings.clusters : "arn:${local.partition}:ecs:*:${local.account_id}:service/${cluster}/*"]
      StopGateTasks    = [for cluster in settings.clusters : "arn:${local.partition}:ecs:*:${local.account_id}:task/${cluster}/*"]
      PassRolesToTasks = concat(settings.task_role_arns, settings.execution_role_arns)
      # Names of target groups are not among what an environment names, so these stay as wide as they are.
      TagTraffic = length(settings.load_balancers) == 0 ? [] : concat(["arn:${local.partition}:elasticloadbalancing:*:${local.account_id}:targetgroup/*"], flatten([for balancer in settings.load_balancers : [
        "arn:${local.partition}:elasticloadbalancing:*:${local.account_id}:listener/app/${balancer}/*",
        "arn:${local.partition}:elasticloadbalancing:*:${local.account_id}:listener-rule/app/${balancer}/*",
      ]]))
      MoveTraffic = flatten([for balancer in settings.load_balancers : [
        "arn:${local.partition}:elasticloadbalancing:*:${local.account_id}:listener/app/${balancer}/*",
        "arn:${local.partition}:elasticloadbalancing:*:${local.account_id}:listener-rule/app/${balancer}/*",
      ]])
    }
  }

  policies = {
    for name, resources in local.narrowed : name => merge(local.policy, {
      Statement = [for statement in local.policy.Statement :
        merge(statement, [{}, { Resource = lookup(resources, statement.Sid, []) }][length(lookup(resources, statement.Sid, [])) > 0 ? 1 : 0])
      ]
    })
  }

  # Only the controller, and only in a session that tells which environment acts.
  controller_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = local.controller_role_arn }
      Action    = "sts:AssumeRole"
      Condition = { StringLike = { "sts:RoleSessionName" = "steersman-*" } }
    }]
  })
}

# What Steersman looks at and moves with: spec.aws.roleArn.
resource "aws_iam_role" "environment" {
  for_each = var.environments

  name                 = "steersman-${each.key}"
  description          = "Steersman, to roll out ${each.key}"
  assume_role_policy   = local.controller_trust
  permissions_boundary = local.boundary_arn

  depends_on = [aws_iam_policy.boundary]
}

resource "aws_iam_role_policy" "environment" {
  for_each = var.environments

  name   = "steersman"
  role   = aws_iam_role.environment[each.key].id
  policy = jsonencode(local.policies[each.key])
}
