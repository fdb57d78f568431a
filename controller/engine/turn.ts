import type { DesiredRelease } from '../core/desired.ts'
import type { Freeze } from '../core/freeze.ts'
import { freezeAt } from '../core/freeze.ts'
import type { FirstRollouts } from '../core/irreversible.ts'
import { firstRollouts } from '../core/irreversible.ts'
import type { ReleaseObservation } from '../core/observation.ts'
import { withStarted } from '../core/rollout/started.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import type { RenderedTaskDefinition } from '../core/task-definition.ts'
import { annotations } from '../resources/annotations.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { namesOf, namesOfRollout } from '../core/places.ts'
import { rolloutObjectName } from '../resources/names.ts'
import type { DestroyingApply, ReleaseStatus, RolloutSpec, RolloutStatus } from '../resources/types.ts'
import type { StoredObject } from '../ports/store.ts'
import type { Desire, Engine, EnvironmentState } from './engine.ts'
import { openFailback, withFailback } from './failback.ts'
import type { Hurry } from './hurry.ts'
import { hurried } from './hurry.ts'
import type { ReleaseSubject } from './observe.ts'
import { blankLike, blankObservation, observe } from './observe.ts'
import type { StoredRollout } from './objects.ts'
import { asRollout, environmentStatus, getRelease, newRollout, openRequest, rolloutsOf } from './objects.ts'
import { mayWriteTo, overriddenAt } from './permission.ts'
import type { KnownKin, Ties } from './relations.ts'
import { kinOf } from './relations.ts'
import { saveRelease, saveRollout } from './report.ts'
import type { Part } from '../core/observation.ts'
import type { PlanInput } from '../core/plan/decision.ts'

/** One reconcile of one release: what it knows, and the few things that change while it goes on. */
export interface Turn {
  readonly engine: Engine
  readonly hurry: Hurry
  readonly state: EnvironmentState
  readonly key: ReleaseKey
  readonly desire: Desire | undefined
  /** Of the lease under which it was opened. */
  readonly epoch: number | undefined
  readonly mayWrite: boolean
  /** When an admin set aside the windows that were open then, in milliseconds since the epoch. */
  readonly freezeOverriddenAt: number | undefined
  /** A person's hold: of this release, or of the environment by its tag. */
  readonly held: EnvironmentState['held']
  release: StoredObject
  status: ReleaseStatus
  active: StoredRollout | undefined
  last: RolloutState | undefined
  lastSucceeded: RolloutState | undefined
  nextNumber: number
  /** What the commit says of the releases that it waits for or moves with, and what is stored of them. */
  readonly ties: Ties
  readonly kin: KnownKin
  /** Content digests of every kept rollout that succeeded. */
  readonly served: ReadonlySet<string>
  /** Of every kept rollout when the turn began. */
  readonly first: FirstRollouts
  /** Applies of the environment that replaced or destroyed something. */
  readonly destroyed: readonly DestroyingApply[]
  observation: ReleaseObservation
  /** Whether the observation is the sweep's: good enough to find that nothing is to be done, not to act on. */
  isSwept: boolean
}

/** Reads what a reconcile of a release starts from; undefined when there is no such release. */
export async function openTurn(
  engine: Engine,
  { state, key, hurry }: Pick<Turn, 'state' | 'key' | 'hurry'>,
): Promise<Turn | undefined> {
  const { store } = engine.ports
  const { epoch } = engine.leads.of(key.environment)
  const stored = await getRelease(store, key)
  if (stored === undefined) return undefined
  const rollouts = await rolloutsOf(store, key)
  const environment = await store.get('Environment', key.environment)
  const started = withStarted(stored.status, rollouts.active?.state, rollouts.last?.state)
  const failback = openFailback(stored.object, environment, started)
  const newest = rollouts.active ?? rollouts.last
  const { desire, active, status, held } = withFailback(
    { desire: state.desires?.get(key.release), active: rollouts.active, status: started },
    {
      failback,
      release: stored.object,
      target: rollouts.all.find(({ state: { spec } }) => spec.number === failback?.to)?.state,
      newest: newest?.state,
      held: state.held,
    },
  )
  const ties = { desires: state.desires, releases: state.releases }
  const kin = await kinOf(store, ties, key, active)
  const seen = sweptObservation(engine, state, key.release)
  const swept = rollouts.active === undefined ? seen : undefined
  const recorded = desire?.kind === 'Ready' ? desire.release.recorded?.rollout : undefined
  return {
    engine,
    hurry,
    state,
    key,
    desire,
    epoch,
    ties,
    kin,
    mayWrite: await mayWriteTo(engine, key.environment),
    freezeOverriddenAt: overriddenAt(environment),
    held,
    release: stored.object,
    status,
    active,
    last: rollouts.last?.state,
    lastSucceeded: rollouts.lastSucceeded?.state,
    served: servedBy(rollouts.all.map(({ state: rollout }) => rollout)),
    first: firstRollouts(rollouts.all.map(({ state: { spec } }) => spec)),
    destroyed: destroyedIn(environment),
    nextNumber: Math.max(rollouts.all[0]?.state.spec.number ?? 0, status.lastRollout ?? 0, recorded ?? 0) + 1,
    observation: swept ?? blankLike(state.lastSeen.get(key.release) ?? blankObservation),
    isSwept: swept !== undefined,
  }
}

export const destroyedIn = (environment: StoredObject | undefined): readonly DestroyingApply[] =>
  environmentStatus(environment).infrastructure?.destroyed ?? []

/** Content digests of the rollouts that succeeded. */
export const servedBy = (rollouts: readonly RolloutState[]): ReadonlySet<string> =>
  new Set(rollouts.filter(({ status }) => status.outcome === 'Succeeded').map(({ spec }) => spec.digest))

