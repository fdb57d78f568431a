import type { Metrics } from '../../../ports/metrics.ts'
import type { AwsTools } from '../client/tools.ts'
import { createAlarmReads } from './alarms.ts'
import { createPointReads } from './points.ts'

/** Amazon CloudWatch behind the metrics port. */
export function createMetrics(tools: AwsTools): Metrics {
  return { alarms: createAlarmReads(tools), points: createPointReads(tools) }
}
