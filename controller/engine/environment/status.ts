import { contestedFields, contestedMessage } from '../../core/infrastructure/contested.ts'
import { formatIssue } from '../../core/manifest.ts'
import { timestamp } from '../../core/time.ts'
import { setCondition } from '../../resources/conditions.ts'
import type { Condition, EnvironmentStatus, ReleaseStatus } from '../../resources/types.ts'
import { PortError } from '../../ports/error.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Desire, DesiresRead, Engine, EnvironmentState } from '../engine.ts'
import { getRelease, isPaused, isReady } from '../objects.ts'
import { annotations } from '../../resources/annotations.ts'
import type { Said } from './freeze-status.ts'
import { freezeFields, frozenSaid } from './freeze-status.ts'
import { unmanagedStatus } from './unmanaged.ts'
import type { RevisionSeen } from './revision.ts'

export interface StatusSession {
  /** Who asked for a look before the reconcile began; what was asked for meanwhile is handled by the next one. */
  readonly requestedAt: string | undefined
  readonly engine: Engine
  readonly state: EnvironmentState
  readonly object: StoredObject
  readonly status: EnvironmentStatus
}

export type StatusFacts =
  | { readonly kind: 'SourceFailed'; readonly error: unknown }
  /** Somebody has deleted the Environment, and what is left of it is taken down. */
  | { readonly kind: 'Draining'; readonly message: string }
  | { readonly kind: 'Seen'; readonly seen: RevisionSeen; readonly read: DesiresRead | undefined }

/** Issues that are kept in the status. */
const MAXIMUM_ISSUES = 50

/** An environment's status after a reconcile. */
export async function statusOf(session: StatusSession, facts: StatusFacts): Promise<EnvironmentStatus> {
  const { clock } = session.engine.ports
  const [now, wall] = [clock.now(), clock.wall()]
  const rows = await rowsOf(session)
  const pending = facts.kind === 'Seen' ? await pendingOf(session, facts.seen) : undefined
  const { listening } = session.state
  const unmanaged = unmanagedStatus(session.engine, session.state, session.status.unmanaged)
  return statusAfter({ ...session, now, wall, listening, unmanaged }, facts, {
    releases: summaryOf(rows),
    pending,
  })
}

/** What the status is made of beside the store and the repository. */
export interface StatusBefore extends Pick<StatusSession, 'requestedAt' | 'object' | 'status'> {
  readonly now: number
  /** What the wall clock says: freeze windows are people's. */
  readonly wall: number
  /** Whether the queue that wakes is heard. */
  readonly listening?: EnvironmentState['listening']
  /** What no Release names. */
  readonly unmanaged?: EnvironmentStatus['unmanaged']
}

/** The same, once the releases' rows and the commits ahead are known. */
export function statusAfter(
  session: StatusBefore,
  facts: StatusFacts,
  { releases, pending }: { readonly releases: Summary; readonly pending: number | undefined },
): EnvironmentStatus {
  const { object, status } = session
  const base: EnvironmentStatus = {
    ...status,
    observedGeneration: object.metadata.generation,
    ...(session.requestedAt === undefined ? {} : { lastHandledReconcileAt: session.requestedAt }),
    ...pausedOf(object),
    ...freezeFields({ object, now: session.wall }),
    failed: releases.failed,
    unmanaged: session.unmanaged,
  } as EnvironmentStatus
  const seen = facts.kind === 'Seen' ? seenFields(session, facts, pending) : {}
  return { ...base, ...seen, conditions: conditionsOf(session, facts, releases) }
}

function pausedOf(object: StoredObject): Pick<EnvironmentStatus, 'paused'> | object {
  if (!isPaused(object)) return { paused: undefined }
  const marks = object.metadata.annotations ?? {}
  return { paused: { by: marks[annotations.pausedBy] ?? 'somebody', at: marks[annotations.paused] ?? '' } }
}

async function pendingOf(
  { state, status }: StatusSession,
  { decision }: RevisionSeen,
): Promise<number | undefined> {
  return decision.pending === undefined
    ? undefined
    : state.connections.source.countAhead(decision.pending).catch(() => status.pending)
}

