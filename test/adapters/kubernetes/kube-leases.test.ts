import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { KubeLeases } from '../../../controller/adapters/kubernetes/kube-leases.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import type { Cluster } from './bench.ts'
import { clusterName, openCluster } from './bench.ts'

const lease = { name: 'controller', durationMs: 10_000 }

let cluster: Cluster

beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster.close())

describe(`how long a lease in ${clusterName} was not renewed`, () => {
  it('is counted from when its last renewal was seen, not from when it was asked for', async () => {
    const { namespace, client, close } = await cluster.bench()
    const clock = new FakeClock()
    const leasesOf = (instance: string, of: Pick<KubeClient, 'request'>): KubeLeases =>
      new KubeLeases({
        client: of,
        namespace,
        clock,
        holder: { host: instance, bootId: instance, pid: 1, processStartedAt: 1, instance },
        isAlive: async () => undefined,
      })
    const one = leasesOf('one', client())
    const direct = client()
    let isLate = true
    const two = leasesOf('two', {
      async request(call) {
        if (isLate) {
          isLate = false
          await clock.advance(8_000)
          await one.acquire(lease)
        }
        return direct.request(call)
      },
    })
    await one.acquire(lease)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(9_999)
    expect((await two.acquire(lease)).held).toBe(false)
    await clock.advance(1)
    expect((await two.acquire(lease)).held).toBe(true)
    await close()
  })
})
