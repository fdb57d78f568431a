import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { isFinished } from '../../core/rollout/state.ts'
import type { StoredObject } from '../../ports/store.ts'

type Body = Pick<StoredObject, 'spec' | 'status'>

/** Fast, and little memory for each call; a rollout still shrinks to a fifth. */
const packing = { level: constants.Z_BEST_SPEED, windowBits: 12, memLevel: 4 }

/**
 * The object as the store holds it and gives it out: frozen to its leaves. Of rollouts that ended there are thousands that nobody looks at, so
 * their spec and status are kept compressed and unpacked when they are read; to a reader they are ordinary members. One that runs is written
 * again with each of its steps, so it stays as it is.
 */
export function heldObject(object: StoredObject, text: string): StoredObject {
  const isPacked = object.kind === 'Rollout' && isFinished(object.status)
  return isPacked ? packed(object, text) : deepFreeze(object)
}

function packed({ apiVersion, kind, metadata, status }: StoredObject, text: string): StoredObject {
  // A copy in memory of its own: a Buffer would keep the shared slab that it was cut from.
  const bytes = new Uint8Array(deflateRawSync(text, packing))
  let unpacked: WeakRef<Body> | undefined
  const shell = {
    apiVersion,
    kind,
    metadata: deepFreeze(metadata),
    get spec() {
      return body().spec
    },
  }
  if (status !== undefined)
    Object.defineProperty(shell, 'status', { enumerable: true, get: () => body().status })
  return Object.freeze(shell)

  /** Held weakly: memory goes back when it is needed, and a reader of several members unpacks once. */
  function body(): Body {
    const known = unpacked?.deref()
    if (known !== undefined) return known
    const fresh: Body = deepFreeze(JSON.parse(inflateRawSync(bytes).toString()) as StoredObject)
    unpacked = new WeakRef(fresh)
    return fresh
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
