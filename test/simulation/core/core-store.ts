import type { Kind, NewObject, StoredObject } from '../../../controller/ports/store.ts'
import { PortError } from '../../../controller/ports/error.ts'

/** What the controllers' store holds, without files: it outlives each of them, and a call takes no time. */
export class CoreStore {
  readonly #objects: Readonly<Record<Kind, Map<string, StoredObject>>> = {
    Environment: new Map(),
    Release: new Map(),
    Rollout: new Map(),
  }
  readonly #isFull: () => boolean
  #version = 0

  constructor({ isFull }: { readonly isFull: () => boolean }) {
    this.#isFull = isFull
  }

  get(kind: Kind, name: string): StoredObject | undefined {
    return this.#objects[kind].get(name)
  }

  /** Those that have the label. */
  list(kind: Kind, label: string, value: string): readonly StoredObject[] {
    const found: StoredObject[] = []
    for (const object of this.#objects[kind].values())
      if (object.metadata.labels?.[label] === value) found.push(object)
    return found
  }

  all(kind: Kind): readonly StoredObject[] {
    return [...this.#objects[kind].values()]
  }

  create({ kind, metadata, spec, status }: NewObject): StoredObject {
    this.#assertRoom()
    this.#version += 1
    const made = {
      generation: 1,
      resourceVersion: String(this.#version),
      creationTimestamp: '',
      uid: String(this.#version),
    }
    const object: StoredObject = {
      apiVersion: 'steersman.dev/v1alpha1',
      kind,
      metadata: { ...metadata, ...made },
      spec,
      ...(status === undefined ? {} : { status }),
    }
    this.#objects[kind].set(metadata.name, object)
    return object
  }

  /** Replaces spec, labels and annotations of an object whose newest version the caller has seen. */
  update({ kind, metadata, spec }: Pick<StoredObject, 'kind' | 'metadata' | 'spec'>): StoredObject {
    this.#assertRoom()
    const before = this.#there(kind, metadata.name)
    if (before.metadata.resourceVersion !== metadata.resourceVersion)
      throw new PortError(`${kind} ${metadata.name} was changed meanwhile`, {
        code: 'Conflict',
        handling: 'retry',
      })
    const generation = before.metadata.generation + (before.spec === spec ? 0 : 1)
    return this.#put({ ...before, spec, metadata: { ...metadata, generation } })
  }

  /** Replaces the status of the object as it is now. */
  updateStatus(kind: Kind, name: string, status: object): StoredObject {
    this.#assertRoom()
    return this.#put({ ...this.#there(kind, name), status: status as Readonly<Record<string, unknown>> })
  }

  delete(kind: Kind, name: string): void {
    this.#assertRoom()
    this.#objects[kind].delete(name)
  }

  #put(object: StoredObject): StoredObject {
    this.#version += 1
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } }
    this.#objects[object.kind].set(object.metadata.name, stored)
    return stored
  }

  #there(kind: Kind, name: string): StoredObject {
    const object = this.get(kind, name)
    if (object === undefined)
      throw new PortError(`no ${kind} ${name}`, { code: 'NotFound', handling: 'retry' })
    return object
  }

  #assertRoom(): void {
    if (this.#isFull()) throw new PortError('no space left', { code: 'StoreFull', handling: 'retry' })
  }
}
