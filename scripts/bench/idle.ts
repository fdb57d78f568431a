import { releaseFiles } from '../../test/support/machine/release-files.ts'
import { median } from './call-log.ts'
import { Closers } from './closers.ts'
import { startFleet } from './fleet.ts'
import { pairsOf, RELEASES } from './pairs.ts'
import { measureResident } from './resident.ts'

/** Releases that are rolled out together. */
const BATCH = 20
/** The first sweeps let the program warm up. */
const WARM_UP = 10
const SWEEPS = 40

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
    const fleet = await startFleet(closers, {
      shape: new URL('shape.ts', import.meta.url),
      releases: RELEASES,
      environments: [{ name: 'demo', batches: batches() }],
    })
    for (let index = 0; index < WARM_UP; index++) await fleet.sweep()
    const before = await fleet.calls()
    const costs: number[] = []
    for (let index = 0; index < SWEEPS; index++) costs.push(await fleet.sweep())
    const after = await fleet.calls()
    await fleet.stop()
    const rssMb = await measureResident(closers, { ...fleet, releases: RELEASES })
    return {
      idleCpuMsPerRelease: median(costs) / RELEASES,
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

function batches(): Record<string, string>[] {
  const pairs = pairsOf(RELEASES)
  return Array.from({ length: RELEASES / BATCH }, (_, index) =>
    filesOf(pairs.slice(index * BATCH, (index + 1) * BATCH)),
  )
}

/** Without gates: what is measured is a release at rest, which has none to ask. */
function filesOf(batch: ReturnType<typeof pairsOf>): Record<string, string> {
  const files = batch.flatMap((pair) =>
    Object.entries(releaseFiles({ ...pair, version: 'v1', desiredCount: 1, deadline: '10m' })),
  )
  return Object.fromEntries(files.map(([path, text]) => [path, withoutGates(text)]))
}

const withoutGates = (text: unknown): string =>
  (typeof text === 'string' ? text : '').replace(/^ {2}gates:[^]*$/m, '')
