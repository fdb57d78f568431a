import { durationMs } from '../../../resources/duration.ts'
import type { RolloutSpec } from '../../../resources/generated/rollout.ts'
import type { ServiceSettings } from '../../../resources/types.ts'
import type { ReleaseObservation } from '../../observation.ts'
import { LAST_PAUSE } from './stages.ts'

type Document = Readonly<Record<string, unknown>>

/** Where the deployment waits for the gates: with the test rule at the new tasks, where there is a test rule. */
export const holdStage = ({ traffic }: Pick<RolloutSpec, 'traffic'>): string =>
  traffic?.test === undefined ? 'POST_SCALE_UP' : 'POST_TEST_TRAFFIC_SHIFT'

/**
 * The deployment configuration that makes ECS move the traffic as the strategy says, and wait for a word before it moves and after. The bake is the second wait: ECS's own bake
 * time is whole minutes and asks nobody. The circuit breaker is for rolling updates only.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function deploymentConfiguration(
  spec: Pick<RolloutSpec, 'strategy' | 'traffic'>,
  settings: ServiceSettings | undefined,
  { isReturning }: { readonly isReturning: boolean },
): Document {
  const common = {
    ...settings?.deploymentConfiguration,
    deploymentCircuitBreaker: { enable: false, rollback: false },
    bakeTimeInMinutes: 0,
  }
  if (isReturning) return { ...common, strategy: 'BLUE_GREEN', lifecycleHooks: [] }
  const pause = { targetType: 'PAUSE', lifecycleStages: [holdStage(spec), LAST_PAUSE] }
  return { ...common, ...paceOf(spec.strategy), lifecycleHooks: [pause] }
}

function paceOf(strategy: RolloutSpec['strategy']): Document {
  const { type, steps = [], by = 100, every = '0s' } = strategy
  const [step] = steps
  if (type === 'Canary' && step !== undefined)
    return {
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: step.weight, canaryBakeTimeInMinutes: minutes(step.for) },
    }
  if (type === 'Linear' && by < 100)
    return {
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: by, stepBakeTimeInMinutes: minutes(every) },
    }
  return { strategy: 'BLUE_GREEN' }
}

const minutes = (duration: string): number => Math.round(durationMs(duration) / 60_000)

/**
 * The one load balancer of the service with what ECS needs to move its traffic; undefined where a group or a rule is gone.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AdvancedConfiguration.html
 */
export function loadBalancersOf(
  { engineRoleArn, traffic }: Pick<RolloutSpec, 'engineRoleArn' | 'traffic'>,
  { sides, production, test }: Pick<ReleaseObservation, 'sides' | 'production' | 'test'>,
  container: { readonly containerName: string; readonly containerPort: number },
): readonly Document[] | undefined {
  const [rule] = production
  const { blue, green } = sides
  const isTestGone = traffic?.test !== undefined && test === null
  if (blue.targetGroup === null || green.targetGroup === null || !rule || isTestGone) return undefined
  return [
    {
      targetGroupArn: blue.targetGroup.arn,
      ...container,
      advancedConfiguration: {
        alternateTargetGroupArn: green.targetGroup.arn,
        productionListenerRule: rule.arn,
        ...(test === null ? {} : { testListenerRule: test.arn }),
        roleArn: engineRoleArn,
      },
    },
  ]
}
