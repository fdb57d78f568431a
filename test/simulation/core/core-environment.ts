import { timestamp } from '../../../controller/core/time.ts'
import type { RevisionDecision } from '../../../controller/core/revision.ts'
import type { Desire, DesiresRead, Extent } from '../../../controller/engine/engine.ts'
import {
  annotated,
  marksOf,
  removedDesire,
  withoutContent,
} from '../../../controller/engine/environment/releases.ts'
import { deployedNow, openResume, storedSpec } from '../../../controller/engine/environment/object.ts'
import { followWall } from '../../../controller/engine/follow-wall.ts'
import { sweptParts } from '../../../controller/engine/environment/sweep.ts'
import type { RevisionSeen } from '../../../controller/engine/environment/revision.ts'
import { isPaused, labelsOf } from '../../../controller/engine/objects.ts'
import { subjectOfDesired } from '../../../controller/engine/turn.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import {
  ENVIRONMENT_LABEL,
  RELEASE_LABEL,
  REQUESTED_AT_ANNOTATION,
} from '../../../controller/resources/metadata.ts'
import { releaseObjectName } from '../../../controller/resources/names.ts'
import { readDesires } from './core-desires.ts'
import { environmentStatusAfter, tellRefusal } from './core-environment-status.ts'
import { isOfSource } from './core-git.ts'
import { push, recordDeployment } from './core-record.ts'
import { readRevision } from './core-revision.ts'
import type { Core, CoreEnvironment } from './core.ts'
import { stored } from './core.ts'
import type { Session } from './core-session.ts'
import { keep } from './core-session.ts'
import type { Steps } from './steps.ts'
import { together } from './steps.ts'

/** Brings what is known of the environment up to date, in the engine's order. */
export function* reconcileEnvironment(core: Core, state: CoreEnvironment): Steps<Extent> {
  if (!core.lead.holds()) return 'Everything'
  const { asked } = state
  state.asked = undefined
  followWall(core, () => core.lead.holds())
  const object = yield* ensureEnvironment(core, state)
  const status: EnvironmentStatus = object.status ?? {}
  const requestedAt = object.metadata.annotations?.[REQUESTED_AT_ANNOTATION]
  const session: Session = { core, state, object, status, wanted: status.wanted, requestedAt }
  let seen: RevisionSeen
  try {
    seen = yield* readRevision(core, state, status, openResume(object, status))
  } catch (error) {
    return yield* giveUp(session, error)
  }
  session.status = { ...status, ...(seen.resumed === undefined ? {} : { resumed: seen.resumed }) }
  yield* settlePush(session, seen.decision)
  let read: DesiresRead | undefined
  try {
    read = yield* readWanted(session, seen)
  } catch (error) {
    if (isOfSource(error)) return yield* giveUp(session, error)
    throw error
  }
  yield* record(session, seen)
  yield* keep(session, environmentStatusAfter(session, { kind: 'Seen', seen, read }))
  if (asked === 'Record' && session.wanted === session.status.wanted) return 'Record'
  yield* sweep(core, state)
  enqueueReleases(session)
  return 'Everything'
}

/** The Environment in the store is a mirror of the configuration. */
export function* ensureEnvironment(core: Core, { environment }: CoreEnvironment): Steps<StoredObject> {
  const { name } = environment.metadata
  const before = core.store.get('Environment', name)
  if (before !== undefined && mirrored.get(before.spec) === environment.spec) return before
  const spec = storedSpec(environment.spec)
  mirrored.set(spec, environment.spec)
  if (before !== undefined && JSON.stringify(before.spec) === JSON.stringify(spec)) return before
  return yield* stored(core, 'Environment', () =>
    before === undefined
      ? core.store.create({
          kind: 'Environment',
          metadata: { name },
          spec,
          status: { observedGeneration: -1 },
        })
      : core.store.update({ ...before, spec }),
  )
}

/** Which configuration a stored spec was made of. */
const mirrored = new WeakMap<object, object>()

function* giveUp(session: Session, error: unknown): Steps<never> {
  yield* keep(session, environmentStatusAfter(session, { kind: 'SourceFailed', error }))
  enqueueReleases(session)
  throw error
}

function* settlePush(session: Session, { interruptedPush }: RevisionDecision): Steps<void> {
  const { core, state } = session
  const { intent, ...rest } = session.status
  if (intent === undefined) return
  if (interruptedPush === 'adopt') return yield* keep(session, deployedNow(rest, intent))
  if (interruptedPush === 'repush' && isSuspended(session)) return
  if (interruptedPush !== 'repush' || !intent.tags.every(({ object }) => core.git.hasObject(object)))
    return yield* keep(session, rest)
  yield* keep(session, (yield* push(core, state, session.status)).status)
}

const isSuspended = ({ state, object }: Session): boolean =>
  state.environment.spec.suspend || isPaused(object)

function* readWanted(session: Session, seen: RevisionSeen): Steps<DesiresRead | undefined> {
  const { core, state } = session
  const { outcome } = seen.decision
  if (outcome.kind !== 'Wanted' && outcome.kind !== 'Held') {
    state.desires = undefined
    return undefined
  }
  state.held =
    outcome.kind === 'Held'
      ? {
          by: outcome.who ?? 'somebody',
          at: timestamp(outcome.at ?? core.clock.now()),
          reason: `the tag was moved to deployment ${outcome.record.number}`,
        }
      : undefined
  const read = yield* readOnce(session, seen, outcome)
  if (read.kind === 'Read') state.releases = read.loaded.map(({ release }) => release)
  state.desires = read.kind === 'Refused' ? undefined : read.desires
  if (read.kind === 'Refused') tellRefusal(session, outcome.commit, read)
  return read
}

