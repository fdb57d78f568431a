import { describe, expect, it } from 'vitest'

import { LiveStateError, offlineDiff } from '../../../controller/core/offline-diff.ts'
import { serviceFacts } from '../../../controller/core/offline-diff/live-state.ts'
import { TaskDefinitionError } from '../../../controller/core/task-definition.ts'

const spec = { taskDefinition: { inline: { containerDefinitions: [] } }, service: { cluster: 'shop' } }
const diff = (live: unknown, more: object = {}) =>
  offlineDiff({ release: { name: 'web', spec: { ...spec, ...more } }, live })

describe('a saved live state', () => {
  it('may be empty: nothing is said about what was left out', () => {
    expect(diff({})).toEqual([])
    expect(diff({ service: null, rules: null })).toEqual([])
  })

  it.each([
    ['no object', [], /^the live state is no object; expected/],
    ['an unknown part', { services: [] }, /unknown part "services"; expected service, idleService/],
    ['a list for an object', { service: [] }, /"service" of the live state is no object/],
    ['an object for a list', { rules: {} }, /"rules" of the live state is no list/],
    ['a list of texts', { rules: ['a'] }, /"rules" of the live state is no list/],
  ])('is refused as %s', (_, live, message) => {
    expect(() => diff(live)).toThrow(LiveStateError)
    expect(() => diff(live)).toThrow(message)
  })

  it('can’t be compared with a document that has no place for the image', () => {
    expect(() => diff({ taskDefinition: {} }, { image: { repository: 'a', tag: '1' } })).toThrow(
      TaskDefinitionError,
    )
  })

  it('takes the document that was read from a file', () => {
    const changes = offlineDiff({
      release: { name: 'web', spec, taskDefinitionDocument: { cpu: 256 } },
      live: { taskDefinition: { cpu: '512', family: 'x' } },
    })
    expect(changes.map(({ path }) => path)).toEqual(['/taskDefinition/cpu'])
  })

  it('gives a service its facts, however little was saved', () => {
    expect(serviceFacts({ status: 'INACTIVE', loadBalancers: [{}], tags: [{ key: 'a' }] })).toMatchObject({
      name: '',
      status: 'INACTIVE',
      taskDefinition: '',
      desiredCount: 0,
      targetGroupArns: [],
      tags: { a: '' },
    })
  })

  it('keeps the attributes of a target group by its ARN', () => {
    const group = { TargetGroupArn: 'arn:1', TargetGroupName: 'web-blue' }
    const traffic = {
      loadBalancer: 'shop',
      rule: { port: 80 },
      targetGroups: { blue: 'web-blue', green: 'web-green' },
    }
    const live = {
      targetGroups: [group],
      targetGroupAttributes: { 'arn:1': [{ Key: 'slow_start.duration_seconds', Value: '30' }] },
    }
    expect(diff(live, { traffic }).map(({ path }) => path)).toEqual(['/targetGroups/web-green'])
  })
})
