import type { SideWeights } from '../action.ts'
import type { ReleaseObservation, RuleFacts, Side, TargetGroupWeight } from '../observation.ts'
import { otherSide, sides } from '../observation.ts'

/** All the traffic to one side. */
export const onlyTo = (side: Side): SideWeights => divided(side, 100)

/** So much of the traffic to the side, and the rest to the other one. */
export const divided = (side: Side, percent: number): SideWeights =>
  side === 'blue' ? { blue: percent, green: 100 - percent } : { blue: 100 - percent, green: percent }

export const sameWeights = (left: SideWeights, right: SideWeights): boolean =>
  share(left, 'blue') === share(right, 'blue')

/** A side's part of the traffic, 0 to 1: what a person means by equal weights, whatever their sum is. */
export function share(weights: SideWeights, side: Side): number {
  const sum = weights.blue + weights.green
  return sum === 0 ? 0 : weights[side] / sum
}

export interface RuleWeights {
  readonly rule: RuleFacts
  readonly weights: SideWeights
  /** Weight that goes to target groups which are not of this pair. */
  readonly foreign: number
}

/** What each production rule gives to each side; rules that do not exist are left out. */
export function observedWeights(observation: ReleaseObservation): readonly RuleWeights[] {
  return observation.production.flatMap((rule) => (rule === null ? [] : [weightsOf(rule, observation)]))
}

export function weightsOf(rule: RuleFacts, observation: ReleaseObservation): RuleWeights {
  const weights: Record<Side, number> = { blue: 0, green: 0 }
  let foreign = 0
  for (const entry of rule.weights) {
    const side = sides.find(
      (candidate) => observation.sides[candidate].targetGroup?.arn === entry.targetGroupArn,
    )
    if (side === undefined) foreign += entry.weight
    else weights[side] += entry.weight
  }
  return { rule, weights, foreign }
}

/** Whether any production rule sends anything to the side. */
export const takesTraffic = (observation: ReleaseObservation, side: Side): boolean =>
  observedWeights(observation).some(({ weights }) => weights[side] > 0)

/** Whether each production rule has exactly these shares, and nothing goes elsewhere. */
export const allRulesAt = (observation: ReleaseObservation, wanted: SideWeights): boolean =>
  observation.production.length > 0 &&
  observation.production.every((rule) => rule !== null && ruleIsAt(weightsOf(rule, observation), wanted))

export const ruleIsAt = (seen: RuleWeights, wanted: SideWeights): boolean =>
  seen.foreign === 0 && seen.weights.blue + seen.weights.green > 0 && sameWeights(seen.weights, wanted)

/** The side with most of the traffic, from AWS alone; undefined when nothing is forwarded to the pair, or all rules together are even. */
export function heavierSide(observation: ReleaseObservation): Side | undefined {
  const blue = observedWeights(observation).reduce(
    (sum, { weights }) => sum + share(weights, 'blue') - share(weights, 'green'),
    0,
  )
  return blue === 0 ? undefined : blue > 0 ? 'blue' : 'green'
}

/** Whether the test rule forwards to the side and to nothing else. */
export function testPointsOnlyAt(observation: ReleaseObservation, side: Side): boolean {
  const rule = observation.test
  if (rule === null) return false
  const { weights, foreign } = weightsOf(rule, observation)
  return weights[side] > 0 && weights[otherSide(side)] === 0 && foreign === 0
}

/** Whether clients may stay with the side's group, since a rule names it and keeps who was there before, whatever its weight is. */
export const keepsClients = (rule: RuleFacts | null, observation: ReleaseObservation, side: Side): boolean =>
  rule?.stickiness.enabled === true &&
  rule.weights.some(({ targetGroupArn }) => targetGroupArn === observation.sides[side].targetGroup?.arn)

/** What a rule is to forward to: both groups with their weights, or the one that has weight alone. */
export const forwardedTo = (
  observation: ReleaseObservation,
  { weights, alone }: { readonly weights: SideWeights; readonly alone?: true },
): readonly TargetGroupWeight[] =>
  targetGroupWeights(observation, weights).filter(({ weight }) => alone !== true || weight > 0)

/** The pair's target groups with their weights, as a write wants them. */
export function targetGroupWeights(
  observation: ReleaseObservation,
  weights: SideWeights,
): readonly TargetGroupWeight[] {
  return sides.flatMap((side) => {
    const targetGroup = observation.sides[side].targetGroup
    return targetGroup === null ? [] : [{ targetGroupArn: targetGroup.arn, weight: weights[side] }]
  })
}
