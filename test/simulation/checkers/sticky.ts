import { isFinished, isWayBack } from '../../../controller/core/rollout/state.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import type { SideName } from '../aws/names.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
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
        if (keepsClients(aws, arn, pair.targetGroups[left]))
          report('I8', `clients of the ${left} side of ${pair.release}, which is left, stay with it`)
      }
    },
  }
}

/** The side whose version is refused, or left by a person; undefined while a version comes. */
function leftSide({ spec, status }: StoredRollout): SideName | undefined {
  const other = (side: SideName): SideName => (side === 'blue' ? 'green' : 'blue')
  const { side } = spec.to
  if (side === undefined) return undefined
  if (status.phase === 'RollingBack') return spec.from.taskDefinition === undefined ? undefined : side
  return isWayBack({ spec, status } as RolloutState) ? other(side) : undefined
}

/** Whether the listener sends nobody new to the group, and those who were there before still. */
function keepsClients({ world }: SimulatedAws, listener: string, targetGroup: string): boolean {
  const actions = world.elb.tables.listeners.get(listener)?.defaultActions
  const forward = actions?.find(({ Type }) => Type === 'forward')?.ForwardConfig
  const group = forward?.TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn === targetGroup)
  return forward?.TargetGroupStickinessConfig?.Enabled === true && group?.Weight === 0
}
