import { serviceValue } from '../../action.ts'
import { hasHealthyTarget } from '../readiness.ts'
import type { RolloutState, Step, StepInput } from '../state.ts'
import { originSide, wantedCount } from '../state.ts'
import { act } from '../step.ts'
import { takesTraffic } from '../traffic.ts'

/**
 * Somebody emptied, changed or deleted the old side meanwhile: it gets back what it served. While it takes traffic only what harms nobody is done: tasks are
 * added, or a service is made anew where none is left and nothing answers. Undefined where it has what it served, or has to stay as it is.
 */
export function revive(input: StepInput, taskDefinition: string): Step | undefined {
  const { rollout, observation } = input
  const side = originSide(rollout)
  const { service } = observation.sides[side]
  const desiredCount = wantedCount(rollout)
  const isTaking = takesTraffic(observation, side)
  if (service === null) {
    const isDead = wasVerified(rollout) && !hasHealthyTarget(observation.sides[side])
    const action = { kind: 'CreateService', side, taskDefinition, desiredCount } as const
    return isTaking && !isDead ? undefined : act(input, { action, before: 'none' })
  }
  if (service.status !== 'ACTIVE') return undefined
  if (service.taskDefinition === taskDefinition)
    return service.desiredCount > 0
      ? undefined
      : act(input, { action: { kind: 'ScaleService', side, desiredCount }, before: '0' })
  if (isTaking) return undefined
  const before = serviceValue(service.taskDefinition, service.desiredCount)
  return act(input, { action: { kind: 'UpdateService', side, taskDefinition, desiredCount }, before })
}

/** What a rollout against drift comes from may be what somebody set there by hand. */
const wasVerified = ({ spec }: RolloutState): boolean =>
  spec.why !== 'Drift' || spec.from.taskDefinition === spec.taskDefinition
