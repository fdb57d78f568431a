import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../../../controller/resources/problem.ts'
import { badRequest, invalid } from './failure.ts'
import type { KubeKind, KubeObject } from './model.ts'
import type { Cause } from './schema.ts'

/** Throws what the real server says of a Lease or an Event that it does not take. */
export function assertBuiltIn(kind: KubeKind, object: KubeObject, before: KubeObject | undefined): void {
  if (kind.group === 'coordination.k8s.io')
    for (const field of ['acquireTime', 'renewTime']) assertMicroTime(kind, read(object['spec'], field))
  if (kind.kind !== 'Event') return
  assertMicroTime(kind, object['eventTime'])
  assertMicroTime(kind, read(object['series'], 'lastObservedTime'))
  const causes = before === undefined ? [...newEvent(object)] : [...changedEvent(object, before)]
  if (causes.length > 0) throw invalid(kind, object.metadata.name, causes)
}

/** `MicroTime` is read with exactly six digits after the point. */
function assertMicroTime(kind: KubeKind, time: unknown): void {
  if (time === undefined || time === null) return
  if (typeof time === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time)) return
  throw badRequest(
    `${kind.kind} in version "v1" cannot be handled: parsing time ${JSON.stringify(time)} as "2006-01-02T15:04:05.000000Z07:00"`,
  )
}

/** As ValidateEventCreate in pkg/apis/core/validation/events.go has it for events.k8s.io/v1. */
function* newEvent(object: KubeObject): Generator<Cause> {
  yield* anyEvent(object)
  yield* seriesCauses(object)
  const { eventTime, type } = object
  if (eventTime === undefined || eventTime === null) yield { field: 'eventTime', message: 'Required value' }
  if (type !== 'Normal' && type !== 'Warning')
    yield { field: 'type', message: `Invalid value: "": has invalid value: ${String(type)}` }
  const deprecated = { deprecatedFirstTimestamp: 'firstTimestamp', deprecatedLastTimestamp: 'lastTimestamp' }
  for (const [name, field] of Object.entries({ ...deprecated, deprecatedCount: 'count' }))
    if (object[name] !== undefined) yield { field, message: 'Invalid value: "": needs to be unset' }
}

/** Of an Event that exists only the series may change. */
function* changedEvent(object: KubeObject, before: KubeObject): Generator<Cause> {
  yield* anyEvent(object)
  if (!isDeepStrictEqual(object['series'], before['series'])) yield* seriesCauses(object)
  for (const [name, field] of Object.entries(IMMUTABLE))
    if (!isDeepStrictEqual(object[name], before[name]))
      yield { field, message: 'Invalid value: field is immutable' }
}

/** By the names of events.k8s.io/v1; the server names them as it does inside. */
const IMMUTABLE: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  related: 'related',
  reason: 'reason',
  note: 'message',
  type: 'type',
  eventTime: 'eventTime',
  action: 'action',
  reportingController: 'reportingController',
  reportingInstance: 'reportingInstance',
}

const QUALIFIED = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

/** In bytes, as Go counts. */
const LIMITS: Readonly<Record<string, number>> = { reportingInstance: 128, action: 128, reason: 128 }

function* anyEvent(object: KubeObject): Generator<Cause> {
  const { regarding, reportingController = '', note = '' } = object
  // Of another namespace it may be: only events without an `eventTime`, of before Kubernetes 1.19, must not.
  if ((read(regarding, 'namespace') ?? '') === '')
    yield { field: 'involvedObject.namespace', message: 'Invalid value: does not match event.namespace' }
  if (reportingController === '') yield { field: 'reportingController', message: 'Required value' }
  else if (!QUALIFIED.test(String(reportingController)))
    yield { field: 'reportingController', message: 'Invalid value: name part must consist of …' }
  for (const [field, limit] of Object.entries(LIMITS)) {
    const value = object[field] ?? ''
    if (value === '') yield { field, message: 'Required value' }
    else if (Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value)) > limit)
      yield { field, message: `Invalid value: "": can have at most ${limit} characters` }
  }
  if (Buffer.byteLength(typeof note === 'string' ? note : JSON.stringify(note)) > 1024)
    yield { field: 'message', message: 'Invalid value: "": can have at most 1024 characters' }
}

function* seriesCauses({ series }: KubeObject): Generator<Cause> {
  if (series === undefined || series === null) return
  if (Number(read(series, 'count') ?? 0) < 2)
    yield { field: 'series.count', message: 'Invalid value: "": should be at least 2' }
  if (read(series, 'lastObservedTime') === undefined)
    yield { field: 'series.lastObservedTime', message: 'Required value' }
}

const read = (value: unknown, field: string): unknown => (isRecord(value) ? value[field] : undefined)
