import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createAwsLimits } from '../../controller/adapters/aws/client/limits.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import { eventually } from '../../test/support/eventually.ts'
import { environmentOf } from '../../test/support/machine/environment.ts'
import type { Incarnation } from '../../test/support/machine/incarnation.ts'
import { bearController } from '../../test/support/machine/incarnation.ts'
import { createMortality } from '../../test/support/machine/mortality.ts'
import { releaseFiles } from '../../test/support/machine/release-files.ts'
import { ACCOUNT } from '../../test/support/machine/shape.ts'
import { createRepository } from '../../test/support/repository.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import { median } from './call-log.ts'
import { Closers } from './closers.ts'
import { pairsOf, RELEASES } from './pairs.ts'
import { measureResident } from './resident.ts'

/** Makes the world in a process of its own, so that its memory is not counted here. */
const SHAPE = new URL('shape.ts', import.meta.url).pathname
/** Releases that are rolled out together. */
const BATCH = 20
/** The first sweeps let the program warm up. */
const WARM_UP = 10
const SWEEPS = 40
const SPEED = 100

export interface Idle {
  readonly idleCpuMsPerRelease: number
  readonly rssMb: number
  readonly releases: number
  readonly sweeps: number
  readonly awsWrites: number
  readonly awsReadsPerSweep: number
}

/** Converges many releases of one environment for real, then measures what looking at all of them costs; the sandbox, and the controller that is weighed, are other processes. */
export async function measureIdle(): Promise<Idle> {
  const closers = new Closers()
  try {
    const { controller, sandboxUrl, reconciled, dataDir, repository } = await converge(closers)
    const sweep = async (): Promise<number> => {
      const before = process.cpuUsage()
      reconciled.clear()
      controller.reconcile('demo')
      await eventually(
        () => reconciled.size,
        (count) => count === RELEASES,
        { ...PATIENCE, what: 'a sweep' },
      )
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000 / RELEASES
    }
    for (let index = 0; index < WARM_UP; index++) await sweep()
    const before = await countCalls(sandboxUrl)
    const costs: number[] = []
    for (let index = 0; index < SWEEPS; index++) costs.push(await sweep())
    const after = await countCalls(sandboxUrl)
    await controller.stop(5_000)
    const rssMb = await measureResident(closers, { dataDir, repository, sandboxUrl, releases: RELEASES })
    return {
      idleCpuMsPerRelease: median(costs),
      rssMb,
      releases: RELEASES,
      sweeps: SWEEPS,
      awsWrites: after.writes - before.writes,
      awsReadsPerSweep: (after.reads - before.reads) / SWEEPS,
    }
  } finally {
    await closers.close()
  }
}

const PATIENCE = { withinMs: 120_000, everyMs: 5 }

interface Converged {
  readonly controller: Incarnation['controller']
  readonly sandboxUrl: string
  readonly dataDir: string
  readonly repository: string
  /** Releases that were reconciled since it was cleared. */
  readonly reconciled: Set<string>
}

async function converge(closers: Closers): Promise<Converged> {
  const directory = await makeTemporaryDirectory('steersman-bench')
  closers.add(directory.remove)
  const repository = createRepository()
  closers.add(() => repository.remove())
  const state = join(directory.path, 'world.json')
  execFileSync(process.execPath, [SHAPE, state], { stdio: 'inherit', timeout: 60_000 })
  const words = ['sandbox', '--port', '0', '--speed', String(SPEED), '--state', state, '-o', 'json']
  const sandbox = startSteersman(words)
  closers.add(() => sandbox.kill())
  const { url } = await sandbox.line((line) => typeof line['url'] === 'string', 'the sandbox')
  const sandboxUrl = String(url)
  const reconciled = new Set<string>()
  const emit = (event: SteersmanEvent): void => {
    if (event.type === 'Reconciled' && event.kind === 'Release') reconciled.add(event.key)
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
  const spec = { source: { interval: '10m' } }
  await controller.setEnvironments([environmentOf('demo', { path: repository.path, spec })])
  const deployed = async (): Promise<unknown> =>
    ((await store.get('Environment', 'demo'))?.status?.['deployed'] as { commit?: string } | undefined)
      ?.commit
  for (let first = 0; first < RELEASES; first += BATCH) {
    const commit = repository.commit(filesOf(pairsOf(RELEASES).slice(first, first + BATCH)), {
      branch: 'demo',
    })
    controller.reconcile('demo')
    await eventually(deployed, (seen) => seen === commit, { ...PATIENCE, what: 'a batch of releases' })
  }
  return { controller, sandboxUrl, reconciled, dataDir: directory.path, repository: repository.path }
}

/** Without gates: what is measured is a release at rest, which has none to ask. */
function filesOf(batch: ReturnType<typeof pairsOf>): Record<string, string> {
  const files = batch.flatMap((pair) =>
    Object.entries(releaseFiles({ ...pair, version: 'v1', desiredCount: 1, deadline: '10m' })),
  )
  return Object.fromEntries(
    files.map(([path, text]) => [
      path,
      (typeof text === 'string' ? text : '').replace(/^ {2}gates:[^]*$/m, ''),
    ]),
  )
}

/** AWS's limits would make the set-up last minutes; what is measured afterwards asks far less. */
const hastyClock = {
  ...systemClock,
  now: () => systemClock.now() * 1_000,
  monotonic: () => systemClock.monotonic() * 1_000,
  sleep: (durationMs: number, signal?: AbortSignal) => systemClock.sleep(durationMs / 1_000, signal),
  setTimer: (delayMs: number, callback: () => void) => systemClock.setTimer(delayMs / 1_000, callback),
}

async function countCalls(sandboxUrl: string): Promise<{ readonly writes: number; readonly reads: number }> {
  const response = await fetch(`${sandboxUrl}/_sandbox/calls`)
  const rows = (await response.json()) as { count: number; writes: boolean }[]
  const sum = (writes: boolean): number =>
    rows.filter((row) => row.writes === writes).reduce((total, { count }) => total + count, 0)
  return { writes: sum(true), reads: sum(false) }
}
