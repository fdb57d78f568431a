import { describe, expect, it } from 'vitest'
import { namesOf } from '../../../controller/core/adopt/names.ts'
import type { Adoptable } from '../../../controller/core/adopt/release-document.ts'
import { imageOf, releaseDocument, servingImage } from '../../../controller/core/adopt/release-document.ts'
import { settingsOf } from '../../../controller/core/adopt/settings.ts'
import {
  suspectVariables,
  taskDefinitionDocument,
} from '../../../controller/core/adopt/task-definition-document.ts'
import { adoptable, DIGEST, REPOSITORY, targetGroup, wishes } from '../../support/adoption-facts.ts'

const OTHER = `sha256:${'b'.repeat(64)}`
const { taskDefinition, service } = adoptable

/** The service's task definition with these containers. */
const withContainers = (...containerDefinitions: readonly object[]): Adoptable => ({
  ...adoptable,
  taskDefinition: { ...taskDefinition, document: { ...taskDefinition.document, containerDefinitions } },
})

const withoutLoadBalancer: Adoptable = { ...adoptable, service: { ...service, loadBalancers: [] } }

describe('the settings of an adopted release', () => {
  it.each<[string, Readonly<Record<string, unknown>>, object]>([
    [
      'leave out what AWS fills in',
      {
        platformVersion: 'LATEST',
        healthCheckGracePeriodSeconds: 0,
        enableECSManagedTags: false,
        propagateTags: 'NONE',
        enableExecuteCommand: false,
        placementConstraints: [],
      },
      {},
    ],
    [
      'name what differs from that',
      { platformVersion: '1.4.0', healthCheckGracePeriodSeconds: 30, propagateTags: 'SERVICE' },
      { platformVersion: '1.4.0', healthCheckGracePeriodSeconds: 30, propagateTags: 'SERVICE' },
    ],
    [
      'name capacity providers instead of the launch type',
      { launchType: 'FARGATE', capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
    ],
    [
      'name the launch type where there are no capacity providers',
      { launchType: 'EC2', capacityProviderStrategy: [] },
      { launchType: 'EC2' },
    ],
    [
      'always name whether zones are balanced anew',
      { availabilityZoneRebalancing: 'DISABLED' },
      { availabilityZoneRebalancing: 'DISABLED' },
    ],
    ['have no bounds where the service has none', { deploymentConfiguration: 'none' }, {}],
    [
      'have no bounds where only a strategy is told',
      { deploymentConfiguration: { strategy: 'ROLLING' } },
      {},
    ],
    [
      'have no bounds where they are the usual ones',
      { deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } },
      {},
    ],
    [
      'have the bounds where one of them is another',
      { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 100, alarms: {} } },
      { deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 100 } },
    ],
    ['leave out what a release can not name', { schedulingStrategy: 'REPLICA', roleArn: 'arn' }, {}],
  ])('%s', (_, settings, expected) => {
    expect(settingsOf({ settings, tags: {} })).toEqual(expected)
  })

  it('have the tags that people gave alone', () => {
    const tags = { team: 'shop', 'aws:ecs:x': 'y', 'steersman.dev/side': 'blue' }
    expect(settingsOf({ settings: {}, tags })).toEqual({ tags: [{ key: 'team', value: 'shop' }] })
  })
})

describe('the image of the serving container', () => {
  it.each<[string, Parameters<typeof servingImage>[0], string]>([
    ['is the one that the task definition names', adoptable, `${REPOSITORY}:1.4`],
    ['is none without a service', { ...adoptable, service: null }, ''],
    ['is none without a task definition', { ...adoptable, taskDefinition: undefined }, ''],
    ['is none where the container is another', withContainers({ name: 'proxy', image: 'envoy' }), ''],
    ['is none where the container names none', withContainers({ name: 'app' }), ''],
    ['is none without a load balancer', withoutLoadBalancer, ''],
  ])('%s', (_, facts, image) => {
    expect(servingImage(facts)).toBe(image)
  })

  it.each<[string, Adoptable, string | undefined]>([
    ['the one that its tasks ran', adoptable, DIGEST],
    [
      'the one that the task definition names, whatever its tasks are said to run',
      withContainers({ name: 'app', image: `${REPOSITORY}@${OTHER}` }),
      OTHER,
    ],
    ['unknown where nobody saw a task', { ...adoptable, imageDigests: {} }, undefined],
    [
      'unknown where only another container’s was seen',
      { ...adoptable, imageDigests: { proxy: [DIGEST] } },
      undefined,
    ],
    ['unknown where no request goes to a container', withoutLoadBalancer, undefined],
    [
      'unknown where no release can name the repository',
      withContainers({ name: 'app', image: `Shop/Web@${OTHER}` }),
      undefined,
    ],
  ])('has a digest: %s', (_, facts, digest) => {
    expect(imageOf(facts)?.digest).toBe(digest)
  })
})

