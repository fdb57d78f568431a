import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { optionalRecords, optionalText, present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { seriesOf } from './data.ts'
import { isComparison } from './evaluate.ts'
import { invalid, optionalNumber, required } from './input.ts'
import type { Alarm } from './state.ts'
import { ALARM_STATES, alarmArn, alarmKey, alarmView, inState, noSuchAlarm } from './state.ts'

/** The operations on alarms. An alarm that is put anew keeps its state, as in AWS. */
export function alarmOperations(alarms: Table<Alarm>): Record<string, Operation> {
  return {
    PutMetricAlarm: writing((input, context) => put(alarms, 'MetricAlarm', checked(input), context)),
    PutCompositeAlarm: writing((input, context) => {
      required(input, 'AlarmRule')
      return put(alarms, 'CompositeAlarm', input, context)
    }),
    SetAlarmState: writing((input, context) => setState(alarms, input, context)),
    DeleteAlarms: writing((input, context) => {
      const names = texts(input, 'AlarmNames')
      if (names.some((name) => alarms.get(alarmKey(name, context)) === undefined)) throw noSuchAlarm()
      for (const name of names) alarms.delete(alarmKey(name, context))
      return {}
    }),
    DescribeAlarms: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(alarms, input, context),
    },
    ...tagOperations(alarms),
  }
}

const writing = (handle: Operation['handle']): Operation => ({ writes: true, bucket: 'other', handle })

function checked(input: Members): Members {
  if (!isComparison(required(input, 'ComparisonOperator')))
    throw invalid('The sandbox compares with a fixed threshold only.')
  required(input, 'Namespace')
  const numbers = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'].map(
    (name) => [name, optionalNumber(input, name)] as const,
  )
  return present({ ...input, ...Object.fromEntries(numbers) })
}

function put(alarms: Table<Alarm>, kind: Alarm['kind'], input: Members, context: CallContext): Members {
  const name = required(input, 'AlarmName')
  const { now, region } = context
  const before = alarms.get(alarmKey(name, context))
  const fresh = {
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updatedAt: now,
  } as const
  const { state, reason, updatedAt } = before ?? fresh
  alarms.put(alarmKey(name, context), {
    name,
    region,
    kind,
    members: input,
    series: kind === 'MetricAlarm' ? seriesOf(input, required(input, 'Namespace'), context) : undefined,
    state,
    reason,
    configuredAt: now,
    updatedAt,
    transitionedAt: before?.transitionedAt ?? now,
    tags: before?.tags ?? tagsIn(input),
  })
  return {}
}

function setState(alarms: Table<Alarm>, input: Members, context: CallContext): Members {
  const key = alarmKey(required(input, 'AlarmName'), context)
  const alarm = alarms.get(key)
  if (alarm === undefined) throw noSuchAlarm()
  const wanted = required(input, 'StateValue')
  const state = ALARM_STATES.find((known) => known === wanted)
  if (state === undefined) throw invalid(`${wanted} is no state of an alarm.`)
  alarms.put(key, inState(alarm, state, { reason: required(input, 'StateReason'), now: context.now }))
  return {}
}

const MOST_RECORDS = 100

function describe(alarms: Table<Alarm>, input: Members, context: CallContext): Members {
  const names = texts(input, 'AlarmNames')
  const prefix = optionalText(input, 'AlarmNamePrefix')
  if (names.length > 0 && prefix !== undefined)
    throw new AwsError('InvalidParameterCombination', 'AlarmNames and AlarmNamePrefix exclude each other.')
  if (names.length > MOST_RECORDS) throw invalid(`At most ${MOST_RECORDS} AlarmNames can be given.`)
  const types = texts(input, 'AlarmTypes')
  const kinds = types.length === 0 ? ['MetricAlarm'] : types
  const state = optionalText(input, 'StateValue')
  const found = context
    .read(alarms)
    .list()
    .filter((alarm) => alarm.region === context.region && kinds.includes(alarm.kind))
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .filter((alarm) => alarm.name.startsWith(prefix ?? '') && (state === undefined || alarm.state === state))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const asked = {
    maxResults: optionalNumber(input, 'MaxRecords') ?? 50,
    nextToken: optionalText(input, 'NextToken'),
  }
  const { items, nextToken } = pageOf(found, asked, MOST_RECORDS)
  const shown = (kind: Alarm['kind']): Members[] =>
    items.filter((alarm) => alarm.kind === kind).map((alarm) => alarmView(alarm, context))
  return present({
    MetricAlarms: shown('MetricAlarm'),
    CompositeAlarms: shown('CompositeAlarm'),
    NextToken: nextToken,
  })
}

function tagOperations(alarms: Table<Alarm>): Record<string, Operation> {
  const byArn = (input: Members, context: CallContext): Alarm => {
    const arn = required(input, 'ResourceARN')
    const found = context
      .read(alarms)
      .list()
      .find((alarm) => alarm.region === context.region && alarmArn(alarm.name, context) === arn)
    if (found === undefined) throw new AwsError('ResourceNotFoundException', 'Unknown', 404)
    return found
  }
  const retag = (tagsOf: (before: Alarm['tags'], input: Members) => Alarm['tags']): Operation =>
    writing((input, context) => {
      const alarm = byArn(input, context)
      alarms.put(alarmKey(alarm.name, context), { ...alarm, tags: tagsOf(alarm.tags, input) })
      return {}
    })
  return {
    ListTagsForResource: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => ({
        Tags: Object.entries(byArn(input, context).tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    TagResource: retag((before, input) => ({ ...before, ...tagsIn(input) })),
    UntagResource: retag((before, input) => {
      const gone = texts(input, 'TagKeys')
      return Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key)))
    }),
  }
}

const tagsIn = (input: Members): Record<string, string> =>
  Object.fromEntries(
    (optionalRecords(input, 'Tags') ?? []).map((tag) => [
      required(tag, 'Key'),
      optionalText(tag, 'Value') ?? '',
    ]),
  )
