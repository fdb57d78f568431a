import type { FirstRollouts } from '../../../controller/core/irreversible.ts'
import { firstRollouts } from '../../../controller/core/irreversible.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { withStarted } from '../../../controller/core/rollout/started.ts'
import { afterSetBack } from '../../../controller/core/rollout/clock-set-back.ts'
import { firstStatus, isFinished } from '../../../controller/core/rollout/state.ts'
import type { Part, ReleaseObservation } from '../../../controller/core/observation.ts'
import { seenAt } from '../../../controller/core/observation.ts'
import type { Desire } from '../../../controller/engine/engine.ts'
import type { StoredRollout } from '../../../controller/engine/objects.ts'
import { asRollout, newRollout } from '../../../controller/engine/objects.ts'
import { blankLike, blankObservation } from '../../../controller/engine/observe.ts'
import { openFailback, withFailback } from '../../../controller/engine/failback.ts'
import { overriddenAt } from '../../../controller/engine/permission.ts'
import type { Kin, KnownKin, Ties } from '../../../controller/engine/relations.ts'
import { kinNames } from '../../../controller/engine/relations.ts'
import { destroyedIn, subjectOf } from '../../../controller/engine/turn.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { ReleaseKey } from '../../../controller/resources/names.ts'
import { releaseObjectName, rolloutObjectName } from '../../../controller/resources/names.ts'
import type {
  DestroyingApply,
  ReleaseStatus,
  RolloutSpec,
  RolloutStatus,
} from '../../../controller/resources/types.ts'
import { mayWriteTo } from './core-permission.ts'
import type { Core, CoreEnvironment } from './core.ts'
import { stored, storedStatus } from './core.ts'
import type { Steps } from './steps.ts'

/** One reconcile of one release; members mean what they mean in the engine's. */
export interface CoreTurn {
  readonly core: Core
  readonly state: CoreEnvironment
  readonly key: ReleaseKey
  readonly desire: Desire | undefined
  readonly epoch: number | undefined
  readonly mayWrite: boolean
  readonly freezeOverriddenAt: number | undefined
  release: StoredObject
  status: ReleaseStatus
  active: StoredRollout | undefined
  last: RolloutState | undefined
  lastSucceeded: RolloutState | undefined
  readonly ties: Ties
  readonly kin: KnownKin
  readonly served: ReadonlySet<string>
  readonly first: FirstRollouts
  readonly destroyed: readonly DestroyingApply[]
  readonly held: CoreEnvironment['held']
  nextNumber: number
  observation: ReleaseObservation
  isSwept: boolean
}

/** What the sweep saw serves for so long, in milliseconds. */
const SWEEP_LASTS_MS = 30_000

/** Reads what a reconcile of a release starts from; undefined when there is no such release. */
export function openTurn(core: Core, state: CoreEnvironment, key: ReleaseKey): CoreTurn | undefined {
  const release = core.store.get('Release', releaseObjectName(key))
  if (release === undefined) return undefined
  const rollouts = rolloutsOf(core, key)
  const environment = core.store.get('Environment', key.environment)
  const started = withStarted(release.status ?? {}, rollouts.active?.state, rollouts.last)
  const failback = openFailback(release, environment, started)
  const name = rolloutObjectName({ ...key, number: failback?.to ?? 0 })
  const found = failback === undefined ? undefined : core.store.get('Rollout', name)
  const { desire, active, status, held } = withFailback(
    { desire: state.desires?.get(key.release), active: rollouts.active, status: started },
    {
      failback,
      release,
      target: found === undefined ? undefined : asRollout(found).state,
      newest: rollouts.active?.state ?? rollouts.last,
      held: state.held,
    },
  )
  const kin = kinOf(core, state, key, active?.state)
  const swept = sweptObservation(core, state, key.release)
  const seen = rollouts.active === undefined ? swept : undefined
  const recorded = desire?.kind === 'Ready' ? desire.release.recorded?.rollout : undefined
  return {
    core,
    state,
    key,
    desire,
    epoch: core.lead.epoch,
    mayWrite: mayWriteTo(core, key.environment),
    freezeOverriddenAt: overriddenAt(environment),
    held,
    release,
    status,
    active,
    last: rollouts.last,
    lastSucceeded: rollouts.lastSucceeded,
    ties: { desires: state.desires, releases: state.releases },
    kin,
    served: rollouts.served,
    first: rollouts.first,
    destroyed: destroyedIn(environment),
    nextNumber: Math.max(rollouts.newest, status.lastRollout ?? 0, recorded ?? 0) + 1,
    observation: seen ?? blankLike(state.lastSeen.get(key.release) ?? blankObservation),
    isSwept: seen !== undefined,
  }
}

interface Rollouts {
  readonly active: StoredRollout | undefined
  readonly last: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly served: ReadonlySet<string>
  readonly first: FirstRollouts
  /** The highest number. */
  readonly newest: number
}

