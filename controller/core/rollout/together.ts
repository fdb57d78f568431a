import type { GroupRefusal, RolloutStatus } from '../../resources/generated/rollout.ts'
import { fromTimestamp } from '../time.ts'
import { shiftSteps } from './shift-steps.ts'
import type { Partner, PhaseResult, RolloutState, StepInput } from './state.ts'
import { isFinished, turnBack } from './state.ts'
import { wait } from './step.ts'

/** The reason of a rollout that goes back because another member does. */
export const GROUP_MEMBER_FAILED = 'GroupMemberFailed'

/** Waits before a step until every member has all that it needs for it; undefined when they have, or the rollout moves for itself. */
export function stepTogether(input: StepInput, step: number): PhaseResult | undefined {
  const { spec, status } = input.rollout
  if (spec.group === undefined) return undefined
  if ((status.readyStep ?? 0) < step) return { kind: 'Again', status: { ...status, readyStep: step } }
  const late = partnersOf(input).find((partner) => readyStepOf(partner) < step)
  if (late === undefined) return undefined
  return wait(input, {
    reason: 'GroupNotReady',
    message: `ready, and waits for ${late.release} of group ${spec.group.name}: ${doing(late)}`,
  })
}

/** So long one member may have moved while another can't, in milliseconds: what is not whole by then takes the group back. */
const APART_MS = 60_000

/** Goes back where another member has moved its first weight a while ago, and this one's side is still not whole; undefined while that may come. */
export function apartTooLong({ rollout, partners, now }: StepInput, why: string): PhaseResult | undefined {
  const { status } = rollout
  if (status.shiftedAt !== undefined) return undefined
  const moved = partners?.find(({ rollout: other }) => {
    const at = other?.status.shiftedAt
    return at !== undefined && now - fromTimestamp(at) >= APART_MS
  })
  if (moved === undefined) return undefined
  const message = `${moved.release} of its group has moved, and this one can't: ${why}`
  return {
    kind: 'Again',
    status: turnBack(status, { outcome: 'RolledBack', reason: 'GroupApart', message, now }),
  }
}

/** For how much longer than this rollout another member has waited for people, in milliseconds: the deadline leaves that out, too. */
export function peopleOfGroupMs({ rollout, partners, now }: StepInput): number {
  const waitedMs = ({ waitSeconds = 0, awaiting }: RolloutStatus): number =>
    waitSeconds * 1000 + (awaiting === undefined ? 0 : Math.max(0, now - fromTimestamp(awaiting.since)))
  const others = (partners ?? []).map(({ rollout: other }) =>
    other === undefined ? 0 : waitedMs(other.status),
  )
  return Math.max(0, ...others.map((ms) => ms - waitedMs(rollout.status)))
}

/** Waits at the end of the bake until that of every member is over, and their leader has succeeded; undefined then. */
export function endTogether(input: StepInput): PhaseResult | undefined {
  const { rollout } = input
  const { group } = rollout.spec
  if (group === undefined) return undefined
  const readyStep = endStep(rollout)
  if ((rollout.status.readyStep ?? 0) < readyStep)
    return { kind: 'Again', status: { ...rollout.status, readyStep } }
  const partners = partnersOf(input)
  const late = isLeader(rollout)
    ? partners.find(({ rollout: other }) => other === undefined || !hasBaked(other))
    : partners.find(({ rollout: other }) => other?.name === group.leader && !hasSucceeded(other))
  if (late === undefined) return undefined
  return wait(input, {
    reason: 'GroupNotReady',
    message: `baked, and waits for ${late.release} of group ${group.name}: ${doing(late)}`,
  })
}

/** What the other members make of a rollout: it goes back with them, and whoever has baked succeeds with their leader. */
export function fateOfGroup(input: StepInput): RolloutStatus {
  const { rollout, now } = input
  const { status, spec } = rollout
  if (spec.group === undefined) return status
  const partners = partnersOf(input)
  if (succeedsWithLeader(input)) return status
  const culprit = culpritOf(partners)
  if (culprit !== undefined && status.refusal !== undefined)
    return turnBack(status, { ...status.refusal, now })
  if (culprit !== undefined) return followBack(status, { ...culprit, group: spec.group.name, now })
  const other = partners.find(({ mayBegin, rollout: begun }) => begun === undefined && !mayBegin)
  if (other === undefined) return status
  const message = `the environment wants another version of ${other.release} of group ${spec.group.name} now`
  return turnBack(status, { outcome: 'Superseded', reason: 'NewerVersion', message, now })
}

