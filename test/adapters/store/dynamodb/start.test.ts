import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StateTable } from '../../../../controller/adapters/store/dynamodb/state-table.ts'
import type { TableStore } from '../../../../controller/adapters/store/dynamodb/table-store.ts'
import type { NewObject } from '../../../../controller/ports/store.ts'
import { startSandbox, type Sandbox } from '../../../../controller/sandbox/server.ts'
import { createTable, openStore, openTable, reach } from './bench.ts'

/** Three of them fill a page of a megabyte. */
const large = (index: number): NewObject => ({
  kind: 'Release',
  metadata: { name: `prod-r${index}` },
  spec: { text: 'x'.repeat(390_000) },
})

let sandbox: Sandbox
let table: StateTable
let store: TableStore

beforeEach(async () => {
  sandbox = await startSandbox({ port: 0 })
  await createTable(reach(sandbox.url))
  table = openTable(reach(sandbox.url))
  store = openStore(table)
})

afterEach(async () => {
  await store.close()
  table.close()
  await sandbox.close()
})

async function calls(): Promise<Record<string, number>> {
  const answer = await fetch(`${sandbox.url}/_sandbox/calls`)
  const made = (await answer.json()) as readonly { readonly operation: string; readonly count: number }[]
  return Object.fromEntries(made.map(({ operation, count }) => [operation, count]))
}

describe('the start over a table', () => {
  it('takes one read for the version, one for each page of each kind and of the newest changes, and no write', async () => {
    for (let index = 0; index < 7; index += 1) await store.create(large(index))
    await store.create({ kind: 'Rollout', metadata: { name: 'prod-r1-1' }, spec: {} })
    await store.close()
    await fetch(`${sandbox.url}/_sandbox/calls`, { method: 'DELETE' })
    const anew = openStore(table, 60_000)
    const { items } = await anew.list('Release')
    expect(items.map(({ metadata }) => metadata.name)).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((index) => `prod-r${index}`),
    )
    expect((await anew.list('Rollout')).items).toHaveLength(1)
    expect(await calls()).toEqual({ GetItem: 1, Query: 3 + 2 + 1 })
    await anew.close()
  })

  it('fails as a whole where one page can not be read, and begins anew when it is asked again', async () => {
    for (let index = 0; index < 4; index += 1) await store.create(large(index))
    await store.close()
    sandbox.world.faults.add({
      service: 'dynamodb',
      operation: 'Query',
      error: 'AccessDeniedException',
      count: 1,
    })
    const anew = openStore(table, 60_000)
    await expect(anew.list('Release')).rejects.toMatchObject({ code: 'AccessDenied' })
    expect((await anew.list('Release')).items).toHaveLength(4)
    await anew.close()
  })
})
