import { describe, expect, it } from 'vitest'
import type { AdoptionFacts } from '../../../controller/core/adopt.ts'
import { planAdoption } from '../../../controller/core/adopt.ts'
import type { AdoptedService } from '../../../controller/core/adopt/facts.ts'
import type { Adoptable } from '../../../controller/core/adopt/release-document.ts'
import { refuseService } from '../../../controller/core/adopt/refuse-service.ts'
import { productionRules, refuseTraffic } from '../../../controller/core/adopt/refuse-traffic.ts'
import {
  adoptable,
  BLUE_GROUP,
  LISTENER,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

const rules = { path: 'deploy', policy: { allow: undefined }, requiredGates: [] }
const OTHER = BLUE_GROUP.replace('shop', 'other')
const green = { ...targetGroup, arn: `${BLUE_GROUP}9`, name: 'shop-green' }

const withService = (members: Partial<AdoptedService>): Adoptable => ({
  ...adoptable,
  service: { ...adoptable.service, ...members },
})

const withSettings = (settings: Readonly<Record<string, unknown>>): Adoptable =>
  withService({ settings: { ...adoptable.service.settings, ...settings } })

/** Production's rule forwards so. */
const withWeights = (
  facts: Adoptable,
  ...weights: readonly (readonly [arn: string, weight: number])[]
): Adoptable => ({
  ...facts,
  listeners: facts.listeners.map((listener) => ({
    ...listener,
    rules: [
      {
        rule: {
          ...ruleFor('10', { path: '/*' }),
          weights: weights.map(([targetGroupArn, weight]) => ({ targetGroupArn, weight })),
        },
        priority: 10,
      },
    ],
  })),
})

const refusalsOf = (facts: AdoptionFacts): readonly string[] =>
  planAdoption(facts, wishes, rules).refusals.map(({ code }) => code)

const notesOf = (facts: AdoptionFacts, testPort?: number): string =>
  planAdoption(facts, { ...wishes, testPort }, rules).notes.join('\n')

describe('the files of an adoption', () => {
  it.each([
    ['', 'releases/shop.yaml'],
    ['.', 'releases/shop.yaml'],
    ['deploy/prod', 'deploy/prod/releases/shop.yaml'],
  ])('lie below the environment’s path %j, but for Terraform’s', (path, release) => {
    const { files, refusals } = planAdoption(adoptable, wishes, { ...rules, path })
    expect(refusals).toEqual([])
    expect(files.map((file) => file.path)).toEqual([
      release,
      release.replace('releases/shop.yaml', 'taskdefs/shop.json'),
      'terraform/shop-green.tf',
    ])
  })

  it('are not written where the controller would not accept the release', () => {
    const { refusals, files, moves, names } = planAdoption(
      withSettings({ healthCheckGracePeriodSeconds: -1 }),
      wishes,
      rules,
    )
    expect(refusals.map(({ code }) => code)).toContain('NotAccepted')
    expect(refusals.map(({ message }) => message).join('\n')).toContain('healthCheckGracePeriodSeconds')
    expect({ files, moves, names }).toEqual({ files: [], moves: [], names: undefined })
  })
})

describe('the notes of an adoption', () => {
  const withEnvironment = (...environment: readonly object[]): Adoptable => ({
    ...adoptable,
    taskDefinition: {
      ...adoptable.taskDefinition,
      document: {
        ...adoptable.taskDefinition.document,
        containerDefinitions: [
          { name: 'app', image: 'shop:1', portMappings: [{ containerPort: 8080 }], environment },
        ],
      },
    },
  })

  it('speak of secrets only where a variable’s name looks like one', () => {
    expect(notesOf(withEnvironment({ name: 'GREETING', value: 'hello' }))).not.toContain('Secrets Manager')
    expect(notesOf(withEnvironment({ name: 'API_TOKEN', value: 'x' }))).toContain('values of app.API_TOKEN')
  })

  it('tell which group a rule loses, and not that it loses one of the pair', () => {
    const second = { ...adoptable, second: { service: null, targetGroup: green } }
    const notes = notesOf(withWeights(second, [BLUE_GROUP, 1], [green.arn, 0], [OTHER, 0]))
    expect(notes).toContain(`loses target group ${OTHER}, which has weight 0 in it`)
    expect(notes).not.toContain(`loses target group ${green.arn}`)
    expect(notes).not.toContain(`loses target group ${BLUE_GROUP},`)
  })

  it('ask for a way in only where the port of the tests has no listener yet', () => {
    const listener = { arn: `${LISTENER}3`, port: 8443, protocol: 'HTTPS' as const, settings: {}, rules: [] }
    const there = { ...adoptable, listeners: [...adoptable.listeners, listener] }
    expect(notesOf(adoptable, 8443)).toContain('in on port 8443')
    expect(notesOf(there, 8443)).not.toContain('security groups')
    expect(notesOf(adoptable)).toContain('without --test-port')
  })
})

describe('a service', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    [
      'whose settings tell no controller, strategy or scheduling',
      { deploymentController: undefined, deploymentConfiguration: undefined, schedulingStrategy: undefined },
    ],
    ['whose controller is of no type', { deploymentController: { type: 7 } }],
    ['whose settings are null', { deploymentController: null, deploymentConfiguration: null }],
    ['whose alarms are off', { deploymentConfiguration: { alarms: { enable: false } } }],
    ['whose Service Connect is off', { serviceConnectConfiguration: { enabled: false } }],
    ['whose Service Connect is null', { serviceConnectConfiguration: null }],
    ['with empty lists of other callers', { serviceRegistries: [], vpcLatticeConfigurations: [] }],
  ])('%s can be adopted', (_, settings) => {
    const facts = withSettings(settings)
    expect(refuseService(facts.service, facts)).toEqual([])
  })

  it('that is deployed anew after a failure is only said to be under way', () => {
    const [deployment] = adoptable.service.deployments
    if (deployment === undefined) throw new Error('no deployment')
    const facts = withService({
      deployments: [
        { ...deployment, rolloutState: 'IN_PROGRESS' },
        { ...deployment, status: 'ACTIVE', rolloutState: 'FAILED' },
      ],
    })
    expect(refusalsOf(facts)).toEqual(['DeploymentUnderWay'])
  })

  it('whose task definition could not be read is refused by what is known of it', () => {
    const facts: AdoptionFacts = { ...adoptable, taskDefinition: undefined }
    expect(planAdoption(facts, wishes, rules).refusals).toMatchObject([
      {
        code: 'TaskDefinitionNotActive',
        message: `the task definition ${adoptable.service.taskDefinition} is not active`,
      },
    ])
    expect(refuseService(adoptable.service, { ...facts, service: null })[0]?.message).toBe(
      'the task definition  is not active',
    )
  })

  it('whose serving container is no longer in the task definition is not asked for its image', () => {
    const facts = withService({
      loadBalancers: adoptable.service.loadBalancers.map((entry) => ({ ...entry, containerName: 'gone' })),
    })
    const digests = { gone: ['sha256:1', 'sha256:2'] }
    expect(refuseService(facts.service, { ...facts, imageDigests: digests })).toEqual([])
  })
})

describe('the traffic', () => {
  it('of a service that is not there, or has not one load balancer, is not spoken of', () => {
    expect(refuseTraffic({ ...adoptable, service: null, targetGroup: null }, undefined)).toEqual([])
    expect(refuseTraffic({ ...withService({ loadBalancers: [] }), targetGroup: null }, undefined)).toEqual([])
  })

  it.each<[string, Adoptable, readonly string[]]>([
    [
      'of a rule that names another group with weight 0 can be moved',
      withWeights(adoptable, [BLUE_GROUP, 1], [OTHER, 0]),
      [],
    ],
    [
      'that goes to the second side already is not moved',
      withWeights(
        { ...adoptable, second: { service: null, targetGroup: green } },
        [BLUE_GROUP, 1],
        [green.arn, 1],
      ),
      ['WeightElsewhere'],
    ],
  ])('%s', (_, facts, codes) => {
    expect(refusalsOf(facts)).toEqual(codes)
  })

  it('of the port for tests is none of production', () => {
    expect(productionRules(adoptable.listeners, BLUE_GROUP, undefined)).toHaveLength(1)
    expect(productionRules(adoptable.listeners, BLUE_GROUP, 443)).toEqual([])
  })
})
