import { judgeAlarms } from '../../core/gate/judge-alarms.ts'
import type { AlarmsProbe, GateAttempt } from '../../ports/gate.ts'
import type { Metrics } from '../../ports/metrics.ts'
import { notRead } from './not-read.ts'

/** Looks at the alarms once. Where AWS can't be asked that is Inconclusive. */
export async function probeAlarms(probe: AlarmsProbe, metrics: Metrics): Promise<GateAttempt> {
  try {
    return judgeAlarms(probe, await metrics.alarms(probe.names))
  } catch (error) {
    return notRead('the alarms', error)
  }
}
