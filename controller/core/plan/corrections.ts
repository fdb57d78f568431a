import type { Action } from '../action.ts'
import { weightsValue } from '../action.ts'
import { deepQuestion } from '../deep-drift.ts'
import { isIgnored } from '../ignore.ts'
import type { Place, ReleaseObservation, RuleFacts, Side } from '../observation.ts'
import { otherSide, seenAt } from '../observation.ts'
import { hasActions, secretMissing, withActions } from './actions.ts'
import { isOwnScaling, scalingChange } from './autoscaling.ts'
import type { Decision, PlanInput } from './decision.ts'
import { unseen } from './decision.ts'
import { heldBack } from './frozen.ts'
import { leavesRule, productionName } from './ignored.ts'
import { hasTaken, leftOn } from './live.ts'
import { made } from './made.ts'
import { pointSchedules } from './schedules.ts'
import { settingsChange } from './settings.ts'
import { tagsChange } from './tags.ts'
import { missingTags, placeText } from '../traffic-tags.ts'
import { readiness } from '../rollout/readiness.ts'
import { countBefore } from '../rollout/only/bring.ts'
import { targetPlace } from '../rollout/state.ts'
import {
  keepsClients,
  onlyTo,
  ruleIsAt,
  takesTraffic,
  testPointsOnlyAt,
  weightsOf,
} from '../rollout/traffic.ts'

/**
 * What has to be put right outside a rollout: traffic first, then the live side, then the idle one. None of these starts a task of another revision on the
 * live side; that would be a rollout. Undefined when all is as it was left, or no
 * version of ours ever served.
 */
export function corrections(input: PlanInput, live: Place): Decision | undefined {
  const isVerified = (input.lastSucceeded ?? input.desired.recorded) !== undefined
  if (!isVerified && !keepsOurs(input, live)) return undefined
  if (live === 'only')
    return firstOf([() => ofService(input, live), () => pointSchedules(input), () => trafficTags(input)])
  const traffic = weights(input, live)
  if (traffic !== undefined && traffic.kind !== 'Wait') return traffic
  return firstOf([
    () => ofService(input, live),
    () => traffic,
    () => idleCount(input, otherSide(live)),
    () => scaling(input, live),
    () => tags(input, otherSide(live)),
    () => testRule(input, otherSide(live)),
    () => secretMissing(input),
    () => pointSchedules(input),
    () => trafficTags(input),
  ])
}

/** What is put right of a service that serves. */
const ofService = (input: PlanInput, live: Place): Decision | undefined =>
  firstOf([() => settings(input, live), () => tags(input, live), () => liveCount(input, live)])

/** The first that may be made now; where a freeze holds them all back, the first that it does. */
function firstOf(each: readonly (() => Decision | undefined)[]): Decision | undefined {
  let held: Decision | undefined
  for (const correction of each) {
    const decision = correction()
    if (decision !== undefined && decision.kind !== 'Frozen') return decision
    held ??= decision
  }
  return held
}

/**
 * Whether the live side has what a rollout left there although it was never to stay: an aborted first version keeps the traffic, also after later versions
 * have failed. What served before Steersman came, or what somebody set there, is left alone.
 */
function keepsOurs({ last, status, observation }: PlanInput, live: Place): boolean {
  if (last === undefined || hasTaken(last)) return last !== undefined
  const { taskDefinition } = last.spec.from
  if (taskDefinition === undefined) return false
  const isOurs = Object.values(status.taskDefinitions ?? {}).includes(taskDefinition)
  return isOurs && seenAt(observation, live).service?.taskDefinition === taskDefinition
}

function weights(input: PlanInput, live: Side): Decision | undefined {
  const { observation, drift } = input
  const corrects = drift.traffic === 'Correct'
  const brings = corrects || isNewCommit(input)
  for (const [index, rule] of observation.production.entries()) {
    if (rule === null || leavesRule(input, { rule, name: productionName(input, index), to: live })) continue
    const seen = weightsOf(rule, observation)
    const isMoved = corrects && !ruleIsAt(seen, onlyTo(live))
    if (!isMoved && !(brings && takesActions(rule, input.desired.actions))) continue
    const look = unseen(input, [live, otherSide(live)])
    if (look !== undefined) return look
    const unfit = unfitForTraffic(input, live)
    if (unfit !== undefined) return unfit
    return correct(input, {
      action: { kind: 'SetWeights', rule: rule.arn, weights: corrects ? onlyTo(live) : seen.weights },
      before: weightsValue(seen.weights),
      cause: isMoved ? 'Drift' : causeOf(input),
    })
  }
  return undefined
}

