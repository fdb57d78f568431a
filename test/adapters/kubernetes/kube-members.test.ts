import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { KubeLeases } from '../../../controller/adapters/kubernetes/kube-leases.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import type { Cluster, ClusterBench } from './bench.ts'
import { clusterName, openCluster } from './bench.ts'

const MEMBER_MS = 7_000
const lease = { name: 'shard-0', durationMs: 10_000 }

let cluster: Cluster
let bench: ClusterBench
let clock: FakeClock

beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster.close())
beforeEach(async () => {
  bench = await cluster.bench()
  clock = new FakeClock()
})
afterEach(() => bench.close())

const leasesOf = (instance: string, shards = 4): KubeLeases =>
  new KubeLeases({
    client: bench.client(),
    namespace: bench.namespace,
    clock,
    holder: { host: 'pod', bootId: instance, pid: 1, processStartedAt: 1, instance },
    isAlive: async () => undefined,
    shards,
  })

const livingBy = async (leases: KubeLeases): Promise<readonly string[]> =>
  (await leases.announce(MEMBER_MS)).living.toSorted()

async function names(): Promise<readonly string[]> {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${bench.namespace}/leases`
  const { items } = (await bench.client().request({ method: 'GET', path })) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[]
  }
  return items.map(({ metadata }) => metadata.name).toSorted()
}

describe(`the controllers that share ${clusterName}`, () => {
  it('see one another, and that one has left', async () => {
    const [one, two] = [leasesOf('one'), leasesOf('two')]
    expect(await livingBy(one)).toEqual(['one'])
    expect(await livingBy(two)).toEqual(['one', 'two'])
    expect(await livingBy(one)).toEqual(['one', 'two'])
    expect((await one.announce(MEMBER_MS)).self).toBe('one')
    await two.leave()
    expect(await livingBy(one)).toEqual(['one'])
    expect(await names()).toEqual(['steersman-controller', 'steersman-member-4-one'])
  })

  it('count one that is silent for as long as its lease lasts as gone, and one that renews as there', async () => {
    const [one, two, three] = [leasesOf('one'), leasesOf('two'), leasesOf('three')]
    await three.announce(MEMBER_MS)
    await two.announce(MEMBER_MS)
    expect(await livingBy(one)).toEqual(['one', 'three', 'two'])
    await clock.advance(MEMBER_MS - 1)
    await two.announce(MEMBER_MS)
    expect(await livingBy(one)).toEqual(['one', 'three', 'two'])
    await clock.advance(1)
    expect(await livingBy(one)).toEqual(['one', 'two'])
  })

  it('delete what one has left that was killed long ago', async () => {
    const [one, two] = [leasesOf('one'), leasesOf('two')]
    await two.announce(MEMBER_MS)
    await one.announce(MEMBER_MS)
    await clock.advance(599_999)
    await one.announce(MEMBER_MS)
    expect(await names()).toEqual([
      'steersman-controller',
      'steersman-member-4-one',
      'steersman-member-4-two',
    ])
    await clock.advance(1)
    await one.announce(MEMBER_MS)
    expect(await names()).toEqual(['steersman-controller', 'steersman-member-4-one'])
    expect(await livingBy(two)).toEqual(['one', 'two'])
  })

  it('know by announcing themselves since when the holder of a shard is silent', async () => {
    const [one, two] = [leasesOf('one'), leasesOf('two')]
    await one.announce(MEMBER_MS)
    await one.acquire(lease)
    await two.announce(MEMBER_MS)
    await clock.advance(9_999)
    await two.announce(MEMBER_MS)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(1)
    expect(await two.acquire(lease)).toMatchObject({ held: true, lease: { epoch: 2 } })
  })
})

describe(`controllers of ${clusterName} that count other numbers of shards`, () => {
  const alone = { name: 'controller', durationMs: 10_000 }
  const LEASE_HELD = { code: 'LeaseHeld', handling: 'stall' }

  it('wait for one that leads alone, and it for them', async () => {
    const [single, one] = [leasesOf('single', 1), leasesOf('one')]
    const attempt = await single.acquire(alone)
    if (!attempt.held) throw new Error('the lease is not free')
    await expect(one.announce(MEMBER_MS)).rejects.toMatchObject(LEASE_HELD)
    await expect(one.acquire(lease)).rejects.toMatchObject({ code: 'StoreUnavailable', handling: 'retry' })
    await single.release(attempt.lease)
    await one.announce(MEMBER_MS)
    expect(await one.acquire(lease)).toMatchObject({ held: true })
    expect((await single.acquire(alone)).held).toBe(false)
    await clock.advance(9_999)
    await one.announce(MEMBER_MS)
    expect((await single.acquire(alone)).held).toBe(false)
    await one.leave()
    expect(await single.acquire(alone)).toMatchObject({ held: true, lease: { epoch: 3 } })
  })

  it('wait until nobody can have a shard any more who was not heard of since', async () => {
    const [one, other] = [leasesOf('one', 4), leasesOf('other', 8)]
    await one.announce(MEMBER_MS)
    await expect(other.announce(MEMBER_MS)).rejects.toMatchObject(LEASE_HELD)
    await clock.advance(9_999)
    expect(await one.acquire(lease)).toMatchObject({ held: true })
    await clock.advance(1)
    await expect(one.acquire(lease)).rejects.toMatchObject({ code: 'StoreUnavailable' })
    await clock.advance(9_999)
    await expect(other.announce(MEMBER_MS)).rejects.toMatchObject(LEASE_HELD)
    await clock.advance(1)
    await other.announce(MEMBER_MS)
    await expect(one.announce(MEMBER_MS)).rejects.toMatchObject(LEASE_HELD)
    await expect(one.acquire(lease)).rejects.toMatchObject({ code: 'StoreUnavailable' })
  })

  it('find together where several come at once', async () => {
    const all = ['one', 'two', 'three', 'four'].map((instance) => leasesOf(instance, 4))
    await Promise.all(all.map((leases) => leases.announce(MEMBER_MS)))
    for (const leases of all) expect(await livingBy(leases)).toEqual(['four', 'one', 'three', 'two'])
  })

  it('take over from the last of a group, and not from one before it', async () => {
    const [one, two, other] = [leasesOf('one', 4), leasesOf('two', 4), leasesOf('other', 8)]
    await one.announce(MEMBER_MS)
    await two.announce(MEMBER_MS)
    await one.leave()
    await expect(other.announce(MEMBER_MS)).rejects.toMatchObject(LEASE_HELD)
    await two.leave()
    expect(await livingBy(other)).toEqual(['other'])
  })
})