function seenFields(
  { now, status }: StatusBefore,
  { seen, read }: Extract<StatusFacts, { kind: 'Seen' }>,
  pending: number | undefined,
): EnvironmentStatus {
  const { decision, references, current } = seen
  const { outcome, memory, deployed } = decision
  const head = references.head
  const wanted = outcome.kind === 'Wanted' || outcome.kind === 'Held' ? outcome.commit : status.wanted
  const issues = read?.kind === 'Refused' ? read.issues.slice(0, MAXIMUM_ISSUES).map(formatIssue) : undefined
  return {
    head:
      head === undefined
        ? undefined
        : {
            commit: head,
            seenAt: status.head?.commit === head ? (status.head.seenAt ?? timestamp(now)) : timestamp(now),
          },
    tag: current === undefined ? undefined : { object: current.object, commit: current.commit },
    deployed: deployed === undefined ? status.deployed : deployed,
    wanted,
    pending,
    memory: {
      ...(memory.head === undefined ? {} : { head: memory.head }),
      ...(memory.hold === undefined ? {} : { hold: memory.hold }),
    },
    held:
      outcome.kind === 'Held'
        ? {
            by: outcome.who ?? 'unknown',
            at: timestamp(outcome.at ?? now),
            to: outcome.commit,
            number: outcome.record.number,
          }
        : undefined,
    issues,
    issuesCommit: issues === undefined ? undefined : wanted,
  } as EnvironmentStatus
}

/** The releases' rows together. */
export interface Summary {
  readonly total: number
  /** How many left the branch and are still known. */
  readonly removed: number
  readonly notReady: readonly string[]
  /** Which a person has sent back at once, with who and why. */
  readonly held: readonly string[]
  readonly drifted: readonly string[]
  /** What each release sets of its services. */
  readonly settings: Parameters<typeof contestedFields>[1]
  readonly failed: NonNullable<EnvironmentStatus['failed']>
  readonly firstMessage: string
}

async function rowsOf({ engine, state }: StatusSession): Promise<readonly ReleaseRow[]> {
  const environment = state.environment.metadata.name
  const rows: ReleaseRow[] = []
  for (const [release, desire] of state.desires ?? []) {
    const status = (await getRelease(engine.ports.store, { environment, release }))?.status ?? {}
    rows.push({ release, status, desire })
  }
  return rows
}

/** How an environment's releases stand. */
export function summaryOf(rows: readonly ReleaseRow[]): Summary {
  const wanted = rows.filter(({ desire }) => desire.kind !== 'Removed')
  const held = wanted.filter(({ status }) => status.held?.rollout !== undefined)
  const notReady = wanted.filter(
    (row) => !isReady(row.status) || (row.status.verified?.digest !== digestOf(row) && !held.includes(row)),
  )
  const [first] = notReady
  return {
    total: wanted.length,
    removed: rows.length - wanted.length,
    notReady: notReady.map(({ release }) => release),
    held: held.map(
      ({ release, status }) => `${release} by ${status.held?.by ?? 'somebody'}, ${status.held?.reason ?? ''}`,
    ),
    drifted: rows.filter(({ status }) => (status.drift?.length ?? 0) > 0).map(({ release }) => release),
    settings: wanted.flatMap(({ release: name, desire }) =>
      desire.kind === 'Ready'
        ? [{ name, settings: desire.release.spec.service.settings, ignore: desire.release.spec.ignore }]
        : [],
    ),
    failed: notReady.flatMap(failureOf),
    firstMessage: first === undefined ? '' : `${first.release}: ${readyMessage(first.status)}`,
  }
}

/** A release, what is stored of it, and what is wanted of it. */
export interface ReleaseRow {
  readonly release: string
  readonly status: ReleaseStatus
  readonly desire: Desire
}

const digestOf = ({ desire }: ReleaseRow): string | undefined =>
  desire.kind === 'Ready' ? desire.release.digest : undefined

const readyMessage = (status: ReleaseStatus): string =>
  status.conditions?.find((condition) => condition.type === 'Ready')?.message ?? 'not looked at yet'

/** The remembered failure of what the release is wanted to be now. */
function failureOf(row: ReleaseRow): NonNullable<EnvironmentStatus['failed']> {
  const known = row.status.failed?.find((content) => content.digest === digestOf(row))
  if (known === undefined) return []
  const { digest, reason, rollout } = known
  return [{ release: row.release, digest, reason, ...(rollout === undefined ? {} : { rollout }) }]
}

function conditionsOf(session: StatusBefore, facts: StatusFacts, releases: Summary): Condition[] {
  const { now, object, status } = session
  const generation = object.metadata.generation
  const said = [
    ...(facts.kind === 'Draining' ? drainingSaid(facts) : usuallySaid(facts, releases, status)),
    frozenSaid({ object: session.object, now: session.wall }),
    unheardSaid(session),
  ]
  const at = timestamp(now)
  return said.reduce<Condition[]>(
    (conditions, { type, is, reason, message }) =>
      setCondition(
        conditions,
        { type, status: is ? 'True' : 'False', reason, message, observedGeneration: generation },
        at,
      ),
    [...(status.conditions ?? [])],
  )
}

