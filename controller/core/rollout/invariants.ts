import type { RolloutPhase } from '../../resources/generated/rollout.ts'
import type { Action } from '../action.ts'
import { countOfTasks, describeAction, isTagging } from '../action.ts'
import type { Place, ReleaseObservation, Side } from '../observation.ts'
import { otherSide, seenAt, sides } from '../observation.ts'
import { hasHealthyTarget, readiness } from './readiness.ts'
import { countBefore } from './only/bring.ts'
import type { RolloutState } from './state.ts'
import { isFinished, originSide, targetPlace, targetSide, wantedCount } from './state.ts'
import { takesTraffic } from './traffic.ts'

/** A promise of ARCHITECTURE.md section 6 would be broken: a bug of ours, so nothing is done. */
class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation'
  readonly invariant: string

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`)
    this.invariant = invariant
  }
}

/** What a production side, or the only service, is supposed to run, as far as it is known. */
export interface SideExpectation {
  readonly taskDefinition: string
  /** What the only service goes back to. */
  readonly origin?: string
  readonly count: number
  /** Whether it served this before the running rollout. */
  readonly hasServed?: true
}

type Expectations = Readonly<Partial<Record<Place, SideExpectation>>>

/** What the sides are supposed to run: by the running rollout, else the live side by its own revision at the wanted count. */
export function expectedSides({
  rollout,
  observation,
  live,
  desiredCount,
}: {
  readonly rollout: RolloutState | undefined
  readonly observation: ReleaseObservation
  readonly live: Place | undefined
  readonly desiredCount: number | undefined
}): Expectations {
  if (rollout !== undefined && targetPlace(rollout) === 'only') return { only: expectedOfOnly(rollout) }
  if (rollout !== undefined) {
    const origin = rollout.spec.from.taskDefinition
    return {
      [targetSide(rollout)]: {
        taskDefinition: rollout.spec.taskDefinition,
        count: Math.max(wantedCount(rollout), seenCount(rollout, observation, targetSide(rollout))),
      },
      ...(origin === undefined
        ? {}
        : {
            [originSide(rollout)]: {
              taskDefinition: origin,
              count: Math.max(1, seenCount(rollout, observation, originSide(rollout))),
              hasServed: true,
            },
          }),
    }
  }
  const service = live === undefined ? null : seenAt(observation, live).service
  if (live === undefined || service === null) return {}
  return {
    [live]: { taskDefinition: service.taskDefinition, count: desiredCount ?? service.desiredCount },
  }
}

/** A count that is not Steersman's is never written by a rollout. */
function expectedOfOnly(rollout: RolloutState): SideExpectation {
  const { spec, status } = rollout
  const isReturning = status.phase === 'RollingBack'
  const origin = spec.from.taskDefinition
  return {
    taskDefinition: spec.taskDefinition,
    count: (isReturning ? countBefore(rollout) : spec.desiredCount) ?? 1,
    ...(origin === undefined ? {} : { origin }),
  }
}

/** What a side has, where nobody but autoscaling may say how much that is. */
const seenCount = ({ spec }: RolloutState, { sides: seen }: ReleaseObservation, side: Side): number =>
  spec.autoscaled === true ? (seen[side].service?.desiredCount ?? 0) : 0

/** The last look before a write: throws when the write would break I1, I2, I3, I11 or I12 on the facts that were just read. */
export function assertSafe(
  action: Action,
  facts: {
    readonly observation: ReleaseObservation
    readonly expected: Expectations
    /** The task definition of the version that succeeded last, or that git's record names. */
    readonly succeeded?: string | undefined
  },
): void {
  if (isTagging(action)) return
  switch (action.kind) {
    case 'SetWeights':
      return assertWeights(action, facts)
    case 'ScaleService':
      return assertScale(action, facts)
    case 'SetScaling':
      return assertScaling(action, facts)
    case 'CreateService':
      return assertCreation(action, facts)
    case 'UpdateService':
      return assertUpdate(action, facts)
    case 'PointSchedule':
      return refuse(
        'I12',
        action,
        action.taskDefinition !== facts.succeeded,
        'no version with it has succeeded last',
      )
    case 'ContinueDeployment':
      return assertContinue(action, facts)
    case 'StartCodeDeploy':
      return assertDeployment(action, facts)
    case 'ContinueCodeDeploy':
    case 'StopCodeDeploy':
    case 'RegisterTaskDefinition':
    case 'ApplySettings':
    case 'StopDeployment':
    case 'PointTest':
    case 'RunTask':
    case 'StopTask':
    case 'ProbeGate':
  }
}

/** Whether the service may be given other tasks: a side only while it is idle; the only one just what its rollout brings, or goes back to. */
function assertUpdate(
  action: Extract<Action, { kind: 'UpdateService' }>,
  { observation, expected }: Facts,
): void {
  const { side, taskDefinition, desiredCount } = action
  if (side !== 'only')
    return refuse('I3', action, takesTraffic(observation, side), 'the side takes production traffic')
  const wanted = expected.only
  const isKnown = [wanted?.taskDefinition, wanted?.origin].includes(taskDefinition)
  refuse('I3', action, !isKnown, 'no rollout brings that revision, or goes back to it')
  const isFewer = desiredCount !== undefined && desiredCount < (wanted?.count ?? 0)
  refuse('I3', action, isFewer, `the service is wanted at ${wanted?.count ?? 0}`)
}

/** ECS's own deployment goes on to tasks that all run, and it is the one that was looked at. */
function assertContinue(
  action: Extract<Action, { kind: 'ContinueDeployment' }>,
  { observation }: Facts,
): void {
  const deployment = observation.only?.deployment
  refuse('I1', action, deployment?.arn !== action.deployment, 'the deployment was not looked at')
  const running = deployment?.target.running ?? 0
  refuse('I1', action, running === 0, 'no task of the new version runs')
}

/** CodeDeploy is given just what the rollout brings, or goes back to. */
function assertDeployment(
  action: Extract<Action, { kind: 'StartCodeDeploy' }>,
  { expected: { only } }: Facts,
): void {
  const isKnown = [only?.taskDefinition, only?.origin].includes(action.taskDefinition)
  refuse('I3', action, !isKnown, 'no rollout brings that revision, or goes back to it')
}

type Facts = Parameters<typeof assertSafe>[1]

function assertWeights(
  action: Extract<Action, { kind: 'SetWeights' }>,
  { observation, expected }: Facts,
): void {
  refuse('I2', action, action.weights.blue + action.weights.green <= 0, 'the weights sum to zero')
  const rule = observation.production.find((candidate) => candidate?.arn === action.rule)
  refuse('I2', action, rule === undefined, 'the rule is not one of the release')
  for (const side of sides) {
    if (action.weights[side] === 0) continue
    const seen = observation.sides[side]
    refuse('I1', action, !observation.seen.includes(side), `the ${side} side was not looked at`)
    const wanted = expected[side]
    const healthy =
      wanted === undefined
        ? hasHealthyTarget(seen)
        : readiness(seen, { ...wanted, staleTasks: [] }).healthy > 0
    const otherCould =
      hasHealthyTarget(observation.sides[otherSide(side)]) || !observation.seen.includes(otherSide(side))
    refuse(
      'I1',
      action,
      !healthy && otherCould,
      `the ${side} side has no healthy target of the wanted revision`,
    )
    if (wanted === undefined) continue
    const { foreign } = readiness(seen, { ...wanted, staleTasks: [] })
    refuse('I11', action, foreign > 0, `the ${side} side has targets of another revision`)
  }
}

/** A side that takes traffic gets a service only where it has none, nothing answers, and it served the very same before. */
function assertCreation(
  action: Extract<Action, { kind: 'CreateService' }>,
  { observation, expected }: Facts,
): void {
  const { side, taskDefinition } = action
  if (side === 'only') return
  const wanted = expected[side]
  const isDead = observation.sides[side].service === null && !hasHealthyTarget(observation.sides[side])
  const isSeen = observation.seen.includes('services') && observation.seen.includes(side)
  const comesBack = wanted?.hasServed === true && wanted.taskDefinition === taskDefinition
  const isHarmless = isSeen && isDead && comesBack
  refuse('I3', action, takesTraffic(observation, side) && !isHarmless, 'the side takes production traffic')
}

function assertScale(
  action: Extract<Action, { kind: 'ScaleService' }>,
  { observation, expected }: Facts,
): void {
  if (action.side === 'only') return assertScaleOfOnly(action, expected)
  if (!takesTraffic(observation, action.side)) return
  const wanted = expected[action.side]?.count ?? observation.sides[action.side].service?.desiredCount ?? 1
  refuse(
    'I3',
    action,
    action.desiredCount < wanted,
    `the ${action.side} side takes production traffic and is wanted at ${wanted}`,
  )
}

/** Only the removal of a release, of which nothing is expected any more, takes all tasks away. */
function assertScaleOfOnly(action: Extract<Action, { kind: 'ScaleService' }>, { only }: Expectations): void {
  const isFewer = only !== undefined && action.desiredCount < only.count
  refuse('I3', action, isFewer, `the service is wanted at ${only?.count ?? 0}`)
}

/** Bounds below a side's count would have AWS take tasks from it. */
function assertScaling(action: Extract<Action, { kind: 'SetScaling' }>, { observation }: Facts): void {
  if (!takesTraffic(observation, action.side)) return
  const count = observation.sides[action.side].service?.desiredCount ?? 1
  refuse(
    'I3',
    action,
    action.maximum < count,
    `the ${action.side} side takes production traffic and has ${countOfTasks(count)}`,
  )
}

/** Phases that may follow each phase; staying is always allowed. */
const successors: Record<RolloutPhase, readonly RolloutPhase[]> = {
  Pending: ['Provisioning', 'RollingBack'],
  Provisioning: ['Verifying', 'Shifting', 'RollingBack'],
  Verifying: ['AwaitingApproval', 'Shifting', 'RollingBack'],
  AwaitingApproval: ['Shifting', 'RollingBack'],
  Shifting: ['Baking', 'RollingBack'],
  Baking: ['Succeeded', 'RollingBack'],
  RollingBack: ['RolledBack', 'Superseded', 'Aborted'],
  Succeeded: [],
  RolledBack: [],
  Superseded: [],
  Aborted: [],
}

/** Throws when a rollout would move in a way that the state machine does not have, or change what it is about. */
export function assertTransition(before: RolloutState, after: RolloutState): void {
  const from = before.status.phase ?? 'Pending'
  const to = after.status.phase ?? 'Pending'
  if (before.spec !== after.spec)
    throw new InvariantViolation('I4', `the spec of rollout ${before.name} changed`)
  const passesOver = from === 'Provisioning' && to === 'Shifting' && targetPlace(before) !== 'only'
  if (from !== to && (passesOver || !successors[from].includes(to)))
    throw new InvariantViolation('I5', `rollout ${before.name} can't go from ${from} to ${to}`)
  if (isFinished(before.status) && before.status.outcome !== after.status.outcome) {
    throw new InvariantViolation('I5', `the outcome of rollout ${before.name} changed after its end`)
  }
}

function refuse(invariant: string, action: Action, broken: boolean, why: string): void {
  if (broken) throw new InvariantViolation(invariant, `would ${describeAction(action)}, but ${why}`)
}
