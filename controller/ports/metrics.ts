import type { AlarmFacts } from '../core/gate/judge-alarms.ts'

/** One CloudWatch metric with what is made of its samples in each period. */
export interface MetricSeries {
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  /** As CloudWatch writes it: `Sum`, `p99`. */
  readonly statistic: string
  readonly periodSeconds: number
}

/** Metric math over several metrics, all of one period. */
export interface MetricMath {
  /** By the name that each has in the expression. */
  readonly queries: Readonly<Record<string, MetricSeries>>
  readonly expression: string
  readonly periodSeconds: number
}

/** What was measured in one period. */
export interface MetricPoint {
  /** When its period began, in milliseconds since the epoch. */
  readonly at: number
  readonly value: number
}

/** What the account's monitoring knows. Rejects with PortErrors. */
export interface Metrics {
  /** The alarms of these names, metric and composite ones; those that do not exist are left out. */
  alarms(names: readonly string[]): Promise<readonly AlarmFacts[]>
  /** The points of the periods that began in [from, to), newest first. */
  points(
    asked: MetricSeries | MetricMath,
    range: { readonly from: number; readonly to: number },
  ): Promise<readonly MetricPoint[]>
}
