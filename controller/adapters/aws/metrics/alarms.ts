import { DescribeAlarmsCommand, type CompositeAlarm, type MetricAlarm } from '@aws-sdk/client-cloudwatch'
import type { AlarmFacts } from '../../../core/gate/judge-alarms.ts'
import type { Metrics } from '../../../ports/metrics.ts'
import { createBatcher } from '../client/batcher.ts'
import { knownWord, objectsIn, requiredText, timeOrZero } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const ALARMS_PER_CALL = 100

/** DescribeAlarms by name; releases that ask at the same moment share a call. */
export function createAlarmReads({ clients, send, clock }: AwsTools): Metrics['alarms'] {
  const batcher = createBatcher<string, AlarmFacts | null>({
    clock,
    maxSize: ALARMS_PER_CALL,
    groupOf: () => 'alarms',
    identityOf: (name) => name,
    async read(names) {
      const command = new DescribeAlarmsCommand({
        AlarmNames: [...names],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: ALARMS_PER_CALL,
      })
      const answer = await send('cloudwatch:DescribeAlarms', (options) =>
        clients.cloudwatch.send(command, options),
      )
      const found = [
        ...objectsIn(answer.MetricAlarms, 'a list of alarms'),
        ...objectsIn(answer.CompositeAlarms, 'a list of alarms'),
      ].map(alarmFacts)
      return names.map((name) => found.find((alarm) => alarm.name === name) ?? null)
    },
  })
  return async (names) => {
    const found = await Promise.all(names.map((name) => batcher.load(name)))
    return found.filter((alarm) => alarm !== null)
  }
}

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const

/** `StateUpdatedTimestamp` also moves when only the reason changes, so it can't say how long an alarm has been red. */
export function alarmFacts({
  AlarmName,
  StateValue,
  StateTransitionedTimestamp,
}: MetricAlarm | CompositeAlarm): AlarmFacts {
  return {
    name: requiredText(AlarmName, "an alarm's name"),
    state: knownWord(StateValue, STATES) ?? 'Unknown',
    since: timeOrZero(StateTransitionedTimestamp, "the time of an alarm's state"),
  }
}
