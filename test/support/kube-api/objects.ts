import { randomBytes, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { canonicalJson } from '../../../controller/core/canonical-json.ts'
import { assertBuiltIn } from './built-in.ts'
import { assertLifetime, garbageOf, isOwned } from './garbage.ts'
import { alreadyExists, changedMeanwhile, conflict, invalid, notFound } from './failure.ts'
import type { KubeKind, KubeObject, SentObject } from './model.ts'
import { apiVersionOf } from './model.ts'
import { causesOf, pruneAndDefault } from './schema.ts'

export interface Change {
  readonly revision: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly kind: KubeKind
  readonly object: KubeObject
  /** As it was before; watches with selectors need it. */
  readonly before: KubeObject | undefined
}

interface Written {
  readonly kind: KubeKind
  readonly namespace: string
  readonly sent: SentObject
  readonly manager: string
}

/** etcd's limit of one request, in bytes. */
const SIZE_LIMIT = 1.5 * 1024 * 1024
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** The objects of a cluster under one counter, with what changed of late. */
export class KubeObjects {
  readonly #uid: () => string
  readonly #soon: (act: () => void) => void
  readonly #objects = new Map<string, KubeObject>()
  readonly #changes: Change[] = []
  readonly #listeners = new Set<() => void>()
  readonly #kinds = new Map<string, KubeKind>()
  /** By what their keys begin with: they are asked for much more often than anything changes. */
  readonly #lists = new Map<string, { readonly revision: number; readonly objects: readonly KubeObject[] }>()
  #isCollecting = false
  #revision = 1
  #compacted = 0

  /** Real chance and time, unless a simulation gives its own: of uids, and of when the garbage collector comes. */
  constructor({
    uid = randomUUID,
    soon = setImmediate,
  }: { readonly uid?: () => string; readonly soon?: (act: () => void) => void } = {}) {
    this.#uid = uid
    this.#soon = soon
  }

  get revision(): number {
    return this.#revision
  }

  /** Forgets every change up to now, as etcd does every five minutes. */
  compact(): void {
    this.#compacted = this.#revision
    this.#changes.length = 0
  }

  /** Undefined when some of them were forgotten. */
  changesAfter(revision: number): readonly Change[] | undefined {
    if (revision < this.#compacted) return undefined
    return this.#changes.slice(this.#changes.findLastIndex((change) => change.revision <= revision) + 1)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get(kind: KubeKind, namespace: string, name: string): KubeObject {
    const found = this.#objects.get(keyOf(kind, namespace, name))
    if (found === undefined) throw notFound(kind, name)
    return found
  }

  has(kind: KubeKind, namespace: string, name: string): boolean {
    return this.#objects.has(keyOf(kind, namespace, name))
  }

  list(kind: KubeKind, namespace: string | undefined): readonly KubeObject[] {
    const prefix = namespace === undefined ? `${kind.group}/${kind.plural}/` : keyOf(kind, namespace, '')
    const known = this.#lists.get(prefix)
    if (known?.revision === this.#revision) return known.objects
    const found = [...this.#objects].filter(([key]) => key.startsWith(prefix))
    const objects = found.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object)
    this.#lists.set(prefix, { revision: this.#revision, objects })
    return objects
  }

  create({ kind, namespace, sent, manager }: Written): KubeObject {
    const name = nameOf(sent.metadata ?? {})
    if (name === undefined || name.length > 253 || !NAME.test(name))
      throw invalid(kind, String(name), [
        { field: 'metadata.name', message: 'Invalid value: a lowercase RFC 1123 subdomain is expected' },
      ])
    if (this.#objects.has(keyOf(kind, namespace, name))) throw alreadyExists(kind, name)
    const { status: _status, ...withoutStatus } = sent
    const { generateName: _base, ...metadata } = sent.metadata ?? {}
    const fresh = {
      ...(kind.hasStatus ? withoutStatus : sent),
      metadata: {
        ...metadata,
        name,
        namespace,
        uid: this.#uid(),
        generation: 1,
        creationTimestamp: secondsNow(),
      },
    }
    return this.#save('ADDED', { kind, manager, before: undefined, shaped: this.#shaped(kind, fresh) })
  }

  /** Replaces all but the status. */
  replace({ kind, namespace, sent, manager }: Written): KubeObject {
    const before = this.#current({ kind, namespace, sent, manager })
    const { status: _sent, ...wanted } = sent
    const { labels, annotations, finalizers, ownerReferences } = sent.metadata ?? {}
    const chosen = defined({ labels, annotations, finalizers, ownerReferences })
    const { name, uid, generation, creationTimestamp, deletionTimestamp } = before.metadata
    const kept = defined({ name, namespace, uid, creationTimestamp, deletionTimestamp })
    const after = this.#shaped(kind, {
      ...(kind.hasStatus ? { ...wanted, status: before['status'] } : wanted),
      metadata: { ...chosen, ...kept, generation },
    })
    const sameContent = isDeepStrictEqual(contentOf(after), contentOf(before))
    const metadata = { ...after.metadata, generation: sameContent ? generation : generation + 1 }
    return this.#save('MODIFIED', { kind, manager, before, shaped: { ...after, metadata } })
  }

  /** Replaces the status alone. */
  replaceStatus({ kind, namespace, sent, manager }: Written): KubeObject {
    const before = this.#current({ kind, namespace, sent, manager })
    const { resourceVersion: _old, managedFields: _managed, ...metadata } = before.metadata
    const shaped = this.#shaped(kind, { ...before, status: sent['status'], metadata })
    return this.#save('MODIFIED', { kind, manager, before, shaped })
  }

  /** Deletes at once, or marks for deletion what has finalizers. */
  remove(
    kind: KubeKind,
    place: { readonly namespace: string; readonly name: string },
    preconditions: Readonly<Record<string, unknown>>,
  ): KubeObject {
    const before = this.get(kind, place.namespace, place.name)
    const { uid, resourceVersion, finalizers = [] } = before.metadata
    if (preconditions['uid'] !== undefined && preconditions['uid'] !== uid)
      throw conflict(
        kind,
        place.name,
        `the UID in the precondition (${text(preconditions['uid'])}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      )
    if (
      preconditions['resourceVersion'] !== undefined &&
      preconditions['resourceVersion'] !== resourceVersion
    )
      throw conflict(
        kind,
        place.name,
        `the ResourceVersion in the precondition (${text(preconditions['resourceVersion'])}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      )
    if (finalizers.length === 0) return this.#drop(kind, before)
    if (before.metadata.deletionTimestamp !== undefined) return before
    const { resourceVersion: _old, managedFields: _managed, ...metadata } = before.metadata
    const marked = { ...metadata, deletionTimestamp: secondsNow(), generation: metadata.generation + 1 }
    const shaped = this.#shaped(kind, { ...before, metadata: marked })
    return this.#save('MODIFIED', { kind, manager: '', before, shaped })
  }

  #drop(kind: KubeKind, before: KubeObject): KubeObject {
    const object = {
      ...before,
      metadata: { ...before.metadata, resourceVersion: String((this.#revision += 1)) },
    }
    this.#objects.delete(keyOf(kind, before.metadata.namespace, before.metadata.name))
    this.#tell({ revision: this.#revision, type: 'DELETED', kind, object, before })
    return object
  }

  #current({ kind, namespace, sent }: Written): KubeObject {
    const { name, resourceVersion, uid } = sent.metadata ?? {}
    // Who names a uid is told of it before anything else, where the object is gone, too.
    if (uid !== undefined && !this.has(kind, namespace, String(name)))
      throw conflict(kind, String(name), otherUid(uid, ''))
    const before = this.get(kind, namespace, String(name))
    if (resourceVersion === undefined || resourceVersion === '')
      throw invalid(kind, String(name), [
        { field: 'metadata.resourceVersion', message: 'Invalid value: 0x0: must be specified for an update' },
      ])
    if (uid !== undefined && uid !== before.metadata.uid)
      throw conflict(kind, String(name), otherUid(uid, before.metadata.uid))
    if (resourceVersion !== before.metadata.resourceVersion)
      throw conflict(kind, String(name), changedMeanwhile)
    return before
  }

  #shaped(kind: KubeKind, sent: SentObject): KubeObject {
    const { schema } = kind
    const { metadata, apiVersion: _version, kind: _kind, ...content } = sent
    const shaped =
      schema === undefined ? content : (pruneAndDefault(content, withoutMetadata(schema)) as object)
    // The real server writes the fields of custom resources in alphabetical order, whatever order they came in.
    const ordered = canonicalJson({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...shaped, metadata })
    return JSON.parse(ordered) as KubeObject
  }

  #save(
    type: 'ADDED' | 'MODIFIED',
    {
      kind,
      manager,
      before,
      shaped,
    }: {
      readonly kind: KubeKind
      readonly manager: string
      readonly before: KubeObject | undefined
      readonly shaped: KubeObject
    },
  ): KubeObject {
    const { name, namespace, finalizers = [], deletionTimestamp } = shaped.metadata
    assertBuiltIn(kind, shaped, before)
    assertLifetime(kind, shaped, before)
    if (kind.schema !== undefined) {
      const causes = causesOf(shaped, kind.schema, before)
      if (causes.length > 0) throw invalid(kind, name, causes)
    }
    if (JSON.stringify(shaped).length > SIZE_LIMIT)
      throw invalid(kind, name, [{ field: '', message: 'etcdserver: request is too large' }])
    if (before !== undefined && isDeepStrictEqual(withoutVersion(shaped), withoutVersion(before)))
      return before
    const { managedFields: managed = before?.metadata['managedFields'] ?? [] } = shaped.metadata
    const object: KubeObject = {
      ...shaped,
      metadata: {
        ...shaped.metadata,
        resourceVersion: String((this.#revision += 1)),
        managedFields: managedBy(manager, managed as readonly Managed[], apiVersionOf(kind)),
      },
    }
    if (deletionTimestamp !== undefined && finalizers.length === 0) return this.#drop(kind, object)
    this.#objects.set(keyOf(kind, namespace, name), object)
    this.#tell({ revision: this.#revision, type, kind, object, before })
    return object
  }

  #tell(change: Change): void {
    this.#changes.push(change)
    this.#kinds.set(`${change.object.apiVersion} ${change.object.kind}`, change.kind)
    for (const listener of this.#listeners) listener()
    // Nothing else can have lost its last owner.
    if (change.type === 'DELETED' || isOwned(change.object)) this.#collectSoon()
  }

  #collectSoon(): void {
    if (this.#isCollecting) return
    this.#isCollecting = true
    this.#soon(() => {
      this.#isCollecting = false
      for (const { apiVersion, kind, metadata } of garbageOf(this.#objects.values())) {
        const known = this.#kinds.get(`${apiVersion} ${kind}`)
        if (known !== undefined && metadata.deletionTimestamp === undefined) this.remove(known, metadata, {})
      }
    })
  }
}

interface Managed {
  readonly manager: string
}

function managedBy(manager: string, before: readonly Managed[], apiVersion: string): readonly Managed[] {
  if (manager === '') return before
  const others = before.filter((entry) => entry.manager !== manager)
  return [
    ...others,
    {
      manager,
      operation: 'Update',
      apiVersion,
      time: secondsNow(),
      fieldsType: 'FieldsV1',
      fieldsV1: {},
    } as Managed,
  ]
}

type Schema = NonNullable<KubeKind['schema']>

const contentSchemas = new WeakMap<Schema, Schema>()

/** The schema says of the metadata only how the name looks; the rest is the server's own. */
function withoutMetadata(schema: Schema): Schema {
  const { metadata: _metadata, ...properties } = schema.properties ?? {}
  const known = contentSchemas.get(schema) ?? { ...schema, properties }
  contentSchemas.set(schema, known)
  return known
}

function nameOf({ name, generateName }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof name === 'string' && name !== '') return name
  if (typeof generateName !== 'string') return undefined
  // The server checks the base by itself too: one that ends in a dot is refused.
  return NAME.test(generateName.replace(/-$/, ''))
    ? `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}`
    : generateName
}

/** Whatever else than metadata and status changes, makes a new generation. */
function contentOf({ metadata: _metadata, status: _status, ...content }: KubeObject): object {
  return content
}

function withoutVersion(object: KubeObject): object {
  const { resourceVersion: _version, managedFields: _managed, ...metadata } = object.metadata
  return { ...object, metadata }
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

const keyOf = (kind: KubeKind, namespace: string, name: string): string =>
  `${kind.group}/${kind.plural}/${namespace}/${name}`

const secondsNow = (): string => new Date().toISOString().replace(/\.\d{3}Z$/, 'Z')

const otherUid = (sent: unknown, stored: string): string =>
  `StorageError: invalid object, Code: 4, AdditionalErrorMsg: Precondition failed: UID in precondition: ${text(sent)}, UID in object meta: ${stored}`

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
