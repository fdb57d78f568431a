import type {
  DeploymentFacts,
  LoadBalancerFacts,
  RuleFacts,
  ServiceFacts,
  TargetFacts,
  TargetGroupFacts,
  TaskDefinitionFacts,
  TaskSetFacts,
  TaskFacts,
} from '../../../controller/core/observation.ts'
import { promise } from './finding.ts'

/** What a value must be; the rules of one kind of facts by member. */
type Is = (value: unknown) => boolean
type Rules<Facts> = { readonly [Member in keyof Facts]-?: Is }

const isText: Is = (value) => typeof value === 'string'
const isName: Is = (value) => typeof value === 'string' && value !== ''
const isCount: Is = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isPort: Is = (value) => isCount(value) && Number(value) <= 65_535
const isTime: Is = (value) => typeof value === 'number' && Number.isFinite(value)
const isPlain: Is = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTags: Is = (value) => isPlain(value) && Object.values(value as object).every(isText)
const optional =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value)
const oneOf =
  (...known: readonly string[]): Is =>
  (value) =>
    known.includes(String(value)) && isText(value)
const listOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is)
const shaped =
  <Facts>(rules: Rules<Facts>): Is =>
  (value) =>
    isPlain(value) &&
    Object.entries<Is>(rules).every(([member, is]) => is(Reflect.get(value as object, member)))

const deployment: Rules<DeploymentFacts> = {
  id: isText,
  status: oneOf('PRIMARY', 'ACTIVE', 'INACTIVE'),
  taskDefinition: isText,
  rolloutState: optional(oneOf('IN_PROGRESS', 'COMPLETED', 'FAILED')),
  rolloutStateReason: optional(isText),
  failedTasks: isCount,
  createdAt: isTime,
}

const service: Rules<ServiceFacts> = {
  arn: isName,
  name: isName,
  cluster: isText,
  status: oneOf('ACTIVE', 'DRAINING', 'INACTIVE'),
  taskDefinition: isText,
  desiredCount: isCount,
  runningCount: isCount,
  pendingCount: isCount,
  targetGroupArns: listOf(isText),
  deployments: listOf(shaped(deployment)),
  events: listOf(shaped<{ at: number; message: string }>({ at: isTime, message: isText })),
  taskSets: optional(
    listOf(
      shaped<TaskSetFacts>({
        status: oneOf('PRIMARY', 'ACTIVE', 'DRAINING'),
        taskDefinition: isText,
        targetGroupArn: optional(isText),
        externalId: optional(isText),
        desiredCount: isCount,
        runningCount: isCount,
      }),
    ),
  ),
  settings: isPlain,
  tags: isTags,
  serviceDeployment: optional(isText),
  serviceRevision: optional(isText),
}

const taskDefinition: Rules<TaskDefinitionFacts> = {
  arn: isName,
  family: isName,
  revision: isCount,
  status: oneOf('ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'),
  document: isPlain,
  tags: isTags,
}

const task: Rules<TaskFacts> = {
  arn: isName,
  taskDefinition: isText,
  lastStatus: isText,
  desiredStatus: isText,
  createdAt: isTime,
  targetIds: listOf(isName),
}

const loadBalancer: Rules<LoadBalancerFacts> = {
  arn: isName,
  name: isName,
  dnsName: isText,
  type: oneOf('application', 'network', 'gateway'),
}

const targetGroup: Rules<TargetGroupFacts> = {
  arn: isName,
  name: isName,
  targetType: oneOf('ip', 'instance', 'lambda', 'alb'),
  port: isPort,
  protocol: isText,
  loadBalancerArns: listOf(isText),
}

const target: Rules<TargetFacts> = {
  id: isName,
  port: isPort,
  state: oneOf('initial', 'healthy', 'unhealthy', 'unused', 'draining', 'unavailable'),
  reason: optional(isText),
}

const rule: Rules<RuleFacts> = {
  arn: isName,
  kind: oneOf('ListenerDefault', 'Rule'),
  listenerArn: isName,
  port: isPort,
  protocol: oneOf('HTTP', 'HTTPS'),
  weights: listOf(
    shaped<{ targetGroupArn: string; weight: number }>({
      targetGroupArn: isName,
      weight: (value) => isCount(value) && Number(value) <= 999,
    }),
  ),
  stickiness: shaped<RuleFacts['stickiness']>({
    enabled: (value) => typeof value === 'boolean',
    durationSeconds: optional(isCount),
  }),
  actions: listOf(isPlain),
  conditions: listOf(isPlain),
}

/** Throws where a member is not what the port promises. */
function check<Facts extends object>(
  what: string,
  value: Facts | null | undefined,
  rules: Rules<Facts>,
): void {
  if (value === null || value === undefined) return
  for (const [member, is] of Object.entries<Is>(rules)) {
    const found: unknown = Reflect.get(value, member)
    promise(is(found), () => `a ${what}'s ${member} is as the port says: ${JSON.stringify(found)}`)
  }
}

export const checkService = (value: ServiceFacts | null): void => check('service', value, service)
export const checkTaskDefinition = (value: TaskDefinitionFacts | undefined): void =>
  check('task definition', value, taskDefinition)
export const checkTask = (value: TaskFacts): void => check('task', value, task)
export const checkLoadBalancer = (value: LoadBalancerFacts | undefined): void =>
  check('load balancer', value, loadBalancer)
export const checkTargetGroup = (value: TargetGroupFacts | null): void =>
  check('target group', value, targetGroup)
export const checkTarget = (value: TargetFacts): void => check('target', value, target)
export const checkRule = (value: RuleFacts | null): void => check('rule', value, rule)

export const checkRequestId = (value: unknown): void =>
  promise(optional(isText)(value), () => `a request id is a text: ${JSON.stringify(value)}`)

export const checkDigest = (value: string | undefined): void =>
  promise(
    value === undefined || /^sha256:[0-9a-f]{64}$/.test(value),
    () => `a digest is one: ${JSON.stringify(value)}`,
  )
