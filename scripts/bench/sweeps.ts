import { setTimeout as sleep } from 'node:timers/promises'
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { REQUESTED_AT_ANNOTATION } from '../../controller/resources/metadata.ts'
import { eventually } from '../../test/support/eventually.ts'
import { REGION } from '../../test/support/machine/shape.ts'
import { median } from './call-log.ts'
import { Closers } from './closers.ts'
import type { Calls, Fleet } from './fleet.ts'
import { ATTRIBUTE, startHostFleet } from './host-fleet.ts'
import { hostPairs } from './hosts.ts'
import { measureResident } from './resident.ts'

/** The first sweeps let the program warm up. */
const WARM_UP = 5
const SWEEPS = 20
/** What only deep looks ask for. */
const DEEP: readonly string[] = [
  'DescribeTargetGroupAttributes',
  'DescribeTags',
  'DescribeServiceRevisions',
  'ListServices',
]
const SETTLED_MS = 3_000
/** A busy machine may take so long for a service's deep look. */
const PATIENCE_MS_PER_SERVICE = 50

export interface Sweeps {
  /** ECS services that were looked at: two for each release. */
  readonly services: number
  /** Calls to AWS of one fast sweep for each service. */
  readonly callsPerService: number
  /** Calls of one round of deep looks for each service. */
  readonly deepCallsPerService: number
  readonly callsByOperation: Readonly<Record<string, number>>
  readonly cpuMsPerRelease: number
  readonly writes: number
  /** Resident memory of `steersman run` with so many releases, in MiB. */
  readonly rssMb: number
  /** Of the releases that were told as drifted in the sweep after one of them was changed by hand. */
  readonly found: readonly string[]
  readonly changed: string
  /** The same of a target group's attribute, in the next round of deep looks. */
  readonly deepFound: readonly string[]
}

/** Rolls many releases out behind named rules, then counts what looking at all of them asks of AWS, and changes two of them by hand. */
export async function measureSweeps(releases: number): Promise<Sweeps> {
  const closers = new Closers()
  try {
    const fleet = await startHostFleet(closers, releases)
    const services = 2 * releases
    const deepCallsPerService = (await deepRound(fleet, services)) / services
    for (let index = 0; index < WARM_UP; index++) await fleet.sweep()
    const before = await fleet.calls()
    const costs: number[] = []
    for (let index = 0; index < SWEEPS; index++) costs.push(await fleet.sweep())
    const after = await fleet.calls()
    const hands = await changeByHand(fleet, releases)
    const last = await fleet.calls()
    await fleet.stop()
    const rssMb = await measureResident(closers, { ...fleet, releases })
    return {
      services,
      callsPerService: (fastReads(after) - fastReads(before)) / SWEEPS / services,
      deepCallsPerService,
      callsByOperation: perSweep(before, after),
      cpuMsPerRelease: median(costs) / releases,
      // Two of them are the changes by hand.
      writes: last.writes - before.writes - 2,
      rssMb,
      ...hands,
    }
  } finally {
    await closers.close()
  }
}

/** Each release is due with the first sweep after the one that brought it, and its groups are asked for once until the interval is over. */
async function deepRound(fleet: Fleet, services: number): Promise<number> {
  await fleet.sweep()
  const attributes = async (): Promise<number> =>
    (await fleet.calls()).byOperation['DescribeTargetGroupAttributes'] ?? 0
  await eventually(attributes, (seen) => seen >= services, {
    what: 'a round of deep looks',
    withinMs: 120_000 + PATIENCE_MS_PER_SERVICE * services,
  })
  // What else the last of them ask for is on its way.
  await sleep(SETTLED_MS)
  return deepReads(await fleet.calls())
}

const deepReads = ({ byOperation }: Calls): number =>
  DEEP.reduce((sum, operation) => sum + (byOperation[operation] ?? 0), 0)

const fastReads = (calls: Calls): number => calls.reads - deepReads(calls)

const perSweep = (before: Calls, after: Calls): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(after.byOperation)
      .filter(([operation]) => !DEEP.includes(operation))
      .map(
        ([operation, count]) => [operation, (count - (before.byOperation[operation] ?? 0)) / SWEEPS] as const,
      )
      .filter(([, count]) => count > 0),
  )

async function changeByHand(
  fleet: Fleet,
  releases: number,
): Promise<Pick<Sweeps, 'changed' | 'found' | 'deepFound'>> {
  const middle = Math.floor(releases / 2)
  const settings = {
    endpoint: fleet.sandboxUrl,
    region: hostPairs(releases)[middle]?.region ?? REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const changed = `r${middle}`
  const ecs = new ECSClient(settings)
  await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: `${changed}-green`, desiredCount: 3 }))
  ecs.destroy()
  await fleet.sweep()
  const found = await drifted(fleet, 'Fast')
  const elb = new ElasticLoadBalancingV2Client(settings)
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: [`${changed}-blue`] }))
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn,
      Attributes: [{ ...ATTRIBUTE, Value: '60' }],
    }),
  )
  elb.destroy()
  await askForEverything(fleet)
  const deepFound = await eventually(
    async () => {
      await fleet.sweep()
      return drifted(fleet, 'Deep')
    },
    (names) => names.length > 0,
    { what: 'the change of an attribute', withinMs: 180_000, everyMs: 1_000 },
  )
  return { changed, found, deepFound }
}

/** What `steersman reconcile` does: all deep looks are due. */
async function askForEverything({ store, environments }: Fleet): Promise<void> {
  for (const { name } of environments) {
    const object = await store.get('Environment', name)
    if (object === undefined) throw new Error(`there is no environment ${name}`)
    const annotations = { ...object.metadata.annotations, [REQUESTED_AT_ANNOTATION]: 'bench' }
    await store.update({ ...object, metadata: { ...object.metadata, annotations } })
  }
}

async function drifted({ store }: Fleet, tier: 'Fast' | 'Deep'): Promise<string[]> {
  const { items } = await store.list('Release')
  const fieldsOf = (status: Readonly<Record<string, unknown>> | undefined) =>
    (status?.['drift'] as { readonly tier?: string }[] | undefined) ?? []
  return items
    .filter(({ status }) => fieldsOf(status).some((field) => field.tier === tier))
    .map(({ metadata }) => metadata.name)
}
