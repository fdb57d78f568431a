import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import type { AdoptionFacts, AdoptionWishes } from '../../../controller/core/adopt.ts'
import { planAdoption } from '../../../controller/core/adopt.ts'
import type { AdoptedService, AdoptedTargetGroup } from '../../../controller/core/adopt/facts.ts'
import type { RuleFacts } from '../../../controller/core/observation.ts'
import {
  adoptable,
  BLUE_GROUP,
  defaultRule,
  LISTENER,
  REVISION,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

const OTHER = BLUE_GROUP.replace('/shop/', '/shop-two/')
const TEST_LISTENER = `${LISTENER}9`
const ROLE = 'arn:aws:iam::123456789012:role/ecs-traffic'
const rules = { path: 'deploy', policy: { allow: undefined }, requiredGates: [] }

const other: AdoptedTargetGroup = { ...targetGroup, arn: OTHER, name: 'shop-two' }
const production = ruleFor('10', { host: 'shop.example.com' })
const testRule: RuleFacts = {
  ...ruleFor('11', { host: 'shop.example.com' }),
  arn: `${TEST_LISTENER}/11`,
  listenerArn: TEST_LISTENER,
  port: 8443,
}
const listener = (arn: string, port: number, rule: RuleFacts): AdoptionFacts['listeners'][number] => ({
  arn,
  port,
  protocol: 'HTTPS',
  settings: {},
  rules: [
    { rule: { ...defaultRule, arn, listenerArn: arn, port }, priority: undefined },
    { rule, priority: 10 },
  ],
})

const withService = (facts: AdoptionFacts, members: Partial<AdoptedService>): AdoptionFacts => ({
  ...facts,
  service: facts.service === null ? null : { ...facts.service, ...members },
})
const withSettings = (facts: AdoptionFacts, settings: object): AdoptionFacts =>
  withService(facts, { settings: { ...adoptable.service.settings, ...settings } })

const moved: AdoptionFacts = {
  ...adoptable,
  listeners: [listener(LISTENER, 443, production), listener(TEST_LISTENER, 8443, testRule)],
  second: { service: null, targetGroup: other },
}

const group = {
  services: [{ cluster: 'prod', name: 'shop' }],
  targetGroups: ['shop', 'shop-two'],
  productionListeners: [LISTENER],
  testListeners: [TEST_LISTENER],
  waitMs: 3_600_000,
}
const deploymentGroup = { application: 'shops', deploymentGroup: 'shop-prod', group }

const primary = {
  status: 'PRIMARY',
  taskDefinition: REVISION,
  targetGroupArn: BLUE_GROUP,
  externalId: 'd-1',
  desiredCount: 3,
  runningCount: 3,
} as const

/** A service that CodeDeploy deploys. */
const byCodeDeploy: AdoptionFacts = {
  ...withService(
    withSettings(moved, { deploymentController: { type: 'CODE_DEPLOY' }, enableExecuteCommand: true }),
    {
      deployments: [],
      taskSets: [primary],
    },
  ),
  deploymentGroup,
}

const entry = {
  ...(adoptable.service.loadBalancers[0] ?? {
    loadBalancerName: undefined,
    containerName: '',
    containerPort: 1,
  }),
  targetGroupArn: BLUE_GROUP,
  moved: {
    alternateTargetGroupArn: OTHER,
    productionRule: production.arn,
    testRule: testRule.arn,
    roleArn: ROLE,
  },
}

/** A service whose traffic ECS itself moves. */
const byEcs = (configuration: object): AdoptionFacts =>
  withService(withSettings(moved, { deploymentConfiguration: configuration }), { loadBalancers: [entry] })

const plan = (facts: AdoptionFacts, given: Partial<AdoptionWishes> = {}) =>
  planAdoption(facts, { ...wishes, ...given }, rules)
const codes = (facts: AdoptionFacts, given: Partial<AdoptionWishes> = {}): string[] =>
  plan(facts, given).refusals.map(({ code }) => code)

function specOf(facts: AdoptionFacts): Readonly<Record<string, unknown>> {
  const { files, refusals } = plan(facts)
  expect(refusals).toEqual([])
  const text = files.find(({ path }) => path === 'deploy/releases/shop.yaml')?.text ?? ''
  return (parse(text) as { readonly spec: Readonly<Record<string, unknown>> }).spec
}

describe('a service that CodeDeploy deploys is adopted as one', () => {
  it('with a release of that engine, and nothing to be made', () => {
    const adoption = plan(byCodeDeploy)
    expect(adoption).toMatchObject({ engine: 'CodeDeploy', moves: [], refusals: [] })
    expect(adoption.files.map(({ path }) => path)).toEqual([
      'deploy/releases/shop.yaml',
      'deploy/taskdefs/shop.json',
    ])
    expect(specOf(byCodeDeploy)).toMatchObject({
      engine: 'CodeDeploy',
      codeDeploy: { application: 'shops', deploymentGroup: 'shop-prod' },
      adopted: { taskDefinition: REVISION },
      service: { cluster: 'prod', name: 'shop', desiredCount: 3 },
      traffic: {
        loadBalancer: 'shop',
        rule: { port: 443, host: 'shop.example.com' },
        test: { port: 8443, host: 'shop.example.com' },
        targetGroups: { blue: 'shop', green: 'shop-two' },
      },
      strategy: { type: 'BlueGreen', bake: '5m' },
      gates: [{ name: 'smoke' }],
    })
    expect(adoption.notes.join('\n')).toContain('CodeDeploy moves the traffic as spec.strategy says')
  })

  it('without the settings that no deployment of CodeDeploy brings', () => {
    const { settings } = specOf(byCodeDeploy)['service'] as { readonly settings: object }
    expect(settings).not.toHaveProperty('enableExecuteCommand')
    expect(settings).toHaveProperty('networkConfiguration')
  })

  it('whose traffic comes by whichever group it is at, and without a gate where there is no test listener', () => {
    const swapped = {
      ...moved,
      listeners: [
        listener(LISTENER, 443, {
          ...production,
          weights: [{ targetGroupArn: OTHER, weight: 0 }, ...production.weights],
        }),
      ],
    }
    const facts = { ...byCodeDeploy, listeners: swapped.listeners }
    const withoutTest = {
      ...facts,
      deploymentGroup: { ...deploymentGroup, group: { ...group, testListeners: [] } },
    }
    expect(specOf(withoutTest)).not.toHaveProperty('gates')
    expect(plan(withoutTest).notes.join('\n')).toContain('it has no test rule')
  })

  const { deploymentGroup: _group, ...unknown } = byCodeDeploy
  const withGroup = (members: Partial<typeof group> | null): AdoptionFacts => ({
    ...byCodeDeploy,
    deploymentGroup: {
      ...deploymentGroup,
      group: members === null ? null : { ...group, ...members },
    },
  })
  it.each<[string, string, AdoptionFacts]>([
    ['of a deployment group that nothing shows', 'DeploymentGroupUnknown', unknown],
    ['of one that does not exist', 'DeploymentGroupMissing', withGroup(null)],
    [
      'of one of other services',
      'DeploymentGroupOfOthers',
      withGroup({ services: [{ cluster: 'prod', name: 'web' }] }),
    ],
    [
      'that is just being deployed',
      'DeploymentUnderWay',
      withService(byCodeDeploy, { taskSets: [primary, { ...primary, status: 'ACTIVE' }] }),
    ],
    [
      'whose second target group is gone',
      'SecondTargetGroupMissing',
      { ...byCodeDeploy, second: { service: null, targetGroup: null } },
    ],
    ['whose production listener leads elsewhere', 'NotForwarded', withGroup({ productionListeners: [] })],
  ])('unless it is one %s: %s', (_, code, facts) => {
    expect(codes(facts)).toEqual([code])
  })

  it('unless its group moves the traffic by itself: DeploymentGroupGoesOn', () => {
    const facts = {
      ...byCodeDeploy,
      deploymentGroup: { ...deploymentGroup, group: { ...group, waitMs: undefined } },
    }
    expect(plan(facts).refusals).toEqual([
      expect.objectContaining({
        code: 'DeploymentGroupGoesOn',
        remedy: expect.stringContaining('STOP_DEPLOYMENT') as string,
      }),
    ])
  })

  it('unless task sets that drain are all that is left beside it', () => {
    const draining = withService(byCodeDeploy, { taskSets: [primary, { ...primary, status: 'DRAINING' }] })
    expect(codes(draining)).toEqual([])
  })
})

describe("a service with ECS's own deployment strategy is adopted as one", () => {
  it.each([
    [
      { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
      { type: 'BlueGreen', bake: '5m' },
    ],
    [
      { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 12 },
      { type: 'BlueGreen', bake: '12m' },
    ],
    [
      { strategy: 'CANARY', canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 3 } },
      { type: 'Canary', steps: [{ weight: 10, for: '3m' }], bake: '5m' },
    ],
    [
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 2 } },
      { type: 'Linear', by: 20, every: '2m', bake: '5m' },
    ],
  ])('that moves its traffic as %j says', (configuration, strategy) => {
    const facts = byEcs(configuration)
    expect(plan(facts)).toMatchObject({ engine: 'Native', moves: [] })
    expect(specOf(facts)).toMatchObject({
      engine: 'Native',
      engineRoleArn: ROLE,
      service: { name: 'shop' },
      traffic: {
        rule: { port: 443, host: 'shop.example.com' },
        test: { port: 8443, host: 'shop.example.com' },
        targetGroups: { blue: 'shop', green: 'shop-two' },
      },
      strategy,
    })
  })

  it('with the count that it has, or with none where autoscaling decides it', () => {
    const facts = byEcs({ strategy: 'BLUE_GREEN' })
    expect(plan(facts).notes.join('\n')).toContain('ECS waits for Steersman')
    const scaled = { ...facts, scaling: { minimum: 1, maximum: 4, suspended: 'None' } as const }
    expect(specOf(scaled)['service']).not.toHaveProperty('desiredCount')
  })

  it('unless nothing says between which groups it moves the traffic', () => {
    expect(codes(withSettings(moved, { deploymentConfiguration: { strategy: 'BLUE_GREEN' } }))).toContain(
      'DeploymentStrategyNotSupported',
    )
  })
})

describe('what a person asks for has to fit:', () => {
  it.each<[string, string, AdoptionFacts, Partial<AdoptionWishes>]>([
    ['another engine', 'EngineNotItsOwn', byCodeDeploy, { engine: 'TargetGroupSwap' }],
    ['an engine of a pair', 'EngineNotItsOwn', adoptable, { engine: 'Native' }],
    ['a port for tests', 'NoSecondSide', byCodeDeploy, { testPort: 8443 }],
    ['a second service', 'NoSecondSide', byEcs({ strategy: 'BLUE_GREEN' }), { greenService: 'shop-two' }],
  ])('%s is refused with %s', (_, code, facts, given) => {
    expect(codes(facts, given)).toEqual([code])
  })

  it('its own engine is no other', () => {
    expect(codes(byCodeDeploy, { engine: 'CodeDeploy' })).toEqual([])
  })
})
