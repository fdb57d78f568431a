import type {
  ReleaseObservation,
  RuleFacts,
  ServiceDeploymentFacts,
  ServiceFacts,
  TargetGroupFacts,
} from '../../../controller/core/observation.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import { deployment, NEW, NOW, rolloutIn, service, spec } from './only.ts'

export const SHIFT = 'arn:service-deployment/2'
export const ROLE = 'arn:aws:iam::123456789012:role/ecs-traffic'

/** A rollout of one service whose traffic ECS moves. */
export const nativeSpec = (change: Partial<RolloutSpec> = {}): RolloutState['spec'] =>
  spec({
    engine: 'Native',
    engineRoleArn: ROLE,
    strategy: {
      type: 'BlueGreen',
      bake: '5m',
      keepPrevious: '30m',
      deadline: '30m',
      supersede: 'BeforeShift',
    },
    traffic: {
      loadBalancer: 'shop',
      rules: [{ port: 443, host: 'shop.example.com' }],
      test: { port: 8443, host: 'shop.example.com' },
      targetGroups: { blue: 'web-blue', green: 'web-green' },
    },
    ...change,
  })

/** It runs since a while, in the phase, and knows its deployment. */
export const nativeIn = (
  phase: NonNullable<RolloutState['status']['phase']>,
  change: Partial<RolloutState['status']> = {},
  given: RolloutState['spec'] = nativeSpec(),
): RolloutState => {
  const rollout = rolloutIn(phase, { serviceDeployment: SHIFT, ...change }, given)
  const { shiftedAt: _given, ...status } = rollout.status
  return { ...rollout, status: { ...status, ...change } }
}

/** The service while ECS brings the new version. */
export const moving = (change: Partial<ServiceFacts> = {}): ServiceFacts =>
  service({
    taskDefinition: NEW,
    serviceDeployment: SHIFT,
    deployments: [
      deployment({ id: 'ecs-svc/2', taskDefinition: NEW, rolloutState: 'IN_PROGRESS' }),
      deployment({ status: 'ACTIVE' }),
    ],
    ...change,
  })

/** ECS's deployment, on its way. */
export const shift = (change: Partial<ServiceDeploymentFacts> = {}): ServiceDeploymentFacts => ({
  arn: SHIFT,
  status: 'IN_PROGRESS',
  reason: undefined,
  stage: 'SCALE_UP',
  pause: undefined,
  target: { arn: 'arn:revision/2', running: 2, requested: 2, productionPercent: 0, testPercent: 0 },
  sources: [{ arn: 'arn:revision/1', running: 2, requested: 2, productionPercent: 100, testPercent: 100 }],
  ...change,
})

/** It waits for the gates, or for the end of the bake. */
export const paused = (stage: string, change: Partial<ServiceDeploymentFacts> = {}): ServiceDeploymentFacts =>
  shift({ stage, pause: { hook: `pause-${stage}`, expiresAt: NOW + 3_600_000 }, ...change })

export const BEFORE = paused('POST_TEST_TRAFFIC_SHIFT')
export const AFTER = paused('POST_PRODUCTION_TRAFFIC_SHIFT', {
  target: { arn: 'arn:revision/2', running: 2, requested: 2, productionPercent: 100, testPercent: 100 },
})

const group = (name: string): TargetGroupFacts => ({
  arn: `arn:targetgroup/${name}`,
  name,
  targetType: 'ip',
  port: 8080,
  protocol: 'HTTP',
  loadBalancerArns: [],
})

export const rule = (arn: string, change: Partial<RuleFacts> = {}): RuleFacts => ({
  arn,
  kind: 'Rule',
  listenerArn: 'arn:listener',
  port: 443,
  protocol: 'HTTPS',
  weights: [{ targetGroupArn: 'arn:targetgroup/web-blue', weight: 100 }],
  stickiness: { enabled: false, durationSeconds: undefined },
  actions: [],
  conditions: [],
  ...change,
})

/** What a look shows; without a deployment there is none. */
export const seenNative = (
  found: ServiceFacts | null,
  found2: ServiceDeploymentFacts | null = null,
  change: Partial<ReleaseObservation> = {},
): ReleaseObservation => ({
  ...blankObservation,
  loadBalancer: { arn: 'arn:loadbalancer', name: 'shop', dnsName: 'shop.test', type: 'application' },
  sides: {
    blue: { service: null, targetGroup: group('web-blue'), members: undefined },
    green: { service: null, targetGroup: group('web-green'), members: undefined },
  },
  only: { service: found, targetGroup: null, members: undefined, deployment: found2 },
  production: [rule('arn:rule/production')],
  test: rule('arn:rule/test'),
  seen: ['services', 'deployment', 'rules'],
  ...change,
})
