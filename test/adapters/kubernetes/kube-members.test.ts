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

const leasesOf = (instance: string): KubeLeases =>
  new KubeLeases({
    client: bench.client(),
    namespace: bench.namespace,
    clock,
    holder: { host: 'pod', bootId: instance, pid: 1, processStartedAt: 1, instance },
    isAlive: async () => undefined,
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
    expect(await names()).toEqual(['steersman-member-one'])
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
    expect(await names()).toEqual(['steersman-member-one', 'steersman-member-two'])
    await clock.advance(1)
    await one.announce(MEMBER_MS)
    expect(await names()).toEqual(['steersman-member-one'])
    expect(await livingBy(two)).toEqual(['one', 'two'])
  })

  it('know by announcing themselves since when the holder of a shard is silent', async () => {
    const [one, two] = [leasesOf('one'), leasesOf('two')]
    await one.acquire(lease)
    await two.announce(MEMBER_MS)
    await clock.advance(9_999)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(1)
    expect(await two.acquire(lease)).toMatchObject({ held: true, lease: { epoch: 2 } })
  })
})
