import { formatIssue } from '../../core/manifest.ts'
import { timestamp } from '../../core/time.ts'
import { REQUESTED_AT_ANNOTATION } from '../../resources/metadata.ts'
import type { EnvironmentStatus } from '../../resources/types.ts'
import type { StoredObject } from '../../ports/store.ts'
import { PortError } from '../../ports/error.ts'
import type { DesiresRead, Engine, EnvironmentState, Extent } from '../engine.ts'
import { followWall } from '../follow-wall.ts'
import { environmentStatus, isPaused, storedReleases } from '../objects.ts'
import { saveEnvironment } from '../report.ts'
import { broughtBack } from './brought-back.ts'
import { applyClaims, noteClaims, noteOwnClaims } from './claims.ts'
import { promote } from './deep-sweep.ts'
import { readDesires } from './desires.ts'
import { push, recordDeployment } from './record.ts'
import { mirrorReleases } from './releases.ts'
import type { RevisionSeen } from './revision.ts'
import { readRevision } from './revision.ts'
import { statusOf } from './status.ts'
import { portionsOf, sweep } from './sweep.ts'
import { tellEnvironment } from './tell-environment.ts'
import { isStillAtRest } from '../rest.ts'
import { drainEnvironment, isDraining } from './drain.ts'
import { deployedNow, ensureEnvironment, openResume } from './object.ts'

/**
 * Brings what the engine knows of an environment up to date: what the branch and the tag mean, what each release shall be, and, when all of them serve,
 * where the tag belongs. The releases themselves are reconciled one by one afterwards. Resolves to what it came to, where no more than the record was asked for.
 */
export async function reconcileEnvironment(engine: Engine, name: string): Promise<Extent> {
  const state = engine.environments.get(name)
  if (state === undefined || !engine.leads.of(name).holds()) return 'Everything'
  const { asked } = state
  state.asked = undefined
  followWall(engine, (environment) => engine.leads.of(environment).holds())
  const object = await ensureEnvironment(engine, state)
  const status = environmentStatus(object)
  const requestedAt = object.metadata.annotations?.[REQUESTED_AT_ANNOTATION]
  if (isDraining(state, object)) {
    await drainEnvironment({ engine, state, object, status, requestedAt })
    return 'Everything'
  }
  const isAsked = requestedAt !== undefined && requestedAt !== status.lastHandledReconcileAt
  const session: Session = {
    engine,
    state,
    object,
    status,
    wanted: status.wanted,
    requestedAt,
    isAsked,
  }
  const startedAt = engine.ports.clock.now()
  let seen: RevisionSeen
  try {
    seen = await readRevision(state, status, openResume(object, status))
    tellFetch(session, 'success', '', startedAt)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tellFetch(session, 'failure', message, startedAt)
    return giveUp(session, error)
  }
  session.status = { ...status, ...(seen.resumed === undefined ? {} : { resumed: seen.resumed }) }
  await settlePush(session, seen)
  const before = state.desires
  let read: DesiresRead | undefined
  try {
    read = await readWanted(session, seen)
  } catch (error) {
    if (isOfSource(error)) return giveUp(session, error)
    throw error
  }
  const commit = commitOf(seen)
  const isNew = commit !== undefined && commit !== session.wanted
  if (isNew)
    for (const release of broughtBack(before, state.desires))
      engine.enqueueAtOnce({ environment: name, release })
  await record(session, seen)
  await finish(session, { kind: 'Seen', seen, read })
  askInfrastructure(session)
  if (asked === 'Record' && session.wanted === session.status.wanted) return 'Record'
  if (isAsked) lookAtAllAnew(state)
  // A new version's own looks go first: what else is there is looked at with the next reconcile.
  if (!isNew) engine.enqueueDeepSweep(name)
  await lookAtReleases(session)
  return 'Everything'
}

const commitOf = ({ decision: { outcome } }: RevisionSeen): string | undefined =>
  outcome.kind === 'Wanted' || outcome.kind === 'Held' ? outcome.commit : undefined

/** All deep looks are due, that at what no Release names among them; what was seen counts until then. */
function lookAtAllAnew(state: EnvironmentState): void {
  promote(state, state.deep.keys())
  if (state.inventory !== undefined) state.inventory = { ...state.inventory, asked: '' }
}

