import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { createKubeStore } from '../../../controller/adapters/kubernetes/kube-store.ts'
import { createOwnedStore } from '../../../controller/adapters/kubernetes/owned-store.ts'
import type { OwnedStore } from '../../../controller/adapters/kubernetes/owned-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Kind, NewObject, StoredObject } from '../../../controller/ports/store.ts'
import { eventually } from '../../support/eventually.ts'
import type { Cluster, ClusterBench } from './bench.ts'
import { clusterName, openCluster } from './bench.ts'
import { environmentSpec, releaseSpec, rolloutSpec } from './samples.ts'

let cluster: Cluster
let bench: ClusterBench
let client: KubeClient
let owned: OwnedStore

beforeAll(async () => {
  cluster = await openCluster()
})

afterAll(() => cluster.close())

beforeEach(async () => {
  bench = await cluster.bench()
  onTestFinished(bench.close)
  client = bench.client()
  owned = createOwnedStore({ clock: systemClock, client, namespace: bench.namespace })
  await owned.store.create({ kind: 'Environment', metadata: { name: 'prod' }, spec: environmentSpec })
})

const labels = { 'steersman.dev/environment': 'prod', 'steersman.dev/release': 'web' }

const release: NewObject = { kind: 'Release', metadata: { name: 'prod-web', labels }, spec: releaseSpec }

const rollout = (number: number, phase = 'Verifying'): NewObject => ({
  kind: 'Rollout',
  metadata: { name: `prod-web-${number}`, labels },
  spec: { ...rolloutSpec, number },
  status: { phase },
})

const ended = (object: StoredObject): StoredObject => ({
  ...object,
  status: { ...object.status, phase: 'Aborted' },
})

const pathOf = (kind: string, name: string): string =>
  `/apis/steersman.dev/v1alpha1/namespaces/${bench.namespace}/${kind}/${name}`

interface Seen {
  readonly metadata: {
    readonly uid: string
    readonly finalizers?: readonly string[]
    readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string }[]
  }
}

const see = async (kind: string, name: string): Promise<Seen> =>
  (await client.request({ method: 'GET', path: pathOf(kind, name) })) as Seen

const holds = async (): Promise<readonly string[]> =>
  (await see('environments', 'prod')).metadata.finalizers ?? []

const deleteEnvironment = (): Promise<unknown> =>
  client.request({ method: 'DELETE', path: pathOf('environments', 'prod') })

const untilGone = (kind: Kind, name: string): Promise<unknown> =>
  eventually(
    async () => [await owned.store.get(kind, name)],
    ([object]) => object === undefined,
    { what: `${kind} ${name} to be gone`, withinMs: 60_000 },
  )

