import { optionalText } from '../members.ts'
import { byPeriod, statisticOf } from './data.ts'
import type { Samples } from './data.ts'
import { optionalNumber, required } from './input.ts'
import type { Alarm, AlarmState } from './state.ts'

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
}

export const isComparison = (operator: string): boolean => Object.hasOwn(BREACHES, operator)

/**
 * The state that the samples give a metric alarm at this moment: enough of the newest periods breach, or not.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
 */
export function evaluate({ members, state }: Alarm, samples: Samples, now: number): AlarmState {
  const periodMs = (optionalNumber(members, 'Period') ?? 60) * 1000
  const periods = optionalNumber(members, 'EvaluationPeriods') ?? 1
  const toAlarm = optionalNumber(members, 'DatapointsToAlarm') ?? periods
  const newest = Math.floor(now / periodMs) * periodMs
  const first = newest - (periods - 1) * periodMs
  const points = byPeriod(samples, periodMs).filter(({ at }) => at >= first && at <= newest)
  const missing = optionalText(members, 'TreatMissingData') ?? 'missing'
  if (points.length === 0 && missing !== 'breaching' && missing !== 'notBreaching')
    return missing === 'ignore' ? state : 'INSUFFICIENT_DATA'
  const threshold = optionalNumber(members, 'Threshold') ?? 0
  const breaches = BREACHES[required(members, 'ComparisonOperator')]
  const statistic = optionalText(members, 'Statistic') ?? required(members, 'ExtendedStatistic')
  const breaching = points.filter(
    ({ of }) => breaches?.(statisticOf(of, statistic), threshold) === true,
  ).length
  const absent = missing === 'breaching' ? periods - points.length : 0
  return breaching + absent >= toAlarm ? 'ALARM' : 'OK'
}
