import type { Side, SideObservation } from '../../observation.ts'
import { otherSide } from '../../observation.ts'
import type { RolloutStatus } from '../../../resources/generated/rollout.ts'
import type { SideWeights } from '../../action.ts'
import { weightsValue } from '../../action.ts'
import { hasHealthyTarget, otherTasks, readiness } from '../readiness.ts'
import type { Step, StepInput } from '../state.ts'
import { isWayBack, originSide, wantedTarget } from '../state.ts'
import { act, missing, wait } from '../step.ts'
import { keepsClients, onlyTo, ruleIsAt, testPointsOnlyAt, weightsOf } from '../traffic.ts'
import { revive } from './revive.ts'

/** Points the test rule at the side, so that gates reach it and its target group is associated; undefined when it does, or there is none. */
export function pointTest(input: StepInput, side: Side): Step | undefined {
  const { rollout, observation } = input
  if (rollout.spec.traffic?.test === undefined) return undefined
  if (observation.test === null)
    return wait(input, { reason: 'TestRuleMissing', message: 'the test listener or rule does not exist' })
  if (testPointsOnlyAt(observation, side)) return undefined
  const before = weightsValue(weightsOf(observation.test, observation).weights)
  return act(input, { action: { kind: 'PointTest', side }, before })
}

/** Writes the first production rule that does not send everything to the side; undefined when all do. */
export const moveRules = (input: StepInput, side: Side, status = input.rollout.status): Step | undefined =>
  setRules(input, onlyTo(side), status)

/** Writes the first production rule that does not have the weights; undefined when all do. */
export function setRules(input: StepInput, wanted: SideWeights, status: RolloutStatus): Step | undefined {
  const { observation } = input
  if (observation.production.includes(null))
    return wait(input, { reason: 'RuleMissing', message: 'a production rule of the release does not exist' })
  for (const rule of observation.production) {
    if (rule === null) continue
    const seen = weightsOf(rule, observation)
    if (ruleIsAt(seen, wanted)) continue
    const leaves = status.phase === 'RollingBack' || leavesRefused(input, wanted)
    const alone = leaves && mayNameOne(input) && rule.stickiness.enabled
    return act(input, {
      action: { kind: 'SetWeights', rule: rule.arn, weights: wanted, ...(alone ? { alone } : {}) },
      before: weightsValue(seen.weights),
      status,
    })
  }
  return undefined
}

/**
 * Takes the side, which has no weight, out of the first rule whose sticky clients may still go there: it is about to lose its tasks, or to get another version.
 * Undefined where no rule keeps any.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#sticky-sessions
 */
export function freeClients(input: StepInput, side: Side): Step | undefined {
  const { observation } = input
  const rule = observation.production.find((candidate) => keepsClients(candidate, observation, side))
  if (rule === undefined || rule === null || !mayNameOne(input)) return undefined
  const weights = onlyTo(otherSide(side))
  const action = { kind: 'SetWeights', rule: rule.arn, weights, alone: true } as const
  const before = weightsValue(weightsOf(rule, observation).weights)
  return unfitOrigin(input, side) ?? act(input, { action, before })
}

/** Whether the weights end a person's way back to an earlier version: what they leave is refused, and keeps no client. */
const leavesRefused = ({ rollout }: StepInput, wanted: SideWeights): boolean =>
  isWayBack(rollout) && wanted[originSide(rollout)] === 0

/**
 * The test rule takes the group of the side without traffic, where sticky production rules have let go of it: a group that no rule names has no health checks,
 * could not take the traffic back, and ECS refuses to change its service. Undefined when it is there, or they name it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function keepAtBalancer(input: StepInput, side: Side): Step | undefined {
  const { observation } = input
  const sticky = observation.production.filter((rule) => rule?.stickiness.enabled === true)
  if (sticky.length === 0 || observation.sides[side].targetGroup === null) return undefined
  return sticky.some((rule) => keepsClients(rule, observation, side)) ? undefined : pointTest(input, side)
}

/** Without a test rule only the production rules keep the idle side's group at the load balancer, where it needs to be for its health checks. */
const mayNameOne = ({ rollout }: StepInput): boolean => rollout.spec.traffic?.test !== undefined

