import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import { seenAt } from '../observation.ts'
import type { PlanInput } from './decision.ts'

/** What a rollout of one service writes down besides the version. A count that is not Steersman's is left out, so that nothing sets it. */
export function onlySpec(
  input: PlanInput,
): Pick<RolloutSpec, 'from' | 'to' | 'desiredCount' | 'service' | 'strategy'> {
  const { name, spec } = input.desired
  const { cluster, settings, desiredCount } = spec.service
  return {
    from: onlyOrigin(input),
    to: {},
    ...(desiredCount === undefined ? {} : { desiredCount }),
    service: {
      cluster,
      name: spec.service.name ?? name,
      ...(settings === undefined ? {} : { settings }),
    },
    strategy: spec.strategy,
  }
}

/**
 * What the service goes back to: what was rolled out last, with the settings that came with it, whatever somebody set by hand since. Before the first rollout it is
 * what the newest record says, or else what is there and runs.
 */
export function onlyOrigin({
  lastSucceeded,
  desired,
  observation,
}: Pick<PlanInput, 'lastSucceeded' | 'desired' | 'observation'>): RolloutSpec['from'] {
  if (lastSucceeded !== undefined) {
    const { taskDefinition, service } = lastSucceeded.spec
    const { settings } = service
    const kept = settings === undefined ? {} : { settings: { ...settings } }
    return { taskDefinition, rollout: lastSucceeded.name, ...kept }
  }
  const { service } = seenAt(observation, 'only')
  const isRunning = service?.status === 'ACTIVE' && service.desiredCount > 0
  const taskDefinition = desired.recorded?.taskDefinition ?? (isRunning ? service.taskDefinition : undefined)
  return taskDefinition === undefined ? {} : { taskDefinition }
}
