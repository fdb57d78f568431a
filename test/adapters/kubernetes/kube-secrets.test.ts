import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { createKubeSecrets } from '../../../controller/adapters/kubernetes/kube-secrets.ts'
import type { KubeSecrets } from '../../../controller/adapters/kubernetes/kube-secrets.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { eventually } from '../../support/eventually.ts'
import type { PolicyRule } from '../../support/kube-api/access.ts'
import { KubeFailure } from '../../support/kube-api/failure.ts'
import type { KubeApi } from '../../support/kube-api/kube-api.ts'
import { openSmallServer } from './bench.ts'

const named = (name: string, verbs: readonly string[]): PolicyRule => ({
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames: [name],
  verbs,
})

let api: KubeApi
let close: () => Promise<void>
let admin: KubeClient

beforeAll(async () => {
  const rules = [named('git', ['get', 'watch']), named('read-only', ['get'])]
  const opened = await openSmallServer({
    users: [
      { name: 'admin', token: 'admin' },
      { name: 'controller', token: 'controller', rules, namespace: 'steersman' },
    ],
  })
  api = opened.api
  close = opened.close
  admin = openKubeClient({ KUBECONFIG: api.kubeconfig() }, systemClock)
})

afterAll(() => close())

const secretsPath = '/api/v1/namespaces/steersman/secrets'

const encoded = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]))

const make = (name: string, data: Readonly<Record<string, string>>): Promise<unknown> =>
  admin.request({
    method: 'POST',
    path: secretsPath,
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: encoded(data) },
  })

const change = (name: string, data: Readonly<Record<string, string>>): Promise<unknown> =>
  admin.request({
    method: 'PATCH',
    path: `${secretsPath}/${name}`,
    body: { data: encoded(data) },
    contentType: 'application/merge-patch+json',
  })

function secretsOfController(): KubeSecrets {
  const client = openKubeClient({ KUBECONFIG: api.kubeconfig('controller') }, systemClock)
  const secrets = createKubeSecrets({ client, namespace: client.namespace, retryMs: 20 })
  onTestFinished(() => secrets.close())
  return secrets
}

const becomes = (secrets: KubeSecrets, name: string, wanted: string | undefined): Promise<unknown> =>
  eventually(
    () => [secrets.value(name, 'token')],
    ([value]) => value === wanted,
    { what: `the token to be ${String(wanted)}` },
  )

describe('Secrets of the cluster', () => {
  it('are read by their names, watched, and gone when they are deleted, with no right to list any', async () => {
    const secrets = secretsOfController()
    await secrets.follow(['git', 'git'])
    expect(secrets.value('git', 'token')).toBeUndefined()
    await make('git', { token: 'swordfish' })
    await becomes(secrets, 'git', 'swordfish')
    expect(secrets.value('git', 'toString')).toBeUndefined()
    expect(secrets.value('never-asked-for', 'token')).toBeUndefined()
    await change('git', { token: 'rotated' })
    await becomes(secrets, 'git', 'rotated')
    api.cut()
    await change('git', { token: 'rotated again' })
    await becomes(secrets, 'git', 'rotated again')
    const asked = api.requests
      .filter(({ user }) => user === 'controller')
      .map(({ url }) => url.replace(/&resourceVersion=\d+$/, ''))
    expect(new Set(asked)).toEqual(
      new Set([
        `${secretsPath}/git`,
        `${secretsPath}?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dgit`,
      ]),
    )
    await admin.request({ method: 'DELETE', path: `${secretsPath}/git` })
    await becomes(secrets, 'git', undefined)
  })

  it('that are deleted between the answer and the watch are gone', async () => {
    await make('git', { token: 'swordfish' })
    const client = openKubeClient({ KUBECONFIG: api.kubeconfig('controller') }, systemClock)
    const late: Pick<KubeClient, 'request' | 'stream'> = {
      request: (request) => client.request(request),
      async *stream(request, signal) {
        await admin.request({ method: 'DELETE', path: `${secretsPath}/git` }).catch(() => undefined)
        yield* client.stream(request, signal)
      },
    }
    const secrets = createKubeSecrets({ client: late, namespace: client.namespace, retryMs: 20 })
    onTestFinished(() => secrets.close())
    await secrets.follow(['git'])
    await becomes(secrets, 'git', undefined)
    expect(secrets.value('git', 'token')).toBeUndefined()
  })

  it('that may not be read say so when they are needed', async () => {
    const secrets = secretsOfController()
    await secrets.follow(['other'])
    expect(() => secrets.value('other', 'token')).toThrow(
      expect.objectContaining({ code: 'AccessDenied', handling: 'stall' }),
    )
  })

  it('that may be read and not watched are read again and again', async () => {
    await make('read-only', { token: 'one' })
    const secrets = secretsOfController()
    await secrets.follow(['read-only'])
    expect(secrets.value('read-only', 'token')).toBe('one')
    await change('read-only', { token: 'two' })
    await becomes(secrets, 'read-only', 'two')
  })

  it('keep their value while the server does not answer', async () => {
    await make('git', { token: 'swordfish' })
    const secrets = secretsOfController()
    await secrets.follow(['git'])
    const before = api.requests.length
    api.fail(new KubeFailure(503, 'ServiceUnavailable', 'away'))
    onTestFinished(() => api.fail(undefined))
    api.cut()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(secrets.value('git', 'token')).toBe('swordfish')
    api.fail(undefined)
    await change('git', { token: 'after' })
    await becomes(secrets, 'git', 'after')
    expect(api.requests.length).toBeGreaterThan(before)
  })
})
