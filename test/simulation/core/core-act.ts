import type { Action } from '../../../controller/core/action.ts'
import { describeAction, effectOf, writes } from '../../../controller/core/action.ts'
import { liveSide } from '../../../controller/core/plan/live.ts'
import { withTagKeys } from '../../../controller/core/plan/tags.ts'
import {
  recordLook,
  recordRefusal,
  recordRequest,
  recordStop,
} from '../../../controller/core/rollout/gate-task.ts'
import { recordAttempt } from '../../../controller/core/rollout/gates.ts'
import { expectedSides } from '../../../controller/core/rollout/invariants.ts'
import { mayNotShow, timestamp } from '../../../controller/core/time.ts'
import { blankLike, seenAfter } from '../../../controller/engine/observe.ts'
import { succeededTaskDefinition } from '../../../controller/core/plan/schedules.ts'
import { desiredOf } from '../../../controller/engine/turn.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { RecentWrite, RolloutStatus, TimelineEntry } from '../../../controller/resources/types.ts'
import { isOpen, rememberWrite, takeBackWrite } from '../../support/release-bookkeeping.ts'
import { asksListener } from '../../../controller/engine/gate-probe.ts'
import { settlingNow } from '../../../controller/engine/settling.ts'
import type { CoreResult } from './core-execute.ts'
import { execute } from './core-execute.ts'
import { assertMayWriteTo } from './core-permission.ts'
import type { CoreTurn } from './core-turn.ts'
import { keepRollout, keepStatus, look } from './core-turn.ts'
import type { Steps } from './steps.ts'

interface Wanted {
  readonly action: Action
  readonly before: string
  readonly drift: boolean
}

interface Attempted extends Wanted {
  readonly startedAt: number
  readonly writesBefore: CoreTurn['status']['writes']
}

/** Carries out one action of the turn: intent first, then the effect, then what came of it. */
export function* perform(turn: CoreTurn, wanted: Wanted): Steps<void> {
  const { core } = turn
  const { action } = wanted
  if (writes(action)) {
    core.lead.assertHeldFor(core.settings.callTimeoutMs, turn.epoch)
    core.decisions.assertSafe(action, {
      observation: turn.observation,
      expected: expectations(turn),
      succeeded: succeededTaskDefinition({ ...turn, desired: desiredOf(turn) }),
    })
  } else if (asksListener(action, turn.active?.state) && !turn.observation.seen.includes('rules')) {
    if (turn.observation.loadBalancer === null || turn.observation.test === null) yield* look(turn, ['rules'])
  }
  const writesBefore = turn.status.writes
  const startedAt = core.clock.now()
  const attempted = { ...wanted, startedAt, writesBefore }
  yield* storeIntent(turn, attempted)
  if (writes(action)) core.lead.assertHeldFor(core.settings.callTimeoutMs, turn.epoch)
  const result = yield* carryOut(turn, attempted)
  yield* storeResult(turn, { ...attempted, result })
  turn.observation = seenAfter(action, turn.observation)
}

function* carryOut(turn: CoreTurn, attempted: Attempted): Steps<CoreResult> {
  const { core } = turn
  const { action, writesBefore } = attempted
  const earlier = writesBefore?.[effectOf(action).object]
  const unclear = earlier?.ambiguous === true && earlier.after === effectOf(action).value
  const mayStillAppear = unclear && mayNotShow(earlier.at, settlingNow(core, turn.state))
  try {
    if (writes(action)) assertMayWriteTo(core, turn.key.environment)
    return yield* execute(turn, action, mayStillAppear)
  } catch (error) {
    turn.observation = blankLike(turn.observation)
    yield* storeFailure(turn, attempted, error)
    throw error
  }
}

/** What each side should run, for the last look before a write. */
function expectations(turn: CoreTurn): ReturnType<typeof expectedSides> {
  const { observation, last } = turn
  const desired = desiredOf(turn)
  return expectedSides({
    rollout: turn.active?.state,
    observation,
    live: desired === undefined ? undefined : liveSide({ desired, last, observation }),
    desiredCount: desired?.spec.service.desiredCount,
  })
}

function* storeIntent(turn: CoreTurn, { action, before, startedAt, writesBefore }: Attempted): Steps<void> {
  if (!writes(action)) return
  const { object, value } = effectOf(action)
  const at = timestamp(startedAt)
  if (action.kind === 'TagService')
    yield* keepStatus(turn, withTagKeys(turn.status, Object.keys(action.tags)))
  if (!isOpen(action, writesBefore?.[object], startedAt))
    yield* keepWrite(turn, object, { before, after: value, at, ambiguous: true })
  if (turn.active === undefined) return
  const { kind, ...rest } = action
  const intent = { action: kind, arguments: rest, startedAt: at }
  const { status } = turn.active.state
  const asked = action.kind === 'RunTask' ? recordRequest(status, action.gate, startedAt) : status
  yield* keepRollout(turn, { ...asked, intent })
}

