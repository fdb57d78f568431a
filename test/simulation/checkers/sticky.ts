import { isFinished, isWayBack } from '../../../controller/core/rollout/state.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { ruleWeights } from '../aws/view.ts'
import type { SideName } from '../aws/names.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedRollouts } from './stored.ts'

/** I8: from the write on that takes the traffic from a version which is refused, or left by a person, no client is sent there any more: sticky ones stay with every group that a rule names. */
export function checkSticky({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story } = simulation
  if (story.sticky !== true) return {}
  return {
    afterCall({ who, service, writes, input }, reply, happened) {
      if (!writes || who === 'people' || service !== 'elasticloadbalancing' || !happened) return
      if (reply.error !== undefined) return
      for (const pair of pairs) {
        const arn = pair.production.find((one) => one === (input['ListenerArn'] ?? input['RuleArn']))
        const running = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
        const left = running === undefined ? undefined : leftSide(running)
        if (arn === undefined || left === undefined) continue
        if ((ruleWeights(aws, pair, arn)?.[left] ?? 0) > 0) continue
        const listener = aws.world.elb.tables.listeners.get(arn)
        const config = listener?.defaultActions.find(({ Type }) => Type === 'forward')?.ForwardConfig
        const isNamed = config?.TargetGroups.some(
          ({ TargetGroupArn }) => TargetGroupArn === pair.targetGroups[left],
        )
        if (config?.TargetGroupStickinessConfig?.Enabled === true && isNamed === true)
          report('I8', `${running?.name}: clients of the ${left} side, which is left, stay with it`)
      }
    },
  }
}

/** The side whose version is refused, or left by a person; undefined while a version comes. */
function leftSide({ spec, status }: StoredRollout): SideName | undefined {
  const other = (side: SideName): SideName => (side === 'blue' ? 'green' : 'blue')
  if (status.phase === 'RollingBack') return spec.from.taskDefinition === undefined ? undefined : spec.to.side
  return isWayBack({ spec, status } as RolloutState) ? other(spec.to.side) : undefined
}
