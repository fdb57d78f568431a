import { describe, expect, it } from 'vitest'

import {
  readLiveState,
  scalableRanges,
  serviceFacts,
  targetGroupFacts,
} from '../../../controller/core/offline-diff/live-state.ts'

const documents = ['service', 'idleService', 'serviceRevision', 'taskDefinition', 'targetGroupAttributes']
const lists = [
  'listeners',
  'rules',
  'targetGroups',
  'scalableTargets',
  'scalingPolicies',
  'tagDescriptions',
  'imageDetails',
]

describe('the parts of a saved live state', () => {
  it('are each under their name', () => {
    const live = {
      ...Object.fromEntries(documents.map((name) => [name, { is: name }])),
      ...Object.fromEntries(lists.map((name) => [name, [{ is: name }]])),
    }
    expect(readLiveState(live)).toEqual(live)
  })

  it('are not there where they were left out or are null', () => {
    const nothing = Object.fromEntries([...documents, ...lists].map((name) => [name, undefined]))
    const nulls = Object.fromEntries([...documents, ...lists].map((name) => [name, null]))
    expect(readLiveState({})).toEqual(nothing)
    expect(readLiveState(nulls)).toEqual(nothing)
  })

  it.each(documents)('are refused where %s is no object', (name) => {
    expect(() => readLiveState({ [name]: 'x' })).toThrow(
      `"${name}" of the live state is no object; expected what the AWS CLI printed for one`,
    )
  })

  it.each(lists)('are refused where %s is no list of objects', (name) => {
    const message = `"${name}" of the live state is no list of objects; expected the list that the AWS CLI printed`
    expect(() => readLiveState({ [name]: {} })).toThrow(message)
    expect(() => readLiveState({ [name]: [{}, 'x'] })).toThrow(message)
  })

  it('are all that there may be', () => {
    const names = [...documents, ...lists].join(', ')
    expect(() => readLiveState({ rules: [], ruels: [] })).toThrow(
      `the live state has an unknown part "ruels"; expected ${names}`,
    )
    expect(() => readLiveState([])).toThrow(`the live state is no object; expected an object with ${names}`)
  })

  it('are refused by an error that programs know', () => {
    expect(() => readLiveState(1)).toThrow(
      expect.objectContaining({ name: 'LiveStateError', code: 'LiveStateUnreadable' }),
    )
  })
})

describe('a saved service', () => {
  it('has the facts that ECS describes', () => {
    const service = {
      serviceName: 'web-blue',
      status: 'DRAINING',
      taskDefinition: 'arn:1',
      desiredCount: 3,
      loadBalancers: [{ targetGroupArn: 'arn:blue' }, { targetGroupArn: '' }, { containerName: 'x' }, 'y'],
      launchType: 'FARGATE',
      tags: [{ key: 'team', value: 'shop' }, { key: 'count', value: 1 }, { value: 'x' }, null],
      events: [{ message: 'x' }],
    }
    const facts = serviceFacts(service)
    expect(facts).toMatchObject({
      name: 'web-blue',
      status: 'DRAINING',
      taskDefinition: 'arn:1',
      desiredCount: 3,
      targetGroupArns: ['arn:blue'],
      tags: { team: 'shop', count: '1', '': 'x' },
    })
    expect(Object.keys(facts.settings).toSorted()).toEqual([
      'availabilityZoneRebalancing',
      'capacityProviderStrategy',
      'deploymentConfiguration',
      'enableECSManagedTags',
      'enableExecuteCommand',
      'healthCheckGracePeriodSeconds',
      'launchType',
      'networkConfiguration',
      'placementConstraints',
      'placementStrategy',
      'platformVersion',
      'propagateTags',
      'schedulingStrategy',
      'volumeConfigurations',
    ])
    expect(facts.settings['launchType']).toBe('FARGATE')
  })

  it.each([
    ['ACTIVE', 'ACTIVE'],
    ['DRAINING', 'DRAINING'],
    ['INACTIVE', 'INACTIVE'],
    ['NEW', 'ACTIVE'],
    [undefined, 'ACTIVE'],
  ])('of status %s counts as %s', (status, expected) => {
    expect(serviceFacts({ status }).status).toBe(expected)
  })

  it.each([
    [
      'its own',
      { volumeConfigurations: [1], deployments: [{ status: 'PRIMARY', volumeConfigurations: [2] }] },
      [1],
    ],
    [
      'those of its primary deployment',
      {
        deployments: [
          { status: 'ACTIVE', volumeConfigurations: [1] },
          { status: 'PRIMARY', volumeConfigurations: [2] },
        ],
      },
      [2],
    ],
    ['none', { deployments: [{ status: 'ACTIVE', volumeConfigurations: [1] }] }, undefined],
  ])('has the volumes that are %s', (_what, service, expected) => {
    expect(serviceFacts(service).settings['volumeConfigurations']).toEqual(expected)
  })
})

describe('a saved target group', () => {
  const group = { TargetGroupArn: 'arn:1', TargetGroupName: 'web-blue', Port: 80 }

  it('has its facts, and its attributes where they were saved', () => {
    const attributes = { 'arn:1': [{ Key: 'a', Value: 1 }], 'arn:2': [{ Key: 'b', Value: 2 }] }
    const facts = { arn: 'arn:1', name: 'web-blue', settings: group }
    expect(targetGroupFacts(group, attributes)).toStrictEqual({ ...facts, attributes: { a: '1' } })
    expect(targetGroupFacts(group, {})).toStrictEqual(facts)
    expect(targetGroupFacts(group, undefined)).toStrictEqual(facts)
  })
})

describe('saved scalable targets', () => {
  it('say between which counts a service of the cluster is scaled, and nothing of other dimensions', () => {
    const target = { ScalableDimension: 'ecs:service:DesiredCount', ResourceId: 'service/shop/web-blue' }
    const targets = [
      { ...target, MinCapacity: 2, MaxCapacity: 9 },
      { ...target, ResourceId: 'service/shop/api' },
      { ...target, ResourceId: 'service/other/web-blue', MinCapacity: 1, MaxCapacity: 1 },
      { ScalableDimension: target.ScalableDimension },
      { ...target, ScalableDimension: 'dynamodb:table:ReadCapacityUnits', MinCapacity: 1, MaxCapacity: 1 },
    ]
    expect(scalableRanges(targets, 'shop')).toEqual([
      { service: 'web-blue', minimum: 2, maximum: 9 },
      { service: 'api', minimum: 0, maximum: 0 },
    ])
  })
})