type UsualFacts = Exclude<StatusFacts, { readonly kind: 'Draining' }>

const usuallySaid = (facts: UsualFacts, releases: Summary, status: EnvironmentStatus): readonly Said[] => [
  ...withHolds(facts.kind === 'Seen' ? revisionSaid(facts) : sourceSaid(facts.error), releases),
  ...readySaid(facts, releases, status.infrastructure),
]

/** Git is not asked any more, so nothing is told of it. */
const drainingSaid = ({ message }: Extract<StatusFacts, { kind: 'Draining' }>): readonly Said[] => [
  { type: 'Ready', is: false, reason: 'Draining', message },
  { type: 'Reconciling', is: true, reason: 'Draining', message },
  { type: 'Stalled', is: false, reason: 'Draining', message },
]

/** Absent where there is no queue, too. */
const unheardSaid = ({ listening }: StatusBefore): Said => ({
  type: 'EventsUnavailable',
  is: listening?.listens === false,
  reason: listening?.reason ?? '',
  message: listening?.message ?? '',
})

/** What the tag says of a hold, and in its place, where it says nothing, which releases are held. */
function withHolds(said: readonly Said[], { held }: Summary): readonly Said[] {
  if (held.length === 0 || said.some(({ type, is }) => type === 'Held' && is)) return said
  const message = `held until resume, or until the branch says the same: ${held.join('; ')}`
  return [
    ...said.filter(({ type }) => type !== 'Held'),
    { type: 'Held', is: true, reason: 'Failback', message },
  ]
}

function revisionSaid({ seen, read }: Extract<StatusFacts, { kind: 'Seen' }>): Said[] {
  const conditions = seen.decision.conditions.map(({ type, status, reason, message }) => ({
    type,
    is: status,
    reason,
    message,
  }))
  if (read?.kind !== 'Refused') return conditions
  const [first] = read.issues
  const message = `${read.issues.length} issues, first ${first === undefined ? '' : formatIssue(first)}`
  return [
    ...conditions.filter(({ type }) => type !== 'Stalled'),
    { type: 'Stalled', is: true, reason: 'ManifestInvalid', message },
  ]
}

function sourceSaid(error: unknown): Said[] {
  const code = error instanceof PortError ? error.code : 'SourceUnavailable'
  const remedy = error instanceof PortError && error.remedy !== undefined ? `; ${error.remedy}` : ''
  const message = `${error instanceof Error ? error.message : String(error)}${remedy}`
  const stalled = error instanceof PortError && error.handling === 'stall'
  return [
    { type: 'SourceReady', is: false, reason: code, message },
    { type: 'Stalled', is: stalled, reason: code, message },
  ]
}

function readySaid(
  facts: UsualFacts,
  releases: Summary,
  infrastructure: EnvironmentStatus['infrastructure'],
): Said[] {
  const drifted = [
    ...releases.drifted,
    ...((infrastructure?.drift ?? []).length > 0 ? ['the infrastructure'] : []),
  ]
  const contested = contestedMessage(contestedFields(infrastructure?.drift ?? [], releases.settings))
  const stalled = facts.kind === 'SourceFailed' || facts.read?.kind !== 'Read'
  const ready = !stalled && releases.notReady.length === 0
  const reason = ready ? 'Serving' : stalled ? 'NotRead' : 'ReleasesNotReady'
  const message = ready
    ? servingMessage(releases)
    : stalled
      ? 'the wanted commit could not be read'
      : releases.firstMessage
  return [
    { type: 'Ready', is: ready, reason, message },
    {
      type: 'Reconciling',
      is: !ready && !stalled && releases.failed.length < releases.notReady.length,
      reason,
      message,
    },
    {
      type: 'Drifted',
      is: drifted.length > 0,
      reason: 'Differs',
      message: [`drifted: ${drifted.join(', ')}`, ...(contested === undefined ? [] : [contested])].join('; '),
    },
  ]
}

const servingMessage = ({ total, removed }: Summary): string => {
  const kept = removed === 0 ? '' : `; ${removed} that left the branch are kept, or on their way out`
  return total > 0
    ? `${total} releases serve${kept}`
    : `the wanted commit has no release in releases/ below spec.source.path${kept}`
}
