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
  return { store: ledStore(inner as unknown as Store, { holds: () => isHeld }), done }
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
    expect(done).toEqual([name])
  })

  it.each(writes)('is not written any more once the lease is over: %s', async (_name, write) => {
    const { store, done } = under(false)
    await expect(write(store)).rejects.toMatchObject({ code: 'LeaseLost', handling: 'retry' })
    expect(done).toEqual([])
  })

  it('is read in any case', async () => {
    const { store, done } = under(false)
    await store.get('Release', 'web')
    await store.list('Release')
    expect(done).toEqual(['get', 'list'])
  })
})
