import { isDeepStrictEqual } from 'node:util'
import type { Kind, NewObject, ObjectMetadata, StoredObject } from '../../ports/store.ts'
import { isRecord } from '../../resources/problem.ts'
import { invalid, tooLarge } from './errors.ts'

const API_VERSION = 'steersman.dev/v1alpha1'

export const kinds: readonly Kind[] = ['Environment', 'Release', 'Rollout']

/** An object as the API server has it: with metadata that the port does not know, and that must not be lost. */
export interface KubeObject {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec?: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

/**
 * The status that an object is created with. The server drops a status at creation, and between creation and the first write of the status the process may
 * die: until then this annotation is the status.
 */
const FIRST_STATUS = 'steersman.dev/first-status'

/** The same as for the other stores; the server's own limit is half as much again. */
const LIMIT_BYTES = 1024 * 1024

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Throws `Invalid` for what is no DNS subdomain name (RFC 1123): it would be another path of the API. */
export function assertName(name: string): void {
  if (name.length <= 230 && NAME.test(name)) return
  throw invalid(
    `${JSON.stringify(name.slice(0, 260))} is no object name`,
    'Use lower-case letters, digits, - and . (at most 230 characters, a letter or digit around each dot and at both ends).',
  )
}

/** Where the objects of a kind are. */
export const pathOf = (kind: Kind, namespace: string): string =>
  `/apis/${API_VERSION}/namespaces/${namespace}/${kind.toLowerCase()}s`

/**
 * Under which lease a Rollout's status was written: its Lease object and the epoch. The schema refuses an older epoch of the same object after a newer one; a
 * Lease that was deleted and made anew counts from 1 again, and is told apart by its uid.
 */
export interface LeaseMark {
  readonly name: string
  readonly uid: string
  readonly epoch: number
}

/** The body that creates an object. */
export function bodyOfNew(
  { kind, metadata, spec, status }: NewObject,
  { owner, lease }: { readonly owner?: object | undefined; readonly lease?: LeaseMark | undefined } = {},
): object {
  const annotations = {
    ...metadata.annotations,
    ...(isBlank(status) ? {} : { [FIRST_STATUS]: JSON.stringify(marked(status, lease)) }),
  }
  const body = {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      ...metadata,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec,
  }
  return bounded(body, kind, metadata.name)
}

/** The body that replaces spec, labels and annotations, and keeps finalizers, owners and what else the server's metadata hold; undefined when nothing would change. */
export function bodyOfUpdate(stored: KubeObject, given: StoredObject): object | undefined {
  const before = fromKube(given.kind, stored)
  const { name, uid, resourceVersion, labels = {} } = given.metadata
  const first = firstStatusOf(stored)
  const annotations = {
    ...given.metadata.annotations,
    ...(first === undefined ? {} : { [FIRST_STATUS]: first }),
  }
  const { labels: _labels, annotations: _annotations, managedFields: _managed, ...kept } = stored.metadata
  const isSame =
    isDeepStrictEqual(plain(given.spec), before.spec) &&
    isDeepStrictEqual(labels, before.metadata.labels ?? {}) &&
    isDeepStrictEqual(given.metadata.annotations ?? {}, before.metadata.annotations ?? {})
  if (isSame) return undefined
  const body = {
    apiVersion: API_VERSION,
    kind: given.kind,
    metadata: { ...kept, name, uid, resourceVersion, labels, annotations },
    spec: given.spec,
  }
  return bounded(body, given.kind, name)
}

/** The body that replaces the status; of the metadata the server looks at name, uid and version alone. */
export function bodyOfStatus({ kind, metadata, status }: StoredObject, lease?: LeaseMark): object {
  const { name, uid, resourceVersion } = metadata
  const body = {
    apiVersion: API_VERSION,
    kind,
    metadata: { name, uid, resourceVersion },
    status: marked(status, lease),
  }
  return bounded(body, kind, name)
}

const marked = (status: StoredObject['status'], lease: LeaseMark | undefined): StoredObject['status'] =>
  lease === undefined ? status : { ...status, lease }

/** Whether an object was last written under a later epoch of the same lease. */
export function isLater({ status }: KubeObject, { uid, epoch }: LeaseMark): boolean {
  const lease = status?.['lease']
  return isRecord(lease) && lease['uid'] === uid && Number(lease['epoch']) > epoch
}

function bounded(body: object, kind: Kind, name: string): object {
  if (Buffer.byteLength(JSON.stringify(body)) <= LIMIT_BYTES) return body
  throw invalid(`${kind} ${name} is larger than ${LIMIT_BYTES} bytes`, tooLarge)
}

/** What the port says of an object of the server, frozen to its leaves. */
export function fromKube(kind: Kind, { metadata, spec = {}, status }: KubeObject): StoredObject {
  const first = firstStatusOf({ metadata, ...(status === undefined ? {} : { status }) })
  const shown = withoutMark(first === undefined ? status : (JSON.parse(first) as StoredObject['status']))
  return frozen({
    apiVersion: API_VERSION,
    kind,
    metadata: metadataOf(metadata),
    spec,
    ...(shown === undefined ? {} : { status: shown }),
  })
}

/** The port has fences instead. */
function withoutMark(status: StoredObject['status']): StoredObject['status'] {
  if (status?.['lease'] === undefined) return status
  const { lease: _lease, ...rest } = status
  return rest
}

function metadataOf(metadata: KubeObject['metadata']): ObjectMetadata {
  const { [FIRST_STATUS]: _first, ...annotations } = textsOf(metadata['annotations'])
  const labels = textsOf(metadata['labels'])
  const { deletionTimestamp } = metadata
  return {
    name: String(metadata['name']),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    generation: Number(metadata['generation'] ?? 1),
    resourceVersion: String(metadata['resourceVersion']),
    creationTimestamp: String(metadata['creationTimestamp']),
    uid: String(metadata['uid']),
    ...(typeof deletionTimestamp === 'string' ? { deletionTimestamp } : {}),
  }
}

/** Only as long as nobody has written a status. */
function firstStatusOf({ metadata, status }: KubeObject): string | undefined {
  return isBlank(status) ? textsOf(metadata['annotations'])[FIRST_STATUS] : undefined
}

/** What the schema puts there by default says nothing. */
export const isBlank = (status: Readonly<Record<string, unknown>> | undefined): boolean =>
  status === undefined ||
  isDeepStrictEqual(status, { observedGeneration: -1 }) ||
  isDeepStrictEqual(status, {})

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  isRecord(value) ? (value as Record<string, string>) : {}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
