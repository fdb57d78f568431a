import type { Action } from '../core/action.ts'
import { describeAction, effectOf, writes } from '../core/action.ts'
import { blankLike, seenAfter } from './observe.ts'
import { plainObject } from '../core/plain-object.ts'
import { livePlace } from '../core/plan/live.ts'
import { succeededTaskDefinition } from '../core/plan/schedules.ts'
import { settingsWith } from '../core/plan/settings-with.ts'
import { withTagKeys } from '../core/plan/tags.ts'
import { assertSafe, expectedSides } from '../core/rollout/invariants.ts'
import { recordLook, recordRefusal, recordRequest, recordStop } from '../core/rollout/gate-task.ts'
import { recordAttempt } from '../core/rollout/gates.ts'
import { rememberWrite, takeBackWrite } from '../core/rollout/recent-writes.ts'
import { mayNotShow, timestamp } from '../core/time.ts'
import { withTagsAt } from '../core/traffic-tags.ts'
import type { RecentWrite, RolloutStatus, TimelineEntry } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type { ActionResult } from './execute.ts'
import { execute } from './execute.ts'
import { asksListener } from './gate-probe.ts'
import { settlingNow } from './settling.ts'
import type { Turn } from './turn.ts'
import { keepStep } from './milestones.ts'
import { assertMayWriteTo } from './permission.ts'
import { desiredOf, keepRollout, keepStatus, look, renderedOf, subjectOf } from './turn.ts'

/** Entries of a rollout's timeline that are kept: more than any rollout has that is not in trouble. */
const MAXIMUM_TIMELINE = 200

/** Carries out one action of the turn: intent first, then the effect, then what came of it; after that, what it may have changed must be looked at again. */
export async function perform(turn: Turn, wanted: Wanted): Promise<void> {
  const { action, status } = wanted
  if (!writes(action) && status !== undefined) await keepStep(turn, status)
  if (writes(action)) {
    assertHeld(turn)
    assertSafe(action, {
      observation: turn.observation,
      expected: expectations(turn, status),
      succeeded: succeededTaskDefinition({ ...turn, desired: desiredOf(turn) }),
    })
  } else if (asksListener(action, turn.active?.state) && !turn.observation.seen.includes('rules')) {
    await lookAtAddress(turn)
  }
  const writesBefore = turn.status.writes
  const startedAt = turn.engine.ports.clock.now()
  await storeIntent(turn, wanted, startedAt)
  // A disk may have taken long, or the process stood still: the intent is kept as after a crash.
  if (writes(action)) assertHeld(turn)
  const result = await carryOut(turn, { ...wanted, startedAt, writesBefore })
  // Where this can't be stored, the intent stays, as after a crash.
  await storeResult(turn, { ...wanted, result, startedAt })
  turn.observation = seenAfter(action, turn.observation)
  if (action.kind === 'TagTraffic') noteTags(turn, action)
}

/** Nobody looks deeply again for a while: what was given is there. */
function noteTags({ state, key }: Turn, given: Parameters<typeof withTagsAt>[1]): void {
  const known = state.deep.get(key.release)
  if (known === undefined) return
  const tagged = withTagsAt(known.facts.tagged ?? [], given)
  state.deep.set(key.release, { ...known, facts: { ...known.facts, tagged } })
}

const assertHeld = ({ engine, epoch, key }: Turn): void =>
  engine.leads.of(key.environment).assertHeldFor(engine.settings.callTimeoutMs, epoch)

async function carryOut(turn: Turn, wanted: Attempted): Promise<ActionResult> {
  try {
    if (writes(wanted.action)) await assertMayWriteTo(turn.engine, turn.key.environment)
    const earlier = wanted.writesBefore?.[effectOf(wanted.action).object]
    return await execute(wanted.action, context(turn, wanted.action, earlier))
  } catch (error) {
    turn.observation = blankLike(turn.observation)
    await storeFailure(turn, { ...wanted, error })
    throw error
  }
}

/** A gate's question to a listener needs its port, which never changes while a rollout runs: what was seen last will do. */
async function lookAtAddress(turn: Turn): Promise<void> {
  if (turn.observation.loadBalancer !== null && turn.observation.test !== null) return
  await look(turn, ['rules'])
}

