import { chmodSync, readFileSync } from 'node:fs'
import { startFleet } from '../../test/support/machine/fleet.ts'
import { standInTerraform } from '../../test/support/stand-in-terraform.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import { Closers } from './closers.ts'
import { mostAtOnce, timedTerraform } from './timed-terraform.ts'

export interface TerraformUnchanged {
  readonly environments: number
  /** Of Terraform, in all sweeps. */
  readonly processesWhenUnchanged: number
  /** While all of them were applied for the first time. */
  readonly processesAtOnce: number
  readonly cpuMsPerSweep: number
  /** Of git, which is asked for each environment. */
  readonly gitCpuMsPerSweep: number
  readonly rssGrowthMb: number
}

const ENVIRONMENTS = 50
const SWEEPS = 4
const PATIENCE_MS = 180_000

const ROOT = `terraform {
  backend "local" {}
}
variable "environment" { type = string }
resource "terraform_data" "web" { input = var.environment }
`

/** Fifty environments that share a root: a program that stands in for Terraform applies it, and then they are looked at again and again, with commits in between that leave it alone. */
export async function measureTerraformUnchanged(): Promise<TerraformUnchanged> {
  const closers = new Closers()
  try {
    const top = await makeTemporaryDirectory('steersman-bench')
    closers.add(top.remove)
    chmodSync(top.path, 0o711)
    const terraform = timedTerraform(top.path, standInTerraform(top.path))
    const path = `${terraform.path}:${process.env['PATH'] ?? ''}`
    const fleet = await startFleet({ size: ENVIRONMENTS, path })
    closers.add(() => fleet.close())
    const rss = process.memoryUsage().rss
    const first = fleet.commit({ 'infra/main.tf': ROOT, 'deploy/README.md': 'no release' })
    await fleet.sweep()
    await fleet.untilApplied(first, PATIENCE_MS)
    await fleet.sweep()
    const applied = terraform.ran()
    const before = { own: process.cpuUsage(), git: cpuMsOfChildren() }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      if (sweep % 2 === 1) fleet.commit({ 'src/index.js': `main(${sweep})` })
      await fleet.sweep()
    }
    const { user, system } = process.cpuUsage(before.own)
    return {
      environments: ENVIRONMENTS,
      processesWhenUnchanged: terraform.ran().length - applied.length,
      processesAtOnce: mostAtOnce(applied),
      cpuMsPerSweep: (user + system) / 1_000 / SWEEPS,
      gitCpuMsPerSweep: (cpuMsOfChildren() - before.git) / SWEEPS,
      rssGrowthMb: (process.memoryUsage().rss - rss) / 1_048_576,
    }
  } finally {
    await closers.close()
  }
}

const MS_PER_TICK = 10

/** Of all processes that this one waited for. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 16 and 17 */
function cpuMsOfChildren(): number {
  const text = readFileSync('/proc/self/stat', 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK
}