describe('the document of a release', () => {
  const documentOf = (facts: Adoptable, testPort?: number): object => {
    const given = { ...wishes, testPort }
    return releaseDocument(facts, given, namesOf(given, facts.targetGroup.name))
  }

  it('names no port of a container where no load balancer sends to one', () => {
    expect(documentOf(adoptable)).toHaveProperty('spec.traffic.containerPort', 8080)
    expect(documentOf(withoutLoadBalancer)).not.toHaveProperty('spec.traffic.containerPort')
  })

  it('lets its gate ask the root where the target group’s own question has no path', () => {
    const facts = { ...adoptable, targetGroup: { ...targetGroup, settings: { Port: 8080 } } }
    expect(documentOf(facts, 8443)).toHaveProperty('spec.gates', [
      { name: 'smoke', when: 'Verify', http: { path: '/', successes: 3 }, timeout: '2m' },
    ])
  })

  it.each([
    ['the tag where it stands for what runs', { name: 'app', image: `${REPOSITORY}:2` }, { tag: '2' }],
    ['the digest where there is no tag', { name: 'app', image: REPOSITORY }, { digest: DIGEST }],
  ])('names %s', (_, container, expected) => {
    expect(documentOf(withContainers(container))).toHaveProperty('spec.image', {
      container: 'app',
      repository: REPOSITORY,
      ...expected,
    })
  })
})

describe('the task definition of a release', () => {
  it('has no tags where people gave none', () => {
    const document = taskDefinitionDocument({ ...taskDefinition, tags: { 'aws:x': 'y' } }, 'app')
    expect(document).not.toHaveProperty('tags')
  })

  it('keeps every image where the release names none', () => {
    const { containerDefinitions } = taskDefinitionDocument(taskDefinition, undefined)
    expect(containerDefinitions).toMatchObject([
      { name: 'app', image: `${REPOSITORY}:1.4` },
      { name: 'proxy', image: 'envoyproxy/envoy:v1.30' },
    ])
  })

  it('is suspected of secrets by the names of its variables alone', () => {
    const named = (...names: readonly string[]): object[] => names.map((name) => ({ name, value: 'x' }))
    const containerDefinitions = [
      { name: 'a', environment: named('DATABASE_URL', 'URL_PREFIX', 'API_KEY', 'PORT') },
      { name: 'b', environment: 'TOKEN' },
      { name: 'c', environment: ['TOKEN', ...named('githubToken')] },
    ]
    expect(suspectVariables({ containerDefinitions })).toEqual([
      'a.DATABASE_URL',
      'a.API_KEY',
      'c.githubToken',
    ])
  })
})

describe('the names of an adopted pair', () => {
  it.each([
    ['web', 'web', 'web-green'],
    ['web-blue', 'web', 'web-green'],
    ['Shop_Web-blue', 'shop-web', 'Shop_Web-green'],
    ['1-shop-', 'shop', '1-shop--green'],
  ])('of %s are %s and %s', (name, release, green) => {
    const names = namesOf({ ...wishes, service: name }, name)
    expect(names.release).toBe(release)
    expect(names.services).toEqual({ blue: name, green })
    expect(names.targetGroups).toEqual({ blue: name, green })
  })

  it('are the ones that were asked for', () => {
    const asked = { ...wishes, release: 'r', greenService: 's', greenTargetGroup: 't' }
    expect(namesOf(asked, 'group')).toEqual({
      release: 'r',
      services: { blue: 'shop', green: 's' },
      targetGroups: { blue: 'group', green: 't' },
    })
  })
})
