import { describe, expect, test } from 'vitest'
import { ecsWorld, type Part } from '../support/ecs-world.ts'

function world() {
  const aws = ecsWorld()
  const call = (operation: string, input = {}) => aws.call('monitoring', operation, input)
  const alarms = (input = {}) => call('DescribeAlarms', input)['MetricAlarms'] as Part[]
  const state = (): unknown => alarms()[0]?.['StateValue']
  const put = (Value: number) =>
    call('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'Errors', Value }] })
  return { aws, call, alarms, state, put }
}

const alarm = {
  AlarmName: 'errors',
  Namespace: 'Shop',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 2,
  DatapointsToAlarm: 1,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
}
const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('CloudWatch alarms', () => {
  test('begin without data and keep their state when they are put anew', () => {
    const { call, state } = world()
    call('PutMetricAlarm', alarm)
    expect(state()).toBe('INSUFFICIENT_DATA')
    call('SetAlarmState', { AlarmName: 'errors', StateValue: 'OK', StateReason: 'checked' })
    call('PutMetricAlarm', { ...alarm, Threshold: 6 })
    expect(state()).toBe('OK')
  })

  test('tell when their state became another one, which a new reason does not change', () => {
    const { aws, call, alarms } = world()
    call('PutMetricAlarm', alarm)
    const set = (StateValue: string) =>
      call('SetAlarmState', { AlarmName: 'errors', StateValue, StateReason: 'by hand' })
    aws.clock.advance(1_000)
    set('ALARM')
    const first = alarms()[0]
    aws.clock.advance(1_000)
    set('ALARM')
    const second = alarms()[0]
    expect(second?.['StateTransitionedTimestamp']).toEqual(first?.['StateTransitionedTimestamp'])
    expect(second?.['StateUpdatedTimestamp']).not.toEqual(first?.['StateUpdatedTimestamp'])
  })

  test('follow the data of their metric', () => {
    const { aws, call, state, put } = world()
    call('PutMetricAlarm', alarm)
    put(3)
    expect(state()).toBe('OK')
    put(3)
    expect(state()).toBe('ALARM')
    aws.clock.advance(120_000)
    put(0)
    expect(state()).toBe('OK')
  })

  test('are found by names, prefix, state and type, a page at a time', () => {
    const { call, alarms } = world()
    for (const AlarmName of ['web-a', 'web-b', 'db']) call('PutMetricAlarm', { ...alarm, AlarmName })
    call('PutCompositeAlarm', { AlarmName: 'web-all', AlarmRule: 'ALARM("web-a")' })
    call('SetAlarmState', { AlarmName: 'web-b', StateValue: 'OK', StateReason: 'x' })
    const names = (input: object) => alarms(input).map(({ AlarmName }) => AlarmName)
    expect(names({ AlarmNames: ['db', 'web-a', 'none', 'web-all'] })).toEqual(['db', 'web-a'])
    expect(names({ AlarmNamePrefix: 'web' })).toEqual(['web-a', 'web-b'])
    expect(names({ StateValue: 'OK' })).toEqual(['web-b'])
    expect(call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] })).toMatchObject({
      MetricAlarms: [],
      CompositeAlarms: [{ AlarmName: 'web-all', StateValue: 'INSUFFICIENT_DATA' }],
    })
    const { NextToken } = call('DescribeAlarms', { MaxRecords: 2 })
    expect(names({ MaxRecords: 2, NextToken })).toEqual(['web-b'])
  })

  test('keep tags by their ARN, and are gone once they are deleted', () => {
    const { call, alarms } = world()
    call('PutMetricAlarm', { ...alarm, Tags: [{ Key: 'team', Value: 'shop' }] })
    const ResourceARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors'
    call('TagResource', { ResourceARN, Tags: [{ Key: 'env', Value: 'prod' }] })
    call('UntagResource', { ResourceARN, TagKeys: ['team'] })
    expect(call('ListTagsForResource', { ResourceARN })).toEqual({ Tags: [{ Key: 'env', Value: 'prod' }] })
    call('DeleteAlarms', { AlarmNames: ['errors'] })
    expect(alarms()).toEqual([])
    expect(() => call('ListTagsForResource', { ResourceARN })).toThrow(refused('ResourceNotFoundException'))
  })

  test.each([
    ['SetAlarmState', { AlarmName: 'x', StateValue: 'OK', StateReason: 'y' }, 'ResourceNotFound'],
    ['DeleteAlarms', { AlarmNames: ['x'] }, 'ResourceNotFound'],
    ['PutMetricAlarm', { ...alarm, ComparisonOperator: 'Odd' }, 'InvalidParameterValue'],
    ['PutMetricAlarm', { ...alarm, Threshold: 'much' }, 'InvalidParameterValue'],
    ['PutMetricAlarm', { ...alarm, AlarmName: '' }, 'MissingParameter'],
    ['PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'Errors' }] }, 'InvalidParameterValue'],
    ['DescribeAlarms', { AlarmNames: ['a'], AlarmNamePrefix: 'a' }, 'InvalidParameterCombination'],
    ['GetMetricData', { MetricDataQueries: [] }, 'InvalidParameterValue'],
    ['GetMetricData', { StartTime: 2, EndTime: 1 }, 'ValidationError'],
    [
      'GetMetricData',
      { StartTime: 1, EndTime: 2, MetricDataQueries: [{ Id: 'e', Expression: 'm1 / m2' }] },
      'InvalidParameterValue',
    ],
  ])('%s refuses %j as %s', (operation, input, code) => {
    const { call } = world()
    expect(() => call(operation, input)).toThrow(refused(code))
  })
})

