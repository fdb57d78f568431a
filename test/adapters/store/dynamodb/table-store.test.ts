import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Item } from '../../../../controller/adapters/store/dynamodb/items.ts'
import type { StateTable } from '../../../../controller/adapters/store/dynamodb/state-table.ts'
import {
  createTableStore,
  type TableStore,
} from '../../../../controller/adapters/store/dynamodb/table-store.ts'
import type { Lease, NewObject, WatchEvent } from '../../../../controller/ports/store.ts'
import { startSandbox, type Sandbox } from '../../../../controller/sandbox/server.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { seededRandom } from '../../../support/seeded-random.ts'
import { createTable, leasesOf, openStore, openTable, reach } from './bench.ts'

const named = (name: string): NewObject => ({ kind: 'Rollout', metadata: { name }, spec: { number: 1 } })
const lease = { name: 'shard-0', durationMs: 15_000 }

let sandbox: Sandbox
let tables = 0
let name: string
let table: StateTable
let store: TableStore

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

beforeEach(async () => {
  name = `steersman-${(tables += 1)}`
  await createTable(reach(sandbox.url), name)
  table = openTable(reach(sandbox.url), name)
  store = openStore(table)
})

afterEach(async () => {
  sandbox.world.faults.clear()
  await store.close()
  table.close()
})

const fault = (operation: string, error: string, count: number): void =>
  sandbox.world.faults.add({ service: 'dynamodb', operation, error, count })

const itemsOf = async (pk: string): Promise<readonly Item[]> =>
  (await Array.fromAsync(table.pages(pk))).flat()

describe('the fence', () => {
  let taken: Lease
  const clock = new FakeClock()
  const fence = () => ({ lease: taken.name, epoch: taken.epoch })

  beforeEach(async () => {
    const attempt = await leasesOf(table, { instance: 'one', clock }).acquire(lease)
    if (!attempt.held) throw new Error('the lease is not free')
    taken = attempt.lease
  })

  it('lets the writes of the lease through, with its epoch in the item', async () => {
    const created = await store.create(named('prod-web-1'), fence())
    await store.updateStatus({ ...created, status: { phase: 'Shifting' } }, fence())
    const [item] = await itemsOf('Rollout')
    expect(item).toMatchObject({ epoch: { N: '1' } })
    await store.delete('Rollout', 'prod-web-1', fence())
    expect(await store.get('Rollout', 'prod-web-1')).toBeUndefined()
  })

  it('refuses every write of a lease that has another holder by now, though nobody else has written', async () => {
    const created = await store.create(named('prod-web-1'), fence())
    const other = leasesOf(table, { instance: 'two', clock })
    await other.acquire(lease)
    await clock.advance(15_000)
    expect(await other.acquire(lease)).toMatchObject({ held: true, lease: { epoch: 2 } })
    for (const write of [
      () => store.create(named('prod-web-2'), fence()),
      () => store.update({ ...created, spec: { number: 2 } }, fence()),
      () => store.updateStatus({ ...created, status: { phase: 'Shifting' } }, fence()),
      () => store.delete('Rollout', 'prod-web-1', fence()),
    ])
      await expect(write()).rejects.toMatchObject({ code: 'LeaseLost', handling: 'retry' })
    expect(await store.get('Rollout', 'prod-web-1')).toEqual(created)
    expect(await itemsOf('Rollout')).toHaveLength(1)
  })

  it('refuses the writes of a lease that was given up', async () => {
    await leasesOf(table, { instance: 'one', clock }).release(taken)
    await expect(store.create(named('prod-web-1'), fence())).rejects.toMatchObject({ code: 'LeaseLost' })
  })

  it('is read up on before a lease counts as taken, also where the answer to the taking was lost', async () => {
    let isRead = 0
    const onTaken = async (): Promise<void> => {
      isRead += 1
    }
    const leases = leasesOf(table, { instance: 'three', clock, onTaken })
    const free = { ...lease, name: 'shard-1' }
    fault('PutItem', 'TimeoutAfterWrite', 1)
    const hasty = leasesOf(openTable(reach(sandbox.url), name, 200), { instance: 'three', clock, onTaken })
    await expect(hasty.acquire(free)).rejects.toMatchObject({ code: 'StoreUnavailable', ambiguous: true })
    expect(isRead).toBe(0)
    expect(await leases.acquire(free)).toMatchObject({ held: true, lease: { epoch: 1 } })
    expect(isRead).toBe(1)
    await leases.acquire(free)
    expect(isRead).toBe(1)
  })
})