/** A wait while the live side has not all of its targets of the version that was left there, or is about to get others. */
function unfitForTraffic(input: PlanInput, live: Side): Decision | undefined {
  const side = input.observation.sides[live]
  const taskDefinition = leftOn(input, live) ?? side.service?.taskDefinition ?? ''
  const count = side.service?.desiredCount ?? 0
  const { healthy, foreign, message } = readiness(side, { taskDefinition, count, staleTasks: [] })
  // What somebody gave the service instead becomes its targets at any moment.
  const isRepointed = side.service?.taskDefinition !== taskDefinition
  if (healthy > 0 && foreign === 0 && !isRepointed) return undefined
  return {
    kind: 'Wait',
    reason: 'LiveNotReady',
    message: `the weights were changed, but the ${live} side can't take the traffic: ${message}`,
    lookAgainMs: input.pollMs,
  }
}

/** Whether a write would give the rule other actions than it has. */
const takesActions = (rule: RuleFacts, wanted: PlanInput['desired']['actions']): boolean =>
  !hasActions(rule, wanted) && withActions(rule.actions, wanted) !== rule.actions

function settings(input: PlanInput, live: Place): Decision | undefined {
  const { desired, observation, drift } = input
  if (drift.service !== 'Correct' && !isNewCommit(input)) return undefined
  const { inPlace } = settingsChange(
    seenAt(observation, live).service,
    desired.spec.service.settings,
    desired.spec.ignore,
  )
  if (Object.keys(inPlace).length === 0) return undefined
  return correct(input, {
    action: { kind: 'ApplySettings', side: live, settings: inPlace },
    before: 'other',
    cause: causeOf(input),
  })
}

function tags(input: PlanInput, side: Place): Decision | undefined {
  const { desired, observation, drift, status } = input
  const { service } = seenAt(observation, side)
  if (service?.status !== 'ACTIVE' || (drift.service !== 'Correct' && !isNewCommit(input))) return undefined
  const { set, removed } = tagsChange(service, desired.spec.service.settings, {
    ...status,
    ignore: desired.spec.ignore,
  })
  const given = { before: 'other', cause: causeOf(input) }
  if (Object.keys(set).length > 0)
    return correct(input, { action: { kind: 'TagService', side, tags: set }, ...given })
  if (removed.length === 0) return undefined
  return correct(input, { action: { kind: 'UntagService', side, keys: removed }, ...given })
}

/** Tags of target groups, rules and listeners: what Steersman gave before and finds otherwise is somebody's change. */
function trafficTags(input: PlanInput): Decision | undefined {
  const { desired, drift, status, deepFacts } = input
  if (deepFacts?.asked !== deepQuestion(desired)?.asked) return undefined
  for (const place of deepFacts?.tagged ?? []) {
    const missing = Object.entries(missingTags(desired.spec, place))
    const changed = missing.filter(([key, value]) => status.trafficTags?.[key] === value)
    const brought = drift.traffic === 'Correct' ? missing : missing.filter((tag) => !changed.includes(tag))
    if (brought.length === 0) continue
    return correct(input, {
      action: {
        kind: 'TagTraffic',
        arn: place.arn,
        what: placeText(place),
        tags: Object.fromEntries(brought),
      },
      before: JSON.stringify(brought.map(([key]) => place.tags[key] ?? null)),
      cause: changed.length === missing.length ? 'Drift' : 'Commit',
    })
  }
  return undefined
}

function liveCount(input: PlanInput, live: Place): Decision | undefined {
  const { desired, observation, drift } = input
  const { service } = seenAt(observation, live)
  const wanted = desired.spec.service.desiredCount
  if (service === null || wanted === undefined || service.desiredCount === wanted) return undefined
  if (isIgnored('/service/desiredCount', desired.spec.ignore)) return undefined
  const cause = isLeftByWayBack(input, service.desiredCount) ? 'Commit' : causeOf(input)
  if (drift.service !== 'Correct' && cause === 'Drift') return undefined
  return correct(input, {
    action: { kind: 'ScaleService', side: live, desiredCount: wanted },
    before: String(service.desiredCount),
    cause,
  })
}

/** Whether the one service got that count back with the version that it went back to: nobody has changed it since. */
export const isLeftByWayBack = ({ last }: Pick<PlanInput, 'last'>, desiredCount: number): boolean =>
  last !== undefined &&
  targetPlace(last) === 'only' &&
  last.status.outcome !== 'Succeeded' &&
  last.status.shiftedAt !== undefined &&
  countBefore(last) === desiredCount

/** A commit that was not brought about yet may change counts and settings, whatever becomes of what people change by hand. */
const isNewCommit = ({ status, desired }: PlanInput): boolean => status.verified?.commit !== desired.commit

const causeOf = (input: PlanInput): Cause => (isNewCommit(input) ? 'Commit' : 'Drift')