function rolloutsOf(core: Core, key: ReleaseKey): Rollouts {
  let active: StoredRollout | undefined
  let last: RolloutState | undefined
  let lastSucceeded: RolloutState | undefined
  let newest = 0
  const served = new Set<string>()
  let first: FirstRollouts = new Map()
  for (const object of core.store.list('Rollout', RELEASE_LABEL, key.release)) {
    const rollout = asRollout(object)
    const { number } = rollout.state.spec
    first = firstRollouts([rollout.state.spec], first)
    newest = Math.max(newest, number)
    if (!isFinished(rollout.state.status)) {
      if (number >= (active?.state.spec.number ?? 0)) active = rollout
      continue
    }
    if (number >= (last?.spec.number ?? 0)) last = rollout.state
    if (rollout.state.status.outcome === 'Succeeded') served.add(rollout.state.spec.digest)
    if (rollout.state.status.outcome === 'Succeeded' && number >= (lastSucceeded?.spec.number ?? 0))
      lastSucceeded = rollout.state
  }
  return { active, last, lastSucceeded, served, first, newest }
}

function sweptObservation(
  core: Core,
  state: CoreEnvironment,
  release: string,
): ReleaseObservation | undefined {
  const swept = state.sweep.get(release)
  state.sweep.delete(release)
  const isFresh = swept !== undefined && core.clock.monotonic() - swept.at < SWEEP_LASTS_MS
  return isFresh ? swept.observation : undefined
}

/** Asks that the others are looked at now. */
export function wake({ core, key }: CoreTurn, releases: readonly string[]): void {
  for (const release of releases) if (release !== key.release) core.enqueueRelease(release)
}

function kinOf(
  core: Core,
  { releases }: CoreEnvironment,
  { environment, release }: ReleaseKey,
  active: RolloutState | undefined,
): ReadonlyMap<string, Kin> {
  const known = new Map<string, Kin>()
  for (const name of kinNames(releases, release, active)) {
    const key = { environment, release: name }
    const object = core.store.get('Release', releaseObjectName(key))
    if (object === undefined) continue
    const { active: running, lastSucceeded } = rolloutsOf(core, key)
    const rollouts = core.store
      .list('Rollout', RELEASE_LABEL, name)
      .map((one) => asRollout(one).state)
      .toSorted((one, other) => other.spec.number - one.spec.number)
    known.set(name, { status: object.status ?? {}, rollouts, active: running?.state, lastSucceeded })
  }
  return known
}

export function* look(turn: CoreTurn, parts: readonly Part[]): Steps<void> {
  const subject = subjectOf(turn)
  if (subject === undefined) return
  turn.observation = yield* turn.core.looks.observe(subject, turn.observation, parts)
  turn.state.lastSeen.set(turn.key.release, turn.observation)
}

/** Stores times that lie ahead of a clock that was set back as they count from now on. */
export function* takeBackTimes(turn: CoreTurn): Steps<void> {
  const { core, status, active, last } = turn
  const after = afterSetBack({ status, active: active?.state, last }, core.clock.now())
  if (after.status !== status) yield* keepStatus(turn, after.status)
  if (after.active !== undefined && after.active !== active?.state)
    yield* keepRollout(turn, after.active.status)
  if (after.last === undefined || after.last === last) return
  const object = core.store.get('Rollout', after.last.name)
  if (object !== undefined) yield* storedStatus(core, object, after.last.status)
  turn.last = after.last
}

/** Stores a rollout that begins now; that the requests for it were heard is stored with what comes next. */
export function* beginRollout(turn: CoreTurn, spec: RolloutSpec): Steps<void> {
  const { core, key } = turn
  const tasks = seenAt(turn.observation, spec.to.side ?? 'only').members?.tasks ?? []
  const status = firstStatus(spec, { now: core.clock.now(), tasks })
  const name = rolloutObjectName({ ...key, number: spec.number })
  turn.active = asRollout(
    yield* stored(core, 'Rollout', () => core.store.create(newRollout(name, spec, status, key))),
  )
  turn.nextNumber = spec.number + 1
  turn.status = withStarted(turn.status, turn.active.state, undefined)
}

/** Stores the release's status now. */
export function* keepStatus(turn: CoreTurn, status: ReleaseStatus): Steps<void> {
  turn.release = yield* storedStatus(turn.core, turn.release, status)
  turn.status = status
}

/** Stores the running rollout's status now. */
export function* keepRollout(turn: CoreTurn, status: RolloutStatus): Steps<void> {
  if (turn.active === undefined) return
  turn.active = asRollout(yield* storedStatus(turn.core, turn.active.object, status))
}

/** Lets the oldest rollouts of the release go. */
export function* forgetOldest({ core, key }: CoreTurn): Steps<void> {
  const all = core.store.list('Rollout', RELEASE_LABEL, key.release)
  const surplus = all.length - core.settings.rolloutsKept
  for (const { metadata } of all.slice(0, Math.max(0, surplus)))
    yield* stored(core, 'delete Rollout', () => core.store.delete('Rollout', metadata.name))
}
