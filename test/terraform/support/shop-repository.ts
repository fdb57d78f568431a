import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TreeEntry } from '../../support/repository.ts'
import { releaseText } from './release-text.ts'
import type { Copy } from './terraform.ts'
import { succeeded } from './terraform.ts'

/** The folder of the root in the repository. */
export const SHOP_ROOT = 'infra/roots/shop'

/** Where the state of the root lies. */
export interface ShopBackend {
  readonly type: 'local' | 's3'
  readonly config: Readonly<Record<string, unknown>>
}

/** A root as a team writes it: what the release needs beside a load balancer and a cluster that are there. */
const mainOf = (backend: ShopBackend['type']): string => `
terraform {
  backend "${backend}" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  default_tags {
    tags = {
      project     = "shop"
      environment = var.environment
    }
  }
}

variable "environment" {
  type = string
}

variable "images" {
  type = map(string)
}

data "aws_lb" "shared" {
  name = "demo"
}

data "aws_lb_listener" "production" {
  load_balancer_arn = data.aws_lb.shared.arn
  port              = 80
}

data "aws_lb_listener" "test" {
  load_balancer_arn = data.aws_lb.shared.arn
  port              = 8081
}

resource "aws_security_group" "load_balancer" {
  name   = "\${var.environment}-load-balancer"
  vpc_id = "vpc-0a1b2c3d"
  tags   = { Name = "\${var.environment}-load-balancer" }
}

module "web" {
  source = "../../modules/service"

  name                            = "web"
  environment                     = var.environment
  image                           = var.images["web"]
  cluster_name                    = "demo"
  vpc_id                          = "vpc-0a1b2c3d"
  subnet_ids                      = ["subnet-2a3b4c5d", "subnet-3a4b5c6d"]
  load_balancer_security_group_id = aws_security_group.load_balancer.id
  listener_arn                    = data.aws_lb_listener.production.arn
  test_listener_arn               = data.aws_lb_listener.test.arn
  rule                            = { priority = 10, paths = ["/*"] }
  permissions_boundary_arn        = "arn:aws:iam::123456789012:policy/boundary"
}

output "web_task_definition_arn" {
  value = module.web.task_definition_arn
}
`

/** The root with the shipped module and a lock file, as they are committed. */
export async function shopInfrastructure(
  copy: Copy,
  backend: ShopBackend['type'],
): Promise<Record<string, TreeEntry>> {
  const main = mainOf(backend)
  const folder = join(copy.path, 'roots/shop')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'main.tf'), main)
  await succeeded(copy.terraform('roots/shop', 'init', '-backend=false', '-input=false'))
  const module = join(copy.path, 'modules/service')
  const names = (await readdir(module)).filter((name) => name.endsWith('.tf'))
  const files = await Promise.all(
    names.map(
      async (name) => [`infra/modules/service/${name}`, await readFile(join(module, name), 'utf8')] as const,
    ),
  )
  return {
    ...Object.fromEntries(files),
    [`${SHOP_ROOT}/main.tf`]: main,
    [`${SHOP_ROOT}/.terraform.lock.hcl`]: await readFile(join(folder, '.terraform.lock.hcl'), 'utf8'),
  }
}

/** A release on that root's services, whose task definition Terraform registers. */
export function shopRelease(version: string): Record<string, TreeEntry> {
  return {
    'deploy/releases/web.yaml': releaseText({
      version,
      taskDefinition: '{ terraform: web_task_definition_arn }',
      testPort: 8081,
    }),
  }
}
