import { describe, expect, it } from 'vitest'
import type { AdoptionFacts } from '../../../controller/core/adopt.ts'
import { planAdoption } from '../../../controller/core/adopt.ts'
import type { AdoptedService } from '../../../controller/core/adopt/facts.ts'
import {
  adoptable,
  BLUE_GROUP,
  defaultRule,
  LISTENER,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

const rules = { path: 'deploy', policy: { allow: undefined }, requiredGates: [] }
const other = BLUE_GROUP.replace('shop', 'other')

const codes = (facts: AdoptionFacts, given: Partial<typeof wishes> = {}): string[] =>
  planAdoption(facts, { ...wishes, ...given }, rules).refusals.map(({ code }) => code)

const withService = (members: Partial<AdoptedService>): AdoptionFacts => ({
  ...adoptable,
  service: { ...adoptable.service, ...members },
})

const withSettings = (settings: Readonly<Record<string, unknown>>): AdoptionFacts =>
  withService({ settings: { ...adoptable.service.settings, ...settings } })

const rule = ruleFor('10', { host: 'shop.example.com' })
const withRule = (members: Partial<typeof rule>): AdoptionFacts => ({
  ...adoptable,
  listeners: [
    {
      arn: LISTENER,
      port: 443,
      protocol: 'HTTPS',
      settings: {},
      rules: [
        { rule: defaultRule, priority: undefined },
        { rule: { ...rule, ...members }, priority: 10 },
      ],
    },
  ],
})

describe('a service that can be adopted', () => {
  it('is not refused', () => {
    expect(codes(adoptable)).toEqual([])
  })
})

describe('a service that can not be adopted is refused with the way to mend it:', () => {
  it.each<[string, string, AdoptionFacts]>([
    ['one that is not there', 'ServiceMissing', { ...adoptable, service: null }],
    ['one that drains', 'ServiceNotActive', withService({ status: 'DRAINING' })],
    [
      'one of CodeDeploy, with a deployment group that nothing shows',
      'DeploymentGroupUnknown',
      withSettings({ deploymentController: { type: 'CODE_DEPLOY' } }),
    ],
    [
      'one of task sets',
      'DeploymentControllerNotSupported',
      withSettings({ deploymentController: { type: 'EXTERNAL' } }),
    ],
    [
      "one of ECS's own blue/green",
      'DeploymentStrategyNotSupported',
      withSettings({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } }),
    ],
    [
      'one that alarms roll back',
      'DeploymentAlarms',
      withSettings({ deploymentConfiguration: { alarms: { enable: true, alarmNames: ['5xx'] } } }),
    ],
    ['a daemon', 'SchedulingNotSupported', withSettings({ schedulingStrategy: 'DAEMON' })],
    [
      'one that is just being deployed',
      'DeploymentUnderWay',
      withService({
        deployments: adoptable.service.deployments.map((each) => ({ ...each, rolloutState: 'IN_PROGRESS' })),
      }),
    ],
    [
      'one whose deployment failed',
      'DeploymentFailed',
      withService({
        deployments: adoptable.service.deployments.map((each) => ({ ...each, rolloutState: 'FAILED' })),
      }),
    ],
    ['one in Cloud Map', 'CloudMap', withSettings({ serviceRegistries: [{ registryArn: 'arn' }] })],
    [
      'one in Service Connect',
      'ServiceConnect',
      withSettings({ serviceConnectConfiguration: { enabled: true, services: [{ portName: 'http' }] } }),
    ],
    ['one of VPC Lattice', 'VpcLattice', withSettings({ vpcLatticeConfigurations: [{ portName: 'http' }] })],
    ['a worker', 'NoTargetGroup', withService({ loadBalancers: [], targetGroupArns: [] })],
    [
      'one with two target groups',
      'SeveralLoadBalancers',
      withService({
        loadBalancers: [...adoptable.service.loadBalancers, ...adoptable.service.loadBalancers],
      }),
    ],
    [
      'one behind a classic load balancer',
      'ClassicLoadBalancer',
      withService({
        loadBalancers: [
          { targetGroupArn: undefined, loadBalancerName: 'old', containerName: 'app', containerPort: 80 },
        ],
      }),
    ],
    ['one without tasks', 'NotServing', withService({ desiredCount: 0, runningCount: 0 })],
    ['one that lacks tasks', 'NotServing', withService({ runningCount: 2 })],
    [
      'one whose revision was deregistered',
      'TaskDefinitionNotActive',
      {
        ...adoptable,
        taskDefinition: { ...adoptable.taskDefinition, status: 'INACTIVE' },
      },
    ],
    [
      'one whose tag was moved under its tasks',
      'SeveralImages',
      { ...adoptable, imageDigests: { app: ['sha256:1', 'sha256:2'] } },
    ],
    ['one whose target group is gone', 'TargetGroupMissing', { ...adoptable, targetGroup: null }],
    ['one that no load balancer forwards to', 'NotForwarded', { ...adoptable, loadBalancer: null }],
    [
      'one behind a network load balancer',
      'LoadBalancerNotSupported',
      {
        ...adoptable,
        loadBalancer: { ...adoptable.loadBalancer, type: 'network' },
      },
    ],
    ['one that no rule forwards to', 'NotForwarded', withRule({ weights: [] })],
    [
      'one whose rule forwards to others too',
      'RuleShared',
      withRule({
        weights: [
          { targetGroupArn: BLUE_GROUP, weight: 9 },
          { targetGroupArn: other, weight: 1 },
        ],
      }),
    ],
    [
      'one whose rule gives it nothing',
      'WeightElsewhere',
      withRule({ weights: [{ targetGroupArn: BLUE_GROUP, weight: 0 }] }),
    ],
    [
      'one that shares its target group',
      'ForeignTargets',
      { ...adoptable, foreignTargets: ['10.0.0.9:8080'] },
    ],
    [
      'one of another release',
      'AlreadyClaimed',
      withService({ tags: { 'steersman.dev/environment': 'prod', 'steersman.dev/release': 'web' } }),
    ],
    [
      'one whose second service is somebody’s',
      'SecondServiceTaken',
      {
        ...adoptable,
        second: {
          service: { ...adoptable.service, name: 'shop-green', desiredCount: 0, targetGroupArns: [other] },
          targetGroup: null,
        },
      },
    ],
    [
      'one whose second service runs',
      'SecondServiceRuns',
      {
        ...adoptable,
        second: {
          service: { ...adoptable.service, name: 'shop-green', targetGroupArns: [other] },
          targetGroup: { ...targetGroup, arn: other, name: 'shop-green' },
        },
      },
    ],
    [
      'one whose second target group is behind another load balancer',
      'SecondTargetGroupTaken',
      {
        ...adoptable,
        second: {
          service: null,
          targetGroup: { ...targetGroup, arn: other, name: 'shop-green', loadBalancerArns: ['arn:other'] },
        },
      },
    ],
  ])('%s (%s)', (_, code, facts) => {
    const { refusals, moves, files } = planAdoption(facts, wishes, rules)
    expect(refusals.map((refusal) => refusal.code)).toEqual([code])
    expect(refusals.every(({ message, remedy }) => message !== '' && remedy !== '')).toBe(true)
    expect({ moves, files }).toEqual({ moves: [], files: [] })
  })

  it('tells all reasons at once', () => {
    const facts = withSettings({
      deploymentController: { type: 'EXTERNAL' },
      schedulingStrategy: 'DAEMON',
    })
    expect(codes({ ...facts, foreignTargets: ['10.0.0.9'] })).toEqual([
      'DeploymentControllerNotSupported',
      'SchedulingNotSupported',
      'ForeignTargets',
    ])
  })

  it('names that fit nowhere', () => {
    expect(codes(adoptable, { release: 'Shop' })).toEqual(['ReleaseNameMissing'])
    expect(codes(adoptable, { greenTargetGroup: 'a'.repeat(33) })).toEqual(['TargetGroupNameTooLong'])
  })

  it('a rule for tests that forwards to somebody else', () => {
    const taken = { ...ruleFor('20', { host: 'shop.example.com', path: '/*' }), port: 8443 }
    const listener = {
      arn: `${LISTENER}3`,
      port: 8443,
      protocol: 'HTTPS' as const,
      settings: {},
      rules: [{ rule: { ...taken, weights: [{ targetGroupArn: other, weight: 1 }] }, priority: 20 }],
    }
    const facts = { ...adoptable, listeners: [...adoptable.listeners, listener] }
    expect(codes(facts, { testPort: 8443 })).toEqual(['TestRuleTaken'])
  })

  it('what the environment does not allow', () => {
    const allow = {
      clusters: ['prod'],
      loadBalancers: ['shop'],
      hosts: ['*.example.com'],
      families: ['prod-*'],
      executionRoles: ['*'],
    }
    const { refusals } = planAdoption(adoptable, wishes, { ...rules, policy: { allow } })
    expect(refusals.map(({ message }) => message)).toEqual([
      '/family: "shop" is not allowed in this environment; expected one that allow.families names: prod-*',
    ])
  })
})
