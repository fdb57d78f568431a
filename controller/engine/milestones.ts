import { timestamp, fromTimestamp } from '../core/time.ts'
import { blankLike } from './observe.ts'
import type { FailedContent, RolloutSpec, RolloutStatus } from '../resources/types.ts'
import { GROUP_MEMBER_FAILED } from '../core/rollout/together.ts'
import { isSameQuestion } from '../core/rollout/waiting.ts'
import { rolloutsOf } from './objects.ts'
import type { Turn } from './turn.ts'
import { wakeGroup } from './wake.ts'
import { keepRollout, keepStatus, subjectOf } from './turn.ts'

/** Failed contents that are remembered per release. */
const MAXIMUM_FAILED = 20

/** Takes the end of a rollout over into the release's status. Before the end itself is stored: nobody would come back to it after a crash in between. */
export async function takeOverEnd(turn: Turn, status: RolloutStatus): Promise<void> {
  if (turn.active === undefined) return
  const { name, spec } = turn.active.state
  const { keepPreviousUntil: _before, ...rest } = turn.status
  const warm = status.keepPreviousUntil
  await keepStatus(turn, {
    ...rest,
    rollout: name,
    failed: failedAfter(turn, spec.digest, name, status),
    ...(warm === undefined ? {} : { keepPreviousUntil: warm }),
  })
}

/** Goes on without the rollout that has ended, and lets the oldest rollouts go. */
export async function endRollout(turn: Turn): Promise<void> {
  const ended = turn.active?.state
  if (ended === undefined) return
  const subject = subjectText(turn)
  turn.active = undefined
  turn.last = ended
  if (ended.status.outcome === 'Succeeded') turn.lastSucceeded = ended
  if (subjectText(turn) !== subject) turn.observation = blankLike(turn.observation)
  tellEnd(turn, ended.name, ended.spec, ended.status)
  await forgetOldest(turn)
}

/** What of AWS the release is about, whichever deployment brings it there. */
const subjectText = (turn: Turn): string =>
  JSON.stringify({ ...subjectOf(turn), serviceDeployment: undefined })

/** A failure is kept by content, so that an unrelated commit does not try it again; being overtaken is none, and neither is that of another member of its group. */
function failedAfter(turn: Turn, digest: string, rollout: string, status: RolloutStatus): FailedContent[] {
  const others = (turn.status.failed ?? []).filter((content) => content.digest !== digest)
  const isOwn = status.reason !== GROUP_MEMBER_FAILED
  if ((status.outcome !== 'RolledBack' && status.outcome !== 'Aborted') || !isOwn)
    return status.outcome === 'Succeeded' ? others : [...(turn.status.failed ?? [])]
  const failed: FailedContent = {
    digest,
    rollout,
    reason: status.reason ?? status.outcome,
    at: status.finishedAt ?? timestamp(turn.engine.ports.clock.now()),
    ...(status.message === undefined ? {} : { message: status.message }),
  }
  return [...others, failed].slice(-MAXIMUM_FAILED)
}

async function forgetOldest(turn: Turn): Promise<void> {
  const { store } = turn.engine.ports
  const { all } = await rolloutsOf(store, turn.key)
  const surplus = all.slice(turn.engine.settings.rolloutsKept)
  for (const { object } of surplus) await store.delete('Rollout', object.metadata.name)
}

export function tellStart(turn: Turn, spec: RolloutSpec): void {
  turn.engine.ports.telemetry.emit({
    type: 'RolloutStarted',
    ...turn.key,
    rollout: turn.active?.state.name ?? '',
    why: spec.why,
    who: spec.who,
    commit: spec.commit,
    to: spec.to.side ?? 'only',
  })
}

/** Stores what a step made of the running rollout, with more where that comes at the same time, and tells it. */
export async function keepStep(turn: Turn, status: RolloutStatus, stored = status): Promise<void> {
  const before = turn.active?.state.status
  if (before === undefined || before === stored) return
  await keepRollout(turn, stored)
  tellPhase(turn, before, status)
  wakeGroup(turn, before, status)
}

/** Tells of a phase that was entered and of gates that ended. */
function tellPhase(turn: Turn, before: RolloutStatus, after: RolloutStatus): void {
  const { telemetry } = turn.engine.ports
  const rollout = turn.active?.state.name ?? ''
  for (const gate of after.gates ?? []) {
    const known = before.gates?.find((other) => other.name === gate.name)
    if (gate.result !== undefined && known?.result === undefined) {
      telemetry.emit({
        type: 'GateFinished',
        ...turn.key,
        rollout,
        gate: gate.name,
        result: gate.result,
        message: gate.message ?? '',
      })
    }
  }
  tellDecision(turn, before, after)
  if (after.phase !== undefined && after.phase !== before.phase) {
    telemetry.emit({
      type: 'PhaseEntered',
      ...turn.key,
      rollout,
      phase: after.phase,
      message: after.message ?? '',
    })
  }
}

/** Tells what a person decided, where it counts, and what the next one is asked. */
function tellDecision(turn: Turn, before: RolloutStatus, after: RolloutStatus): void {
  const { telemetry } = turn.engine.ports
  const rollout = turn.active?.state.name ?? ''
  const decision = before.decisionRequested
  const isSame = isSameQuestion(before.awaiting, after.awaiting)
  if (
    decision !== undefined &&
    after.decisionRequested === undefined &&
    !isSame &&
    before.awaiting !== undefined
  ) {
    const { gate, verdict, by } = decision
    telemetry.emit({ type: 'GateDecided', ...turn.key, rollout, gate, verdict, by })
  }
  if (after.awaiting === undefined || isSame) return
  const { gate, until } = after.awaiting
  const message = after.message ?? ''
  telemetry.emit({ type: 'DecisionAwaited', ...turn.key, rollout, gate, until, message })
}

function tellEnd(turn: Turn, rollout: string, spec: RolloutSpec, status: RolloutStatus): void {
  const started = fromTimestamp(status.startedAt ?? '')
  const finished = fromTimestamp(status.finishedAt ?? '')
  const shifted =
    status.shiftedAt === undefined || spec.to.side === undefined ? undefined : fromTimestamp(status.shiftedAt)
  turn.engine.ports.telemetry.emit({
    type: 'RolloutFinished',
    ...turn.key,
    rollout,
    outcome: status.outcome ?? '',
    reason: status.reason ?? '',
    message: status.message ?? '',
    strategy: spec.strategy.type ?? 'BlueGreen',
    durationMs: finished - started,
    waitMs: (status.waitSeconds ?? 0) * 1000,
    commitToTrafficMs:
      status.outcome === 'Succeeded' && shifted !== undefined ? shifted - started : undefined,
  })
}
