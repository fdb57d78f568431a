import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { eventually } from '../../test/support/eventually.ts'
import { ACCOUNT, REGION } from '../../test/support/machine/shape.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import type { Closers } from './closers.ts'

/** Looks at all releases that the controller makes before it is weighed. */
const SWEEPS = 6
/** It is weighed so often: between two collections a process also holds what nobody needs any more. */
const SAMPLES = 12
const SAMPLE_MS = 1_000
/** Between two of them: what AWS's limits on reads allow for so many releases. */
const INTERVAL = '5s'

/** The memory, in MiB, that `steersman run` needs in a process of its own after looking at its converged releases several times: the least of some seconds. */
export async function measureResident(
  closers: Closers,
  world: {
    readonly dataDir: string
    readonly repository: string
    readonly sandboxUrl: string
    readonly releases: number
  },
): Promise<number> {
  const config = writeConfig(world)
  const controller = startSteersman(['run', '--config', config], {
    AWS_ENDPOINT_URL: world.sandboxUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
  })
  closers.add(() => controller.kill())
  const isUp = (line: Readonly<Record<string, unknown>>): boolean => typeof line['url'] === 'string'
  const { url } = await controller.line(isUp, 'the controller')
  await eventually(
    () => reconciles(String(url)),
    (count) => count >= SWEEPS * world.releases,
    { what: 'looks at all releases', withinMs: 120_000, everyMs: 250 },
  )
  return leastOf(SAMPLES, () => residentMb(controller.pid))
}

async function leastOf(count: number, sample: () => number): Promise<number> {
  let least = sample()
  for (let index = 1; index < count; index++) {
    await setTimeout(SAMPLE_MS)
    least = Math.min(least, sample())
  }
  return least
}

/** How many releases were looked at so far, by the controller's own metric. */
async function reconciles(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^steersman_reconcile_total\{kind="Release",result="success"\} (\d+)/m.exec(text)?.[1] ?? 0)
}

const residentMb = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024

function writeConfig({
  dataDir,
  repository,
}: {
  readonly dataDir: string
  readonly repository: string
}): string {
  const config = join(dataDir, 'config')
  mkdirSync(config)
  const apiVersion = 'steersman.dev/v1alpha1'
  const configuration = { apiVersion, kind: 'Configuration', spec: { listen: '127.0.0.1:0', dataDir } }
  const environment = {
    apiVersion,
    kind: 'Environment',
    metadata: { name: 'demo' },
    spec: {
      source: { repository, branch: 'demo', path: 'deploy', interval: INTERVAL },
      aws: { region: REGION, accountId: ACCOUNT },
    },
  }
  writeFileSync(join(config, 'configuration.yaml'), JSON.stringify(configuration))
  writeFileSync(join(config, 'demo.yaml'), JSON.stringify(environment))
  return config
}
