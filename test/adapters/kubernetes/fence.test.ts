import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { KubeLeases } from '../../../controller/adapters/kubernetes/kube-leases.ts'
import { createKubeStore } from '../../../controller/adapters/kubernetes/kube-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { Fence, NewObject, Store } from '../../../controller/ports/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import type { Cluster, ClusterBench } from './bench.ts'
import { clusterName, openCluster } from './bench.ts'
import { releaseSpec, rolloutSpec } from './samples.ts'

const request = { name: 'controller', durationMs: 10_000 }
const rollout: NewObject = {
  kind: 'Rollout',
  metadata: { name: 'prod-web-1' },
  spec: rolloutSpec,
  status: { phase: 'Pending' },
}

let cluster: Cluster
let bench: ClusterBench
let client: KubeClient

beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster.close())
beforeEach(async () => {
  bench = await cluster.bench()
  client = bench.client()
})
afterEach(() => bench.close())

describe(`the lease under which a Rollout in ${clusterName} was written`, () => {
  it('stands in its status with each write, and nobody but the cluster sees it', async () => {
    const one = controller('one')
    const created = await one.store.create(rollout, await one.take())
    expect(created.status).toEqual({ phase: 'Pending' })
    const uid = await leaseUid()
    const lease = { name: 'steersman-controller', uid, epoch: 1 }
    expect(await stored()).toMatchObject({ status: { phase: 'Pending', lease } })
    const written = await one.store.updateStatus({ ...created, status: { phase: 'Shifting' } }, one.fence())
    expect(written.status).toEqual({ phase: 'Shifting' })
    expect(await stored()).toMatchObject({ status: { phase: 'Shifting', lease } })
    expect((await one.store.get('Rollout', 'prod-web-1'))?.status).toEqual({ phase: 'Shifting' })
  })

  it('refuses an earlier epoch after a later one, whatever version it has read', async () => {
    const [one, two] = [controller('one'), controller('two')]
    const created = await one.store.create(rollout, await one.take())
    await one.giveUp()
    const taken = await two.store.updateStatus(
      { ...created, status: { phase: 'Verifying' } },
      await two.take(),
    )
    const late = one.store.updateStatus({ ...taken, status: { phase: 'Shifting' } }, one.fence())
    await expect(late).rejects.toMatchObject({ code: 'LeaseLost', handling: 'retry' })
    expect((await two.store.get('Rollout', 'prod-web-1'))?.status).toEqual({ phase: 'Verifying' })
  })

  it('begins anew with a Lease that somebody has deleted', async () => {
    const [one, two] = [controller('one'), controller('two')]
    await one.take()
    await one.giveUp()
    const created = await two.store.create(rollout, await two.take())
    expect(two.fence().epoch).toBe(2)
    await client.request({ method: 'DELETE', path: leasePath() })
    const three = controller('three')
    const fence = await three.take()
    expect(fence.epoch).toBe(1)
    const written = await three.store.updateStatus({ ...created, status: { phase: 'Shifting' } }, fence)
    expect(written.status).toEqual({ phase: 'Shifting' })
    expect(await stored()).toMatchObject({ status: { lease: { uid: await leaseUid(), epoch: 1 } } })
  })

  it('does not hide what else is wrong with a status', async () => {
    const one = controller('one')
    const created = await one.store.create(rollout, await one.take())
    const wrong = one.store.updateStatus({ ...created, status: { phase: 'Nonsense' } }, one.fence())
    await expect(wrong).rejects.toMatchObject({ code: 'Invalid' })
  })

  it('is not written on a Release, whose status is as it was after a lease has changed hands', async () => {
    const [one, two] = [controller('one'), controller('two')]
    const release: NewObject = { kind: 'Release', metadata: { name: 'prod-web' }, spec: releaseSpec }
    const created = await one.store.create({ ...release, status: { revision: 'r1' } }, await one.take())
    await one.giveUp()
    const again = await two.store.updateStatus(created, await two.take())
    expect(again.metadata.resourceVersion).toBe(created.metadata.resourceVersion)
  })
})

interface Writer {
  readonly store: Store
  readonly take: () => Promise<Fence>
  readonly giveUp: () => Promise<void>
  /** Of the lease that it took last, whoever holds it now. */
  readonly fence: () => Fence
}

function controller(instance: string): Writer {
  const { namespace } = bench
  const leases = new KubeLeases({
    client,
    namespace,
    clock: new FakeClock(),
    holder: { host: instance, bootId: instance, pid: 1, processStartedAt: 1, instance },
    isAlive: async () => undefined,
  })
  const store = createKubeStore({
    client,
    namespace,
    clock: systemClock,
    leaseUid: (name) => leases.uidOf(name),
  })
  let taken: Awaited<ReturnType<KubeLeases['acquire']>> | undefined
  const held = (): Extract<NonNullable<typeof taken>, { held: true }>['lease'] => {
    if (taken?.held !== true) throw new Error(`${instance} has no lease`)
    return taken.lease
  }
  const fence = (): Fence => ({ lease: held().name, epoch: held().epoch })
  const take = async (): Promise<Fence> => {
    taken = await leases.acquire(request)
    return fence()
  }
  return { store, take, fence, giveUp: () => leases.release(held()) }
}

const stored = (): Promise<unknown> =>
  client.request({
    method: 'GET',
    path: `/apis/steersman.dev/v1alpha1/namespaces/${bench.namespace}/rollouts/prod-web-1`,
  })

const leasePath = (): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${bench.namespace}/leases/steersman-controller`

async function leaseUid(): Promise<string> {
  const { metadata } = (await client.request({ method: 'GET', path: leasePath() })) as {
    readonly metadata: { readonly uid: string }
  }
  return metadata.uid
}
