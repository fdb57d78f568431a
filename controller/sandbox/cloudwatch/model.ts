import type { Clock } from '../kernel/clock.ts'
import type { CallContext, Members, ServiceModel } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { alarmOperations } from './alarms.ts'
import type { Samples } from './data.ts'
import { getData, putData } from './data.ts'
import { evaluate } from './evaluate.ts'
import type { Alarm } from './state.ts'
import { alarmArn, alarmKey, inState } from './state.ts'

export interface CloudWatchModel extends ServiceModel {
  /** Which of the named alarms of a region are in ALARM. */
  alarming(names: readonly string[], region: string): readonly string[]
}

/**
 * CloudWatch, as much of it as alarms and metrics of one's own need (API version 2010-08-01). Nothing here publishes metrics by itself; a metric alarm is
 * evaluated when data of its metric comes, and stands otherwise as SetAlarmState left it.
 */
export function createCloudWatchModel(parts: { clock: Clock }): CloudWatchModel {
  const alarms = new Table<Alarm>(parts.clock)
  const samples = new Table<Samples>(parts.clock)
  return {
    service: 'monitoring',
    alarming: (names, region) =>
      names.filter((name) => alarms.get(alarmKey(name, { region }))?.state === 'ALARM'),
    operations: {
      ...alarmOperations(alarms),
      PutMetricData: {
        writes: true,
        bucket: 'other',
        handle(input, context) {
          const changed = new Set(putData(samples, input, context))
          evaluateAll({ alarms, samples, changed }, context)
          return {}
        },
      },
      GetMetricData: {
        writes: false,
        bucket: 'other',
        handle: (input, context) => getData(samples, input, context),
      },
    },
    tagged: (context) =>
      context
        .read(alarms)
        .list()
        .filter(({ region }) => region === context.region)
        .map(({ name, tags }) => ({ arn: alarmArn(name, context), tags })),
    dump: () => ({ alarms: alarms.dump(), samples: samples.dump() }),
    load(state) {
      const { alarms: ofAlarms, samples: ofSamples } = state as Members
      alarms.load(ofAlarms as [string, Alarm][])
      samples.load(ofSamples as [string, Samples][])
    },
  }
}

function evaluateAll(
  parts: { alarms: Table<Alarm>; samples: Table<Samples>; changed: ReadonlySet<string> },
  { now }: CallContext,
): void {
  for (const [key, alarm] of parts.alarms.dump()) {
    if (alarm.series === undefined || !parts.changed.has(alarm.series)) continue
    const state = evaluate(alarm, parts.samples.get(alarm.series) ?? [], now)
    if (state === alarm.state) continue
    const reason = `Threshold Crossed: the newest datapoints make it ${state}`
    parts.alarms.put(key, inState(alarm, state, { reason, now }))
  }
}
