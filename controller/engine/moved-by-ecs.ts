import type { ReleaseObservation, TaskDefinitionFacts } from '../core/observation.ts'
import { deploymentConfiguration, loadBalancersOf } from '../core/rollout/native/configuration.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { PortError } from '../ports/error.ts'
import type { EcsDocument } from '../ports/platform.ts'
import type { ServiceSettings } from '../resources/types.ts'
import { servingContainer } from './serving-container.ts'

/** Whether ECS itself moves the traffic of the rollout. */
export const isMovedByEcs = (rollout: RolloutState | undefined): rollout is RolloutState =>
  rollout?.spec.engine === 'Native'

/** What a service gets beside its settings, so that ECS moves its traffic. Throws where a target group or a rule is gone. */
export function movedByEcs(
  rollout: RolloutState,
  {
    settings,
    observation,
    definition,
  }: {
    readonly settings: ServiceSettings | undefined
    readonly observation: ReleaseObservation
    readonly definition: TaskDefinitionFacts | undefined
  },
): EcsDocument {
  const { spec, status } = rollout
  const loadBalancers = loadBalancersOf(spec, observation, servingContainer(definition, { rollout }))
  if (loadBalancers === undefined)
    throw new PortError('a target group or a rule of the release does not exist any more', {
      code: 'RuleMissing',
      handling: 'retry',
    })
  const isReturning = status.phase === 'RollingBack'
  return {
    deploymentConfiguration: deploymentConfiguration(spec, settings, { isReturning }),
    loadBalancers,
  }
}
