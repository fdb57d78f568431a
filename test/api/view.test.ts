import { describe, expect, it } from 'vitest'
import { readEventStream } from '../../controller/api/client/event-stream.ts'
import { viewOf } from '../../controller/api/view.ts'
import type { NewObject, StoredObject } from '../../controller/ports/store.ts'
import { environmentObject, releaseObject, rolloutObject } from './objects.ts'

const stored = (object: NewObject): StoredObject => ({
  apiVersion: 'steersman.dev/v1alpha1',
  ...object,
  metadata: {
    ...object.metadata,
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: 'u',
  },
})

const key = { environment: 'demo', release: 'web' }
const SECRET = 'hunter2'

const gates = [
  { name: 'smoke', http: { path: `/healthz?key=${SECRET}`, headers: { authorization: SECRET } } },
  { name: 'migrate', task: { command: ['migrate', `--password=${SECRET}`] } },
  { name: 'audit', webhook: { url: `https://audit.internal/${SECRET}` } },
  { name: 'errors', prometheus: { server: `https://user:${SECRET}@prometheus.internal`, query: 'up' } },
]

describe('what may leave', () => {
  it.each<[string, NewObject]>([
    [
      'an address with a password',
      environmentObject(
        'demo',
        {},
        { source: { repository: `https://bot:${SECRET}@git.internal/shop.git`, branch: 'demo' } },
      ),
    ],
    [
      'the settings of a Terraform backend',
      environmentObject('demo', {}, { terraform: { path: '.', backendConfig: { password: SECRET } } }),
    ],
    [
      'receivers of notifications',
      environmentObject('demo', {}, { notify: [{ webhook: { urlFrom: { env: SECRET } }, on: [] }] }),
    ],
    [
      'the places of credentials',
      environmentObject(
        'demo',
        {},
        {
          source: {
            repository: '/srv/git',
            branch: 'x',
            credentialsFrom: { env: SECRET },
            signingKeyFrom: { file: SECRET },
          },
        },
      ),
    ],
    ['an external id', environmentObject('demo', {}, { aws: { region: 'eu-west-1', externalId: SECRET } })],
    ['a field of an environment that nobody has named', environmentObject('demo', {}, { later: SECRET })],
    ['what required gates send', environmentObject('demo', {}, { requiredGates: gates })],
    [
      'the content of a task definition',
      releaseObject(key, {}, { taskDefinition: { inline: { secret: SECRET } } }),
    ],
    ['what gates send', releaseObject(key, {}, { gates })],
    [
      'the memory of writes',
      releaseObject(key, { writes: { x: { before: SECRET, after: SECRET, at: 'now' } } }),
    ],
    ['what the gates of a rollout send', rolloutObject({ ...key, number: 1 }, {}, { gates })],
    [
      'arguments of a write',
      rolloutObject(
        { ...key, number: 1 },
        { intent: { action: 'A', arguments: { x: SECRET }, startedAt: 'now' } },
      ),
    ],
    [
      'a password in a message',
      rolloutObject({ ...key, number: 1 }, { message: `can't clone https://x:${SECRET}@git.internal/a.git` }),
    ],
    [
      'an annotation of others',
      {
        ...releaseObject(key),
        metadata: {
          name: 'demo-web',
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET },
        },
      },
    ],
  ])('is not %s', (_what, object) => {
    const before = JSON.stringify(object)
    expect(before).toContain(SECRET)
    expect(JSON.stringify(viewOf(stored(object)))).not.toContain(SECRET)
    expect(JSON.stringify(object)).toBe(before)
  })

  it('is what people look at', () => {
    const status = { traffic: { blue: 0, green: 100 }, revision: 'demo@sha1:abc', lastHandledRetryAt: 'then' }
    const view = viewOf(stored(releaseObject(key, status, { gates: [gates[0]] })))
    expect(view).toMatchObject({
      kind: 'Release',
      metadata: { name: 'demo-web', labels: { 'steersman.dev/environment': 'demo' } },
      spec: { taskDefinition: { inline: {} }, gates: [{ name: 'smoke', http: { path: '/healthz' } }] },
      status,
    })
  })

  it('keeps the action of an intent, without its arguments', () => {
    const intent = { action: 'SetWeights', arguments: { x: 1 }, startedAt: 'now' }
    const view = viewOf(stored(rolloutObject({ ...key, number: 1 }, { intent, staleTasks: ['a'] })))
    expect(view.status).toEqual({ intent: { action: 'SetWeights', startedAt: 'now' } })
  })
})

describe('an event stream', () => {
  const read = async (...chunks: string[]) => {
    const bytes = chunks.map((chunk) => new TextEncoder().encode(chunk))
    return Array.fromAsync(readEventStream(ReadableStream.from(bytes)))
  }

  it.each([
    ['in one piece', ['id: 1\nevent: ADDED\ndata: {}\n\n']],
    ['cut anywhere', ['id: 1\nev', 'ent: ADDED\nda', 'ta: {}\n', '\n']],
    ['with comments and other fields', [': alive\n\nretry: 5\n\nid: 1\n: x\nevent: ADDED\ndata: {}\n\n']],
    ['with the line ends of others', ['id: 1\r\nevent: ADDED\r\ndata: {}\r\n\r\n']],
    ['with a message that has no end', ['id:1\nevent:ADDED\ndata:{}\n\ndata: half']],
  ])('is read %s', async (_how, chunks) => {
    expect(await read(...chunks)).toEqual([{ id: '1', event: 'ADDED', data: '{}' }])
  })

  it('joins lines of data, and names no event message', async () => {
    expect(await read('data: a\ndata: b\n\n')).toEqual([{ id: undefined, event: 'message', data: 'a\nb' }])
  })

  it('ends with an error when a message grows without end', async () => {
    await expect(read('data: ', 'x'.repeat(5_000_000))).rejects.toThrow('no end')
  })
})
