import { judgeComparison } from '../../core/gate/judge-comparison.ts'
import { judgeValue } from '../../core/gate/judge-value.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CloudWatchProbe, GateAttempt } from '../../ports/gate.ts'
import type { MetricPoint, Metrics } from '../../ports/metrics.ts'
import { notRead } from './not-read.ts'

/** Judges the newest whole period since the question's beginning. Where there is none yet, that is Inconclusive. */
export async function probeCloudWatch(
  probe: CloudWatchProbe,
  { metrics, clock }: { readonly metrics: Metrics; readonly clock: Clock },
): Promise<GateAttempt> {
  const range = wholePeriods(probe, clock.now())
  if (range === undefined) return tooSoon(probe)
  try {
    const { series, comparison } = probe
    const [points, live] = await Promise.all([
      metrics.points(series, range),
      comparison === undefined ? undefined : metrics.points(comparison.series, range),
    ])
    return judgePoints(probe, points, live)
  } catch (error) {
    return notRead(nameOf(probe), error)
  }
}

/** The whole periods between the question's beginning and now, in milliseconds since the epoch; undefined where none has gone by. */
export function wholePeriods(
  { series: { periodSeconds }, since }: CloudWatchProbe,
  now: number,
): { readonly from: number; readonly to: number } | undefined {
  const periodMs = periodSeconds * 1000
  const from = Math.ceil(since / periodMs) * periodMs
  const to = Math.floor(now / periodMs) * periodMs
  return from < to ? { from, to } : undefined
}

export const tooSoon = (probe: CloudWatchProbe): GateAttempt =>
  noData(probe, 'no whole period has gone by yet')

/** What points say, newest first; `live`: those of the live side, where it is compared. */
export function judgePoints(
  probe: CloudWatchProbe,
  points: readonly MetricPoint[],
  live: readonly MetricPoint[] | undefined,
): GateAttempt {
  const [newest] = points
  if (newest === undefined)
    return noData(
      probe,
      'CloudWatch has no data since this phase began; check namespace, metric and dimensions',
    )
  const alone = judgeValue(newest.value, probe.bounds)
  const { comparison } = probe
  if (comparison === undefined || live === undefined || alone.result !== 'Success') return named(probe, alone)
  const other = live.find(({ at }) => at === newest.at)
  if (other === undefined) return noData(probe, 'CloudWatch has no data of the live side in the same period')
  return named(probe, judgeComparison({ value: newest.value, live: other.value }, comparison))
}

const named = (probe: CloudWatchProbe, { result, message }: GateAttempt): GateAttempt => ({
  result,
  message: `${nameOf(probe)}: ${message}`,
})

/** As people would call the question. */
export const nameOf = ({ series }: CloudWatchProbe): string =>
  'expression' in series ? series.expression : `${series.statistic} of ${series.namespace} ${series.metric}`

const noData = (probe: CloudWatchProbe, why: string): GateAttempt => ({
  result: 'Inconclusive',
  message: `${nameOf(probe)}: ${why}`,
})
