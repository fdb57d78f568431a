import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../test/support/eventually.ts'
import { ACCOUNT, REGION } from '../../test/support/machine/shape.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import type { Closers } from './closers.ts'

/** Looks at all releases that the controller makes before it is weighed. */
const SWEEPS = 6
/** Between two of them: what AWS's limits on reads allow for so many releases. */
const INTERVAL = '5s'

/**
 * The memory, in MiB, that `steersman run` needs in a process of its own after looking at its converged releases several times: right after a collection, since
 * what is garbage by then depends on how busy the machine is.
 */
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
    NODE_OPTIONS: '--inspect=127.0.0.1:0',
  })
  closers.add(() => controller.kill())
  const listening = 'Debugger listening on '
  const { text } = await controller.line((line) => line.text.startsWith(listening), 'the inspector')
  const inspector = text.slice(listening.length).trim()
  const isUp = (line: Readonly<Record<string, unknown>>): boolean => typeof line['url'] === 'string'
  const { url } = await controller.line(isUp, 'the controller')
  await eventually(
    () => reconciles(String(url)),
    (count) => count >= SWEEPS * world.releases,
    { what: 'looks at all releases', withinMs: 120_000, everyMs: 250 },
  )
  await collectGarbage(inspector)
  return residentMb(controller.pid)
}

/** Asks V8's inspector for a full collection. https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage */
async function collectGarbage(inspector: string): Promise<void> {
  const socket = new WebSocket(inspector)
  const answered = Promise.withResolvers<void>()
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' })),
  )
  socket.addEventListener('message', () => answered.resolve())
  socket.addEventListener('error', () => answered.reject(new Error(`${inspector} does not answer`)))
  await answered.promise
  socket.close()
}

/** How many releases were looked at so far, by the controller's own metric. */
async function reconciles(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const counts = text.matchAll(
    /^steersman_reconcile_total\{kind="Release",result="(?:success|AtRest)"\} (\d+)/gm,
  )
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
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
