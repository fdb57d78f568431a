import type { Action } from './action.ts'
import { isOfCodeDeploy } from './action.ts'
import type { DesiredRelease } from './desired.ts'
import type { TaskLook } from './gate/task-look.ts'
import { seenAt } from './observation.ts'
import { planRelease } from './plan.ts'
import type { Decision, PlanInput } from './plan/decision.ts'
import { afterCodeDeploy } from './preview/imagined-code-deploy.ts'
import { afterAction } from './preview/after-action.ts'
import { recordLook } from './rollout/gate-task.ts'
import { endGate, recordAttempt } from './rollout/gates.ts'
import type { RolloutState, Step } from './rollout/state.ts'
import { firstStatus } from './rollout/state.ts'
import { nextStep } from './rollout/transition.ts'
import { afterWait } from './rollout/waiting.ts'
import type { DefaultedGate } from '../resources/generated/rollout.ts'
import { rolloutObjectName } from '../resources/names.ts'

export interface PreviewedActions {
  /** In order, as far as it goes when everything goes well. */
  readonly actions: readonly Action[]
  /** What keeps the release from going on, in words; undefined when it would converge. */
  readonly blocked: string | undefined
}

/** More decisions than a rollout with its corrections takes. */
const MAXIMUM_DECISIONS = 500
/** A preview waits for nothing: each wait is over at the next decision. */
const LONG_POLL_MS = 24 * 3_600_000

interface World {
  readonly input: PlanInput
  readonly rollout: RolloutState | undefined
}

/**
 * The actions that would follow if every task starts and every gate passes: the very decisions of a real run, made on a world that is imagined to obey.
 * `input.observation` must have seen everything.
 */
export function previewActions(input: PlanInput, rollout: RolloutState | undefined): PreviewedActions {
  const actions: Action[] = []
  let world: World = { input: { ...input, mayWrite: true, pollMs: LONG_POLL_MS }, rollout }
  for (let count = 0; count < MAXIMUM_DECISIONS; count++) {
    const decision = decide(world)
    if (decision.kind === 'Act') remember(actions, decision.action)
    const next = imagine(world, decision)
    if (typeof next === 'string') return { actions, blocked: next === '' ? undefined : next }
    world = next
  }
  return { actions, blocked: 'the preview came to no end' }
}

const decide = ({ input, rollout }: World): Decision | Step =>
  rollout === undefined
    ? planRelease(input)
    : nextStep({ ...input, rollout, wantedDigest: input.desired.digest, writes: {} })

/** A gate is asked several times; one line is enough. */
function remember(actions: Action[], action: Action): void {
  const last = actions.at(-1)
  if (last?.kind !== 'ProbeGate' || action.kind !== 'ProbeGate' || last.gate !== action.gate)
    actions.push(action)
}

/** The world after a decision, or a text when it goes no further: why, or nothing when all is done. */
function imagine(world: World, decision: Decision | Step): World | string {
  switch (decision.kind) {
    case 'Act':
      return obey(world, decision)
    case 'Start':
      return begin(world, decision.spec)
    case 'Finished':
      return end(world, decision.status)
    case 'Wait':
      return 'status' in decision ? wait(world, decision) : decision.message
    case 'Converged':
      return ''
    case 'Frozen':
    case 'Blocked':
    case 'Stall':
    case 'Refused':
      return decision.message
    case 'Look':
      return 'the preview has not seen enough'
  }
}

function obey({ input, rollout }: World, decision: Extract<Decision | Step, { kind: 'Act' }>): World {
  const { action } = decision
  const settings = rollout?.spec.service.settings ?? input.desired.spec.service.settings
  const brought = rollout === undefined ? input.desired.actions : undefined
  const observation = isOfCodeDeploy(action)
    ? afterCodeDeploy(input.observation, action, { rollout: rollout?.name ?? '', now: input.now })
    : afterAction(input.observation, action, settings, brought)
  const desired =
    action.kind === 'RegisterTaskDefinition' ? registered(input.desired, action.family) : input.desired
  const status = 'status' in decision ? decision.status : rollout?.status
  const asked =
    rollout !== undefined && status !== undefined
      ? answered({ ...rollout, status }, action, input.now)
      : rollout
  return { input: { ...input, observation, desired, now: input.now + 1 }, rollout: asked }
}

const registered = (desired: DesiredRelease, family: string): DesiredRelease => ({
  ...desired,
  version: { ...desired.version, taskDefinition: `${family}:(new)` },
})

/** A gate that is asked answers well, and its task does what it should. */
function answered(rollout: RolloutState, action: Action, now: number): RolloutState {
  const isAsked = action.kind === 'ProbeGate' || action.kind === 'RunTask'
  const gate = isAsked ? rollout.spec.gates?.find(({ name }) => name === action.gate) : undefined
  if (gate === undefined) return rollout
  if (gate.task !== undefined)
    return { ...rollout, status: imagineTask(rollout.status, { gate, action, now }) }
  const attempt = { gate, result: 'Success', message: 'imagined', startedAt: now, now } as const
  return { ...rollout, status: recordAttempt(rollout.status, attempt) }
}

/** None is there before it is started, and then it ends well. */
function imagineTask(
  status: RolloutState['status'],
  { gate, action, now }: { readonly gate: DefaultedGate; readonly action: Action; readonly now: number },
): RolloutState['status'] {
  const token = 'imagined'
  const task = {
    arn: token,
    createdAt: now,
    lastStatus: 'STOPPED',
    exitCode: 0,
    stoppedReason: undefined,
    tags: {},
  }
  const look: TaskLook = action.kind === 'RunTask' ? { token, kind: 'Own', task } : { token, kind: 'None' }
  return recordLook(status, { gate, look, now })
}

/** A person who is asked approves. */
function approved(
  status: RolloutState['status'],
  { spec }: RolloutState,
  now: number,
): RolloutState['status'] {
  const gate = spec.gates?.find(({ name }) => name === status.awaiting?.gate)
  const waited = afterWait(status, now)
  return gate === undefined ? waited : endGate(waited, { gate, result: 'Passed', now, message: 'imagined' })
}

function begin({ input }: World, spec: Extract<Decision, { kind: 'Start' }>['spec']): World {
  const name = rolloutObjectName(spec)
  const { members } = seenAt(input.observation, spec.to.side ?? 'only')
  const status = firstStatus(spec, { now: input.now, tasks: members?.tasks ?? [] })
  return {
    input: { ...input, requests: { restart: undefined, retry: undefined } },
    rollout: { name, spec: spec as RolloutState['spec'], status },
  }
}

function end({ input, rollout }: World, status: RolloutState['status']): World | string {
  if (rollout === undefined) return ''
  const ended = { ...rollout, status }
  if (status.outcome !== 'Succeeded') return status.message ?? 'the rollout does not succeed'
  return {
    input: { ...input, last: ended, lastSucceeded: ended, nextNumber: ended.spec.number + 1 },
    rollout: undefined,
  }
}

/** Time passes; a wait for the world itself would go on for ever in a world that obeys at once. */
function wait({ input, rollout }: World, step: Extract<Step, { kind: 'Wait' }>): World | string {
  const { awaiting } = step.status
  if (rollout !== undefined && awaiting?.result === undefined && awaiting !== undefined)
    return { input, rollout: { ...rollout, status: approved(step.status, rollout, input.now) } }
  if (rollout === undefined || step.lookAgainMs >= LONG_POLL_MS) return step.message
  return {
    input: { ...input, now: input.now + step.lookAgainMs },
    rollout: { ...rollout, status: step.status },
  }
}