function* storeResult(turn: CoreTurn, done: Attempted & { readonly result: CoreResult }): Steps<void> {
  const { action, before, result, startedAt } = done
  const { core, key } = turn
  const now = core.clock.now()
  const { object, value } = effectOf(action)
  if (result.taskDefinition !== undefined && action.kind === 'RegisterTaskDefinition')
    yield* keepRegistration(turn, action.digest, result.taskDefinition)
  if (writes(action)) yield* keepWrite(turn, object, { before, after: value, at: timestamp(now) })
  if (turn.active !== undefined)
    yield* keepRollout(turn, statusAfter(turn.active.state.status, turn, { ...done, now }))
  const message = result.attempt?.message ?? describeAction(action)
  core.emit({
    type: 'ActionDone',
    ...key,
    rollout: turn.active?.state.name ?? '',
    action: action.kind,
    message,
    requestId: undefined,
    durationMs: now - startedAt,
  })
  if (done.drift) core.emit({ type: 'DriftCorrected', ...key, action: action.kind, message })
}

function statusAfter(
  status: RolloutStatus,
  turn: CoreTurn,
  done: Attempted & { readonly result: CoreResult; readonly now: number },
): RolloutStatus {
  const { action, result, startedAt, now } = done
  if (action.kind === 'ProbeGate') {
    const gate = turn.active?.state.spec.gates?.find((candidate) => candidate.name === action.gate)
    const { attempt } = result
    if (gate !== undefined && result.look !== undefined)
      return recordLook(status, { gate, look: result.look, now })
    return gate === undefined || attempt === undefined
      ? status
      : recordAttempt(status, { gate, ...attempt, startedAt, now })
  }
  const { intent: _done, ...rest } = withTask(status, turn, done)
  return {
    ...rest,
    timeline: withEntry(rest.timeline, done, { now, outcome: 'Succeeded' }),
    ...(action.kind === 'SetWeights'
      ? { expected: { weights: action.weights, writtenAt: timestamp(now) } }
      : {}),
    ...(action.kind === 'PointTest' ? { testPointedAt: timestamp(now) } : {}),
  }
}

function withTask(
  status: RolloutStatus,
  turn: CoreTurn,
  { action, result, now }: { readonly action: Action; readonly result: CoreResult; readonly now: number },
): RolloutStatus {
  if (action.kind === 'StopTask') return recordStop(status, action.gate, action.task)
  if (action.kind !== 'RunTask' || result.look === undefined) return status
  const gate = turn.active?.state.spec.gates?.find(({ name }) => name === action.gate)
  return gate === undefined ? status : recordLook(status, { gate, look: result.look, now })
}

function* storeFailure(turn: CoreTurn, failed: Attempted, error: unknown): Steps<void> {
  const { action, writesBefore } = failed
  const { core, key } = turn
  const ambiguous = !(error instanceof PortError) || error.ambiguous
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof PortError ? error.code : 'Unknown'
  const { object } = effectOf(action)
  if (writes(action) && !ambiguous && code !== 'RegistrationUnclear')
    yield* keepStatus(turn, {
      ...turn.status,
      writes: takeBackWrite(turn.status.writes, { object, before: writesBefore }),
    })
  if (turn.active !== undefined) {
    const { status } = turn.active.state
    const { intent: _given, ...rest } =
      action.kind === 'RunTask' ? recordRefusal(status, action.gate, message) : status
    const end = { now: core.clock.now(), outcome: ambiguous ? 'Unknown' : 'Failed', message } as const
    yield* keepRollout(turn, { ...rest, timeline: withEntry(rest.timeline, failed, end) })
  }
  const rollout = turn.active?.state.name ?? ''
  core.emit({ type: 'ActionFailed', ...key, rollout, action: action.kind, code, message })
}

function* keepWrite(turn: CoreTurn, object: string, write: RecentWrite): Steps<void> {
  const { ledSince } = settlingNow(turn.core, turn.state)
  const kept = rememberWrite(turn.status.writes, object, write, ledSince)
  yield* keepStatus(turn, { ...turn.status, writes: kept })
}

const MAXIMUM_REGISTRATIONS = 10

function* keepRegistration(turn: CoreTurn, digest: string, taskDefinition: string): Steps<void> {
  const others = Object.entries(turn.status.taskDefinitions ?? {}).filter(([known]) => known !== digest)
  const kept = [...others, [digest, taskDefinition] as const].slice(-MAXIMUM_REGISTRATIONS)
  yield* keepStatus(turn, { ...turn.status, taskDefinitions: Object.fromEntries(kept) })
}

const MAXIMUM_TIMELINE = 200

function withEntry(
  timeline: readonly TimelineEntry[] | undefined,
  { action, startedAt }: Attempted,
  end: {
    readonly now: number
    readonly outcome: NonNullable<TimelineEntry['outcome']>
    readonly message?: string
  },
): TimelineEntry[] {
  const entry: TimelineEntry = {
    action: describeAction(action),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(end.now),
    outcome: end.outcome,
    ...(end.message === undefined ? {} : { message: end.message }),
  }
  return [...(timeline ?? []), entry].slice(-MAXIMUM_TIMELINE)
}