/** The old side follows the live side's count while it is kept warm, then goes to zero. */
function idleCount(input: PlanInput, idle: Side): Decision | undefined {
  const { observation, drift, status, desired } = input
  const service = observation.sides[idle].service
  if (service === null || takesTraffic(observation, idle)) return undefined
  const wanted = isWarm(input) ? warmCount(observation, idle) : 0
  if (service.desiredCount === wanted) return undefined
  const course = status.keepPreviousUntil !== undefined
  const followsDrift = wanted > 0 && isCountDrifted(input, otherSide(idle))
  const isLeft = drift.service !== 'Correct' || isIgnored('/idleService/desiredCount', desired.spec.ignore)
  if ((!course || followsDrift) && isLeft) return undefined
  const freed = wanted === 0 ? freeClients(input, idle) : undefined
  if (freed !== undefined) return freed
  return correct(input, {
    action: { kind: 'ScaleService', side: idle, desiredCount: wanted },
    before: String(service.desiredCount),
    cause: course ? 'Course' : 'Drift',
  })
}

/** Whether somebody gave the side another count than the release has. */
function isCountDrifted({ desired, observation }: PlanInput, side: Side): boolean {
  const wanted = desired.spec.service.desiredCount
  return wanted !== undefined && observation.sides[side].service?.desiredCount !== wanted
}

/** What autoscaling may do, where the release leaves its count of tasks to it. */
function scaling(input: PlanInput, live: Side): Decision | undefined {
  if (input.desired.spec.service.desiredCount !== undefined) return undefined
  const look = unseen(input, ['scaling'])
  if (look !== undefined) return look
  const change = scalingChange(input, live, isWarm(input))
  if (change === undefined) return undefined
  const isOwn = isOwnScaling(input, change)
  if (!isOwn && input.drift.service !== 'Correct') return undefined
  return correct(input, { ...change, cause: isOwn ? 'Course' : 'Drift' })
}

/** Sticky clients that are still with the old side go to the live one before it gets cold. */
function freeClients(input: PlanInput, idle: Side): Decision | undefined {
  const { observation, desired } = input
  const live = otherSide(idle)
  const rule = observation.production.find((candidate) => keepsClients(candidate, observation, idle))
  if (rule === undefined || rule === null || desired.spec.traffic?.test === undefined) return undefined
  const look = unseen(input, [live])
  if (look !== undefined) return look
  const { service } = observation.sides[live]
  const { taskDefinition, desiredCount: count } = service ?? { taskDefinition: '', desiredCount: 0 }
  const { healthy, foreign } = readiness(observation.sides[live], { taskDefinition, count, staleTasks: [] })
  const canServe = healthy > 0 && foreign === 0
  if (!canServe) return undefined
  return correct(input, {
    action: { kind: 'SetWeights', rule: rule.arn, weights: onlyTo(live), alone: true },
    before: weightsValue(weightsOf(rule, observation).weights),
    cause: 'Course',
  })
}

/** What the old side has while it is kept warm: the live side's count, but nothing less than it had where somebody emptied the live side. */
export function warmCount({ sides }: ReleaseObservation, idle: Side): number {
  const live = sides[otherSide(idle)].service?.desiredCount ?? 0
  return live > 0 ? live : (sides[idle].service?.desiredCount ?? 0)
}

function testRule(input: PlanInput, idle: Side): Decision | undefined {
  const { observation, drift, desired } = input
  if (drift.traffic !== 'Correct' || desired.spec.traffic?.test === undefined || observation.test === null)
    return undefined
  if (testPointsOnlyAt(observation, idle)) return undefined
  if (leavesRule(input, { rule: observation.test, name: desired.spec.traffic.test, to: idle }))
    return undefined
  const before = weightsValue(weightsOf(observation.test, observation).weights)
  return correct(input, {
    action: { kind: 'PointTest', side: idle },
    before,
    cause: 'Drift',
  })
}

/** Whether the side that served before is still kept for a quick way back. */
export function isWarm({ last, now }: Pick<PlanInput, 'last' | 'now'>): boolean {
  const until = last?.status.keepPreviousUntil
  return last?.status.phase === 'Succeeded' && until !== undefined && now < Date.parse(until)
}

/** Why something is put right: somebody changed it, a commit wants it otherwise, or it is the end of the last rollout's warm side. */
type Cause = 'Drift' | 'Commit' | 'Course'

function correct(
  input: PlanInput,
  { action, before, cause }: { readonly action: Action; readonly before: string; readonly cause: Cause },
): Decision {
  const held = cause === 'Commit' ? heldBack(input, input.desired.why) : undefined
  return held ?? made(input, { action, before, drift: cause === 'Drift' })
}
