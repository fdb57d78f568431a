import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { createKubeStore } from '../../../controller/adapters/kubernetes/kube-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { NewObject, Store, WatchEvent } from '../../../controller/ports/store.ts'
import { KubeFailure } from '../../support/kube-api/failure.ts'
import type { KubeApi } from '../../support/kube-api/kube-api.ts'
import { openSmallServer } from './bench.ts'
import { releaseSpec } from './samples.ts'

let api: KubeApi
let close: () => Promise<void>
let client: KubeClient
let store: Store

beforeEach(async () => {
  const opened = await openSmallServer({ bookmarksMs: 20 })
  api = opened.api
  close = opened.close
  client = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
  store = createKubeStore({ clock: systemClock, client, namespace: client.namespace, retryMs: 20 })
})

afterEach(() => close())

const release: NewObject = { kind: 'Release', metadata: { name: 'prod-web' }, spec: releaseSpec }
const path = '/apis/steersman.dev/v1alpha1/namespaces/steersman/releases/prod-web'

describe('objects', () => {
  it('shows the status of a creation after which the process died at once, until a status is written', async () => {
    const dying = createKubeStore({
      clock: systemClock,
      client: {
        ...client,
        request: (call) => (call.method === 'PUT' ? Promise.reject(new Error('gone')) : client.request(call)),
      },
      namespace: client.namespace,
    })
    const created = await dying.create({ ...release, status: { revision: 'r1' } })
    expect(created.status).toEqual({ revision: 'r1' })
    expect(await client.request({ method: 'GET', path })).toMatchObject({
      status: { observedGeneration: -1 },
    })
    const found = await store.get('Release', 'prod-web')
    expect(found).toEqual(created)
    const labelled = await store.update({ ...created, metadata: { ...created.metadata, labels: { a: 'b' } } })
    expect(labelled.status).toEqual({ revision: 'r1' })
    const reported = await store.updateStatus({ ...labelled, status: { revision: 'r2' } })
    expect(reported.status).toEqual({ revision: 'r2' })
    expect(reported.metadata).not.toHaveProperty('annotations')
  })

  it('keeps finalizers and owners that others have put there', async () => {
    const created = await store.create(release)
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'uid-1' }
    const metadata = { finalizers: ['example.com/keep'], ownerReferences: [owner] }
    const contentType = 'application/merge-patch+json'
    await client.request({ method: 'PATCH', path, body: { metadata }, contentType })
    const now = (await store.get('Release', 'prod-web')) ?? created
    await store.update({ ...now, metadata: { ...now.metadata, labels: { a: 'b' } } })
    expect(await client.request({ method: 'GET', path })).toMatchObject({
      metadata: { ...metadata, labels: { a: 'b' } },
    })
  })

  it('says who has written what', async () => {
    await store.create(release)
    expect(await client.request({ method: 'GET', path })).toMatchObject({
      metadata: { managedFields: [{ manager: 'steersman' }] },
    })
  })

  it.each([
    [403, 'Forbidden', { code: 'AccessDenied', handling: 'stall', ambiguous: false }],
    [429, 'TooManyRequests', { code: 'StoreUnavailable', handling: 'retry', ambiguous: false }],
    [500, 'InternalError', { code: 'StoreUnavailable', handling: 'retry', ambiguous: true }],
    [504, 'Timeout', { code: 'StoreUnavailable', handling: 'retry', ambiguous: true }],
  ])('says of a write that was answered with %i %s: %j', async (code, reason, expected) => {
    api.fail(new KubeFailure(code, reason, 'as the test wants it'))
    await expect(store.create(release)).rejects.toMatchObject(expected)
    api.fail(undefined)
  })

  it('says that nobody knows of a write without an answer, and that a read may be repeated', async () => {
    await api.close()
    await expect(store.create(release)).rejects.toMatchObject({ code: 'StoreUnavailable', ambiguous: true })
    await expect(store.list('Release')).rejects.toMatchObject({ code: 'StoreUnavailable', ambiguous: false })
  })
})

describe('watch', () => {
  it('goes on where it was when the connection breaks, and tells nothing twice', async () => {
    const events = collect(store, 3)
    await store.create(release)
    await expect.poll(() => events.seen).toEqual(['ADDED prod-web'])
    api.cut()
    await store.create({ ...release, metadata: { name: 'prod-api' } })
    api.cut()
    await store.delete('Release', 'prod-web')
    await events.done
    expect(events.seen).toEqual(['ADDED prod-web', 'ADDED prod-api', 'DELETED prod-web'])
  })

  it('expires when the server has forgotten what happened since', async () => {
    const { resourceVersion } = await store.list('Release')
    await store.create(release)
    await store.delete('Release', 'prod-web')
    api.objects.compact()
    await store.create({ kind: 'Release', metadata: { name: 'prod-api' }, spec: releaseSpec })
    const events = collect(store, 1, resourceVersion)
    await events.done
    expect(events.seen).toEqual(['EXPIRED'])
  })

  it('is kept near the present by bookmarks, so that a compaction while nothing happens does not end it', async () => {
    const events = collect(store, 1, undefined, ['Release'])
    await expect.poll(() => watches().length).toBe(1)
    await store.create({
      kind: 'Environment',
      metadata: { name: 'prod' },
      spec: {
        source: { repository: 'https://git.example.com/shop.git', branch: 'main', path: 'deploy' },
        aws: { region: 'eu-west-1' },
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    api.objects.compact()
    api.cut()
    await expect.poll(() => watches().length).toBe(2)
    await store.create(release)
    await events.done
    expect(events.seen).toEqual(['ADDED prod-web'])
  })

  it('ends with the reason when it may not watch', async () => {
    api.fail(new KubeFailure(403, 'Forbidden', 'as the test wants it'))
    await expect(collect(store, 1).done).rejects.toMatchObject({ code: 'AccessDenied' })
  })

  const watches = (): readonly unknown[] => api.requests.filter(({ url }) => url.includes('watch=true'))
})

function collect(
  from: Store,
  count: number,
  resourceVersion?: string,
  kinds: readonly NewObject['kind'][] = ['Environment', 'Release', 'Rollout'],
): { readonly seen: string[]; readonly done: Promise<void> } {
  const seen: string[] = []
  const signal = AbortSignal.timeout(10_000)
  const watch = from.watch({ signal, kinds, ...(resourceVersion === undefined ? {} : { resourceVersion }) })
  const follow = async (): Promise<void> => {
    for await (const event of watch) {
      seen.push(summary(event))
      if (seen.length === count) return
    }
  }
  return { seen, done: follow() }
}

const summary = (event: WatchEvent): string =>
  event.type === 'EXPIRED' ? event.type : `${event.type} ${event.object.metadata.name}`
