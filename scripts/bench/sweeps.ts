import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { releaseFiles } from '../../test/support/machine/release-files.ts'
import { REGION } from '../../test/support/machine/shape.ts'
import { median } from './call-log.ts'
import { Closers } from './closers.ts'
import type { Fleet } from './fleet.ts'
import { startFleet } from './fleet.ts'
import { hostPairs, HOSTS } from './hosts.ts'

/** Releases that are rolled out together. */
const BATCH = 50
/** The first sweeps let the program warm up. */
const WARM_UP = 5
const SWEEPS = 20

export interface Sweeps {
  /** ECS services that were looked at: two for each release. */
  readonly services: number
  /** Calls to AWS of one sweep for each service. */
  readonly callsPerService: number
  readonly callsByOperation: Readonly<Record<string, number>>
  readonly cpuMsPerRelease: number
  readonly writes: number
  /** Of the releases that were told as drifted in the sweep after one of them was changed by hand. */
  readonly found: readonly string[]
  readonly changed: string
}

/** Rolls many releases out behind named rules, then counts what looking at all of them asks of AWS, and changes one of them by hand. */
export async function measureSweeps(): Promise<Sweeps> {
  const closers = new Closers()
  try {
    const fleet = await startFleet(closers, {
      shape: new URL('host-shape.ts', import.meta.url),
      releases: HOSTS,
      batches: batches(),
      spec: {
        drift: { service: 'Alert', traffic: 'Alert', infrastructure: 'Alert', unmanaged: 'Alert' },
      },
    })
    for (let index = 0; index < WARM_UP; index++) await fleet.sweep()
    const before = await fleet.calls()
    const costs: number[] = []
    for (let index = 0; index < SWEEPS; index++) costs.push(await fleet.sweep())
    const after = await fleet.calls()
    const services = 2 * HOSTS
    const changed = `r${Math.floor(HOSTS / 2)}`
    await changeByHand(fleet, changed)
    await fleet.sweep()
    const found = await drifted(fleet)
    const last = await fleet.calls()
    return {
      services,
      callsPerService: (after.reads - before.reads) / SWEEPS / services,
      callsByOperation: Object.fromEntries(
        Object.entries(after.byOperation)
          .map(
            ([operation, count]) =>
              [operation, (count - (before.byOperation[operation] ?? 0)) / SWEEPS] as const,
          )
          .filter(([, count]) => count > 0),
      ),
      cpuMsPerRelease: median(costs) / HOSTS,
      // One of them is the change by hand.
      writes: last.writes - before.writes - 1,
      found,
      changed,
    }
  } finally {
    await closers.close()
  }
}

function batches(): Record<string, string>[] {
  const pairs = hostPairs()
  return Array.from({ length: Math.ceil(pairs.length / BATCH) }, (_, index) =>
    Object.fromEntries(pairs.slice(index * BATCH, (index + 1) * BATCH).flatMap(filesOf)),
  )
}

/** Without gates: what is measured is a release at rest, which has none to ask. */
function filesOf({ host, ...pair }: ReturnType<typeof hostPairs>[number]): [string, string][] {
  return Object.entries(releaseFiles({ ...pair, version: 'v1', desiredCount: 1, deadline: '10m' })).map(
    ([path, text]) => [
      path,
      (typeof text === 'string' ? text : '')
        .replace(/^ {2}gates:[^]*$/m, '')
        .replaceAll(/port: (80|8081) \}/g, `port: $1, host: ${host} }`),
    ],
  )
}

async function changeByHand({ sandboxUrl }: Fleet, release: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new ECSClient({ endpoint: sandboxUrl, region: REGION, credentials })
  await client.send(
    new UpdateServiceCommand({ cluster: 'demo', service: `${release}-green`, desiredCount: 3 }),
  )
  client.destroy()
}

async function drifted({ store }: Fleet): Promise<string[]> {
  const { items } = await store.list('Release')
  return items
    .filter(({ status }) => ((status?.['drift'] as unknown[] | undefined) ?? []).length > 0)
    .map(({ metadata }) => metadata.name)
}
