import { refused } from './state.ts'

/** How a deployment configuration divides the production traffic. */
export interface TrafficPlan {
  /** What the replacement task set gets, one step after the other; the last is 100. */
  readonly percents: readonly number[]
  readonly intervalMinutes: number
}

export const DEFAULT_CONFIG = 'CodeDeployDefault.ECSAllAtOnce'

const linear = (intervalMinutes: number): TrafficPlan => ({
  percents: Array.from({ length: 10 }, (_, index) => 10 * (index + 1)),
  intervalMinutes,
})
const canary = (intervalMinutes: number): TrafficPlan => ({ percents: [10, 100], intervalMinutes })

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html#deployment-configurations-predefined-ecs */
const PREDEFINED: Readonly<Record<string, TrafficPlan>> = {
  [DEFAULT_CONFIG]: { percents: [100], intervalMinutes: 0 },
  'CodeDeployDefault.ECSLinear10PercentEvery1Minutes': linear(1),
  'CodeDeployDefault.ECSLinear10PercentEvery3Minutes': linear(3),
  'CodeDeployDefault.ECSCanary10Percent5Minutes': canary(5),
  'CodeDeployDefault.ECSCanary10Percent15Minutes': canary(15),
}

/** The plan of a deployment configuration; the sandbox has the ones that AWS brings for ECS. */
export function trafficPlan(configName: string): TrafficPlan {
  const plan = Object.hasOwn(PREDEFINED, configName) ? PREDEFINED[configName] : undefined
  if (plan === undefined)
    throw refused(
      'DeploymentConfigDoesNotExistException',
      `No Deployment Configuration found for name: ${configName}`,
    )
  return plan
}