/** Who asks for a look at everything wants what failed tried again now. */
function askInfrastructure({ engine, state, isAsked }: Session): void {
  if (state.environment.spec.terraform === undefined) return
  if (isAsked) state.infrastructureAsked = true
  engine.enqueueInfrastructure(state.environment.metadata.name)
}

/** A commit may be there and yet refuse to be read: too many files, too large ones. Trouble with AWS is told elsewhere. */
const isOfSource = (error: unknown): boolean =>
  error instanceof PortError && /^(?:Source|Commit|Mirror)/.test(error.code)

/** Says what is wrong with the source; what was wanted before goes on. */
async function giveUp(session: Session, error: unknown): Promise<never> {
  await finish(session, { kind: 'SourceFailed', error })
  await enqueueReleases(session, await namesOf(session))
  throw error
}

interface Session {
  readonly engine: Engine
  readonly state: EnvironmentState
  object: StoredObject
  status: EnvironmentStatus
  /** The commit that was wanted when the reconcile began: a newer one ends the backoff of an older one's failures. */
  readonly wanted: string | undefined
  readonly requestedAt: string | undefined
  /** Whether that was not acted on before. */
  readonly isAsked: boolean
}

/** What a crash left of a push: the same objects again, once something may be written again, or nothing. */
async function settlePush(session: Session, seen: RevisionSeen): Promise<void> {
  const { intent, ...rest } = session.status
  if (intent === undefined) return
  switch (seen.decision.interruptedPush) {
    case 'repush': {
      if (isSuspended(session)) return
      const known = await Promise.all(
        intent.tags.map((tag) => session.state.connections.source.hasObject(tag.object)),
      )
      if (!known.every(Boolean)) return keep(session, rest)
      return keep(session, (await push(session.engine, session.state, session.status)).status)
    }
    case 'adopt':
      return keep(session, deployedNow(rest, intent))
    case 'drop':
    case 'none':
      return keep(session, rest)
  }
}

/** Reads the wanted commit's releases; undefined when there is no commit to want. */
async function readWanted(session: Session, seen: RevisionSeen): Promise<DesiresRead | undefined> {
  const { engine, state } = session
  const { outcome } = seen.decision
  if (outcome.kind !== 'Wanted' && outcome.kind !== 'Held') {
    state.desires = undefined
    state.infrastructure = undefined
    return undefined
  }
  state.held = heldBy(outcome, engine.ports.clock.now())
  const read = await readOnce(session, seen, outcome)
  if (read.kind === 'Refused') {
    state.desires = undefined
    state.infrastructure = undefined
    tellRefusal(session, outcome.commit, read)
    return read
  }
  noteOwnClaims(state, read)
  state.infrastructure = read.infrastructure
  state.releases = read.loaded.map(({ release }) => release)
  await noteClaims(engine)
  state.desires = applyClaims(engine, state, read.desires)
  return read
}

/** Reads the wanted commit, unless it is the one that was read last and nothing of it waits, is stalled or is on its way out. */
async function readOnce(
  { engine, state, object }: Session,
  { deployed, held }: RevisionSeen,
  outcome: Extract<RevisionSeen['decision']['outcome'], { commit: string }>,
): Promise<DesiresRead> {
  const { planDigest, inputDigest } = environmentStatus(object).infrastructure ?? {}
  const key = JSON.stringify([outcome, deployed, held, planDigest, inputDigest])
  if (state.read?.key === key) return state.read.read
  const commit = await state.connections.source.commit(outcome.commit)
  const byTag = outcome.kind === 'Held' || state.environment.spec.trigger === 'Tag'
  const who = (outcome.kind === 'Held' ? outcome.who : undefined) ?? commit.author
  const read = await readDesires(engine, state, {
    commit,
    why: byTag ? 'Tag' : 'Commit',
    who,
    deployed,
    held,
  })
  state.read = undefined
  if (read.kind === 'Refused') {
    state.read = { key, read }
    return read
  }
  const desires = await mirrorReleases(engine, state, { ...read, commit: commit.id })
  const mirrored = { ...read, desires }
  if ([...desires.values()].every((desire) => desire.kind === 'Ready')) state.read = { key, read: mirrored }
  return mirrored
}

