import { GetMetricDataCommand, type GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch'
import type { MetricPoint, MetricSeries, Metrics } from '../../../ports/metrics.ts'
import { objectsIn, timeOrZero } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

/** More than any question needs: only the newest are asked for. */
const MOST_POINTS = 100

/** GetMetricData of one metric, newest points first. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function createPointReads({ clients, send }: AwsTools): Metrics['points'] {
  return async (series, { from, to }) => {
    const command = new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'm', MetricStat: metricStat(series), ReturnData: true }],
      StartTime: new Date(from),
      EndTime: new Date(to),
      ScanBy: 'TimestampDescending',
      MaxDatapoints: MOST_POINTS,
    })
    const answer = await send('cloudwatch:GetMetricData', (options) =>
      clients.cloudwatch.send(command, options),
    )
    return pointsOf(answer)
  }
}

function metricStat({ namespace, metric, dimensions, statistic, periodSeconds }: MetricSeries) {
  return {
    Metric: {
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: statistic,
  }
}

function pointsOf({ MetricDataResults }: GetMetricDataCommandOutput): readonly MetricPoint[] {
  const [result] = objectsIn(MetricDataResults, 'a list of results')
  const times = result?.Timestamps ?? []
  const values = result?.Values ?? []
  if (times.length !== values.length) throw unreadable('as many values as times')
  return times.map((time, index) => ({
    at: timeOrZero(time, 'the time of a value'),
    value: numberIn(values[index]),
  }))
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') return value
  throw unreadable('a value as a number')
}
