import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Aws } from '../../../controller/adapters/aws/create-aws.ts'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { startSandbox, type Sandbox } from '../../../controller/sandbox/server.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { awsOver } from './fake-aws.ts'

const series = {
  namespace: 'AWS/ApplicationELB',
  metric: 'TargetResponseTime',
  dimensions: { LoadBalancer: 'app/shop/1', TargetGroup: 'targetgroup/web/2' },
  statistic: 'p99',
  periodSeconds: 60,
}
const range = { from: Date.parse('2026-01-01T12:00:00Z'), to: Date.parse('2026-01-01T12:05:00Z') }

describe('alarms', () => {
  const row = (name: string, state: string) => ({
    AlarmName: name,
    StateValue: state,
    StateTransitionedTimestamp: 1_700_000_000,
  })

  it('are asked for together, metric and composite ones, and those that are missing are left out', async () => {
    const { aws, of } = awsOver({
      DescribeAlarms: () => ({
        result: { MetricAlarms: [row('a', 'OK')], CompositeAlarms: [row('b', 'ALARM')] },
      }),
    })
    const [mine, others] = await Promise.all([aws.metrics.alarms(['a', 'c']), aws.metrics.alarms(['b', 'a'])])
    const since = 1_700_000_000_000
    expect(mine).toEqual([{ name: 'a', state: 'OK', since }])
    expect(others).toEqual([
      { name: 'b', state: 'ALARM', since },
      { name: 'a', state: 'OK', since },
    ])
    expect(of('DescribeAlarms')).toEqual([
      { AlarmNames: ['a', 'c', 'b'], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 },
    ])
  })

  it('in a state that is new, or of an unknown time, are told as such', async () => {
    const { aws } = awsOver({
      DescribeAlarms: () => ({ result: { MetricAlarms: [{ AlarmName: 'a', StateValue: 'NEW' }] } }),
    })
    expect(await aws.metrics.alarms(['a'])).toEqual([{ name: 'a', state: 'Unknown', since: 0 }])
  })

  it.each([[{ MetricAlarms: [{ StateValue: 'OK' }] }], [{ MetricAlarms: 'x' }]])(
    'are not taken out of %j',
    async (result) => {
      const { aws } = awsOver({ DescribeAlarms: () => ({ result }) })
      await expect(aws.metrics.alarms(['a'])).rejects.toMatchObject({ code: 'UnreadableAnswer' })
    },
  )

  it('that may not be read say which permission is missing', async () => {
    const message = 'User: x is not authorized to perform: cloudwatch:DescribeAlarms on resource: *'
    const { aws } = awsOver({ DescribeAlarms: () => ({ error: 'AccessDenied', message, status: 403 }) })
    await expect(aws.metrics.alarms(['a'])).rejects.toMatchObject({
      code: 'AccessDenied',
      remedy: expect.stringContaining('cloudwatch:DescribeAlarms') as string,
    })
  })
})

describe('points of a metric', () => {
  it('are asked for by the period, newest first', async () => {
    const { aws, of } = awsOver({
      GetMetricData: () => ({
        result: {
          MetricDataResults: [{ Id: 'm', Timestamps: [1_700_000_060, 1_700_000_000], Values: [2, 1.5] }],
        },
      }),
    })
    expect(await aws.metrics.points(series, range)).toEqual([
      { at: 1_700_000_060_000, value: 2 },
      { at: 1_700_000_000_000, value: 1.5 },
    ])
    expect(of('GetMetricData')).toMatchObject([
      {
        MetricDataQueries: [
          {
            MetricStat: {
              Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName: 'TargetResponseTime',
                Dimensions: [
                  { Name: 'LoadBalancer', Value: 'app/shop/1' },
                  { Name: 'TargetGroup', Value: 'targetgroup/web/2' },
                ],
              },
              Period: 60,
              Stat: 'p99',
            },
          },
        ],
        StartTime: range.from / 1000,
        EndTime: range.to / 1000,
        ScanBy: 'TimestampDescending',
      },
    ])
  })

  it.each([
    [{ MetricDataResults: [{ Timestamps: [1], Values: [] }] }],
    [{ MetricDataResults: [{ Timestamps: [1], Values: ['x'] }] }],
    [{ MetricDataResults: 'x' }],
  ])('are not taken out of %j', async (result) => {
    const { aws } = awsOver({ GetMetricData: () => ({ result }) })
    await expect(aws.metrics.points(series, range)).rejects.toMatchObject({ code: 'UnreadableAnswer' })
  })

  it('are none where the answer has none', async () => {
    const { aws } = awsOver({ GetMetricData: () => ({ result: {} }) })
    expect(await aws.metrics.points(series, range)).toEqual([])
  })
})

