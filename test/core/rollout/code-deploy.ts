import type { CodeDeployFacts, CodeDeploymentFacts } from '../../../controller/core/code-deploy.ts'
import type { ReleaseObservation, RuleFacts, TaskSetFacts } from '../../../controller/core/observation.ts'
import { descriptionOf } from '../../../controller/core/rollout/code-deploy/own.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import { NEW, NOW, OLD, rolloutIn as onlyIn, service, spec as onlySpec } from './only.ts'

const BLUE = 'arn:group/web-blue'
export const GREEN = 'arn:group/web-green'
const NAME = 'prod-mailer-2'

export const spec = (change: Partial<RolloutSpec> = {}): RolloutState['spec'] =>
  onlySpec({
    engine: 'CodeDeploy',
    codeDeploy: { application: 'shop', deploymentGroup: 'mailer' },
    strategy: {
      type: 'BlueGreen',
      bake: '5m',
      keepPrevious: '30m',
      deadline: '30m',
      supersede: 'BeforeShift',
    },
    traffic: {
      loadBalancer: 'shop',
      rules: [{ port: 80 }],
      test: { port: 8443 },
      targetGroups: { blue: 'web-blue', green: 'web-green' },
    },
    ...change,
  })

export const rolloutIn = (
  phase: Parameters<typeof onlyIn>[0],
  change: Parameters<typeof onlyIn>[1] = {},
  given: RolloutState['spec'] = spec(),
): RolloutState => onlyIn(phase, { shiftedAt: undefined as never, ...change }, given)

export const deployment = (change: Partial<CodeDeploymentFacts> = {}): CodeDeploymentFacts => ({
  id: 'd-2',
  status: 'Ready',
  description: descriptionOf(NAME, 'Forward'),
  error: undefined,
  createdAt: NOW - 300_000,
  endsOriginal: false,
  rolledBackBy: undefined,
  rollsBack: undefined,
  ...change,
})

export const taskSet = (change: Partial<TaskSetFacts> = {}): TaskSetFacts => ({
  status: 'PRIMARY',
  taskDefinition: OLD,
  targetGroupArn: BLUE,
  externalId: 'd-1',
  desiredCount: 2,
  runningCount: 2,
  ...change,
})

export const oldSet = taskSet()
export const newSet = taskSet({
  status: 'ACTIVE',
  taskDefinition: NEW,
  targetGroupArn: GREEN,
  externalId: 'd-2',
})

const rule = (listenerArn: string, weights: readonly (readonly [string, number])[]): RuleFacts => ({
  arn: listenerArn,
  kind: 'ListenerDefault',
  listenerArn,
  port: 80,
  protocol: 'HTTP',
  weights: weights.map(([targetGroupArn, weight]) => ({ targetGroupArn, weight })),
  stickiness: { enabled: false, durationSeconds: undefined },
  actions: [],
  conditions: [],
})

const targetGroup = (name: string, arn: string) => ({
  service: null,
  members: undefined,
  targetGroup: {
    arn,
    name,
    targetType: 'ip' as const,
    port: 80,
    protocol: 'HTTP',
    loadBalancerArns: [],
  },
})

export const group: NonNullable<CodeDeployFacts['group']> = {
  services: [{ cluster: 'shop', name: 'mailer' }],
  targetGroups: ['web-blue', 'web-green'],
  productionListeners: ['arn:listener/80'],
  testListeners: ['arn:listener/8443'],
  waitMs: 3_600_000,
}

export interface SeenOptions {
  readonly deployments?: readonly CodeDeploymentFacts[]
  readonly sets?: readonly TaskSetFacts[]
  /** Percent of the production traffic at the green group. */
  readonly green?: number
  /** The same of the test traffic. */
  readonly test?: number
  readonly group?: CodeDeployFacts['group']
  readonly service?: Parameters<typeof service>[0] | null
}

/** The world as it was seen: a service whose blue task set serves, and no deployment yet. */
export function seen({
  deployments = [],
  sets = [oldSet],
  green = 0,
  test = 0,
  service: change = {},
  ...rest
}: SeenOptions = {}): ReleaseObservation {
  const found =
    change === null
      ? null
      : service({
          settings: { deploymentController: { type: 'CODE_DEPLOY' } },
          deployments: [],
          taskSets: sets,
          ...change,
        })
  const divided = (percent: number): readonly (readonly [string, number])[] => [
    [BLUE, 100 - percent],
    [GREEN, percent],
  ]
  return {
    ...blankObservation,
    only: { service: found, targetGroup: null, members: { tasks: [], targets: [] } },
    sides: { blue: targetGroup('web-blue', BLUE), green: targetGroup('web-green', GREEN) },
    loadBalancer: { arn: 'arn:shop', name: 'shop', dnsName: 'shop.example.com', type: 'application' },
    production: [rule('arn:listener/80', divided(green))],
    test: rule('arn:listener/8443', divided(test)),
    codeDeploy: { group: rest.group === undefined ? group : rest.group, deployments },
    seen: ['services', 'rules', 'codeDeploy', 'only'],
  }
}

/** As it is seen while the deployment waits for the word. */
export const waiting = (change: SeenOptions = {}): ReleaseObservation =>
  seen({ deployments: [deployment()], sets: [oldSet, newSet], test: 100, ...change })

/** As it is seen once all traffic is at the new tasks. */
export const moved = (change: SeenOptions = {}): ReleaseObservation =>
  seen({
    deployments: [deployment({ status: 'InProgress', endsOriginal: true })],
    sets: [taskSet({ status: 'ACTIVE' }), { ...newSet, status: 'PRIMARY' }],
    green: 100,
    test: 100,
    ...change,
  })
