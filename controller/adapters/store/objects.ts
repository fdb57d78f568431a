import { isDeepStrictEqual } from 'node:util'
import type { Kind, NewObject, ObjectMetadata, StoredObject } from '../../ports/store.ts'
import { invalid } from './errors.ts'
import { heldObject } from './held-object.ts'

export const kinds: readonly Kind[] = ['Environment', 'Release', 'Rollout']

/** Kubernetes' own limit of an object is 1.5 MiB (etcd's request); none of ours comes near one. */
export const limitBytes = 1024 * 1024

/** Names become file names, so they are Kubernetes' DNS subdomain names, short enough for a suffix within 255 bytes. */
const namePattern = /^[a-z0-9]([-a-z0-9.]{0,228}[a-z0-9])?$/

/** Throws `Invalid` for a name that Kubernetes or a file system would refuse. */
export function assertName(name: string): void {
  if (namePattern.test(name)) return
  throw invalid(
    `${JSON.stringify(name.slice(0, 260))} is no object name`,
    'Use lower-case letters, digits, - and . (at most 230 characters, a letter or digit first and last).',
  )
}

export function newObject(
  given: NewObject,
  made: Pick<ObjectMetadata, 'resourceVersion' | 'creationTimestamp' | 'uid'>,
): StoredObject {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: given.kind,
    metadata: { ...chosenMetadata(given.metadata), generation: 1, ...made },
    spec: given.spec,
    ...(given.status === undefined ? {} : { status: given.status }),
  }
}

/** The stored object with the given spec, labels and annotations; undefined when nothing would change. */
export function withSpec(
  stored: StoredObject,
  given: StoredObject,
  resourceVersion: string,
): StoredObject | undefined {
  const { name, generation, creationTimestamp, uid } = stored.metadata
  const sameSpec = isDeepStrictEqual(stored.spec, given.spec)
  const metadata: ObjectMetadata = {
    ...chosenMetadata({ ...pickLabels(given.metadata), name }),
    generation: sameSpec ? generation : generation + 1,
    resourceVersion,
    creationTimestamp,
    uid,
  }
  if (
    sameSpec &&
    isDeepStrictEqual({ ...metadata, resourceVersion: stored.metadata.resourceVersion }, stored.metadata)
  ) {
    return undefined
  }
  return { ...stored, metadata, spec: given.spec }
}

/** The stored object with the given status; undefined when nothing would change. */
export function withStatus(
  stored: StoredObject,
  given: StoredObject,
  resourceVersion: string,
): StoredObject | undefined {
  if (isDeepStrictEqual(stored.status, given.status)) return undefined
  const { status: _old, ...rest } = stored
  return {
    ...rest,
    metadata: { ...stored.metadata, resourceVersion },
    ...(given.status === undefined ? {} : { status: given.status }),
  }
}

export function withVersion(stored: StoredObject, resourceVersion: string): StoredObject {
  return { ...stored, metadata: { ...stored.metadata, resourceVersion } }
}

/** The text of an object of plain data, and the object as it is held: frozen to its leaves. */
export function canonical(object: StoredObject): { readonly text: string; readonly object: StoredObject } {
  const text = JSON.stringify(object)
  if (Buffer.byteLength(text) > limitBytes) {
    throw invalid(
      `${object.kind} ${object.metadata.name} is larger than ${limitBytes} bytes`,
      'Make the object smaller: the store is no place for logs or bodies.',
    )
  }
  return { text, object: heldObject(object, text) }
}

/** The object in a file's text, or undefined when the text is not a whole object of that kind and name. */
export function readObject(text: string, kind: Kind, name: string): StoredObject | undefined {
  try {
    const object: unknown = JSON.parse(text)
    return isStored(object, kind, name) ? heldObject(object, text) : undefined
  } catch {
    return undefined
  }
}

function isStored(value: unknown, kind: Kind, name: string): value is StoredObject {
  if (!isRecord(value) || !isRecord(value['metadata']) || !isRecord(value['spec'])) return false
  const { metadata } = value
  return (
    value['kind'] === kind &&
    metadata['name'] === name &&
    typeof metadata['generation'] === 'number' &&
    typeof metadata['uid'] === 'string' &&
    typeof metadata['creationTimestamp'] === 'string' &&
    versionOf(metadata['resourceVersion']) !== undefined
  )
}

/** The counter inside an opaque version; undefined for a version that this store never gave out. */
export function versionOf(resourceVersion: unknown): number | undefined {
  if (typeof resourceVersion !== 'string' || !/^\d{1,15}$/.test(resourceVersion)) return undefined
  return Number(resourceVersion)
}

function chosenMetadata(metadata: NewObject['metadata']): NewObject['metadata'] {
  return { name: metadata.name, ...pickLabels(metadata) }
}

function pickLabels({
  labels,
  annotations,
}: Pick<ObjectMetadata, 'labels' | 'annotations'>): Pick<ObjectMetadata, 'labels' | 'annotations'> {
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