/** The freeze of the environment at this moment, if there is one. */
export const freezeOf = (
  {
    state,
    freezeOverriddenAt,
  }: Pick<Turn, 'freezeOverriddenAt'> & {
    readonly state: Pick<Turn['state'], 'environment'>
  },
  now: number,
): Freeze | undefined =>
  freezeAt(state.environment.spec.freeze ?? [], { now, overriddenAt: freezeOverriddenAt })

/** People's wishes that were not acted on yet, asked anew for each decision: a rollout that began and ended in this very turn has answered its own. */
export function requestsOf({ release, status }: Pick<Turn, 'release' | 'status'>): PlanInput['requests'] {
  const { restart, restartBy, retry, retryBy } = annotations
  return {
    restart: openRequest(release, { at: restart, by: restartBy, handled: status.lastHandledRestartAt }),
    retry: openRequest(release, { at: retry, by: retryBy, handled: status.lastHandledRetryAt }),
  }
}

/** Enough for a sweep's releases to be worked on one after the other; what is not as it should be is looked at again anyway. */
const SWEEP_LASTS_MS = 30_000

/** What the sweep saw serves to find that nothing is to be done, once. */
function sweptObservation(
  engine: Engine,
  state: EnvironmentState,
  release: string,
): ReleaseObservation | undefined {
  const swept = state.sweep.get(release)
  state.sweep.delete(release)
  const isFresh =
    swept !== undefined &&
    engine.ports.clock.monotonic() - swept.at < SWEEP_LASTS_MS &&
    swept.at > (state.woken.get(release) ?? -Infinity)
  return isFresh ? swept.observation : undefined
}

/** The wanted release, with the revision that its content was registered as, where that is known. */
export function desiredOf(turn: Pick<Turn, 'desire' | 'status'>): DesiredRelease | undefined {
  if (turn.desire?.kind !== 'Ready') return undefined
  const { release } = turn.desire
  const { document, taskDefinition } = release.version
  const registered =
    taskDefinition ?? (document === undefined ? undefined : turn.status.taskDefinitions?.[document.digest])
  return { ...release, version: { document, taskDefinition: registered } }
}

export const renderedOf = (turn: Pick<Turn, 'desire'>): RenderedTaskDefinition | undefined =>
  turn.desire?.kind === 'Ready' ? turn.desire.rendered : undefined

/** What of AWS the turn is about: the running rollout's, else the wanted release's; where nobody can say what is wanted, the last rollout's. */
export function subjectOf(
  turn: Pick<Turn, 'desire' | 'status' | 'last'> & {
    readonly active: Pick<StoredRollout, 'state'> | undefined
  },
): ReleaseSubject | undefined {
  if (turn.active !== undefined) return subjectOfRollout(turn.active.state)
  const desired = turn.desire?.kind === 'Removed' ? turn.desire.release : desiredOf(turn)
  if (desired !== undefined) return subjectOfDesired(desired)
  return turn.last === undefined ? undefined : subjectOfRollout(turn.last)
}

const subjectOfRollout = ({ spec, status }: RolloutState): ReleaseSubject => ({
  cluster: spec.service.cluster,
  serviceNames: namesOfRollout(spec),
  loadBalancer: spec.traffic?.loadBalancer,
  targetGroups: spec.traffic?.targetGroups,
  rules: spec.traffic?.rules ?? [],
  test: spec.traffic?.test,
  schedules: [],
  ...(status.serviceDeployment === undefined ? {} : { serviceDeployment: status.serviceDeployment }),
  codeDeploy: spec.codeDeploy,
})

export function subjectOfDesired({ name, spec }: Pick<DesiredRelease, 'name' | 'spec'>): ReleaseSubject {
  const { traffic, service } = spec
  return {
    cluster: service.cluster,
    serviceNames: namesOf({ name, spec }),
    loadBalancer: traffic?.loadBalancer,
    targetGroups: traffic?.targetGroups,
    rules: traffic?.rules ?? (traffic?.rule === undefined ? [] : [traffic.rule]),
    test: traffic?.test,
    schedules: spec.schedules ?? [],
    codeDeploy: spec.codeDeploy,
  }
}

export async function look(turn: Turn, parts: readonly Part[]): Promise<void> {
  const subject = subjectOf(turn)
  if (subject === undefined) return
  const eyes = hurried(turn.state.connections, turn.hurry)
  turn.observation = await observe(eyes, subject, turn.observation, parts)
  turn.state.lastSeen.set(turn.key.release, turn.observation)
}

/** Creates the object of a rollout that begins now. The release's status knows of it, and is stored with what comes next; until then the rollout's object says it. */
export async function beginRollout(turn: Turn, spec: RolloutSpec, status: RolloutStatus): Promise<void> {
  const name = rolloutObjectName({ ...turn.key, number: spec.number })
  turn.active = asRollout(await turn.engine.ports.store.create(newRollout(name, spec, status, turn.key)))
  turn.nextNumber = spec.number + 1
  turn.status = withStarted(turn.status, turn.active.state, undefined)
}

/** Stores the release's status now; the store leaves an equal one alone. */
export async function keepStatus(turn: Turn, status: ReleaseStatus): Promise<void> {
  turn.release = await saveRelease(turn.engine.ports.store, turn.release, status)
  turn.status = status
}

/** Stores the running rollout's status now. */
export async function keepRollout(turn: Turn, status: RolloutStatus): Promise<void> {
  if (turn.active === undefined) return
  turn.active = await saveRollout(turn.engine.ports.store, turn.active, status)
}