function context(
  turn: Turn,
  action: Action,
  earlier: RecentWrite | undefined,
): Parameters<typeof execute>[1] {
  const subject = subjectOf(turn)
  if (subject === undefined) throw new Error(`nothing is known of release ${turn.key.release}`)
  const unclear = earlier?.ambiguous === true && earlier.after === effectOf(action).value
  return {
    connections: turn.state.connections,
    environment: turn.key.environment,
    release: turn.key.release,
    subject,
    observation: turn.observation,
    rendered: renderedOf(turn),
    rollout: turn.active?.state,
    settings: settingsWith(turn.active?.state, desiredOf(turn)),
    ...(turn.active === undefined ? { actions: desiredOf(turn)?.actions } : {}),
    earlier,
    mayStillAppear: unclear && mayNotShow(earlier.at, settlingNow(turn.engine, turn.state)),
    assertHeld: () => assertHeld(turn),
    hurry: turn.hurry.signal,
    signal: AbortSignal.timeout(60_000),
  }
}

/** What each side should run, for the last look before a write, by what the step has made of the running rollout. */
function expectations(turn: Turn, status?: RolloutStatus): ReturnType<typeof expectedSides> {
  const { active, observation, last } = turn
  const desired = desiredOf(turn)
  return expectedSides({
    rollout: active === undefined ? undefined : { ...active.state, status: status ?? active.state.status },
    observation,
    live: desired === undefined ? undefined : livePlace({ desired, last, observation }),
    desiredCount: desired?.spec.service.desiredCount,
  })
}

interface Wanted {
  readonly action: Action
  readonly before: string
  readonly drift: boolean
  /** What the step has made of the running rollout: stored with the intent of a write, since one change costs less time than two. */
  readonly status?: RolloutStatus
}

interface Attempted extends Wanted {
  readonly startedAt: number
  readonly writesBefore: Turn['status']['writes']
}

/** Stored before the effect, so that whoever comes after a crash knows that it may have happened. */
async function storeIntent(
  turn: Turn,
  { action, before, status = turn.active?.state.status }: Wanted,
  startedAt: number,
): Promise<void> {
  if (!writes(action)) return
  const { object, value } = effectOf(action)
  const earlier = turn.status.writes?.[object]
  // A registration is looked up before it is made once more; anything else is made at each try, and the newest try is what may still come to light.
  const isLookedUp = action.kind === 'RegisterTaskDefinition'
  const isSame = isLookedUp && earlier?.ambiguous === true && earlier.after === value
  const isOpen = isSame && mayNotShow(earlier.at, settlingNow(turn.engine, turn.state))
  if (action.kind === 'TagService') await keepStatus(turn, withTagKeys(turn.status, Object.keys(action.tags)))
  if (!isOpen)
    await keepWrite(turn, object, { before, after: value, at: timestamp(startedAt), ambiguous: true })
  if (turn.active === undefined || status === undefined) return
  const { kind, ...rest } = action
  await keepStep(turn, status, {
    ...(action.kind === 'RunTask' ? recordRequest(status, action.gate, startedAt) : status),
    intent: { action: kind, arguments: rest, startedAt: timestamp(startedAt) },
  })
}

async function storeResult(
  turn: Turn,
  done: Wanted & { readonly result: ActionResult; readonly startedAt: number },
): Promise<void> {
  const { action, before, result, startedAt } = done
  const now = turn.engine.ports.clock.now()
  const { object, value } = effectOf(action)
  if (result.taskDefinition !== undefined && action.kind === 'RegisterTaskDefinition')
    await keepRegistration(turn, action.digest, result.taskDefinition)
  if (writes(action)) await keepWrite(turn, object, { before, after: value, at: timestamp(now) })
  if (turn.active !== undefined)
    await keepRollout(turn, statusAfter(turn.active.state.status, turn, { ...done, now }))
  tell(turn, {
    action,
    message: result.message,
    requestId: result.requestId,
    durationMs: now - startedAt,
    drift: done.drift,
  })
}