describe('trouble on the way', () => {
  it.each([
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
    'InternalServerError',
    'ConnectionReset',
  ])('outlasts two times %s', async (error) => {
    fault('TransactWriteItems', error, 2)
    await store.create(named('prod-web-1'))
    expect(await itemsOf('change')).toHaveLength(1)
  })

  it('writes once although the answer was lost', async () => {
    const hasty = openTable(reach(sandbox.url), name, 200)
    const other = openStore(hasty)
    fault('TransactWriteItems', 'TimeoutAfterWrite', 1)
    const created = await other.create(named('prod-web-1'))
    expect(created.metadata.resourceVersion).toBe('1')
    expect(await itemsOf('change')).toHaveLength(1)
    await other.close()
    hasty.close()
  })

  it('says that a write may have happened where no answer ever came, and knows it afterwards', async () => {
    const hasty = openTable(reach(sandbox.url), name, 100)
    const other = openStore(hasty)
    await other.list('Rollout')
    fault('TransactWriteItems', 'TimeoutAfterWrite', 4)
    await expect(other.create(named('prod-web-1'))).rejects.toMatchObject({
      code: 'StoreUnavailable',
      handling: 'retry',
      ambiguous: true,
    })
    await expect(other.create(named('prod-web-1'))).rejects.toMatchObject({ code: 'AlreadyExists' })
    await other.close()
    hasty.close()
  })

  it.each([
    [
      'AccessDeniedException',
      {
        code: 'AccessDenied',
        handling: 'stall',
        remedy: expect.stringContaining('dynamodb:GetItem') as string,
      },
    ],
    ['ExpiredTokenException', { code: 'CredentialsMissing', handling: 'stall' }],
    ['ValidationException', { code: 'TableUnfit', handling: 'stall' }],
  ])('says of %s how to mend it', async (error, expected) => {
    fault('GetItem', error, 1)
    await expect(store.get('Rollout', 'prod-web-1')).rejects.toMatchObject(expected)
  })

  it('says of a missing table how it has to be made', async () => {
    const missing = openTable(reach(sandbox.url), 'nowhere')
    await expect(openStore(missing).list('Rollout')).rejects.toMatchObject({
      code: 'TableMissing',
      handling: 'stall',
      remedy: expect.stringMatching(/state-table.*partition key pk and sort key sk.*expiresAt/) as string,
    })
    missing.close()
  })

  it('refuses an object that no item can hold', async () => {
    const large = { ...named('prod-web-1'), status: { text: 'x'.repeat(400 * 1024) } }
    await expect(store.create(large)).rejects.toMatchObject({
      code: 'Invalid',
      handling: 'stall',
      message: expect.stringContaining('409600') as string,
    })
    await store.create({ ...large, status: { text: 'x'.repeat(398 * 1024) } })
  })

  it('refuses to open a table with an item that it cannot read', async () => {
    const broken = { pk: { S: 'Rollout' }, sk: { S: 'prod-web-1' }, object: { S: '{"kind":' } }
    const isNew = {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    }
    await table.put(broken, isNew)
    await expect(store.list('Rollout')).rejects.toThrow(/Rollout\/prod-web-1.*does not hold a whole Rollout/)
  })
})