/**
 * Somebody gave the side traffic although it was not verified: gives it back to the other side, if that one can take it, or neither can. Undefined where
 * no version ever served on the other side, and this one runs just what is wanted: then the way on is the only way.
 */
export function restoreOrigin(input: StepInput, side: Side): Step | undefined {
  const look = missing(input, ['services', otherSide(side), side])
  if (look !== undefined) return look
  if (isAlone(input, side)) return undefined
  return (
    unfitOrigin(input, side) ??
    moveRules(input, otherSide(side)) ??
    wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
  )
}

/**
 * Without a test rule, the production rule has to name the side's target group, at weight 0, before the side's service is made: ECS takes only a group
 * that belongs to a load balancer. Undefined when it does, or there is no need.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-considerations.html
 */
export function nameTargetGroup(input: StepInput, side: Side): Step | undefined {
  const { observation, rollout } = input
  const { service, targetGroup } = observation.sides[side]
  const [rule] = observation.production
  if (service !== null || targetGroup === null || rollout.spec.traffic?.test !== undefined) return undefined
  const isNamed = observation.production.some((candidate) =>
    candidate?.weights.some((entry) => entry.targetGroupArn === targetGroup.arn),
  )
  if (isNamed || rule === undefined || rule === null) return undefined
  const action = { kind: 'SetWeights', rule: rule.arn, weights: onlyTo(otherSide(side)) } as const
  const before = weightsValue(weightsOf(rule, observation).weights)
  return unfitOrigin(input, side) ?? act(input, { action, before })
}

function isAlone({ rollout, observation }: StepInput, side: Side): boolean {
  const wanted = wantedTarget(rollout)
  const [own, other] = [observation.sides[side], observation.sides[otherSide(side)]]
  const { healthy, foreign } = readiness(own, wanted)
  const runsWanted =
    own.service?.taskDefinition === wanted.taskDefinition && own.service.desiredCount === wanted.count
  const isPure = foreign === 0 && otherTasks(own, wanted).length === 0
  const isEmpty = (other.service?.desiredCount ?? 0) === 0
  return rollout.spec.from.taskDefinition === undefined && runsWanted && isPure && isEmpty && healthy > 0
}

/**
 * A look at both sides, then what the other side lacks, or a wait, while the traffic can't be given to it. Where somebody made it another version and nobody else serves
 * anybody, it gets the traffic as long as all of its targets are of its own: it has a part of it, so that nothing can be mended first.
 */
function unfitOrigin(input: StepInput, side: Side): Step | undefined {
  const origin = otherSide(side)
  const look = missing(input, [origin, side])
  if (look !== undefined) return look
  const { sides } = input.observation
  const { taskDefinition } = input.rollout.spec.from
  const serves = hasHealthyTarget(sides[side])
  const canServe = (hasHealthyTarget(sides[origin]) || !serves) && !hasForeign(sides[origin], taskDefinition)
  const isRepointed = isAnother(sides[origin], taskDefinition)
  if (canServe && !isRepointed) return undefined
  const revived = taskDefinition === undefined ? undefined : revive(input, taskDefinition)
  if (revived === undefined && canServe && !serves) return undefined
  return (
    revived ??
    wait(input, {
      reason: 'TrafficOnTarget',
      message: `the traffic is to go to the ${origin} side alone, which can't take it: the ${side} side is not changed before it can, or somebody gives it there by hand`,
    })
  )
}

/** Whether the side has targets of another version than it served; of a first version nobody knows. */
const hasForeign = (seen: SideObservation, taskDefinition: string | undefined): boolean =>
  taskDefinition !== undefined && readiness(seen, { taskDefinition, count: 1, staleTasks: [] }).foreign > 0

/** Whether somebody made the side's service another version: its targets are about to be replaced. */
const isAnother = ({ service }: SideObservation, taskDefinition: string | undefined): boolean =>
  taskDefinition !== undefined && service?.status === 'ACTIVE' && service.taskDefinition !== taskDefinition
