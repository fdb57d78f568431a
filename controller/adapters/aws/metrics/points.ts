import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch'
import { PortError } from '../../../ports/error.ts'
import type { MetricMath, MetricPoint, MetricSeries, Metrics } from '../../../ports/metrics.ts'
import { objectsIn, timeOrZero } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

/** More than any question needs: only the newest are asked for. */
const MOST_POINTS = 100

/** GetMetricData of one metric, or of one expression, newest points first. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function createPointReads({ clients, send }: AwsTools): Metrics['points'] {
  return async (asked, range) => {
    const command = new GetMetricDataCommand(pointsInput(asked, range))
    const answer = await send('cloudwatch:GetMetricData', (options) =>
      clients.cloudwatch.send(command, options),
    )
    return pointsOf(answer)
  }
}

/** What CloudWatch is asked. */
export const pointsInput = (
  asked: MetricSeries | MetricMath,
  { from, to }: Parameters<Metrics['points']>[1],
): GetMetricDataCommandInput => ({
  MetricDataQueries:
    'expression' in asked
      ? mathQueries(asked)
      : [{ Id: 'm', MetricStat: metricStat(asked), ReturnData: true }],
  StartTime: new Date(from),
  EndTime: new Date(to),
  ScanBy: 'TimestampDescending',
  MaxDatapoints: MOST_POINTS,
})

/** No query of a gate has a name with a capital letter at its end that says so much. */
const RESULT = 'resultOfTheGate'

const mathQueries = ({ queries, expression, periodSeconds }: MetricMath): MetricDataQuery[] => [
  ...Object.entries(queries).map(([Id, series]) => ({
    Id,
    MetricStat: metricStat(series),
    ReturnData: false,
  })),
  { Id: RESULT, Expression: expression, Period: periodSeconds, ReturnData: true },
]

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

/** The points of the one series that was asked for. Throws a PortError where there are several. */
export function pointsOf({
  MetricDataResults,
}: Pick<GetMetricDataCommandOutput, 'MetricDataResults'>): readonly MetricPoint[] {
  const results = objectsIn(MetricDataResults, 'a list of results')
  if (results.length > 1) throw severalSeries(results.length)
  const [result] = results
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

const severalSeries = (count: number): PortError =>
  new PortError(`the expression gives ${count} series`, {
    code: 'SeveralSeries',
    handling: 'stall',
    remedy: 'Let it give one, as SUM() or AVG() do.',
  })
