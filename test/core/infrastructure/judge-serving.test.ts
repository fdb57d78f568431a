import { describe, expect, it } from 'vitest'
import { forward, judge, resourceChange, RULE_ARN, service } from './plans.ts'

describe('Where it is known what takes traffic', () => {
  const serving = { arns: [RULE_ARN], liveServices: ['shop/web-blue'], clusters: ['shop'] }

  it.each([
    ['the live side', { name: 'web-blue' }, 'ResetsTraffic'],
    ['the idle side', { name: 'web-green' }, 'Safe'],
    ['a service of the same name in another cluster', { name: 'web-blue', cluster: 'other' }, 'Safe'],
    ['a service without a name', { name: undefined }, 'ResetsTraffic'],
  ] as const)('a new count of %s is judged by that', (_, values, verdict) => {
    const change = resourceChange('aws_ecs_service', ['update'], {
      before: service(values),
      after: service({ ...values, desired_count: 1 }),
    })
    expect(judge([change], { serving }).verdict).toBe(verdict)
  })

  it.each([
    [RULE_ARN, 'ResetsTraffic'],
    [`${RULE_ARN}0`, 'Safe'],
    [undefined, 'ResetsTraffic'],
  ] as const)('the action of rule %s is judged by that', (arn, verdict) => {
    const change = resourceChange('aws_lb_listener_rule', ['update'], {
      before: { arn, action: forward(0, 100) },
      after: { arn, action: forward(100, 0) },
    })
    expect(judge([change], { serving }).verdict).toBe(verdict)
  })

  it('an action is told by the id where there is no ARN', () => {
    const change = (id: string) =>
      resourceChange('aws_lb_listener_rule', ['update'], {
        before: { arn: '', id, action: forward(0, 100) },
        after: { action: forward(100, 0) },
      })
    expect(judge([change(RULE_ARN)], { serving }).verdict).toBe('ResetsTraffic')
    expect(judge([change('other')], { serving }).verdict).toBe('Safe')
  })

  it('a service without a cluster is in the default one', () => {
    const change = resourceChange('aws_ecs_service', ['update'], {
      before: service({ cluster: undefined }),
      after: service({ desired_count: 1 }),
    })
    expect(judge([change], { serving: { ...serving, liveServices: ['default/web-blue'] } }).verdict).toBe(
      'ResetsTraffic',
    )
    expect(judge([change], { serving }).verdict).toBe('Safe')
  })

  it('what is made anew takes no traffic yet', () => {
    const made = resourceChange('aws_lb_listener_rule', ['create'], { after: { action: forward(100, 0) } })
    expect(judge([made]).reasons).toEqual([])
  })

  it('a replaced rule is told once', () => {
    const replaced = resourceChange('aws_lb_listener_rule', ['delete', 'create'], {
      before: { arn: RULE_ARN, action: forward(0, 100) },
      after: { action: forward(100, 0) },
    })
    expect(judge([replaced], { serving }).reasons.map(({ rule }) => rule)).toEqual([
      'ListenerAction',
      'Replaced',
    ])
  })

  it('a maximum that is not known is taken for none', () => {
    const change = resourceChange('aws_appautoscaling_target', ['update'], {
      before: { max_capacity: 3 },
      after: {},
      unknown: { max_capacity: true },
    })
    expect(judge([change]).verdict).toBe('ResetsTraffic')
  })

  it.each([
    ['aws_ecs_cluster', {}, 'ResetsTraffic'],
    ['aws_lb_target_group_attachment', {}, 'ResetsTraffic'],
    ['aws_ecs_cluster', { name: 'shop' }, 'ResetsTraffic'],
    ['aws_ecs_cluster', { name: 'other' }, 'Destructive'],
    ['aws_lb_target_group_attachment', { target_group_arn: RULE_ARN }, 'ResetsTraffic'],
    ['aws_lb_target_group_attachment', { target_group_arn: 'arn:other' }, 'Destructive'],
    ['aws_appautoscaling_target', { resource_id: 'service/shop/web-blue' }, 'Destructive'],
  ] as const)('a deleted %s with %j is judged by that', (type, before, verdict) => {
    expect(judge([resourceChange(type, ['delete'], { before })], { serving }).verdict).toBe(verdict)
  })

  it.each([
    ['service/shop/web-blue', 'ResetsTraffic'],
    ['service/shop/web-green', 'Safe'],
    ['table/shop', 'Safe'],
    ['table---shop/web-blue', 'Safe'],
    [undefined, 'ResetsTraffic'],
  ] as const)('suspended scaling of %s is judged by that', (resourceId, verdict) => {
    const values = { resource_id: resourceId, suspended_state: [] }
    const change = resourceChange('aws_appautoscaling_target', ['update'], {
      before: values,
      after: { ...values, suspended_state: [{ dynamic_scaling_in_suspended: true }] },
    })
    expect(judge([change], { serving }).verdict).toBe(verdict)
  })
})