function* readOnce(
  { core, state }: Session,
  { deployed, held }: RevisionSeen,
  outcome: Extract<RevisionDecision['outcome'], { commit: string }>,
): Steps<DesiresRead> {
  const key = JSON.stringify([outcome, deployed, held])
  if (state.read?.key === key) return state.read.read
  const commit = core.git.commit(outcome.commit)
  const byTag = outcome.kind === 'Held' || state.environment.spec.trigger === 'Tag'
  const who = (outcome.kind === 'Held' ? outcome.who : undefined) ?? commit.author
  const why = byTag ? 'Tag' : 'Commit'
  const read = yield* readDesires(core, state, { commit, why, who, deployed, held })
  state.read = undefined
  if (read.kind === 'Refused') {
    state.read = { key, read }
    return read
  }
  const desires = yield* mirrorReleases(core, state, read, commit.id)
  const mirroredRead = { ...read, desires }
  if ([...desires.values()].every(({ kind }) => kind === 'Ready')) state.read = { key, read: mirroredRead }
  return mirroredRead
}

/** Makes the store's Releases a mirror of the wanted commit. */
function* mirrorReleases(
  core: Core,
  state: CoreEnvironment,
  read: Extract<DesiresRead, { kind: 'Read' }>,
  commit: string,
): Steps<ReadonlyMap<string, Desire>> {
  const environment = state.environment.metadata.name
  const desires = new Map(read.desires)
  for (const { release } of read.loaded) {
    const key = { environment, release: release.metadata.name }
    const marks = marksOf(read.desires.get(key.release), commit)
    const spec = withoutContent(release.spec) as Readonly<Record<string, unknown>>
    const name = releaseObjectName(key)
    const before = core.store.get('Release', name)
    if (before === undefined) {
      const fresh = { name, labels: labelsOf(key), annotations: marks }
      yield* stored(core, 'Release', () =>
        core.store.create({ kind: 'Release', metadata: fresh, spec, status: { observedGeneration: -1 } }),
      )
      continue
    }
    const known = before.metadata.annotations ?? {}
    const isSameSpec = JSON.stringify(before.spec) === JSON.stringify(spec)
    if (isSameSpec && JSON.stringify(known) === JSON.stringify(annotated(before, marks))) continue
    yield* stored(core, 'Release', () => {
      const current = core.store.get('Release', name) ?? before
      const metadata = { ...current.metadata, annotations: annotated(current, marks) }
      return core.store.update({ kind: 'Release', metadata, spec: isSameSpec ? current.spec : spec })
    })
  }
  for (const object of core.store.list('Release', ENVIRONMENT_LABEL, environment)) {
    const name = object.metadata.labels?.[RELEASE_LABEL] ?? ''
    if (read.desires.has(name)) continue
    const marks = object.metadata.annotations ?? {}
    if (marks[annotations.removed] === undefined) {
      const at = timestamp(core.clock.now())
      yield* stored(core, 'Release', () => {
        const current = core.store.get('Release', object.metadata.name) ?? object
        const { metadata } = current
        const removed = { ...metadata.annotations, [annotations.removed]: at }
        return core.store.update({ ...current, metadata: { ...metadata, annotations: removed } })
      })
      core.emit({ type: 'ReleaseRemoved', environment, release: name })
    }
    const current = core.store.get('Release', object.metadata.name) ?? object
    desires.set(name, removedDesire(state, name, current))
  }
  return desires
}

function* record(session: Session, seen: RevisionSeen): Steps<void> {
  const { core, state } = session
  const { outcome } = seen.decision
  if (outcome.kind !== 'Wanted' || state.desires === undefined || isSuspended(session)) return
  const recorded = yield* recordDeployment(session, seen, outcome.commit)
  yield* keep(session, recorded.status)
  if (recorded.result !== 'None') core.enqueueEnvironment('Record')
}

/** Looks at all releases at once; the releases' own reconciles use what was seen. */
function* sweep(core: Core, state: CoreEnvironment): Steps<void> {
  const at = core.clock.monotonic()
  const looks = [...(state.desires ?? [])].map(function* ([name, desire]): Steps<void> {
    if (desire.kind !== 'Ready') return
    const subject = subjectOfDesired(desire.release)
    try {
      const parts = sweptParts(desire.release)
      const observation = yield* core.looks.observe(subject, blankObservation, parts)
      state.sweep.set(name, { observation, at })
    } catch (error) {
      if (!(error instanceof PortError)) throw error
    }
  })
  yield* together(looks)
}

function enqueueReleases({ core, state, wanted, status }: Session): void {
  const environment = state.environment.metadata.name
  const enqueue = wanted === status.wanted ? core.enqueuePatiently : core.enqueueRelease
  const names =
    state.desires?.keys() ??
    core.store
      .list('Release', ENVIRONMENT_LABEL, environment)
      .map(({ metadata }) => metadata.labels?.[RELEASE_LABEL] ?? '')
  for (const name of names) enqueue(name)
}