/** Whether it waits for the other members, and no weight of any of them was moved. */
export const isUnmovedGroup = (input: StepInput): boolean =>
  input.rollout.spec.group !== undefined &&
  input.rollout.status.shiftedAt === undefined &&
  partnersOf(input).every(({ rollout }) => rollout?.status.shiftedAt === undefined)

/**
 * Who has told the leader that its bake is over may not go back by itself any more, since the leader may have succeeded on its word a moment ago: it says that it
 * wants to, and the leader decides for all.
 */
export function heldToWord(input: StepInput, result: PhaseResult): PhaseResult {
  const { rollout } = input
  if (!isBound(rollout) || result.status.phase !== 'RollingBack') return result
  const { outcome, reason = 'RolledBack', message = '' } = result.status
  const refusal: GroupRefusal = {
    outcome: outcome === undefined || outcome === 'Succeeded' ? 'RolledBack' : outcome,
    reason,
    message,
  }
  const status = { ...rollout.status, refusal: rollout.status.refusal ?? refusal }
  return wait(
    { ...input, rollout: { ...rollout, status } },
    { reason: 'GroupNotReady', message: `wants the group to go back: ${message}` },
  )
}

/** Whether the leader may have counted on it already. */
const isBound = (rollout: RolloutState): boolean =>
  rollout.spec.group !== undefined &&
  !isLeader(rollout) &&
  rollout.status.phase === 'Baking' &&
  hasBaked(rollout)

/** Whether the leader has succeeded on this member's word. */
export const succeedsWithLeader = (input: StepInput): boolean =>
  isBound(input.rollout) &&
  partnersOf(input).some(
    ({ rollout }) =>
      rollout !== undefined && rollout.name === input.rollout.spec.group?.leader && hasSucceeded(rollout),
  )

const partnersOf = ({ partners, rollout }: StepInput): readonly Partner[] => {
  if (partners === undefined) throw new Error(`nothing is known of the group of rollout ${rollout.name}`)
  return partners
}

const isLeader = ({ name, spec }: RolloutState): boolean => spec.group?.leader === name

const endStep = ({ spec }: RolloutState): number => shiftSteps(spec.strategy).length + 1

const hasBaked = (rollout: RolloutState): boolean => (rollout.status.readyStep ?? 0) >= endStep(rollout)

const hasSucceeded = ({ status }: RolloutState): boolean => status.outcome === 'Succeeded'

/** The last step for which the member has everything; beyond all while it bakes. */
function readyStepOf({ rollout }: Partner): number {
  if (rollout === undefined) return 0
  const { phase, readyStep = 0 } = rollout.status
  return phase === 'Baking' || phase === 'Succeeded' ? Number.POSITIVE_INFINITY : readyStep
}

function doing({ rollout, said }: Partner): string {
  if (rollout === undefined) return said
  const { phase = 'Pending', message } = rollout.status
  return message === undefined ? phase : `${phase}, ${message}`
}

interface Culprit extends GroupRefusal {
  readonly release: string
}

/** The member that goes back, the one before all that only follows another. */
function culpritOf(partners: readonly Partner[]): Culprit | undefined {
  const back = partners.flatMap(({ release, rollout }) => {
    const refusal = rollout === undefined ? undefined : refusalOf(rollout.status)
    return refusal === undefined ? [] : [{ release, ...refusal }]
  })
  return back.find(({ reason }) => reason !== GROUP_MEMBER_FAILED) ?? back[0]
}

function refusalOf(status: RolloutStatus): GroupRefusal | undefined {
  const { phase, outcome, reason = 'RolledBack', message = '' } = status
  const isBack = phase === 'RollingBack' || isFinished(status)
  if (!isBack) return status.refusal
  return outcome === undefined || outcome === 'Succeeded' ? undefined : { outcome, reason, message }
}

function followBack(
  status: RolloutStatus,
  {
    release,
    outcome,
    reason,
    message,
    group,
    now,
  }: Culprit & { readonly group: string; readonly now: number },
): RolloutStatus {
  if (outcome === 'Superseded')
    return turnBack(status, { outcome, reason, message: `${release} of group ${group}: ${message}`, now })
  const said =
    reason === GROUP_MEMBER_FAILED
      ? message
      : `${release} of group ${group} ${outcome === 'Aborted' ? 'was aborted' : 'failed'} (${reason}): ${message}`
  return turnBack(status, { outcome: 'RolledBack', reason: 'GroupMemberFailed', message: said, now })
}
