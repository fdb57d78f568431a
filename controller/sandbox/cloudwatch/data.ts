import { timestamp } from '../kernel/operation.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { AwsError } from '../kernel/error.ts'
import type { Table } from '../kernel/table.ts'
import { optionalRecord, optionalRecords, optionalText } from '../members.ts'
import { parseExpression } from './math.ts'
import { dimensionsOf, invalid, optionalNumber, optionalTime, required } from './input.ts'

/** What was measured at a moment, so many times. */
interface Sample {
  readonly at: number
  readonly value: number
  readonly count: number
}

/** The samples of one metric with its dimensions, the newest ones. */
export type Samples = readonly Sample[]

const MOST_SAMPLES = 10_000

/** Which metric a structure names: namespace, metric and dimensions, in the caller's region. */
export function seriesOf(input: Members, namespace: string, { region }: CallContext): string {
  return `${region}/${namespace}/${required(input, 'MetricName')}/${dimensionsOf(input)}`
}

/** Keeps what PutMetricData brings; gives the series that it belongs to. */
export function putData(samples: Table<Samples>, input: Members, context: CallContext): readonly string[] {
  const namespace = required(input, 'Namespace')
  return (optionalRecords(input, 'MetricData') ?? []).map((datum) => {
    const series = seriesOf(datum, namespace, context)
    const kept = [...(samples.get(series) ?? []), ...samplesOf(datum, context)]
    samples.put(series, kept.slice(-MOST_SAMPLES))
    return series
  })
}

function samplesOf(datum: Members, { now }: CallContext): Sample[] {
  if (datum['StatisticValues'] !== undefined) throw invalid('The sandbox takes no StatisticValues.')
  const at = optionalTime(datum, 'Timestamp') ?? now
  const values = numbersIn(datum, 'Values') ?? [optionalNumber(datum, 'Value') ?? Number.NaN]
  const counts = numbersIn(datum, 'Counts')
  if (values.some(Number.isNaN)) throw invalid('One of Value and Values is required.')
  return values.map((value, index) => ({ at, value, count: counts?.[index] ?? 1 }))
}

function numbersIn(input: Members, name: string): number[] | undefined {
  const list = input[name] ?? undefined
  if (list === undefined) return undefined
  if (!Array.isArray(list)) throw invalid(`The parameter ${name} must be a list.`)
  return list.map((_, index) => optionalNumber(list as unknown as Members, String(index)) ?? Number.NaN)
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export function getData(samples: Table<Samples>, input: Members, context: CallContext): Members {
  const from = optionalTime(input, 'StartTime')
  const to = optionalTime(input, 'EndTime')
  if (from === undefined || to === undefined) throw invalid('StartTime and EndTime are required.')
  if (from >= to) throw new AwsError('ValidationError', 'The parameter StartTime must be less than EndTime.')
  const isAscending = optionalText(input, 'ScanBy') === 'TimestampAscending'
  const queries = optionalRecords(input, 'MetricDataQueries') ?? []
  const known = new Map<string, readonly Point[]>()
  for (const query of queries) {
    const stat = optionalRecord(query, 'MetricStat')
    if (stat !== undefined) known.set(required(query, 'Id'), statistics(samples, stat, { from, to, context }))
  }
  const results = queries.flatMap((query) => {
    if (query['ReturnData'] === false) return []
    const points = known.get(required(query, 'Id')) ?? calculated(query, known)
    const ordered = isAscending ? points : points.toReversed()
    return {
      Id: required(query, 'Id'),
      Label: optionalText(query, 'Label') ?? labelOf(query),
      Timestamps: ordered.map(({ at }) => timestamp(at)),
      Values: ordered.map(({ value }) => value),
      StatusCode: 'Complete',
    }
  })
  return { MetricDataResults: results, Messages: [] }
}

interface Point {
  readonly at: number
  readonly value: number
}

const labelOf = (query: Members): string => {
  const stat = optionalRecord(query, 'MetricStat')
  return stat === undefined ? required(query, 'Id') : required(metricIn(stat), 'MetricName')
}

/** An expression at every moment at which one of the series has a point, oldest first. */
function calculated(query: Members, known: ReadonlyMap<string, readonly Point[]>): readonly Point[] {
  const expression = parseExpression(required(query, 'Expression'))
  const valuesAt = (at: number) => (id: string) => {
    const points = known.get(id)
    if (points === undefined) throw invalid(`Unknown id '${id}' in an expression.`)
    return points.find((point) => point.at === at)?.value ?? Number.NaN
  }
  // Ids are known or not, whether there is a point or none.
  expression.at(valuesAt(0))
  const times = new Set([...known.values()].flatMap((points) => points.map(({ at }) => at)))
  return [...times]
    .toSorted((one, other) => one - other)
    .map((at) => {
      return { at, value: expression.at(valuesAt(at)) }
    })
    .filter(({ value }) => Number.isFinite(value))
}

function statistics(
  samples: Table<Samples>,
  stat: Members,
  { from, to, context }: { readonly from: number; readonly to: number; readonly context: CallContext },
): readonly Point[] {
  const metric = metricIn(stat)
  const series = seriesOf(metric, required(metric, 'Namespace'), context)
  const periodMs = (optionalNumber(stat, 'Period') ?? 60) * 1000
  const first = Math.floor(from / periodMs) * periodMs
  const inRange = (context.read(samples).get(series) ?? []).filter(({ at }) => at >= first && at < to)
  return byPeriod(inRange, periodMs).map(({ at, of }) => ({
    at,
    value: statisticOf(of, required(stat, 'Stat')),
  }))
}

/** Samples by the period that they fall into, oldest first. */
export function byPeriod(
  samples: Samples,
  periodMs: number,
): { readonly at: number; readonly of: Samples }[] {
  const groups = Map.groupBy(samples, ({ at }) => Math.floor(at / periodMs) * periodMs)
  return [...groups].map(([at, of]) => ({ at, of })).toSorted((one, other) => one.at - other.at)
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
export function statisticOf(samples: Samples, statistic: string): number {
  const count = samples.reduce((total, sample) => total + sample.count, 0)
  const sum = samples.reduce((total, sample) => total + sample.value * sample.count, 0)
  const values = samples.map(({ value }) => value)
  switch (statistic) {
    case 'SampleCount':
      return count
    case 'Sum':
      return sum
    case 'Average':
      return sum / count
    case 'Minimum':
      return Math.min(...values)
    case 'Maximum':
      return Math.max(...values)
  }
  const [, percent] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(statistic) ?? []
  if (percent === undefined) throw invalid(`The sandbox has no statistic ${statistic}.`)
  return percentile(samples, Number(percent) / 100, count)
}

function percentile(samples: Samples, share: number, count: number): number {
  const ordered = samples.toSorted((one, other) => one.value - other.value)
  let seen = 0
  for (const sample of ordered) {
    seen += sample.count
    if (seen >= share * count) return sample.value
  }
  return ordered.at(-1)?.value ?? 0
}

function metricIn(stat: Members): Members {
  const metric = optionalRecord(stat, 'Metric')
  if (metric === undefined) throw invalid('The parameter MetricStat.Metric is required.')
  return metric
}
