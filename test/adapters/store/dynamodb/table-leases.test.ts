import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateTable } from '../../../../controller/adapters/store/dynamodb/state-table.ts'
import { startSandbox, type Sandbox } from '../../../../controller/sandbox/server.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { createTable, leasesOf, openTable, reach } from './bench.ts'

const lease = { name: 'shard-0', durationMs: 10_000 }
const MEMBER_MS = 7_000

let sandbox: Sandbox
let tables = 0
let table: StateTable
let clock: FakeClock

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

beforeEach(async () => {
  const name = `steersman-${(tables += 1)}`
  await createTable(reach(sandbox.url), name)
  table = openTable(reach(sandbox.url), name)
  // What members leave has a time to live, which the sandbox counts by the machine's clock.
  clock = new FakeClock(Date.now())
  return () => table.close()
})

/** The table as a process sees it to which each answer comes late: whatever `meanwhile` does is done by then. */
const late = (meanwhile: () => Promise<unknown>): StateTable => ({
  name: table.name,
  get: async (key) => {
    await meanwhile()
    return table.get(key)
  },
  query: (pk, range) => table.query(pk, range),
  pages: (pk) => table.pages(pk),
  batchGet: (keys) => table.batchGet(keys),
  put: (item, condition) => table.put(item, condition),
  transact: (writes, token) => table.transact(writes, token),
  close: () => undefined,
})

describe('a lease whose holder was killed', () => {
  it('is free by the time that another is to have it, who had not asked for it before', async () => {
    const [one, two] = ['one', 'two'].map((instance) => leasesOf(table, { instance, clock }))
    await one?.acquire(lease)
    await two?.announce?.(MEMBER_MS)
    await clock.advance(9_000)
    expect((await two?.acquire(lease))?.held).toBe(false)
    await clock.advance(1_000)
    expect((await two?.acquire(lease))?.held).toBe(true)
  })
})

describe('how long a lease was not renewed', () => {
  it('is counted from when its last renewal was seen, not from when it was asked for', async () => {
    const one = leasesOf(table, { instance: 'one', clock })
    let isLate = true
    const slowly = late(async () => {
      if (!isLate) return
      isLate = false
      await clock.advance(8_000)
      await one.acquire(lease)
    })
    const two = leasesOf(slowly, { instance: 'two', clock })
    await one.acquire(lease)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(9_999)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(1)
    expect((await two.acquire(lease)).held).toBe(true)
  })
})
