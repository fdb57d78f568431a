import { actionsShape } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import type { LiveRule, RuleName, WantedRule } from './wanted.ts'
import type { TargetGroupWeight } from '../observation.ts'
import type { Change, Root } from './change.ts'
import { changeAt } from './change.ts'
import { compare, lastSegment } from './compare.ts'

const ours = { owner: 'Steersman', class: 'traffic' } as const
const terraforms = { owner: 'Terraform', class: 'infrastructure' } as const
const nobodys = { owner: 'Unmanaged', class: 'unmanaged' } as const

/** A rule, or a listener's default action, against where it should send its requests. */
export function diffRule(wanted: WantedRule, live: LiveRule | null | undefined): Change[] {
  if (live === undefined) return []
  const place = placeOf(wanted.rule)
  if (live === null) {
    return [changeAt(place.root, [place.name], { wanted: place.name, live: null, ...terraforms })]
  }
  const actions = [place.name, place.member]
  if (live.weights.length === 0) {
    const forward = { wanted: wanted.weights, live: null, ...terraforms }
    return [changeAt(place.root, [...actions, 'forward'], forward)]
  }
  const config = [...actions, 'forward', 'ForwardConfig']
  return [
    ...diffWeights(place.root, config, wanted.weights, live.weights),
    ...diffStickiness(place.root, config, wanted, live),
    ...diffOtherActions(place.root, actions, wanted, live),
  ]
}

interface Place {
  readonly root: Extract<Root, 'rules' | 'listeners'>
  readonly name: string
  readonly member: 'Actions' | 'DefaultActions'
}

/** A default action goes by its listener's port; a rule, which has no name in AWS, by what the release calls it. */
export function placeOf(rule: RuleName): Place {
  if (rule.ruleArn !== undefined) {
    return { root: 'rules', name: lastSegment(rule.ruleArn), member: 'Actions' }
  }
  const port = String(rule.port)
  if (rule.host === undefined && rule.path === undefined) {
    return { root: 'listeners', name: port, member: 'DefaultActions' }
  }
  return { root: 'rules', name: `${port}:${rule.host ?? ''}${rule.path ?? ''}`, member: 'Actions' }
}

/** Only the ratio of weights means anything to the load balancer: 1 to 0 is 100 to 0. */
function diffWeights(
  root: Root,
  config: readonly string[],
  wanted: readonly TargetGroupWeight[],
  live: readonly TargetGroupWeight[],
): Change[] {
  const weightOf = (arn: string): number =>
    live.find((candidate) => candidate.targetGroupArn === arn)?.weight ?? 0
  const path = (arn: string): readonly string[] => [...config, 'TargetGroups', lastSegment(arn)]
  const wantedSum = wanted.reduce((sum, { weight }) => sum + weight, 0)
  const liveSum = wanted.reduce((sum, { targetGroupArn }) => sum + weightOf(targetGroupArn), 0)
  const isSame =
    liveSum > 0 &&
    wanted.every(({ targetGroupArn, weight }) => weight * liveSum === weightOf(targetGroupArn) * wantedSum)
  const moved = wanted
    .filter(({ targetGroupArn, weight }) => !isSame && weight !== weightOf(targetGroupArn))
    .map(({ targetGroupArn, weight }) =>
      changeAt(root, [...path(targetGroupArn), 'Weight'], {
        wanted: weight,
        live: live.find((candidate) => candidate.targetGroupArn === targetGroupArn)?.weight,
        ...ours,
      }),
    )
  const foreign = live
    .filter(({ targetGroupArn }) => !wanted.some((group) => group.targetGroupArn === targetGroupArn))
    .map((group) => changeAt(root, path(group.targetGroupArn), { wanted: null, live: group, ...nobodys }))
  return [...moved, ...foreign]
}

function diffStickiness(root: Root, config: readonly string[], wanted: WantedRule, live: LiveRule): Change[] {
  if (wanted.stickiness === undefined) return []
  const path = [...config, 'TargetGroupStickinessConfig']
  if (wanted.stickiness.enabled !== live.stickiness.enabled) {
    const switches = { wanted: wanted.stickiness.enabled, live: live.stickiness.enabled }
    return [changeAt(root, [...path, 'Enabled'], { ...switches, ...ours })]
  }
  const seconds = { wanted: wanted.stickiness.durationSeconds, live: live.stickiness.durationSeconds }
  const isSame = seconds.wanted === undefined || seconds.wanted === seconds.live || !live.stickiness.enabled
  return isSame ? [] : [changeAt(root, [...path, 'DurationSeconds'], { ...seconds, ...ours })]
}

function diffOtherActions(root: Root, path: readonly string[], wanted: WantedRule, live: LiveRule): Change[] {
  if (wanted.actions === undefined) return []
  const others = live.actions.filter((action) => action['Type'] !== 'forward')
  return compare(actionsShape, ranked(wanted.actions), ranked(others)).map((difference) =>
    changeAt(root, [...path, ...difference.path], { ...difference, ...ours }),
  )
}

/** Only the order of actions means anything, not the numbers that say it. */
export const ranked = (actions: readonly Document[]): Document[] =>
  actions
    .toSorted((one, other) => Number(one['Order'] ?? 0) - Number(other['Order'] ?? 0))
    .map((action, index) => ({ ...action, Order: index + 1 }))