describe('with the sandbox', () => {
  let sandbox: Sandbox
  let aws: Aws
  let client: CloudWatchClient
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, random: seededRandom(1) })
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const place = { region: 'eu-west-1', endpoint: sandbox.url }
    client = new CloudWatchClient({ ...place, credentials })
    aws = createAws({
      ...place,
      environment: 'prod',
      clock: systemClock,
      random: seededRandom(2),
      telemetry: { emit: () => undefined },
      credentials: async () => credentials,
    })
  })
  afterAll(async () => {
    aws.close()
    client.destroy()
    await sandbox.close()
  })

  it('an alarm is found in the state that it was set to, and another one is not', async () => {
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'web-5xx',
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    )
    const before = Date.now()
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'web-5xx', StateValue: 'ALARM', StateReason: 'a test' }),
    )
    const found = await aws.metrics.alarms(['web-5xx', 'other'])
    expect(found).toEqual([{ name: 'web-5xx', state: 'ALARM', since: expect.any(Number) as number }])
    expect(found[0]?.since).toBeGreaterThanOrEqual(before)
  })

  it('a percentile is what was put there', async () => {
    const Dimensions = Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value }))
    const at = Math.floor(Date.now() / 60_000) * 60_000 - 60_000
    await client.send(
      new PutMetricDataCommand({
        Namespace: series.namespace,
        MetricData: [
          {
            MetricName: series.metric,
            Dimensions: Dimensions.toReversed(),
            Timestamp: new Date(at + 1_000),
            Values: [0.1, 0.9],
            Counts: [98, 2],
          },
        ],
      }),
    )
    const points = await aws.metrics.points(series, { from: at, to: at + 60_000 })
    expect(points).toEqual([{ at, value: 0.9 }])
    expect(await aws.metrics.points({ ...series, statistic: 'p50' }, { from: at, to: at + 60_000 })).toEqual([
      { at, value: 0.1 },
    ])
  })

  it('an expression over several metrics gives the one series that it is', async () => {
    const at = Math.floor(Date.now() / 60_000) * 60_000 - 60_000
    const datum = (MetricName: string, Value: number) => ({
      MetricName,
      Value,
      Timestamp: new Date(at + 1_000),
    })
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'Shop',
        MetricData: [datum('Errors', 3), datum('Requests', 60)],
      }),
    )
    const sum = (metric: string) => ({
      namespace: 'Shop',
      metric,
      dimensions: {},
      statistic: 'Sum',
      periodSeconds: 60,
    })
    const math = {
      queries: { errors: sum('Errors'), requests: sum('Requests') },
      expression: '100 * errors / requests',
      periodSeconds: 60,
    }
    const within = { from: at, to: at + 60_000 }
    expect(await aws.metrics.points(math, within)).toEqual([{ at, value: 5 }])
    await expect(aws.metrics.points({ ...math, expression: 'errors +' }, within)).rejects.toMatchObject({
      handling: 'stall',
    })
  })
})

describe('an expression that gives several series', () => {
  it('is refused with what to do about it', async () => {
    const result = { MetricDataResults: [{ Id: 'a' }, { Id: 'b' }] }
    const { aws } = awsOver({ GetMetricData: () => ({ result }) })
    await expect(aws.metrics.points(series, range)).rejects.toMatchObject({
      code: 'SeveralSeries',
      message: 'the expression gives 2 series',
    })
  })
})
