import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createAwsLimits } from '../../controller/adapters/aws/client/limits.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import type { Store } from '../../controller/ports/store.ts'
import { eventually } from '../../test/support/eventually.ts'
import { environmentOf } from '../../test/support/machine/environment.ts'
import { bearController } from '../../test/support/machine/incarnation.ts'
import { createMortality } from '../../test/support/machine/mortality.ts'
import { ACCOUNT, REGION } from '../../test/support/machine/shape.ts'
import { createRepository } from '../../test/support/repository.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import type { Closers } from './closers.ts'

/** Releases that are to stand on a world before anything is measured. */
export interface FleetPlan {
  /** A program that writes the sandbox's world, with so many releases, into the file that it is given: in a process of its own, so that its memory is not counted here. */
  readonly shape: URL
  readonly releases: number
  /** Each on a branch of its name, in one repository. */
  readonly environments: readonly EnvironmentPlan[]
  /** `Environment.spec`, but for what every fleet has. */
  readonly spec?: Readonly<Record<string, unknown>>
}

export interface EnvironmentPlan {
  readonly name: string
  /** Left out, the machines' own. */
  readonly region?: string
  /** By batch, the files that are committed together. */
  readonly batches: readonly Readonly<Record<string, string>>[]
}

/** A controller in this process and its releases at rest; the sandbox is another process. */
export interface Fleet {
  readonly sandboxUrl: string
  readonly dataDir: string
  readonly repository: string
  readonly store: Store
  readonly environments: readonly { readonly name: string; readonly region: string }[]
  /** Looks at all releases once, and resolves to the CPU time of that, in milliseconds. */
  sweep(): Promise<number>
  calls(): Promise<Calls>
  stop(): Promise<void>
}

/** What AWS was asked since the sandbox began. */
export interface Calls {
  readonly writes: number
  readonly reads: number
  readonly byOperation: Readonly<Record<string, number>>
}

const SPEED = 100
const PATIENCE = { withinMs: 180_000, everyMs: 5 }

/** Rolls all releases out for real. */
export async function startFleet(closers: Closers, plan: FleetPlan): Promise<Fleet> {
  const directory = await makeTemporaryDirectory('steersman-bench')
  closers.add(directory.remove)
  const repository = createRepository()
  closers.add(() => repository.remove())
  const sandboxUrl = await startWorld(closers, plan, directory.path)
  const reconciled = new Set<string>()
  const emit = (event: SteersmanEvent): void => {
    if (event.type === 'Reconciled' && event.kind === 'Release') reconciled.add(event.key)
    if (event.type === 'ReleasesAtRest')
      for (const release of event.releases) reconciled.add(`release/${event.environment}/${release}`)
  }
  const { controller, store } = await bearController({
    dataDir: directory.path,
    sandboxUrl,
    accountId: ACCOUNT,
    settings: { pollMs: 250, concurrency: 10, callTimeoutMs: 5_000 },
    emit,
    mortality: createMortality(),
    signingKeyFile: undefined,
    limits: createAwsLimits(hastyClock),
  })
  await controller.start()
  closers.add(() => controller.stop(5_000))
  const spec = { source: { interval: '10m' }, ...plan.spec }
  const environments = plan.environments.map(({ name, region = REGION }) => ({ name, region }))
  await controller.setEnvironments(
    environments.map(({ name, region }) =>
      environmentOf(name, { path: repository.path, spec: { ...spec, aws: { region, accountId: ACCOUNT } } }),
    ),
  )
  for (const { name, batches } of plan.environments)
    for (const files of batches) {
      const commit = repository.commit(files, { branch: name })
      controller.reconcile(name)
      await untilDeployed(store, name, commit)
    }
  return {
    sandboxUrl,
    dataDir: directory.path,
    repository: repository.path,
    store,
    environments,
    calls: () => countCalls(sandboxUrl),
    stop: () => controller.stop(5_000),
    async sweep() {
      const before = process.cpuUsage()
      reconciled.clear()
      for (const { name } of environments) controller.reconcile(name)
      await eventually(
        () => reconciled.size,
        (count) => count === plan.releases,
        { ...PATIENCE, what: 'a sweep' },
      )
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1_000
    },
  }
}

/** Until an environment has wholly rolled a commit out. */
async function untilDeployed(store: Store, environment: string, commit: string): Promise<void> {
  await eventually(
    () => deployed(store, environment),
    (seen) => seen === commit,
    { ...PATIENCE, what: `a batch of the releases of ${environment}` },
  )
}

/** The commit that an environment has wholly rolled out. */
async function deployed(store: Store, environment: string): Promise<string | undefined> {
  const object = await store.get('Environment', environment)
  return (object?.status?.['deployed'] as { readonly commit?: string } | undefined)?.commit
}

async function startWorld(
  closers: Closers,
  { shape, releases }: FleetPlan,
  directory: string,
): Promise<string> {
  const state = join(directory, 'world.json')
  const words = [shape.pathname, state, String(releases)]
  execFileSync(process.execPath, words, { stdio: 'inherit', timeout: 300_000 })
  const sandboxWords = ['sandbox', '--port', '0', '--speed', String(SPEED), '--state', state, '-o', 'json']
  const sandbox = startSteersman(sandboxWords)
  closers.add(() => sandbox.kill())
  const { url } = await sandbox.line((line) => typeof line['url'] === 'string', 'the sandbox')
  // Sweeps follow each other faster here than they ever would: a throttled call is made again, and would count twice.
  await fetch(`${String(url)}/_sandbox/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ throttling: false }),
  })
  return String(url)
}

/** AWS's limits would make the set-up last minutes; what is measured afterwards asks far less. */
const hastyClock = {
  ...systemClock,
  now: () => systemClock.now() * 1_000,
  monotonic: () => systemClock.monotonic() * 1_000,
  sleep: (durationMs: number, signal?: AbortSignal) => systemClock.sleep(durationMs / 1_000, signal),
  setTimer: (delayMs: number, callback: () => void) => systemClock.setTimer(delayMs / 1_000, callback),
}

async function countCalls(sandboxUrl: string): Promise<Calls> {
  const response = await fetch(`${sandboxUrl}/_sandbox/calls`)
  const rows = (await response.json()) as { operation: string; count: number; writes: boolean }[]
  const sum = (writes: boolean): number =>
    rows.filter((row) => row.writes === writes).reduce((total, { count }) => total + count, 0)
  return {
    writes: sum(true),
    reads: sum(false),
    byOperation: Object.fromEntries(rows.map(({ operation, count }) => [operation, count])),
  }
}