describe(`what belongs to an Environment in ${clusterName}`, () => {
  it('is deleted with it', async () => {
    await owned.store.create(release)
    await owned.store.create(rollout(1, 'Succeeded'))
    const { uid } = (await see('environments', 'prod')).metadata
    for (const seen of [await see('releases', 'prod-web'), await see('rollouts', 'prod-web-1')])
      expect(seen.metadata.ownerReferences).toMatchObject([{ kind: 'Environment', uid }])
    await owned.letGo('prod')
    await deleteEnvironment()
    for (const [kind, name] of [
      ['Environment', 'prod'],
      ['Release', 'prod-web'],
      ['Rollout', 'prod-web-1'],
    ] as const)
      await untilGone(kind, name)
  })

  it('holds it while a rollout runs, each for itself', async () => {
    const [first, second] = await Promise.all([
      owned.store.create(rollout(1)),
      owned.store.create(rollout(2)),
    ])
    expect((await holds()).toSorted()).toEqual([
      'rollout.steersman.dev/prod-web-1',
      'rollout.steersman.dev/prod-web-2',
    ])
    await deleteEnvironment()
    expect(await owned.store.get('Environment', 'prod')).toMatchObject({
      metadata: { deletionTimestamp: expect.stringMatching(/^20/) as string },
    })
    await owned.store.updateStatus(ended(first))
    expect(await holds()).toEqual(['rollout.steersman.dev/prod-web-2'])
    await owned.store.updateStatus(ended(second))
    await untilGone('Environment', 'prod')
    await untilGone('Rollout', 'prod-web-2')
  })

  it('begins no more once somebody has deleted it, nor without it', async () => {
    await owned.store.create(rollout(1))
    await deleteEnvironment()
    for (const late of [rollout(2), release])
      await expect(owned.store.create(late)).rejects.toMatchObject({
        code: 'EnvironmentDeleted',
        handling: 'wait',
      })
    const elsewhere = { ...release, metadata: { name: 'gone-web', labels: { ...labels, ...gone } } }
    await expect(owned.store.create(elsewhere)).rejects.toMatchObject({ code: 'EnvironmentDeleted' })
    expect((await owned.store.list('Rollout')).items.map(({ metadata }) => metadata.name)).toEqual([
      'prod-web-1',
    ])
  })

  it('takes a rollout back whose Environment was deleted while it began', async () => {
    await owned.store.create(rollout(1))
    const racing = createOwnedStore({
      clock: systemClock,
      namespace: bench.namespace,
      client: {
        ...client,
        async request(call) {
          const answer = await client.request(call)
          if (call.method === 'POST') await deleteEnvironment()
          return answer
        },
      },
    })
    await expect(racing.store.create(rollout(2))).rejects.toMatchObject({ code: 'EnvironmentDeleted' })
    expect(await owned.store.get('Rollout', 'prod-web-2')).toBeUndefined()
    expect(await holds()).toEqual(['rollout.steersman.dev/prod-web-1'])
  })

  it('lets it go for what a process left that died, ended or deleted', async () => {
    const [first] = [await owned.store.create(rollout(1)), await owned.store.create(rollout(2))]
    const dying = createOwnedStore({
      clock: systemClock,
      namespace: bench.namespace,
      client: {
        ...client,
        request: (call) =>
          call.path.endsWith('environments/prod') && call.method === 'PUT'
            ? Promise.reject(new PortError('gone', { code: 'StoreUnavailable', handling: 'retry' }))
            : client.request(call),
      },
    })
    await dying.store.updateStatus(ended(first))
    await owned.store.delete('Rollout', 'prod-web-2')
    expect(await holds()).toHaveLength(2)
    await owned.letGo('prod')
    expect(await holds()).toEqual([])
    await owned.letGo('gone')
  })

  it('is kept when it is to be drained, until that is done or not wanted any more', async () => {
    await owned.keepForDrain('prod', true)
    await owned.keepForDrain('prod', true)
    expect(await holds()).toEqual(['steersman.dev/finalizer'])
    await owned.keepForDrain('prod', false)
    expect(await holds()).toEqual([])
    await owned.keepForDrain('prod', true)
    const begun = await owned.store.create(rollout(1))
    await deleteEnvironment()
    // What is deleted already takes no finalizer any more, and keeps those that it has.
    await owned.keepForDrain('prod', true)
    await owned.store.updateStatus(ended(begun))
    expect(await holds()).toEqual(['steersman.dev/finalizer'])
    await owned.keepForDrain('prod', false)
    await untilGone('Environment', 'prod')
    await owned.keepForDrain('prod', false)
  })

  it('leaves the finalizers of others, and everything else of the Environment, as they are', async () => {
    const finalizers = ['example.com/keep']
    const body = { metadata: { finalizers, annotations: { a: 'b' } } }
    const path = pathOf('environments', 'prod')
    await client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' })
    const before = await owned.store.get('Environment', 'prod')
    const begun = await owned.store.create(rollout(1))
    expect(await holds()).toEqual([...finalizers, 'rollout.steersman.dev/prod-web-1'])
    await owned.store.updateStatus(ended(begun))
    expect(await holds()).toEqual(finalizers)
    const after = await owned.store.get('Environment', 'prod')
    expect({ ...after, metadata: { ...after?.metadata, resourceVersion: '' } }).toEqual({
      ...before,
      metadata: { ...before?.metadata, resourceVersion: '' },
    })
    await createKubeStore({ clock: systemClock, client, namespace: bench.namespace }).delete(
      'Environment',
      'prod',
    )
    await client.request({
      method: 'PATCH',
      path,
      body: { metadata: { finalizers: null } },
      contentType: 'application/merge-patch+json',
    })
    await untilGone('Environment', 'prod')
  })
})

const gone = { 'steersman.dev/environment': 'gone' }
