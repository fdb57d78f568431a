import { clientException, invalidParameter } from '../kernel/error.ts'
import type { TargetRegistry } from '../kernel/ports-between.ts'
import type { Members } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  texts,
} from '../members.ts'

const STRATEGIES: ReadonlySet<string> = new Set(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'])
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html */
const PAUSE_STAGES: ReadonlySet<string> = new Set([
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
])
const DAY_MINUTES = 1440
/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html */
const LONGEST_PAUSE_MINUTES = 20_160

/** How a deployment divides the production traffic. */
export interface ShiftPlan {
  /** What the new revision has after each step, in percent; the last is 100. */
  readonly percents: readonly number[]
  /** Between one step and the next. */
  readonly stepBakeMinutes: number
  /** After the last one. */
  readonly bakeMinutes: number
}

/** The deployment strategy of a service; ROLLING unless it says another. */
export const strategyOf = (deploymentConfiguration: Members): string =>
  optionalText(deploymentConfiguration, 'strategy') ?? 'ROLLING'

/** The steps of a strategy that shifts traffic; canary has one before all of it, linear equal ones. */
export function shiftPlanOf(deploymentConfiguration: Members): ShiftPlan {
  const bakeMinutes = optionalInteger(deploymentConfiguration, 'bakeTimeInMinutes') ?? 0
  const strategy = strategyOf(deploymentConfiguration)
  if (strategy === 'CANARY') {
    const canary = optionalRecord(deploymentConfiguration, 'canaryConfiguration') ?? {}
    const percent = decimal(canary, 'canaryPercent') ?? 5
    const percents = percent < 100 ? [percent, 100] : [100]
    return {
      percents,
      stepBakeMinutes: optionalInteger(canary, 'canaryBakeTimeInMinutes') ?? 10,
      bakeMinutes,
    }
  }
  if (strategy === 'LINEAR') {
    const linear = optionalRecord(deploymentConfiguration, 'linearConfiguration') ?? {}
    const by = decimal(linear, 'stepPercent') ?? 10
    const percents = Array.from({ length: Math.ceil(100 / by) }, (_, index) =>
      Math.min(100, by * (index + 1)),
    )
    return { percents, stepBakeMinutes: optionalInteger(linear, 'stepBakeTimeInMinutes') ?? 6, bakeMinutes }
  }
  return { percents: [100], stepBakeMinutes: 0, bakeMinutes }
}

/** Refuses what CreateService and UpdateService refuse about a deployment strategy and what it needs. */
export function checkStrategy(members: Members, targets: TargetRegistry): void {
  const configuration = optionalRecord(members, 'deploymentConfiguration') ?? {}
  const strategy = strategyOf(configuration)
  if (!STRATEGIES.has(strategy)) throw invalidParameter(`Invalid deployment strategy: ${strategy}.`)
  checkOwnConfiguration(configuration, strategy)
  if (strategy === 'ROLLING') return
  const breaker = optionalRecord(configuration, 'deploymentCircuitBreaker') ?? {}
  if (optionalFlag(breaker, 'enable') === true)
    throw invalidParameter(
      `The deployment circuit breaker can not be used with the deployment strategy ${strategy}.`,
    )
  checkRange(configuration, 'bakeTimeInMinutes', { from: 0, to: DAY_MINUTES })
  for (const hook of optionalRecords(configuration, 'lifecycleHooks') ?? []) checkHook(hook)
  for (const balancer of optionalRecords(members, 'loadBalancers') ?? [])
    checkAdvanced(balancer, strategy, targets)
}

function checkOwnConfiguration(configuration: Members, strategy: string): void {
  const own = { linearConfiguration: 'LINEAR', canaryConfiguration: 'CANARY' }
  for (const [name, of] of Object.entries(own)) {
    if (configuration[name] !== undefined && strategy !== of)
      throw invalidParameter(`${name} is only valid when the deployment strategy is ${of}.`)
  }
  const linear = optionalRecord(configuration, 'linearConfiguration') ?? {}
  checkRange(linear, 'stepPercent', { from: 3, to: 100 })
  checkRange(linear, 'stepBakeTimeInMinutes', { from: 0, to: DAY_MINUTES })
  const canary = optionalRecord(configuration, 'canaryConfiguration') ?? {}
  checkRange(canary, 'canaryPercent', { from: 0.1, to: 100 })
  checkRange(canary, 'canaryBakeTimeInMinutes', { from: 0, to: DAY_MINUTES })
}

function checkHook(hook: Members): void {
  const type = optionalText(hook, 'targetType') ?? 'AWS_LAMBDA'
  if (type !== 'PAUSE')
    throw clientException(`The sandbox has lifecycle hooks of the target type PAUSE only, not ${type}.`)
  const stages = texts(hook, 'lifecycleStages')
  if (stages.length === 0) throw invalidParameter('lifecycleStages can not be empty.')
  const wrong = stages.find((stage) => !PAUSE_STAGES.has(stage))
  if (wrong !== undefined)
    throw invalidParameter(`PAUSE hooks can not be configured at the lifecycle stage ${wrong}.`)
  const timeout = optionalRecord(hook, 'timeoutConfiguration') ?? {}
  checkRange(timeout, 'timeoutInMinutes', { from: 1, to: LONGEST_PAUSE_MINUTES })
}

function checkAdvanced(balancer: Members, strategy: string, targets: TargetRegistry): void {
  const advanced = optionalRecord(balancer, 'advancedConfiguration')
  if (advanced === undefined)
    throw invalidParameter(
      `advancedConfiguration is required for each load balancer with the deployment strategy ${strategy}.`,
    )
  const needed = (name: string): string => {
    const value = optionalText(advanced, name)
    if (value === undefined || value === '') throw invalidParameter(`${name} can not be blank.`)
    return value
  }
  needed('roleArn')
  const alternate = needed('alternateTargetGroupArn')
  if (alternate === balancer['targetGroupArn'])
    throw invalidParameter('alternateTargetGroupArn must be another target group than targetGroupArn.')
  if (!targets.exists(alternate))
    throw invalidParameter(`The specified target group does not exist: ${alternate}.`)
  const rules = [needed('productionListenerRule'), optionalText(advanced, 'testListenerRule')]
  for (const rule of rules) {
    if (rule !== undefined && !targets.isRule(rule))
      throw invalidParameter(`The specified listener rule does not exist: ${rule}.`)
  }
}

function checkRange(members: Members, name: string, { from, to }: { from: number; to: number }): void {
  const value = decimal(members, name)
  if (value !== undefined && (value < from || value > to))
    throw invalidParameter(`${name} must be between ${from} and ${to}.`)
}

function decimal(members: Members, name: string): number | undefined {
  const value = members[name] ?? undefined
  if (value === undefined || typeof value === 'number') return value
  throw invalidParameter(`${name} must be a number.`)
}
