import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeEntry } from '../../support/repository.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import { releaseText } from './release-text.ts'
import type { Copy } from './terraform.ts'

/** The folder of the root in a copy of `terraform/`. */
export const PAIR_ROOT = 'roots/pair'

/** A root of the shipped modules: a cluster, the release `web`, and the release `api` beside it that is scaled. */
const MAIN = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

locals {
  vpc_id     = "vpc-0a1b2c3d"
  subnet_ids = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
}

module "cluster" {
  source = "../../modules/cluster"

  name                = "demo"
  vpc_id              = local.vpc_id
  subnet_ids          = local.subnet_ids
  test_ingress_cidrs  = ["10.0.0.0/8"]
  deletion_protection = false
}

module "release" {
  source   = "../../modules/service"
  for_each = { web = { priority = 10, path = "/*" }, api = { priority = 5, path = "/api/*" } }

  name                            = each.key
  environment                     = "demo"
  image                           = "${IMAGE_REPOSITORY}:first"
  cluster_name                    = module.cluster.cluster_name
  vpc_id                          = local.vpc_id
  subnet_ids                      = local.subnet_ids
  load_balancer_security_group_id = module.cluster.security_group_id
  listener_arn                    = module.cluster.listener_arn
  test_listener_arn               = module.cluster.test_listener_arn
  rule                            = { priority = each.value.priority, paths = [each.value.path] }
  permissions_boundary_arn        = "arn:aws:iam::123456789012:policy/boundary"
  execute_command                 = each.key == "api"

  autoscaling = each.key == "web" ? null : {
    minimum             = 1
    maximum             = 3
    cpu_percent         = 60
    requests_per_target = 1000
  }
}

output "rule_arns" {
  value = [module.release["web"].rule_arn, module.release["web"].test_rule_arn]
}
`

/** Writes the root beside the shipped ones. */
export async function writePairRoot(copy: Copy): Promise<void> {
  const folder = join(copy.path, PAIR_ROOT)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'main.tf'), MAIN)
}

/** What a team commits to roll out a version of `web` on that root's services: no settings, for those are Terraform's. */
export function webRelease(version: string): Record<string, TreeEntry> {
  const taskDefinition = {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/demo-web-execution',
    containerDefinitions: [{ name: 'web', essential: true, portMappings: [{ containerPort: 8080 }] }],
  }
  return {
    'deploy/releases/web.yaml': releaseText({
      version,
      taskDefinition: '{ file: taskdefs/web.json }',
      testPort: 8443,
    }),
    'deploy/taskdefs/web.json': JSON.stringify(taskDefinition, undefined, 2),
  }
}