function statusAfter(
  status: RolloutStatus,
  turn: Turn,
  done: Wanted & { readonly result: ActionResult; readonly startedAt: number; readonly now: number },
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
  const entry: TimelineEntry = {
    action: describeAction(action),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(now),
    outcome: 'Succeeded',
    ...(result.requestId === undefined ? {} : { requestId: result.requestId }),
  }
  return {
    ...rest,
    timeline: appended(rest.timeline, entry),
    ...(action.kind === 'SetWeights'
      ? { expected: { weights: action.weights, writtenAt: timestamp(now) } }
      : {}),
    ...(action.kind === 'PointTest' ? { testPointedAt: timestamp(now) } : {}),
  }
}

/** The status with what a write to a gate's task brought. */
function withTask(
  status: RolloutStatus,
  turn: Turn,
  { action, result, now }: { readonly action: Action; readonly result: ActionResult; readonly now: number },
): RolloutStatus {
  if (action.kind === 'StopTask') return recordStop(status, action.gate, action.task)
  if (action.kind !== 'RunTask' || result.look === undefined) return status
  const gate = turn.active?.state.spec.gates?.find(({ name }) => name === action.gate)
  return gate === undefined ? status : recordLook(status, { gate, look: result.look, now })
}

async function storeFailure(turn: Turn, failed: Attempted & { readonly error: unknown }): Promise<void> {
  const { action, error, startedAt, writesBefore } = failed
  const ambiguous = !(error instanceof PortError) || error.ambiguous
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof PortError ? error.code : 'Unknown'
  if (writes(action) && !ambiguous && code !== 'RegistrationUnclear')
    await forgetWrite(turn, effectOf(action).object, writesBefore)
  if (turn.active !== undefined) {
    const { status } = turn.active.state
    const { intent: _given, ...rest } =
      action.kind === 'RunTask' ? recordRefusal(status, action.gate, message) : status
    const entry: TimelineEntry = {
      action: describeAction(action),
      startedAt: timestamp(startedAt),
      finishedAt: timestamp(turn.engine.ports.clock.now()),
      outcome: ambiguous ? 'Unknown' : 'Failed',
      message,
    }
    await keepRollout(turn, { ...rest, timeline: appended(rest.timeline, entry) })
  }
  const rollout = turn.active?.state.name ?? ''
  turn.engine.ports.telemetry.emit({
    type: 'ActionFailed',
    ...turn.key,
    rollout,
    action: action.kind,
    code,
    message,
  })
}

/** A write that was refused never happened, so nothing is waited for; one without an answer may have. */
function forgetWrite(turn: Turn, object: string, before: Turn['status']['writes']): Promise<void> {
  return keepStatus(turn, {
    ...turn.status,
    writes: takeBackWrite(turn.status.writes, { object, before }),
  })
}

function keepWrite(turn: Turn, object: string, write: RecentWrite): Promise<void> {
  const settling = settlingNow(turn.engine, turn.state)
  const kept = rememberWrite(turn.status.writes, { ...settling, object, write })
  return keepStatus(turn, { ...turn.status, writes: kept })
}

/** Digests of registered content that are remembered: enough for a few versions back and forth. */
const MAXIMUM_REGISTRATIONS = 10

function keepRegistration(turn: Turn, digest: string, taskDefinition: string): Promise<void> {
  const others = Object.entries(turn.status.taskDefinitions ?? {}).filter(([known]) => known !== digest)
  const kept = [...others, [digest, taskDefinition] as const].slice(-MAXIMUM_REGISTRATIONS)
  return keepStatus(turn, { ...turn.status, taskDefinitions: plainObject(kept) })
}

const appended = (timeline: readonly TimelineEntry[] | undefined, entry: TimelineEntry): TimelineEntry[] =>
  [...(timeline ?? []), entry].slice(-MAXIMUM_TIMELINE)

function tell(
  turn: Turn,
  done: {
    readonly action: Action
    readonly message: string
    readonly requestId: string | undefined
    readonly durationMs: number
    readonly drift: boolean
  },
): void {
  const { telemetry } = turn.engine.ports
  const { action, message, requestId, durationMs } = done
  const rollout = turn.active?.state.name ?? ''
  telemetry.emit({
    type: 'ActionDone',
    ...turn.key,
    rollout,
    action: action.kind,
    message,
    requestId,
    durationMs,
  })
  if (done.drift)
    telemetry.emit({
      type: 'DriftCorrected',
      ...turn.key,
      action: action.kind,
      message: describeAction(action),
    })
}
