import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { REGION } from '../../test/support/machine/shape.ts'
import { cliConfiguration } from '../../test/terraform/support/terraform.ts'
import { median } from './call-log.ts'
import { Closers } from './closers.ts'
import type { Fleet } from './fleet.ts'
import { startHostFleet } from './host-fleet.ts'
import { hostPairs } from './hosts.ts'

const run = promisify(execFile)

/** Two services each. */
const RELEASES = 10
const WARM_UP = 5
const SWEEPS = 20
const PLANS = 3
const PLAN_LIMIT_MS = 300_000

export interface TerraformRatio {
  readonly services: number
  /** From the start of one of our sweeps until each release was judged. */
  readonly sweepMs: number
  readonly sweepCalls: number
  /** Of `terraform plan -refresh-only` on the same services and rules. */
  readonly terraformMs: number
  readonly terraformCalls: number
  /** Our time for each millisecond of Terraform's. */
  readonly ratioToTerraform: number
}

/** Looks at the same services and rules by a sweep and by Terraform, in turn on one machine. */
export async function measureTerraformRatio(): Promise<TerraformRatio> {
  const closers = new Closers()
  try {
    const fleet = await startHostFleet(closers, RELEASES)
    const terraform = await importInto(join(fleet.dataDir, 'terraform'), fleet.sandboxUrl)
    for (let index = 0; index < WARM_UP; index++) await fleet.sweep()
    const sweeps = await timed(fleet, SWEEPS, () => fleet.sweep())
    const plans = await timed(fleet, PLANS, () => terraform('plan', '-refresh-only', '-input=false'))
    await fleet.stop()
    return {
      services: 2 * RELEASES,
      sweepMs: sweeps.medianMs,
      sweepCalls: sweeps.calls,
      terraformMs: plans.medianMs,
      terraformCalls: plans.calls,
      ratioToTerraform: sweeps.medianMs / plans.medianMs,
    }
  } finally {
    await closers.close()
  }
}

/** The median time of a look, and the calls to AWS of one. */
async function timed(
  fleet: Fleet,
  times: number,
  look: () => Promise<unknown>,
): Promise<{ readonly medianMs: number; readonly calls: number }> {
  const before = await fleet.calls()
  const took: number[] = []
  for (let index = 0; index < times; index++) {
    const startedAt = performance.now()
    await look()
    took.push(performance.now() - startedAt)
  }
  const after = await fleet.calls()
  return { medianMs: median(took), calls: (after.reads - before.reads) / times }
}

/** Makes a root of Terraform's that has the services and rules in its state as they are. */
async function importInto(
  folder: string,
  sandboxUrl: string,
): Promise<(...words: string[]) => Promise<unknown>> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'main.tf'), root(await rulesOf(sandboxUrl)))
  writeFileSync(join(folder, 'terraform.rc'), cliConfiguration())
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
    TF_IN_AUTOMATION: '1',
    AWS_ENDPOINT_URL: sandboxUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
  }
  const terraform = (...words: string[]): Promise<unknown> =>
    run('terraform', words, { cwd: folder, env, timeout: PLAN_LIMIT_MS })
  await terraform('init', '-input=false')
  await terraform('apply', '-input=false', '-auto-approve')
  return terraform
}

interface KnownRule {
  readonly arn: string
  readonly listenerArn: string
}

async function rulesOf(endpoint: string): Promise<readonly KnownRule[]> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const elb = new ElasticLoadBalancingV2Client({ endpoint, region: REGION, credentials })
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}))
  const found: KnownRule[] = []
  for (const { LoadBalancerArn } of LoadBalancers) {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))
    for (const { ListenerArn = '' } of Listeners) {
      const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn }))
      for (const { RuleArn = '', IsDefault } of Rules)
        if (IsDefault !== true) found.push({ arn: RuleArn, listenerArn: ListenerArn })
    }
  }
  elb.destroy()
  return found
}

/** Everything is imported, and nothing is to be changed: what the members say plays no part. */
function root(rules: readonly KnownRule[]): string {
  const services = hostPairs(RELEASES).flatMap(({ release }) => [`${release}-blue`, `${release}-green`])
  const listeners = Object.fromEntries(rules.map(({ arn, listenerArn }) => [arn, listenerArn]))
  return `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
locals {
  services  = toset(${JSON.stringify(services)})
  listeners = jsondecode(${JSON.stringify(JSON.stringify(listeners))})
}
import {
  for_each = local.services
  to       = aws_ecs_service.side[each.key]
  id       = "demo/\${each.key}"
}
resource "aws_ecs_service" "side" {
  for_each = local.services
  name     = each.key
  lifecycle {
    ignore_changes = all
  }
}
import {
  for_each = local.listeners
  to       = aws_lb_listener_rule.rule[each.key]
  id       = each.key
}
resource "aws_lb_listener_rule" "rule" {
  for_each     = local.listeners
  listener_arn = each.value
  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
    }
  }
  condition {
    path_pattern {
      values = ["/"]
    }
  }
  lifecycle {
    ignore_changes = all
  }
}
`
}
