import { describe, expect, it } from 'vitest'
import { matches } from '../../../controller/sandbox/events/pattern.ts'

const event = {
  source: 'aws.ecs',
  resources: ['arn:one', 'arn:two'],
  detail: { readOnly: false, group: 'service:web', count: 3 },
}

describe('a pattern of the sandbox’s EventBridge', () => {
  it.each([
    [{}, true],
    [{ source: ['aws.ecr', 'aws.ecs'] }, true],
    [{ source: ['aws.ecr'] }, false],
    [{ resources: ['arn:two'] }, true],
    [{ detail: { readOnly: [false], count: [3] } }, true],
    [{ detail: { readOnly: [true] } }, false],
    [{ detail: { missing: [1] } }, false],
    [{ source: [{ prefix: 'aws.' }] }, true],
    [{ detail: { group: [{ suffix: ':web' }] } }, true],
    [{ detail: { group: [{ wildcard: 'service:*' }] } }, true],
    [{ detail: { group: [{ wildcard: 'task.*' }] } }, false],
    [{ source: [{ 'equals-ignore-case': 'AWS.ECS' }] }, true],
    [{ source: [{ 'anything-but': ['aws.ecs'] }] }, false],
    [{ source: [{ 'anything-but': { prefix: 'gcp.' } }] }, true],
    [{ detail: { missing: [{ exists: false }], group: [{ exists: true }] } }, true],
    [{ source: [{ unheard: 'of' }] }, false],
    ['source', false],
  ])('%j matches: %s', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected)
  })
})
