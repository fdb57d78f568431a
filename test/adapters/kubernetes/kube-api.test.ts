import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { PolicyRule } from '../../support/kube-api/access.ts'
import type { KubeApi } from '../../support/kube-api/kube-api.ts'
import { openSmallServer } from './bench.ts'
import { releaseSpec } from './samples.ts'

/** What the small API server is trusted with: it has to refuse what the real one refuses. */

const rules: readonly PolicyRule[] = [
  { apiGroups: ['steersman.dev'], resources: ['releases'], verbs: ['get', 'list', 'create'] },
]

let api: KubeApi
let close: () => Promise<void>
let client: KubeClient

beforeAll(async () => {
  const opened = await openSmallServer({
    users: [
      { name: 'admin', token: 'admin' },
      { name: 'reader', token: 'reader', rules, namespace: 'steersman' },
    ],
  })
  api = opened.api
  close = opened.close
  client = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
})

afterAll(() => close())

const releases = '/apis/steersman.dev/v1alpha1/namespaces/steersman/releases'

const release = (name: string, spec: object = releaseSpec): object => ({
  apiVersion: 'steersman.dev/v1alpha1',
  kind: 'Release',
  metadata: { name },
  spec,
})

const create = (body: object, path = releases): Promise<unknown> =>
  client.request({ method: 'POST', path, body })

describe('the small API server', () => {
  it('fills in defaults, leaves out what no schema names, and drops a status at creation', async () => {
    const created = await create({
      ...release('a-web', { ...releaseSpec, invented: true }),
      status: { revision: 'r1' },
    })
    expect(created).toMatchObject({
      spec: { strategy: { type: 'BlueGreen' } },
      status: { observedGeneration: -1 },
    })
    expect(created).not.toHaveProperty('spec.invented')
  })

  it.each([
    ['a field of the wrong type', { ...releaseSpec, service: { cluster: 7 } }, /must be of type string/],
    ['a field that is missing', { ...releaseSpec, service: {} }, /spec.service.cluster: Required value/],
    ['a rule that does not hold', { ...releaseSpec, pin: { reason: 'neither' } }, /expected/],
  ])('refuses %s', async (_title, spec, message) => {
    await expect(create(release('b-web', spec))).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(message) as string,
    })
  })

  it.each([
    [{ generateName: 'a-' }, undefined],
    [{ generateName: 'a.' }, 'Invalid'],
    [{ name: 'A' }, 'Invalid'],
    [{}, 'Invalid'],
  ])('names an object by %j', async (metadata, code) => {
    const made = create({ ...release(''), metadata })
    if (code === undefined) expect(await made).toHaveProperty('metadata.name')
    else await expect(made).rejects.toMatchObject({ code })
  })

  it('takes an object as a patch only with the content type of one', async () => {
    await create(release('c-web'))
    const patch = {
      method: 'PATCH' as const,
      path: `${releases}/c-web`,
      body: { metadata: { labels: { a: 'b' } } },
    }
    await expect(
      client.request({ ...patch, contentType: 'application/json-patch+json' }),
    ).rejects.toMatchObject({ code: 'Invalid' })
    expect(await client.request({ ...patch, contentType: 'application/merge-patch+json' })).toMatchObject({
      metadata: { labels: { a: 'b' }, generation: 1 },
    })
  })

  it('lets a user do what a rule allows, in its namespace, and nothing else', async () => {
    const reader = openKubeClient({ KUBECONFIG: api.kubeconfig('reader') }, systemClock)
    await reader.request({ method: 'GET', path: releases })
    const refusals = [
      reader.request({ method: 'GET', path: releases.replace('/steersman/', '/other/') }),
      reader.request({ method: 'DELETE', path: `${releases}/c-web` }),
      reader.request({ method: 'PUT', path: `${releases}/c-web/status`, body: release('c-web') }),
    ]
    for (const refusal of refusals)
      await expect(refusal).rejects.toMatchObject({ code: 'AccessDenied', handling: 'stall' })
    const nobody = openKubeClient({ KUBECONFIG: api.kubeconfig('nobody') }, systemClock)
    await expect(nobody.request({ method: 'GET', path: releases })).rejects.toMatchObject({
      code: 'AccessDenied',
    })
  })

  it('keeps an object with finalizers until they are gone', async () => {
    await create({
      ...release('d-web'),
      metadata: { name: 'd-web', finalizers: ['steersman.dev/finalizer'] },
    })
    const path = `${releases}/d-web`
    expect(await client.request({ method: 'DELETE', path })).toHaveProperty('metadata.deletionTimestamp')
    await client.request({ method: 'GET', path })
    const body = { metadata: { finalizers: null } }
    await client.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' })
    await expect(client.request({ method: 'GET', path })).rejects.toMatchObject({ code: 'NotFound' })
  })

  it('takes no new finalizer for what is deleted already, nor one of a wrong name', async () => {
    const finalizers = ['steersman.dev/one']
    await create({ ...release('e-web'), metadata: { name: 'e-web', finalizers } })
    const path = `${releases}/e-web`
    const change = (wanted: readonly string[] | null): Promise<unknown> =>
      client.request({
        method: 'PATCH',
        path,
        body: { metadata: { finalizers: wanted } },
        contentType: 'application/merge-patch+json',
      })
    await expect(change(['no domain'])).rejects.toMatchObject({ code: 'Invalid' })
    await client.request({ method: 'DELETE', path })
    await expect(change([...finalizers, 'steersman.dev/two'])).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringContaining('no new finalizers can be added') as string,
    })
    await change(null)
  })

  it('deletes what has only owners that are gone', async () => {
    const owner = (await create(release('f-web'))) as { readonly metadata: { readonly uid: string } }
    const ownerReferences = [
      { apiVersion: 'steersman.dev/v1alpha1', kind: 'Release', name: 'f-web', uid: owner.metadata.uid },
    ]
    await create({ ...release('g-web'), metadata: { name: 'g-web', ownerReferences } })
    await client.request({ method: 'GET', path: `${releases}/g-web` })
    await client.request({ method: 'DELETE', path: `${releases}/f-web` })
    await expect
      .poll(() =>
        client.request({ method: 'GET', path: `${releases}/g-web` }).catch((error: unknown) => error),
      )
      .toMatchObject({ code: 'NotFound' })
  })
})
