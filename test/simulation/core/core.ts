import type { ScanMemory } from '../../../controller/adapters/aws/registry/scan-memory.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { assertSafe } from '../../../controller/core/rollout/invariants.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { Desire, EngineSettings, EnvironmentState, Extent } from '../../../controller/engine/engine.ts'
import type { Unsettled } from '../../../controller/engine/follow-wall.ts'
import type { SteadyClock } from '../../../controller/engine/steady-clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { between, chance } from '../time/randomness.ts'
import type { CoreAws } from './core-aws.ts'
import type { CoreGit } from './core-git.ts'
import type { CoreLead } from './core-lead.ts'
import type { CoreLooks } from './core-looks.ts'
import type { CoreStore } from './core-store.ts'
import type { Steps } from './steps.ts'
import { pause, watched } from './steps.ts'

/** What one life of a controller remembers of the registry. */
export type KnownDigests = Map<string, { readonly digest: string; readonly at: number }>

/** The environment as one life of a controller knows it; members mean what they mean in the engine. */
export interface CoreEnvironment {
  readonly environment: DefaultedEnvironment
  desires: ReadonlyMap<string, Desire> | undefined
  releases: EnvironmentState['releases']
  held: EnvironmentState['held']
  read: EnvironmentState['read']
  asked: EnvironmentState['asked']
  dueAt: EnvironmentState['dueAt']
  readonly ledSince: number
  fetched: string | undefined
  readonly lastSeen: Map<string, ReleaseObservation>
  readonly sweep: Map<string, { readonly observation: ReleaseObservation; readonly at: number }>
}

/** What decides; a test may put something worse in its place. */
export interface Decisions {
  readonly planRelease: typeof planRelease
  readonly nextStep: typeof nextStep
  readonly assertSafe: typeof assertSafe
}

export const coreDecisions: Decisions = { planRelease, nextStep, assertSafe }

/** All that a reconcile at core depth may use. */
export interface Core {
  readonly process: SimulatedProcess
  readonly clock: SteadyClock
  /** The clock as the engine has it. */
  readonly ports: { readonly clock: SteadyClock }
  readonly unsettled: Unsettled
  readonly random: Random
  readonly settings: EngineSettings
  readonly decisions: Decisions
  readonly world: SimulatedAws
  readonly aws: CoreAws
  readonly looks: CoreLooks
  readonly git: CoreGit
  readonly store: CoreStore
  readonly lead: CoreLead
  /** The environment as it is configured at this moment. */
  readonly configured: () => DefaultedEnvironment | undefined
  readonly digests: KnownDigests
  readonly scans: ScanMemory
  readonly emit: (event: SteersmanEvent) => void
  readonly enqueueEnvironment: (wanted: Extent) => void
  readonly enqueueRelease: (release: string) => void
  readonly enqueuePatiently: (release: string) => void
}

/** A change of the store now and then takes a moment, so that something else can happen meanwhile, in milliseconds. */
const SLOW = { probability: 0.05, from: 1, to: 40 }

/** Writes to the store, which refuses what was decided under an earlier lease, as the real ones do. */
export function* stored<Result>(
  { process, random, lead }: Pick<Core, 'process' | 'random' | 'lead'>,
  what: string,
  effect: () => Result,
): Steps<Result> {
  const { epoch } = lead
  if (!lead.holds())
    throw new PortError('the lease is over, so nothing is stored', { code: 'LeaseLost', handling: 'retry' })
  if (chance(random, SLOW.probability)) yield* pause(process, between(random, SLOW.from, SLOW.to))
  return yield* watched(process, `store ${what}`, () => {
    lead.assertNewest(epoch)
    return effect()
  })
}

/** Writes an object's status; one that is equal is left alone. */
export function* storedStatus(core: Core, object: StoredObject, status: object): Steps<StoredObject> {
  const { kind, metadata } = object
  const now = core.store.get(kind, metadata.name)
  if (now !== undefined && isSame(now.status, status)) return now
  return yield* stored(core, kind, () => core.store.updateStatus(kind, metadata.name, status))
}

/** Whether two statuses would be the same JSON. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) return isSameList(one, other)
  const [left, right] = [one as Members, other as Members]
  for (const name in left) if (!isSame(left[name], right[name])) return false
  for (const name in right) if (right[name] !== undefined && left[name] === undefined) return false
  return true
}

function isSameList(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) if (!isSame(one[index], other[index])) return false
  return true
}

type Members = Readonly<Record<string, unknown>>
