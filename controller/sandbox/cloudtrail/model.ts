import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import {
  timestamp,
  type CallContext,
  type DoneCall,
  type Members,
  type ServiceModel,
} from '../kernel/operation.ts'
import type { Settings } from '../kernel/settings.ts'
import { optionalInteger, optionalRecords, text } from '../members.ts'
import { pageOf } from '../paging.ts'
import type { Caller, TrailRecord } from './record.ts'
import { recordOf } from './record.ts'

/** CloudTrail's event history: the calls that changed something, a while after they were made. */
export interface TrailModel extends ServiceModel {
  /** Keeps a call that is over; the record, which is told when it can be read. */
  note(call: DoneCall): void
}

/** CloudTrail keeps 90 days; a sandbox that runs for long keeps the newest. */
const MOST_RECORDS = 5_000

interface TrailParts {
  readonly clock: Clock
  readonly settings: Pick<Settings, 'trailDelaySeconds' | 'speed'>
  readonly callerOf: (call: DoneCall) => Caller
  /** Whether anybody wants to be told of records. */
  readonly isHeard: () => boolean
  /** Called with each record once it can be read, while it is heard. */
  readonly onRecord: (record: TrailRecord) => void
}

/** An empty history. */
export function createTrailModel({ clock, settings, callerOf, isHeard, onRecord }: TrailParts): TrailModel {
  let noted = 0
  let records: TrailRecord[] = []
  return {
    service: 'cloudtrail',
    operations: {
      LookupEvents: {
        writes: false,
        bucket: 'cloudtrail-lookup',
        handle: (input, context) => lookup(readable(), input, context),
      },
    },
    note(call) {
      if (isDataEvent(call)) return
      noted += 1
      const record = recordOf(call, callerOf(call), recordId(noted))
      if (records.length >= MOST_RECORDS * 2) records = records.slice(-MOST_RECORDS)
      records.push(record)
      if (isHeard()) clock.setTimer(settings.trailDelaySeconds * 1000, () => onRecord(record))
    },
    dump: () => ({ noted, records: records.slice(-MOST_RECORDS) }),
    load(state) {
      const dumped = (state ?? { noted: 0, records: [] }) as { noted: number; records: TrailRecord[] }
      noted = dumped.noted
      records = [...dumped.records]
    },
  }

  function readable(): readonly TrailRecord[] {
    const until = clock.now() - (settings.trailDelaySeconds * 1000) / settings.speed
    return records.filter(({ at }) => at <= until)
  }
}

/** Items of a table are data: the event history has management events only. */
const isDataEvent = ({ service, operation }: DoneCall): boolean =>
  service === 'dynamodb' && !/Table|Resource|TimeToLive|ContinuousBackups/.test(operation)

const recordId = (count: number): string => `00000000-0000-4000-a000-${count.toString(16).padStart(12, '0')}`

/** LookupEvents: the newest first, by one attribute at most. */
function lookup(records: readonly TrailRecord[], input: Members, context: CallContext): Members {
  const attributes = optionalRecords(input, 'LookupAttributes') ?? []
  if (attributes.length > 1)
    throw new AwsError('InvalidLookupAttributesException', 'You can only specify one lookup attribute.')
  const [from, to] = [secondsIn(input, 'StartTime'), secondsIn(input, 'EndTime')]
  if (from !== undefined && to !== undefined && from > to)
    throw new AwsError('InvalidTimeRangeException', 'The start time must not be after the end time.')
  const most = optionalInteger(input, 'MaxResults') ?? 50
  if (most < 1 || most > 50)
    throw new AwsError('InvalidMaxResultsException', 'The maximum number of results must be from 1 to 50.')
  const found = records
    .filter(({ region }) => region === context.region)
    .filter(({ at }) => (from === undefined || at >= from * 1000) && (to === undefined || at <= to * 1000))
    .filter((record) => attributes.every((attribute) => hasAttribute(record, attribute)))
    .toReversed()
  const { items, nextToken } = pageOf(found, { nextToken: input['NextToken'], maxResults: most }, 50)
  return { Events: items.map(eventView), ...(nextToken === undefined ? {} : { NextToken: nextToken }) }
}

/** The JSON protocol sends a time as epoch seconds. */
function secondsIn(input: Members, name: string): number | undefined {
  const value = input[name]
  return typeof value === 'number' ? value : undefined
}

function hasAttribute(record: TrailRecord, attribute: Members): boolean {
  const [key, value] = [text(attribute, 'AttributeKey'), text(attribute, 'AttributeValue')]
  switch (key) {
    case 'ResourceName':
      return record.resources.some(({ ResourceName }) => ResourceName === value)
    case 'EventName':
      return record.name === value
    case 'EventSource':
      return record.source === value
    case 'Username':
      return record.userName === value
    case 'EventId':
      return record.id === value
    case 'ReadOnly':
      return value === 'false'
    default:
      throw new AwsError('InvalidLookupAttributesException', `The lookup attribute ${key} is not known.`)
  }
}

const eventView = (record: TrailRecord): Members => ({
  EventId: record.id,
  EventName: record.name,
  ReadOnly: 'false',
  EventTime: timestamp(record.at),
  EventSource: record.source,
  Username: record.userName,
  Resources: record.resources,
  CloudTrailEvent: JSON.stringify(record.event),
})