describe('CloudWatch metrics', () => {
  test.each([
    ['SampleCount', 4],
    ['Sum', 10],
    ['Average', 2.5],
    ['Minimum', 1],
    ['Maximum', 4],
    ['p50', 2],
    ['p99', 4],
  ])('give the %s of a period, in whichever protocol they were put', (Stat, value) => {
    const { aws, call } = world()
    const now = aws.clock.now()
    const MetricData = [
      { MetricName: 'Errors', Value: '1', Timestamp: new Date(now).toISOString() },
      { MetricName: 'Errors', Values: [2, 3, 4] },
    ]
    call('PutMetricData', { Namespace: 'Shop', MetricData })
    const Metric = { Namespace: 'Shop', MetricName: 'Errors' }
    const answer = call('GetMetricData', {
      StartTime: now / 1000 - 60,
      EndTime: now / 1000 + 60,
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat } }],
    })
    expect(answer).toMatchObject({ MetricDataResults: [{ Id: 'm', Label: 'Errors', Values: [value] }] })
  })

  test('come back with the whole world', () => {
    const { aws, call, put, state } = world()
    call('PutMetricAlarm', alarm)
    put(9)
    const dumped: unknown = JSON.parse(JSON.stringify(aws.world.dump()))
    call('DeleteAlarms', { AlarmNames: ['errors'] })
    aws.world.load(dumped)
    expect(state()).toBe('ALARM')
  })
})

describe('metric math', () => {
  const at = (minute: number): number => Date.parse('2026-01-01T12:00:00Z') + minute * 60_000
  const stat = (Id: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Shop', MetricName: Id }, Period: 60, Stat: 'Sum' },
  })
  const measured = (...given: readonly (readonly [name: string, minute: number, value: number])[]) => {
    const { call } = world()
    for (const [MetricName, minute, Value] of given)
      call('PutMetricData', {
        Namespace: 'Shop',
        MetricData: [{ MetricName, Value, Timestamp: new Date(at(minute)).toISOString() }],
      })
    return (Expression: string): Part[] =>
      call('GetMetricData', {
        MetricDataQueries: [stat('errors'), stat('requests'), { Id: 'e', Expression }],
        StartTime: new Date(at(0)).toISOString(),
        EndTime: new Date(at(5)).toISOString(),
      })['MetricDataResults'] as Part[]
  }
  const asked = measured(
    ['errors', 0, 3],
    ['requests', 0, 60],
    ['requests', 1, 40],
    ['requests', 2, 0],
    ['errors', 2, 1],
  )

  test.each([
    ['100 * errors / requests', [5]],
    ['100 * FILL(errors, 0) / requests', [0, 5]],
    ['requests - errors * 2 + 1', [-1, 55]],
    ['(requests - errors) * 2', [-2, 114]],
    ['requests', [0, 40, 60]],
  ])(
    '%s is calculated period by period, newest first, and only its own points are given',
    (expression, values) => {
      expect(asked(expression)).toMatchObject([{ Id: 'e', Values: values }])
    },
  )

  test.each(['errors +', 'other', 'SUM(errors)', '(errors', 'errors errors', ''])(
    '%j is refused',
    (expression) => {
      expect(() => asked(expression)).toThrow(Error)
    },
  )
})
