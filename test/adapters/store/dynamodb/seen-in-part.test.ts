import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../../controller/adapters/store/dynamodb/items.ts'
import type { StateTable } from '../../../../controller/adapters/store/dynamodb/state-table.ts'
import type { TableStore } from '../../../../controller/adapters/store/dynamodb/table-store.ts'
import { startSandbox, type Sandbox } from '../../../../controller/sandbox/server.ts'
import { createTable, openStore, openTable, reach } from './bench.ts'

let sandbox: Sandbox
let tables = 0
let name: string
let table: StateTable
let writer: TableStore

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

beforeEach(async () => {
  name = `steersman-${(tables += 1)}`
  await createTable(reach(sandbox.url), name)
  table = openTable(reach(sandbox.url), name)
  writer = openStore(table)
})

const rollout = (number: number) => ({
  kind: 'Rollout' as const,
  metadata: { name: `prod-web-${number}` },
  spec: { number },
})

type Hides = (item: Item) => boolean

/** How often the log of changes was read. */
let looks = 0

/** The same table as somebody reads it to whom some items of a transaction are not visible yet, in reads of several; the head always is. */
function seenInPart(hides: Hides): StateTable {
  const seen = (items: readonly Item[]): readonly Item[] => items.filter((item) => !hides(item))
  return {
    name: table.name,
    get: (key) => table.get(key),
    put: (item, condition) => table.put(item, condition),
    transact: (writes, token) => table.transact(writes, token),
    close: () => table.close(),
    query: async (pk, range) => {
      looks += 1
      return seen(await table.query(pk, range))
    },
    async *pages(pk) {
      for await (const page of table.pages(pk)) yield seen(page)
    },
    batchGet: async (keys) => seen(await table.batchGet(keys)),
  }
}

/** Hides for that long, from the first time on that there was something to hide. */
function forMs(durationMs: number, isSuch: Hides): Hides {
  let since: number | undefined
  return (item) => isSuch(item) && performance.now() - (since ??= performance.now()) < durationMs
}

const isOf =
  (pk: string, text: string): Hides =>
  (item) =>
    item['pk']?.S === pk && (item['sk']?.S ?? '').includes(text)

describe('a transaction that becomes readable item by item', () => {
  it('is read as a whole by who opens the table just then', async () => {
    await writer.create(rollout(1))
    const reader = openStore(seenInPart(forMs(500, isOf('Rollout', 'prod-web-1'))), 3_600_000)
    expect((await reader.list('Rollout')).items).toHaveLength(1)
    await reader.close()
  })

  it('is read as a whole where its line in the log of changes comes last', async () => {
    await writer.create(rollout(1))
    const { metadata } = await writer.create(rollout(2))
    const isHidden = forMs(500, (item) => {
      const isLine = isOf('change', '00002')(item)
      return isLine || isOf('Rollout', 'prod-web-2')(item)
    })
    const reader = openStore(seenInPart(isHidden), 3_600_000)
    expect((await reader.get('Rollout', 'prod-web-2'))?.metadata.uid).toBe(metadata.uid)
    await reader.close()
  })

  it('is no object that was deleted meanwhile, for who follows', async () => {
    const reader = openStore(seenInPart(forMs(500, isOf('Rollout', 'prod-web-1'))), 3_600_000)
    expect((await reader.list('Rollout')).items).toEqual([])
    await writer.create(rollout(1))
    await reader.catchUp()
    expect((await reader.list('Rollout')).items).toHaveLength(1)
    await reader.close()
  })

  it('does not hold up who follows where the object was deleted again at once', async () => {
    const reader = openStore(
      seenInPart(() => false),
      3_600_000,
    )
    await reader.list('Rollout')
    await writer.create(rollout(1))
    await writer.delete('Rollout', 'prod-web-1')
    looks = 0
    await reader.catchUp()
    expect((await reader.list('Rollout')).items).toEqual([])
    expect(looks).toBe(1)
    await reader.close()
  })

  it('is waited for no longer than a few seconds: what people took out by hand does not keep the table shut', async () => {
    await writer.create(rollout(1))
    const reader = openStore(seenInPart(isOf('Rollout', 'prod-web-1')), 3_600_000)
    expect((await reader.list('Rollout')).items).toEqual([])
    await reader.close()
  }, 15_000)
})
