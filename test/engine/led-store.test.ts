import { describe, expect, it } from 'vitest'

import { ledStore } from '../../controller/engine/led-store.ts'
import type { NewObject, Store, StoredObject } from '../../controller/ports/store.ts'

/** A store that tells what it was asked to do, under a lease that the test gives and takes. */
function under(isHeld: boolean): { readonly store: Store; readonly done: string[] } {
  const done: string[] = []
  const does = (what: string) => async (): Promise<unknown> => {
    done.push(what)
    return undefined
  }
  const inner = {
    get: does('get'),
    list: does('list'),
    create: does('create'),
    update: does('update'),
    updateStatus: does('updateStatus'),
    delete: does('delete'),
    watch: does('watch'),
  }
  return {
    store: ledStore(inner as unknown as Store, {
      of: () => ({ name: 'controller', epoch: 1, holds: () => isHeld }),
    }),
    done,
  }
}

const object = { kind: 'Release', metadata: { name: 'web' }, spec: {} } as StoredObject & NewObject
const writes: readonly [name: string, write: (store: Store) => Promise<unknown>][] = [
  ['create', (store) => store.create(object)],
  ['update', (store) => store.update(object)],
  ['updateStatus', (store) => store.updateStatus(object)],
  ['delete', (store) => store.delete('Release', 'web')],
]

describe('the store of a controller', () => {
  it.each(writes)('is written while the lease is held: %s', async (name, write) => {
    const { store, done } = under(true)
    await write(store)
    expect(done.filter((each) => each !== 'get')).toEqual([name])
  })

  it.each(writes)('is not written any more once the lease is over: %s', async (_name, write) => {
    const { store, done } = under(false)
    await expect(write(store)).rejects.toMatchObject({ code: 'LeaseLost', handling: 'retry' })
    expect(done.filter((each) => each !== 'get')).toEqual([])
  })

  it('is written with the epoch of the lease under which the object’s environment is acted on', async () => {
    const fences: unknown[] = []
    const inner = { update: async (_object: unknown, fence: unknown) => void fences.push(fence) }
    const store = ledStore(inner as unknown as Store, {
      of: (environment) => ({ name: `lease of ${environment}`, epoch: 7, holds: () => true }),
    })
    await store.update({ ...object, kind: 'Environment', metadata: { ...object.metadata, name: 'prod' } })
    const labels = { 'steersman.dev/environment': 'test' }
    await store.update({ ...object, metadata: { ...object.metadata, labels } })
    expect(fences).toEqual([
      { lease: 'lease of prod', epoch: 7 },
      { lease: 'lease of test', epoch: 7 },
    ])
  })

  it('is read in any case', async () => {
    const { store, done } = under(false)
    await store.get('Release', 'web')
    await store.list('Release')
    expect(done).toEqual(['get', 'list'])
  })
})
