import type { SimulatedAws } from './simulated-aws.ts'

/** The state of an alarm that nobody has to mind, and the two that no version may pass under. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

/** The alarm that watches a release. */
export const alarmOf = (release: string): string => `${release}-5xx`

/** One alarm for each release, all of them in order. */
export function makeAlarms(aws: SimulatedAws, releases: readonly string[]): void {
  for (const release of releases) {
    aws.byHand('monitoring', 'PutMetricAlarm', {
      AlarmName: alarmOf(release),
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    })
    setAlarm(aws, release, 'OK')
  }
}

export function setAlarm(aws: SimulatedAws, release: string, state: AlarmState): void {
  aws.byHand('monitoring', 'SetAlarmState', {
    AlarmName: alarmOf(release),
    StateValue: state,
    StateReason: 'what CloudWatch has evaluated',
  })
}
