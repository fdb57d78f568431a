import { isDeepLookDue } from '../../core/deep-drift.ts'
import { timestamp } from '../../core/time.ts'
import type { BalancerContents, Inventory } from '../../core/unmanaged.ts'
import { managedPlaces, toldUnmanaged, unmanagedIn } from '../../core/unmanaged.ts'
import { PortError } from '../../ports/error.ts'
import { durationMs } from '../../resources/duration.ts'
import type { DefaultedRelease, EnvironmentStatus } from '../../resources/types.ts'
import type { Engine, EnvironmentState } from '../engine.ts'

/** Looks at all that there is where the environment's releases run, once within its deep interval and at once when they run elsewhere too. */
export async function lookAround(engine: Engine, state: EnvironmentState): Promise<void> {
  const { environment, inventory: last, claimed } = state
  const { clock } = engine.ports
  if (isLeftAlone(state) || claimed.length === 0) return
  const places = managedPlaces(claimed)
  const asked = JSON.stringify(places)
  const monotonic = clock.monotonic()
  const isDue = isDeepLookDue({
    release: `${environment.metadata.name} and all beside it`,
    question: { asked, targetGroups: undefined, tags: [] },
    last,
    intervalMs: durationMs(environment.spec.sweep.deepInterval),
    now: monotonic,
  })
  if (!isDue) return
  const at = clock.now()
  state.inventory = { asked, monotonic, at, ...(await inventoryOf(state, places)) }
  tell(engine, state)
}

const isLeftAlone = ({ environment }: EnvironmentState): boolean =>
  environment.spec.drift.unmanaged === 'Ignore'

/** What is refused is told; any other trouble rejects, and the look is taken again. */
async function inventoryOf(
  { connections: { deepLooks, traffic } }: EnvironmentState,
  { clusters, loadBalancers }: ReturnType<typeof managedPlaces>,
): Promise<{ readonly inventory: Inventory; readonly problem: string | undefined }> {
  const services = new Map<string, readonly string[]>()
  const balancers = new Map<string, BalancerContents>()
  try {
    for (const cluster of clusters) services.set(cluster, await deepLooks.services(cluster))
    for (const name of loadBalancers) {
      const balancer = await traffic.loadBalancer(name)
      if (balancer !== undefined) balancers.set(name, await deepLooks.behind(balancer.arn))
    }
    return { inventory: { services, balancers }, problem: undefined }
  } catch (error) {
    if (!(error instanceof PortError) || error.handling !== 'stall') throw error
    return { inventory: { services, balancers }, problem: error.message }
  }
}

/** What the status says of it, held against what git names by now; undefined where nobody wants to know. */
export function unmanagedStatus(
  engine: Engine,
  state: EnvironmentState,
  before: EnvironmentStatus['unmanaged'],
): EnvironmentStatus['unmanaged'] {
  const { inventory: look } = state
  if (isLeftAlone(state)) return undefined
  const found = look === undefined ? undefined : foundIn(engine, state)
  if (look === undefined || found === undefined) return before
  const observedAt = timestamp(look.at)
  return {
    observedAt,
    total: found.length,
    items: [...toldUnmanaged(found, before?.items, observedAt)],
    ...(look.problem === undefined ? {} : { problem: look.problem.slice(0, MOST_OF_A_PROBLEM) }),
  }
}

const MOST_OF_A_PROBLEM = 1_024

function tell(engine: Engine, state: EnvironmentState): void {
  const found = foundIn(engine, state)
  if (found === undefined) return
  const counts = { Service: 0, Rule: 0, TargetGroup: 0 }
  for (const { kind } of found) counts[kind] += 1
  engine.ports.telemetry.emit({ type: 'UnmanagedSeen', environment: state.environment.metadata.name, counts })
}

/** Undefined while it is not known what all environments of the account and region name. */
function foundIn(engine: Engine, state: EnvironmentState): ReturnType<typeof unmanagedIn> | undefined {
  const releases: DefaultedRelease[] = []
  for (const other of engine.environments.values()) {
    if (placeOf(other) !== placeOf(state)) continue
    const isKnown = other.claimed.length > 0 || other.read?.read.kind === 'Read'
    if (!isKnown && engine.leads.of(other.environment.metadata.name).holds()) return undefined
    releases.push(...other.claimed)
  }
  return state.inventory && unmanagedIn(state.inventory.inventory, releases)
}

const placeOf = ({ environment: { spec } }: EnvironmentState): string =>
  `${spec.aws.accountId ?? spec.aws.roleArn ?? ''} ${spec.aws.region}`
