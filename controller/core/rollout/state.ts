import type {
  DefaultedGate,
  DefaultedRolloutSpec,
  GateStage,
  RolloutOutcome,
  RolloutPhase,
  RolloutSpec,
  RolloutStatus,
} from '../../resources/generated/rollout.ts'
import type { IrreversibleChange, RecentWrite } from '../../resources/generated/release.ts'
import type { Action } from '../action.ts'
import type { Part, Place, ReleaseObservation, Side, TaskFacts } from '../observation.ts'
import { otherSide } from '../observation.ts'
import type { Settling } from '../time.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import { durationMs } from '../../resources/duration.ts'
import { gateStage } from '../../resources/gates.ts'
import type { WantedSide } from './readiness.ts'
import { shiftSteps } from './shift-steps.ts'
import { onlyTo } from './traffic.ts'
import { afterWait } from './waiting.ts'

/** A Rollout as the state machine handles it. */
export interface RolloutState {
  readonly name: string
  readonly spec: DefaultedRolloutSpec & { readonly taskDefinition: string }
  readonly status: RolloutStatus
}

/** Another member of the group that a rollout belongs to. */
export interface Partner {
  readonly release: string
  /** Its rollout of the same move; undefined before that begins. */
  readonly rollout: RolloutState | undefined
  /** False where the commit wants something else of it now, so that its rollout never begins. */
  readonly mayBegin: boolean
  /** What it says of itself while it has no rollout. */
  readonly said: string
}

/** All that a step may look at. */
export interface StepInput {
  readonly rollout: RolloutState
  readonly observation: ReleaseObservation
  /** Content digest that the environment wants now; undefined while that is not known (an image is missing, a manifest is bad). */
  readonly wantedDigest: string | undefined
  /** The other members of its group; undefined where it has none. */
  readonly partners?: readonly Partner[] | undefined
  readonly writes: Readonly<Record<string, RecentWrite>>
  /** What is known of the release that going back does not undo. */
  readonly irreversible?: readonly IrreversibleChange[]
  readonly now: number
  /** False while suspended or paused: then nothing is written. */
  readonly mayWrite: boolean
  /** How often the world is looked at while it works. */
  readonly pollMs: number
  readonly stalenessBoundMs: number
  readonly ledSince?: Settling['ledSince']
}

/** What the state machine wants next. `status` is stored before anything else happens. */
export type Step =
  | { readonly kind: 'Look'; readonly status: RolloutStatus; readonly parts: readonly Part[] }
  | { readonly kind: 'Act'; readonly status: RolloutStatus; readonly action: Action; readonly before: string }
  | {
      readonly kind: 'Wait'
      readonly status: RolloutStatus
      readonly reason: string
      readonly message: string
      readonly lookAgainMs: number
    }
  | { readonly kind: 'Finished'; readonly status: RolloutStatus }

/** What a phase decides: a step, or a changed status with which the decision is made again. */
export type PhaseResult = Step | { readonly kind: 'Again'; readonly status: RolloutStatus }

export const finishedPhases: readonly RolloutPhase[] = ['Succeeded', 'RolledBack', 'Superseded', 'Aborted']

export const isFinished = (status: RolloutStatus | undefined): boolean =>
  status?.phase !== undefined && finishedPhases.includes(status.phase)

/** Whether a rollout ended so that its content is not tried again by itself; being overtaken is no failure. */
export const isFailure = (status: RolloutStatus): boolean =>
  status.outcome === 'RolledBack' || status.outcome === 'Aborted'

/** Phases in which no weight was moved yet, so that a newer version may take over without a swap. */
export const beforeShift: readonly RolloutPhase[] = [
  'Pending',
  'Provisioning',
  'Verifying',
  'AwaitingApproval',
]

/** Where the new version comes to. */
export const targetPlace = ({ spec }: Pick<RolloutState, 'spec'>): Place => spec.to.side ?? 'only'

