import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import type { ForwardConfig } from '../elb/actions.ts'
import type { RegisteredTarget, TargetGroup } from '../elb/state.ts'

/** Chooses a target group by weight; undefined when the weights sum to zero, which an ALB answers with 503. */
export function chooseGroup(config: ForwardConfig, random: Random): string | undefined {
  const total = config.TargetGroups.reduce((sum, group) => sum + group.Weight, 0)
  let ticket = random.next() * total
  for (const group of config.TargetGroups) {
    if (group.Weight > 0 && ticket < group.Weight) return group.TargetGroupArn
    ticket -= group.Weight
  }
  return undefined
}

/**
 * The targets that a new request may go to: the healthy ones; all that are not draining once fewer are healthy than the
 * group demands (fail open).
 */
export function eligibleTargets(
  group: TargetGroup,
  targets: readonly RegisteredTarget[],
): RegisteredTarget[] {
  const standing = targets.filter((target) => target.state !== 'draining' && target.state !== 'unused')
  const healthy = standing.filter((target) => target.state === 'healthy')
  const prefix = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets'
  const count = Number(group.attributes[`${prefix}.count`] ?? 1)
  const percentage = group.attributes[`${prefix}.percentage`] ?? 'off'
  const wanted = Math.max(count, percentage === 'off' ? 0 : (standing.length * Number(percentage)) / 100)
  return healthy.length >= wanted ? healthy : standing
}

/** Takes targets in turn; while some start slowly, by chance instead, each by the share it has grown to. */
export function createTargetChooser(parts: {
  clock: Clock
  random: Random
  settings: Settings
}): (group: TargetGroup, eligible: readonly RegisteredTarget[]) => RegisteredTarget | undefined {
  const turns = new Map<string, number>()
  return (group, eligible) => {
    const now = parts.clock.now()
    if (eligible.some((target) => target.slowStartUntil > now)) {
      const seconds = Number(group.attributes['slow_start.duration_seconds'] ?? 0)
      const durationMs = (seconds * 1000) / parts.settings.speed
      return byShare(
        eligible,
        parts.random,
        (target) => 1 - Math.max(0, target.slowStartUntil - now) / durationMs,
      )
    }
    const turn = turns.get(group.arn) ?? 0
    turns.set(group.arn, turn + 1)
    return eligible[turn % eligible.length]
  }
}

/** A share this small is still a share: a target that has just become healthy gets its first requests. */
const SMALLEST_SHARE = 0.01

function byShare(
  targets: readonly RegisteredTarget[],
  random: Random,
  shareOf: (target: RegisteredTarget) => number,
): RegisteredTarget | undefined {
  const shares = targets.map((target) => Math.max(SMALLEST_SHARE, shareOf(target)))
  let ticket = random.next() * shares.reduce((sum, share) => sum + share, 0)
  return targets.find((_target, index) => {
    ticket -= shares[index] ?? 0
    return ticket < 0
  })
}