function heldBy(outcome: RevisionSeen['decision']['outcome'], now: number): EnvironmentState['held'] {
  if (outcome.kind !== 'Held') return undefined
  return {
    by: outcome.who ?? 'somebody',
    at: timestamp(outcome.at ?? now),
    reason: `the tag was moved to deployment ${outcome.record.number}`,
  }
}

function tellRefusal(
  { engine, state, status }: Session,
  commit: string,
  read: Extract<DesiresRead, { kind: 'Refused' }>,
): void {
  if (status.issuesCommit === commit) return
  const [first] = read.issues
  engine.ports.telemetry.emit({
    type: 'ManifestRefused',
    environment: state.environment.metadata.name,
    commit,
    issues: read.issues.length,
    first: first === undefined ? '' : formatIssue(first),
  })
}

async function record(session: Session, seen: RevisionSeen): Promise<void> {
  const { engine, state } = session
  const { outcome } = seen.decision
  if (outcome.kind !== 'Wanted' || state.desires === undefined || isSuspended(session)) return
  const recorded = await recordDeployment(engine, state, {
    seen,
    status: session.status,
    commit: outcome.commit,
    keep: (status) => keep(session, status),
  })
  await keep(session, recorded.status)
  if (recorded.result !== 'None') engine.enqueueRecord(state.environment.metadata.name)
}

const isSuspended = ({ state, object }: Session): boolean =>
  state.environment.spec.suspend || isPaused(object)

async function keep(session: Session, status: EnvironmentStatus): Promise<void> {
  session.status = status
  session.object = await saveEnvironment(session.engine.ports.store, session.object, status)
}

async function finish(session: Session, facts: Parameters<typeof statusOf>[1]): Promise<void> {
  const before = environmentStatus(session.object)
  const status = await statusOf(session, facts)
  await keep(session, status)
  tellEnvironment(session, before, status)
}

function tellFetch(
  { engine, state }: Session,
  result: 'success' | 'failure',
  message: string,
  startedAt: number,
): void {
  const durationMs = engine.ports.clock.now() - startedAt
  engine.ports.telemetry.emit({
    type: 'SourceFetched',
    environment: state.environment.metadata.name,
    result,
    message,
    durationMs,
  })
}

/** Has each release reconciled, those whose wanted version is known by what a sweep saw, where that is not what it was decided on before. */
async function lookAtReleases(session: Session): Promise<void> {
  const { engine, state } = session
  const portions = portionsOf(state.desires ?? new Map())
  const swept = new Set(portions.flat().map(({ name }) => name))
  const names = await namesOf(session)
  await enqueueReleases(
    session,
    names.filter((name) => !swept.has(name)),
  )
  for (const portion of portions) {
    if (engine.stopping.aborted || !engine.leads.of(state.environment.metadata.name).holds()) return
    await sweep(engine, state, portion)
    await enqueueReleases(
      session,
      portion.map(({ name }) => name),
    )
  }
}

/** A running rollout goes on whatever happens to git, so the releases are looked at in any case. */
const namesOf = async ({ engine, state }: Session): Promise<readonly string[]> =>
  state.desires === undefined
    ? storedReleases(engine.ports.store, state.environment.metadata.name)
    : [...state.desires.keys()]

async function enqueueReleases(
  { engine, state, object, wanted, status }: Session,
  names: readonly string[],
): Promise<void> {
  const environment = state.environment.metadata.name
  const enqueue = wanted === status.wanted ? engine.enqueuePatiently : engine.enqueueRelease
  const environmentVersion = object.metadata.resourceVersion
  const atRest: string[] = []
  for (const release of names) {
    const isSame = await isStillAtRest(engine, state, { release, environmentVersion })
    if (!isSame) enqueue({ environment, release })
    else {
      atRest.push(release)
      // Whoever asks for the release between two sweeps wants it looked at.
      state.sweep.delete(release)
    }
  }
  if (atRest.length > 0)
    engine.ports.telemetry.emit({ type: 'ReleasesAtRest', environment, releases: atRest })
}