/** The side of a pair that the new version comes to. */
export function targetSide({ name, spec }: RolloutState): Side {
  const { side } = spec.to
  if (side === undefined) throw new Error(`rollout ${name} is of one service, which has no sides`)
  return side
}
export const originSide = (rollout: RolloutState): Side => otherSide(targetSide(rollout))

/** Whether a person leaves what serves for what served before. */
export const isWayBack = ({ spec }: RolloutState): boolean =>
  spec.goesBack === true || spec.why === 'Failback' || spec.why === 'Pin'

export const wantedTarget = (rollout: RolloutState): WantedSide => ({
  taskDefinition: rollout.spec.taskDefinition,
  count: wantedCount(rollout),
  staleTasks: rollout.status.staleTasks ?? [],
})

/** How many tasks a pair's new side gets, which is always written down: by now, or at the beginning. */
export function wantedCount({ name, spec, status }: RolloutState): number {
  const count = status.desiredCount ?? spec.desiredCount
  if (count === undefined) throw new Error(`rollout ${name} leaves its count alone`)
  return count
}

export const gatesAt = (rollout: RolloutState, stage: GateStage): readonly DefaultedGate[] =>
  (rollout.spec.gates ?? []).filter((gate) => gateStage(gate) === stage)

/** The status of a rollout that begins now. A restart remembers the tasks that stand on its side already, since they run the wanted revision. */
export function firstStatus(
  spec: RolloutSpec,
  begin: { readonly now: number; readonly tasks: readonly TaskFacts[] },
): RolloutStatus {
  const deadline = durationMs(spec.strategy.deadline ?? '30m')
  return {
    phase: 'Pending',
    startedAt: timestamp(begin.now),
    phaseStartedAt: timestamp(begin.now),
    deadlineAt: timestamp(begin.now + deadline),
    ...(spec.to.side === undefined ? {} : firstWeights(spec, spec.to.side)),
    ...(spec.why === 'Restart' ? { staleTasks: begin.tasks.map((task) => task.arn) } : {}),
  }
}

const firstWeights = (spec: RolloutSpec, to: Side): Partial<RolloutStatus> => ({
  step: 0,
  steps: shiftSteps(spec.strategy).length,
  weights: onlyTo(otherSide(to)),
})

/** Enters a phase; the time of the first entry counts, and what the phase before waited for is over. */
export function enter(status: RolloutStatus, phase: RolloutPhase, now: number): RolloutStatus {
  if (status.phase === phase) return status
  const { reason: _reason, message: _message, ...rest } = afterWait(status, now)
  return { ...rest, phase, phaseStartedAt: timestamp(now) }
}

/** Turns back: what the rollout shall end as, and why. The first reason stays. */
export function turnBack(
  status: RolloutStatus,
  why: {
    readonly outcome: Exclude<RolloutOutcome, 'Succeeded'>
    readonly reason: string
    readonly message: string
    readonly now: number
  },
): RolloutStatus {
  if (status.phase === 'RollingBack') return status
  return {
    ...enter(status, 'RollingBack', why.now),
    outcome: why.outcome,
    reason: why.reason,
    message: why.message,
  }
}

/** Ends the rollout. An intent that a crash left open is over with it: nothing is about to be written any more. */
export function finish(unfinished: RolloutStatus, outcome: RolloutOutcome, now: number): RolloutStatus {
  const { intent: _over, decisionRequested: _late, answerReceived: _later, ...status } = unfinished
  const { reason, message } = status
  const said = { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) }
  return { ...enter(status, outcome, now), ...said, outcome, finishedAt: timestamp(now) }
}

export const phaseStart = (status: RolloutStatus): number =>
  fromTimestamp(status.phaseStartedAt ?? status.startedAt ?? timestamp(0))

/**
 * Until when a way back is tried: as long as a whole rollout may take, without the time in which the environment was suspended. Going on from there is better
 * than waiting for ever.
 */
export const endOfWay = ({ spec, status }: RolloutState): number =>
  status.deadlineAt === undefined
    ? phaseStart(status) + durationMs(spec.strategy.deadline)
    : fromTimestamp(status.deadlineAt)
