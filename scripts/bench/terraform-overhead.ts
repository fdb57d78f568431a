import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findBinary } from '../../controller/adapters/terraform/binary.ts'
import { startFleet } from '../../test/support/machine/fleet.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import { cliConfiguration } from '../../test/terraform/support/terraform.ts'
import { Closers } from './closers.ts'
import { timedTerraform } from './timed-terraform.ts'

export interface TerraformOverhead {
  /** What a run takes beside its processes, of their time. */
  readonly overheadPercent: number
  readonly overheadMs: number
  readonly cliMs: number
  readonly processes: number
}

const PATIENCE_MS = 180_000

/** A task definition, whose memory a second commit changes, and the target groups of a pair. */
const root = (memory: number): string => `terraform {
  backend "local" {}
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
resource "aws_lb_target_group" "side" {
  for_each    = toset(["blue", "green"])
  name        = "bench-\${each.key}"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = "vpc-1"
}
resource "aws_ecs_task_definition" "web" {
  family                   = "bench-web"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = ${memory}
  skip_destroy             = true
  container_definitions    = jsonencode([{ name = "web", image = "web:v1" }])
}
`

/** Two commits, each planned, judged and applied with Terraform's AWS provider against the sandbox; compares each whole run with the time of its processes. */
export async function measureTerraformOverhead(): Promise<TerraformOverhead> {
  const closers = new Closers()
  try {
    const top = await makeTemporaryDirectory('steersman-bench')
    closers.add(top.remove)
    chmodSync(top.path, 0o711)
    const configuration = join(top.path, 'terraform.rc')
    writeFileSync(configuration, cliConfiguration())
    const path = process.env['PATH'] ?? ''
    const terraform = timedTerraform(top.path, await findBinary('terraform', path))
    const lock = lockFileOf(root(512), { folder: join(top.path, 'locked'), configuration })
    const fleet = await startFleet({
      size: 1,
      path: `${terraform.path}:${path}`,
      configuration,
      terraform: { apply: 'Always' },
    })
    closers.add(() => fleet.close())
    for (const memory of [512, 1024]) {
      const commit = fleet.commit({
        'infra/main.tf': root(memory),
        'infra/.terraform.lock.hcl': lock,
        'deploy/README.md': 'no release',
      })
      await fleet.sweep()
      await fleet.untilApplied(commit, PATIENCE_MS)
    }
    await fleet.sweep()
    const ran = terraform.ran()
    const cliMs = sum(ran.map(({ fromMs, toMs }) => toMs - fromMs))
    const totalMs = sum(fleet.events.flatMap(infrastructureMs))
    const overheadMs = totalMs - cliMs
    return { overheadPercent: (100 * overheadMs) / cliMs, overheadMs, cliMs, processes: ran.length }
  } finally {
    await closers.close()
  }
}

function lockFileOf(
  text: string,
  { folder, configuration }: { readonly folder: string; readonly configuration: string },
): string {
  mkdirSync(folder)
  writeFileSync(join(folder, 'main.tf'), text)
  execFileSync('terraform', ['init', '-backend=false', '-input=false'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TF_CLI_CONFIG_FILE: configuration },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8')
}

const infrastructureMs = (event: {
  readonly type: string
  readonly kind?: string
  readonly durationMs?: number
}) => (event.type === 'Reconciled' && event.kind === 'Infrastructure' ? [event.durationMs ?? 0] : [])

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
