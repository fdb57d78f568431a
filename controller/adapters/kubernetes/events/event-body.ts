import { micro } from '../micro-time.ts'
import type { Told } from './told.ts'

/** What of an Event is the same however often it repeats. */
export interface Occurrence extends Told {
  readonly namespace: string
  /** Of the Event itself. */
  readonly event: string
  /** Of the object: `kubectl describe` looks for Events by it. */
  readonly uid: string
  readonly instance: string
  /** Milliseconds since the epoch. */
  readonly firstAt: number
}

export interface Series {
  readonly count: number
  /** Milliseconds since the epoch. */
  readonly lastAt: number
}

const API_VERSIONS: Readonly<Record<Told['kind'], string>> = {
  Environment: 'steersman.dev/v1alpha1',
  Release: 'steersman.dev/v1alpha1',
  Rollout: 'steersman.dev/v1alpha1',
  Lease: 'coordination.k8s.io/v1',
}

const PLURALS: Readonly<Record<Told['kind'], string>> = {
  Environment: 'environments',
  Release: 'releases',
  Rollout: 'rollouts',
  Lease: 'leases',
}

/** Where the object lies that an Event is about. */
export const pathOfRegarding = ({ kind, name }: Told, namespace: string): string =>
  `/apis/${API_VERSIONS[kind]}/namespaces/${namespace}/${PLURALS[kind]}/${name}`

export const pathOfEvents = (namespace: string): string =>
  `/apis/events.k8s.io/v1/namespaces/${namespace}/events`

/** The server's limits, in bytes of UTF-8 (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
const WORD_LIMIT_BYTES = 128
const NOTE_LIMIT_BYTES = 1024

/** The body that creates an Event. */
export function bodyOfEvent(occurrence: Occurrence, series: Series): object {
  const { namespace, event, kind, name, uid, instance, firstAt, type, reason, action, note } = occurrence
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: event, namespace },
    eventTime: micro(firstAt),
    reportingController: 'steersman.dev/controller',
    reportingInstance: withinBytes(instance, WORD_LIMIT_BYTES),
    regarding: { apiVersion: API_VERSIONS[kind], kind, namespace, name, uid },
    type,
    reason: withinBytes(reason, WORD_LIMIT_BYTES),
    action: withinBytes(action, WORD_LIMIT_BYTES),
    note: withinBytes(note, NOTE_LIMIT_BYTES),
    ...seriesOf(series),
  }
}

/** What a repetition changes; every other field stays as it was, which the server insists on. */
export const patchOfSeries = (series: Series): object => seriesOf(series)

/** The server takes a series of two at least. */
const seriesOf = ({ count, lastAt }: Series): object =>
  count < 2 ? {} : { series: { count, lastObservedTime: micro(lastAt) } }

/** Cut between characters, never within one. */
function withinBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let end = limit - Buffer.byteLength('…')
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1
  return `${bytes.subarray(0, end).toString()}…`
}
