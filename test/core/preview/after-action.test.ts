import { describe, expect, it } from 'vitest'

import type { Action } from '../../../controller/core/action.ts'
import type { ReleaseObservation, ServiceFacts } from '../../../controller/core/observation.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { blank, ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { groupArn, ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'

/** Version 1 serves from green with two tasks; there is no blue service. */
function seen(): ReleaseObservation {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
  controller.run()
  return controller.world.look(blank, ['services', 'rules', 'blue', 'green'])
}

const serviceOf = ({ sides }: ReleaseObservation, side: 'blue' | 'green'): ServiceFacts => {
  const { service } = sides[side]
  if (service === null) throw new Error(`the ${side} side has a service`)
  return service
}

const task = (id: number, taskDefinition: string) => ({
  arn: `imagined-${id}`,
  taskDefinition,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: 0,
  targetIds: [`imagined-${id}`],
})
const target = (id: number) => ({ id: `imagined-${id}`, port: 0, state: 'healthy', reason: undefined })

describe('after an action', () => {
  const before = seen()
  const { blue, green } = before.sides

  it('a created service runs all of its tasks, healthy, with its settings', () => {
    const action: Action = { kind: 'CreateService', side: 'blue', taskDefinition: 'x:7', desiredCount: 2 }
    const after = afterAction(before, action, { propagateTags: 'SERVICE' })
    expect(after).toEqual({
      ...before,
      sides: {
        green,
        blue: {
          ...blue,
          service: {
            arn: '',
            name: '',
            cluster: '',
            status: 'ACTIVE',
            taskDefinition: 'x:7',
            desiredCount: 2,
            runningCount: 2,
            pendingCount: 0,
            targetGroupArns: [groupArn('blue')],
            deployments: [],
            events: [],
            settings: { propagateTags: 'SERVICE' },
            tags: {},
          },
          members: { tasks: [task(0, 'x:7'), task(1, 'x:7')], targets: [target(0), target(1)] },
        },
      },
    })
  })

  it('a service is created without a target group where there is none', () => {
    const without = { ...before, sides: { ...before.sides, blue: { ...blue, targetGroup: null } } }
    const action: Action = { kind: 'CreateService', side: 'blue', taskDefinition: 'x:7', desiredCount: 1 }
    expect(serviceOf(afterAction(without, action, undefined), 'blue').targetGroupArns).toEqual([])
  })

  it('an updated service keeps what the action does not say', () => {
    const facts = serviceOf(before, 'green')
    const with1 = { ...facts, settings: { launchType: 'EC2', propagateTags: 'NONE' }, pendingCount: 1 }
    const given = { ...before, sides: { ...before.sides, green: { ...green, service: with1 } } }
    const action: Action = { kind: 'UpdateService', side: 'green', taskDefinition: 'x:8', desiredCount: 1 }
    const after = afterAction(given, action, { propagateTags: 'SERVICE' })
    expect(after.sides.green).toEqual({
      ...green,
      service: {
        ...facts,
        taskDefinition: 'x:8',
        desiredCount: 1,
        runningCount: 1,
        pendingCount: 0,
        deployments: [],
        settings: { launchType: 'EC2', propagateTags: 'SERVICE' },
      },
      members: { tasks: [task(0, 'x:8')], targets: [target(0)] },
    })
    expect(after.sides.blue).toBe(blue)
  })

  it('a scaled service keeps its revision and its settings', () => {
    const facts = serviceOf(before, 'green')
    const after = afterAction(
      before,
      { kind: 'ScaleService', side: 'green', desiredCount: 1 },
      { launchType: 'EC2' },
    )
    expect(serviceOf(after, 'green')).toMatchObject({
      taskDefinition: taskDefinitionArn('1'),
      desiredCount: 1,
      runningCount: 1,
      settings: facts.settings,
    })
    expect(after.sides.green.members?.tasks).toEqual([task(0, taskDefinitionArn('1'))])
  })

  it('a side without a service that is scaled runs no revision', () => {
    const after = afterAction(before, { kind: 'ScaleService', side: 'blue', desiredCount: 1 }, undefined)
    expect(serviceOf(after, 'blue').taskDefinition).toBe('')
  })

  it('settings are added to those that a service has', () => {
    const facts = serviceOf(before, 'green')
    const action: Action = { kind: 'ApplySettings', side: 'green', settings: { propagateTags: 'SERVICE' } }
    expect(afterAction(before, action, { launchType: 'EC2' })).toEqual({
      ...before,
      sides: {
        blue,
        green: { ...green, service: { ...facts, settings: { ...facts.settings, propagateTags: 'SERVICE' } } },
      },
    })
  })

  it('weights are those of the named rule, and only its', () => {
    const [rule] = before.production
    const second = rule && { ...rule, arn: 'arn:rule/2' }
    const given = { ...before, production: [rule ?? null, second ?? null, null] }
    const action: Action = { kind: 'SetWeights', rule: 'arn:rule/1', weights: { blue: 30, green: 70 } }
    expect(afterAction(given, action, undefined)).toEqual({
      ...given,
      production: [
        {
          ...rule,
          weights: [
            { targetGroupArn: groupArn('blue'), weight: 30 },
            { targetGroupArn: groupArn('green'), weight: 70 },
          ],
        },
        second,
        null,
      ],
    })
  })

  it('the test rule leads to its side and nowhere else', () => {
    expect(afterAction(before, { kind: 'PointTest', side: 'green' }, undefined)).toEqual({
      ...before,
      test: { ...before.test, weights: [{ targetGroupArn: groupArn('green'), weight: 100 }] },
    })
  })

  it.each<Action>([
    { kind: 'RegisterTaskDefinition', family: 'prod-web', digest: 'd' },
    { kind: 'ProbeGate', gate: 'smoke', side: 'blue' },
  ])('nothing is seen to be different: $kind', (action) => {
    expect(afterAction(before, action, { launchType: 'EC2' })).toBe(before)
  })
})
