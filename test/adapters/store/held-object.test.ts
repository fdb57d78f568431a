import { describe, expect, it } from 'vitest'
import { heldObject } from '../../../controller/adapters/store/held-object.ts'
import type { Kind, StoredObject } from '../../../controller/ports/store.ts'

const cases: readonly { readonly kind: Kind; readonly phase: string }[] = [
  { kind: 'Environment', phase: 'Baking' },
  { kind: 'Release', phase: 'Baking' },
  { kind: 'Rollout', phase: 'Baking' },
  { kind: 'Rollout', phase: 'Succeeded' },
]

describe.each(cases)('a held $kind whose phase is $phase', ({ kind, phase }) => {
  const object = (): StoredObject => ({
    apiVersion: 'steersman.dev/v1alpha1',
    kind,
    metadata: {
      name: 'prod-web-1',
      labels: { release: 'prod-web' },
      generation: 1,
      resourceVersion: '7',
      creationTimestamp: '2026-01-01T00:00:00.000Z',
      uid: 'uid',
    },
    spec: { gates: [{ name: 'smoke' }], note: 'größer' },
    status: { phase },
  })

  it('reads, spreads, compares and prints like the object itself', () => {
    const held = heldObject(object(), JSON.stringify(object()))
    expect(held).toEqual(object())
    expect({ ...held }).toEqual(object())
    expect(JSON.stringify(held)).toBe(JSON.stringify(object()))
    expect(structuredClone(held)).toEqual(object())
  })

  it('has no status where there is none', () => {
    const { status: _status, ...rest } = object()
    const held = heldObject(rest, JSON.stringify(rest))
    expect(Object.keys(held)).toEqual(['apiVersion', 'kind', 'metadata', 'spec'])
    expect(held.status).toBeUndefined()
  })

  it('is frozen to its leaves', () => {
    const held = heldObject(object(), JSON.stringify(object()))
    const parts = [held, held.metadata, held.metadata.labels, held.spec, held.spec['gates'], held.status]
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true)
    expect(() => Object.assign(held, { spec: {} })).toThrow(TypeError)
  })
})
