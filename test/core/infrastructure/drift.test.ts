import { describe, expect, it } from 'vitest'
import { infrastructureDrift } from '../../../controller/core/infrastructure/drift.ts'
import { planOf, resourceChange } from './plans.ts'
import type { ChangeOptions } from './plans.ts'

function driftOf(type: string, options: ChangeOptions, actions = ['update']): unknown {
  const found = infrastructureDrift(planOf([], { resource_drift: [resourceChange(type, actions, options)] }))
  if ('problems' in found) return found
  return found.map(({ attribute, state, live }) => `${attribute}: ${state} -> ${live}`)
}

describe('Drift of infrastructure', () => {
  it.each<[string, string, ChangeOptions, readonly string[]]>([
    [
      'a tag',
      'aws_sqs_queue',
      { before: { tags: { team: 'a' } }, after: { tags: { team: 'b' } } },
      ['tags.team: "a" -> "b"'],
    ],
    [
      'a member of a list',
      'aws_lb_target_group',
      {
        before: { health_check: [{ path: '/', interval: 5 }] },
        after: { health_check: [{ path: '/x', interval: 5 }] },
      },
      ['health_check[0].path: "/" -> "/x"'],
    ],
    [
      'a list that grew',
      'aws_security_group',
      { before: { ingress: [1] }, after: { ingress: [1, 2] } },
      ['ingress: [1] -> [1,2]'],
    ],
    ['tags that are empty now', 'aws_sqs_queue', { before: { tags: null }, after: { tags: {} } }, []],
    ['an empty list that was nothing', 'aws_sqs_queue', { before: {}, after: { list: [] } }, []],
    [
      'a text that was removed',
      'aws_sqs_queue',
      { before: { policy: 'x' }, after: { policy: '' } },
      ['policy: "x" -> ""'],
    ],
    [
      'the restorable time of a database',
      'aws_db_instance',
      { before: { latest_restorable_time: '1' }, after: { latest_restorable_time: '2' } },
      [],
    ],
    [
      'weights',
      'aws_lb_listener_rule',
      { before: { action: [{ order: 1 }] }, after: { action: [{ order: 2 }] } },
      [],
    ],
    [
      'count and subnets of a service',
      'aws_ecs_service',
      { before: { desired_count: 1, subnets: ['a'] }, after: { desired_count: 2, subnets: ['b'] } },
      ['subnets[0]: "a" -> "b"'],
    ],
    [
      'a sensitive value',
      'aws_ssm_parameter',
      { before: { value: 'one' }, after: { value: 'two' }, afterSensitive: { value: true } },
      ['value: (sensitive) -> (sensitive)'],
    ],
    [
      'a value that only its name betrays',
      'aws_db_instance',
      { before: { password: 'one' }, after: { password: 'two' } },
      ['password: (sensitive) -> (sensitive)'],
    ],
    [
      'a long document',
      'aws_iam_policy',
      { before: { policy: 'a'.repeat(300) }, after: { policy: 'b'.repeat(400) } },
      ['policy: (302 characters) -> (402 characters)'],
    ],
  ])('tells of %s what it has to', (_, type, options, expected) => {
    expect(driftOf(type, options)).toEqual(expected)
  })

  it('tells of an object that is gone', () => {
    expect(driftOf('aws_sqs_queue', { before: { name: 'q' } }, ['delete'])).toEqual([': present -> gone'])
  })

  it('masks everything of a change that says nothing about secrets', () => {
    const change = resourceChange('aws_sqs_queue', ['update'], {
      before: { name: 'one' },
      after: { name: 'two' },
    })
    const silent = {
      ...change,
      change: { ...(change['change'] as object), before_sensitive: undefined, after_sensitive: undefined },
    }
    expect(infrastructureDrift(planOf([], { resource_drift: [silent] }))).toMatchObject([
      { attribute: 'name', live: '(sensitive)', state: '(sensitive)' },
    ])
  })

  it.each(['before_sensitive', 'after_sensitive'])('masks everything of a change without %s', (field) => {
    const change = resourceChange('aws_sqs_queue', ['update'], {
      before: { name: 'one' },
      after: { name: 'two' },
    })
    const silent = { ...change, change: { ...(change['change'] as object), [field]: undefined } }
    expect(infrastructureDrift(planOf([], { resource_drift: [silent] }))).toMatchObject([
      { attribute: 'name', live: '(sensitive)', state: '(sensitive)' },
    ])
  })

  it('masks members by their name, but for one that says only where the secret lies', () => {
    const values = (value: number) => ({
      list: [{ db_password: `p${value}`, secret_arn: `a${value}`, token: null, open: value }, 1],
    })
    expect(driftOf('aws_x', { before: values(1), after: { list: [...values(2).list, 2] } })).toEqual([
      'list: [{"db_password":"(sensitive)","open":1,"secret_arn":"a1","token":null},1] -> [{"db_password":"(sensitive)","open":2,"secret_arn":"a2","token":null},1,2]',
    ])
  })

  it('shows what fits into a line, and counts what does not', () => {
    const text = (length: number) => 'x'.repeat(length - 2)
    expect(driftOf('aws_x', { before: { a: text(200) }, after: { a: text(201) } })).toEqual([
      `a: "${text(200)}" -> (201 characters)`,
    ])
  })

  it('is sorted by address', () => {
    const changes = ['b', 'a'].map((address) =>
      resourceChange('aws_vpc', ['update'], { address, before: { x: 1 }, after: { x: 2 } }),
    )
    expect(infrastructureDrift(planOf([], { resource_drift: changes }))).toMatchObject([
      { address: 'a' },
      { address: 'b' },
    ])
  })

  it('of a plan that is not understood is the problem', () => {
    expect(infrastructureDrift({})).toMatchObject({ problems: expect.any(Array) as unknown })
  })

  it('stops at a depth and at a number that no person would read on', () => {
    const deep = (value: unknown): unknown => Array.from({ length: 40 }).reduce((inner) => ({ inner }), value)
    expect(driftOf('aws_x', { before: { a: deep(1) }, after: { a: deep(2) } })).toHaveLength(1)
    const many = (value: number) =>
      Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`a${index}`, value]))
    expect(driftOf('aws_x', { before: many(1), after: many(2) })).toHaveLength(200)
  })
})
