import { judgeValue } from '../../core/gate/judge-value.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CloudWatchProbe, GateAttempt } from '../../ports/gate.ts'
import type { MetricSeries, Metrics } from '../../ports/metrics.ts'
import { notRead } from './not-read.ts'

/** Judges the newest whole period since the question's beginning. Where there is none yet, that is Inconclusive. */
export async function probeCloudWatch(
  { series, bounds, since }: CloudWatchProbe,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock },
): Promise<GateAttempt> {
  const periodMs = series.periodSeconds * 1000
  const from = Math.ceil(since / periodMs) * periodMs
  const to = Math.floor(clock.now() / periodMs) * periodMs
  const name = nameOf(series)
  if (from >= to) return noData(name, 'no whole period has gone by yet')
  try {
    const [newest] = await metrics.points(series, { from, to })
    if (newest === undefined)
      return noData(
        name,
        'CloudWatch has no data since this phase began; check namespace, metric and dimensions',
      )
    const { result, message } = judgeValue(newest.value, bounds)
    return { result, message: `${name}: ${message}` }
  } catch (error) {
    return notRead(name, error)
  }
}

const nameOf = ({ namespace, metric, statistic }: MetricSeries): string =>
  `${statistic} of ${namespace} ${metric}`

const noData = (name: string, why: string): GateAttempt => ({
  result: 'Inconclusive',
  message: `${name}: ${why}`,
})
