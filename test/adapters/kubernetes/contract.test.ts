import { afterAll, beforeAll } from 'vitest'
import { KubeLeases } from '../../../controller/adapters/kubernetes/kube-leases.ts'
import { createKubeStore } from '../../../controller/adapters/kubernetes/kube-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { describeLeases } from '../../support/contracts/leases.ts'
import { describeStore } from '../../support/contracts/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import type { Cluster } from './bench.ts'
import { clusterName, openCluster } from './bench.ts'

let cluster: Cluster

beforeAll(async () => {
  cluster = await openCluster()
})

afterAll(() => cluster.close())

/** A page of a list has 500. */
const LONG = { objects: 510 }

describeStore(
  clusterName,
  async () => {
    const { namespace, client, close } = await cluster.bench()
    const open = (): ReturnType<typeof createKubeStore> =>
      createKubeStore({ clock: systemClock, client: client(), namespace, retryMs: 20 })
    return { store: open(), other: open(), close }
  },
  LONG,
)

describeLeases(clusterName, async () => {
  const { namespace, client, close } = await cluster.bench()
  const clock = new FakeClock()
  const leasesOf = (instance: string): KubeLeases =>
    new KubeLeases({
      client: client(),
      namespace,
      clock,
      holder: { host: instance, bootId: instance, pid: 1, processStartedAt: 1, instance },
      isAlive: async () => undefined,
    })
  return {
    first: leasesOf('first'),
    second: leasesOf('second'),
    advance: (durationMs) => clock.advance(durationMs),
    close,
  }
})
