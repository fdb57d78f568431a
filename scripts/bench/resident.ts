import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../../test/support/eventually.ts'
import { ACCOUNT, REGION } from '../../test/support/machine/shape.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import { root } from '../checks/sources.ts'
import type { Closers } from './closers.ts'

/** Looks at all releases that the controller makes before it is weighed. */
const SWEEPS = 6
/** Between two of them: what AWS's limits on reads allow for some hundred releases; more are looked at as fast as those let them. */
const INTERVAL = '5s'
/** The limits let about forty releases be looked at in a second. */
const PATIENCE_MS_PER_RELEASE = 500

/**
 * The memory, in MiB, that `steersman run` needs in a process of its own after looking at its converged releases several times: right after a collection, since
 * what is garbage by then depends on how busy the machine is. It is the built program, run as the image runs it: a clone's has the TypeScript and what strips its
 * types beside it.
 */
export async function measureResident(
  closers: Closers,
  world: {
    readonly dataDir: string
    readonly repository: string
    readonly sandboxUrl: string
    readonly environments: readonly { readonly name: string; readonly region: string }[]
    readonly releases: number
  },
): Promise<number> {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit', timeout: 300_000 })
  const config = writeConfig(world)
  const variables = {
    AWS_ENDPOINT_URL: world.sandboxUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    NODE_OPTIONS: '--inspect=127.0.0.1:0',
  }
  const image = await imageStart()
  const controller = startSteersman(['run', '--config', config], { ...image.memory, ...variables }, [
    process.execPath,
    ...image.command,
  ])
  closers.add(() => controller.kill())
  const listening = 'Debugger listening on '
  const { text } = await controller.line((line) => line.text.startsWith(listening), 'the inspector')
  const inspector = text.slice(listening.length).trim()
  const isUp = (line: Readonly<Record<string, unknown>>): boolean => typeof line['url'] === 'string'
  const { url } = await controller.line(isUp, 'the controller')
  await eventually(
    () => reconciles(String(url)),
    (count) => count >= SWEEPS * world.releases,
    {
      what: 'looks at all releases',
      withinMs: 120_000 + PATIENCE_MS_PER_RELEASE * world.releases,
      everyMs: 250,
    },
  )
  await collectGarbage(inspector)
  return residentMb(controller.pid)
}

interface ImageStart {
  /** The arguments of Node in the image's launcher, with the clone's dist in the place of the image's. */
  readonly command: readonly string[]
  /** What the image tells the C library of memory. */
  readonly memory: Readonly<Record<string, string>>
}

async function imageStart(): Promise<ImageStart> {
  const text = await readFile(join(root, 'Dockerfile'), 'utf8')
  const launcher = /exec node (\S.*?) "\$@"/u.exec(text)?.[1]
  if (launcher === undefined)
    throw new Error('Dockerfile: no line starts the program; expected `exec node … "$@"`')
  const memory = [...text.matchAll(/\b(MALLOC_\w+)=(\d+)/gu)].map(([, name = '', value = '']) => [
    name,
    value,
  ])
  return {
    command: launcher.split(' ').map((word) => word.replace(/^\/app\//u, `${root}/`)),
    memory: Object.fromEntries(memory) as Record<string, string>,
  }
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
  environments,
}: {
  readonly dataDir: string
  readonly repository: string
  readonly environments: readonly { readonly name: string; readonly region: string }[]
}): string {
  const config = join(dataDir, 'config')
  mkdirSync(config)
  const apiVersion = 'steersman.dev/v1alpha1'
  const configuration = { apiVersion, kind: 'Configuration', spec: { listen: '127.0.0.1:0', dataDir } }
  writeFileSync(join(config, 'configuration.yaml'), JSON.stringify(configuration))
  for (const { name, region } of environments) {
    const spec = {
      source: { repository, branch: name, path: 'deploy', interval: INTERVAL },
      aws: { region, accountId: ACCOUNT },
    }
    const environment = { apiVersion, kind: 'Environment', metadata: { name }, spec }
    writeFileSync(join(config, `${name}.yaml`), JSON.stringify(environment))
  }
  return config
}