describe('the IAM policy', () => {
  /** What an operation needs: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
  const NEEDED: Readonly<Record<string, readonly string[]>> = {
    TransactWriteItems: ['ConditionCheckItem', 'DeleteItem', 'PutItem'],
  }

  it('allows exactly what the store and its leases ask of the table', async () => {
    sandbox.world.calls.clear()
    const leases = leasesOf(table, { instance: 'one', clock: new FakeClock() })
    const attempt = await leases.acquire(lease)
    await store.create(named('prod-web-1'), { lease: lease.name, epoch: 1 })
    const other = openStore(table)
    await other.list('Rollout')
    await store.delete('Rollout', 'prod-web-1', { lease: lease.name, epoch: 1 })
    await other.catchUp()
    await leases.announce?.(1_000)
    await leases.leave?.()
    if (attempt.held) await leases.release(attempt.lease)
    await other.close()
    const asked = sandbox.world.calls.list().flatMap(({ operation }) => NEEDED[operation] ?? [operation])
    const policy = JSON.parse(
      readFileSync(new URL('../../../../manifests/iam/table-policy.json', import.meta.url), 'utf8'),
    ) as { Statement: { Action: string[] }[] }
    const allowed = policy.Statement.flatMap(({ Action }) => Action)
    expect([...new Set(asked)].map((action) => `dynamodb:${action}`).toSorted()).toEqual(allowed)
  })
})

describe('the members of a table', () => {
  it('are those who have told so and whose time is not over, until they leave', async () => {
    // What members leave has a time to live, which the sandbox counts by the machine's clock.
    const clock = new FakeClock(Date.now())
    const [one, two] = ['one', 'two'].map((instance) => leasesOf(table, { instance, clock }))
    expect(await one?.announce?.(7_000)).toEqual({ self: 'one', living: ['one'] })
    expect(await two?.announce?.(7_000)).toEqual({ self: 'two', living: ['two', 'one'] })
    expect(await one?.announce?.(7_000)).toEqual({ self: 'one', living: ['one', 'two'] })
    await clock.advance(7_000)
    expect(await one?.announce?.(7_000)).toEqual({ self: 'one', living: ['one'] })
    expect(await two?.announce?.(7_000)).toEqual({ self: 'two', living: ['two', 'one'] })
    await one?.leave?.()
    expect(await two?.announce?.(7_000)).toEqual({ self: 'two', living: ['two'] })
    expect((await itemsOf('lease')).every((item) => item['expiresAt'] !== undefined)).toBe(true)
  })
})

describe('what is in memory', () => {
  it('follows others, and expires its watchers where their changes are no longer kept', async () => {
    await store.create(named('prod-web-1'))
    const other = openStore(table, 3_600_000)
    const { resourceVersion } = await other.list('Rollout')
    const watch = other.watch({ resourceVersion, signal: AbortSignal.timeout(10_000) })
    await store.create(named('prod-web-2'))
    await store.create(named('prod-web-3'))
    await removeChange(2)
    await other.catchUp()
    expect((await other.list('Rollout')).items).toHaveLength(3)
    expect(await firstOf(watch)).toEqual({ type: 'EXPIRED' })
    await other.close()
  })

  it('is read anew when the table was put back from a backup', async () => {
    await store.create(named('prod-web-1'))
    await store.create(named('prod-web-2'))
    const before = sandbox.world.dump()
    await store.create(named('prod-web-3'))
    expect((await store.list('Rollout')).items).toHaveLength(3)
    sandbox.world.load(before)
    await store.catchUp()
    expect((await store.list('Rollout')).items).toHaveLength(2)
    await store.create(named('prod-web-3'))
  })

  it('is not given out any more when the table was away for long', async () => {
    const clock = new FakeClock()
    const frozen = createTableStore({
      table,
      clock,
      random: seededRandom(1),
      uid: () => 'u',
      pollMs: 3_600_000,
    })
    expect(await frozen.get('Rollout', 'prod-web-1')).toBeUndefined()
    sandbox.world.faults.add({ service: 'dynamodb', operation: '*', error: 'ServiceUnavailable' })
    await clock.advance(29_000)
    expect(await frozen.get('Rollout', 'prod-web-1')).toBeUndefined()
    await clock.advance(2_000)
    await expect(frozen.get('Rollout', 'prod-web-1')).rejects.toMatchObject({ code: 'StoreUnavailable' })
    sandbox.world.faults.clear()
    expect(await frozen.get('Rollout', 'prod-web-1')).toBeUndefined()
    await frozen.close()
  })

  it('lets two writers through whatever the order, each in a version of its own', async () => {
    const other = openStore(openTable(reach(sandbox.url), name))
    const names = Array.from({ length: 30 }, (_, index) => `prod-web-${index}`)
    await Promise.all(names.map((each, index) => (index % 2 === 0 ? store : other).create(named(each))))
    await other.catchUp()
    const versions = (await other.list('Rollout')).items.map(({ metadata }) =>
      Number(metadata.resourceVersion),
    )
    expect(versions.toSorted((one, two) => one - two)).toEqual(names.map((_, index) => index + 1))
    await other.close()
  })

  it('refuses every call after close', async () => {
    await store.create(named('prod-web-1'))
    await store.close()
    await expect(store.get('Rollout', 'prod-web-1')).rejects.toMatchObject({ code: 'StoreUnavailable' })
    await expect(store.create(named('prod-web-2'))).rejects.toMatchObject({ code: 'StoreUnavailable' })
  })
})

/** As its time to live does. */
async function removeChange(version: number): Promise<void> {
  sandbox.world.call({
    service: 'dynamodb',
    operation: 'DeleteItem',
    region: 'eu-west-1',
    input: { TableName: name, Key: { pk: { S: 'change' }, sk: { S: String(version).padStart(15, '0') } } },
  })
}

async function firstOf(watch: AsyncIterable<WatchEvent>): Promise<WatchEvent | undefined> {
  for await (const event of watch) return event
  return undefined
}
