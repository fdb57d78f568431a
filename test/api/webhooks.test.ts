import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { environmentObject } from './objects.ts'
import type { Running } from './start.ts'
import { ask, start } from './start.ts'

const SECRET = 'swordfish-of-the-forge'
const repository = 'https://github.com/acme/shop.git'
const pushed = { ref: 'refs/heads/prod', repository: { ssh_url: 'git@github.com:acme/shop.git' } }

interface Town extends Running {
  readonly clock: FakeClock
  readonly events: SteersmanEvent[]
  push(body?: unknown, headers?: Readonly<Record<string, string>>): ReturnType<typeof ask>
}

async function town(): Promise<Town> {
  const events: SteersmanEvent[] = []
  const clock = new FakeClock()
  const running = await start({
    clock,
    tokens: [{ name: 'ada', role: 'admin', token: 'token-of-ada' }],
    webhooks: {
      secretOf: async (sender) => (sender === 'github' ? SECRET : undefined),
      telemetry: { emit: (event) => events.push(event) },
    },
  })
  for (const name of ['prod', 'staging'])
    await running.store.create(
      environmentObject(name, {}, { source: { repository, branch: name, path: 'deploy' } }),
    )
  return {
    ...running,
    clock,
    events,
    push(content = pushed, headers = {}) {
      const body = typeof content === 'string' ? content : JSON.stringify(content)
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
      const signed = { 'x-github-event': 'push', 'x-hub-signature-256': signature }
      return ask(`${running.url}/webhooks/github`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed, ...headers },
        body,
      })
    },
  }
}

const marksOf = async ({ store }: Running, name: string): Promise<string | undefined> =>
  (await store.get('Environment', name))?.metadata.annotations?.[annotations.pushed]

describe('a webhook', () => {
  it('wakes the environments that follow what was pushed, and no others', async () => {
    const here = await town()
    expect(await here.push()).toMatchObject({
      status: 200,
      body: { environments: ['prod'], message: 'the repository is looked at' },
    })
    expect(here.faults).toEqual([])
    expect(here.asked).toEqual(['prod'])
    expect(await marksOf(here, 'prod')).toBe(new Date(here.clock.now()).toISOString())
    expect(await marksOf(here, 'staging')).toBeUndefined()
    expect(here.events).toEqual([{ type: 'WebhookHeard', sender: 'github', result: 'Taken', woken: 1 }])
  })

  it('marks an environment once a second, however many come', async () => {
    const here = await town()
    const versionOf = async () => (await here.store.get('Environment', 'prod'))?.metadata.resourceVersion
    await here.push()
    const version = await versionOf()
    for (let count = 0; count < 5; count++) await here.push()
    expect(await versionOf()).toBe(version)
    await here.clock.advance(1_000)
    await here.push()
    expect(await versionOf()).not.toBe(version)
  })

  it.each([
    [
      'a branch that nobody follows',
      { ...pushed, ref: 'refs/heads/feature' },
      {},
      'no environment follows this reference of this repository',
    ],
    [
      'another repository',
      { ...pushed, repository: { ssh_url: 'git@github.com:acme/other.git' } },
      {},
      'no environment follows this reference of this repository',
    ],
    ['another event', 'whatever', { 'x-github-event': 'ping' }, 'ping concerns no environment'],
  ])('of %s is told that it concerns nobody', async (_what, body, headers, message) => {
    const here = await town()
    expect(await here.push(body, headers)).toMatchObject({ status: 200, body: { environments: [], message } })
    expect(here.asked).toEqual([])
    expect(here.events).toMatchObject([{ result: 'Ignored' }])
  })

  it.each([
    ['another signature', pushed, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 401],
    [
      'a token of the API in its place',
      pushed,
      { 'x-hub-signature-256': '', authorization: 'Bearer token-of-ada' },
      401,
    ],
    ['no JSON', '{"ref": ', {}, 400],
    ['nothing in it', '', {}, 400],
    ['no reference', { repository: pushed.repository }, {}, 400],
  ])('with %s is refused, and wakes nobody', async (_what, body, headers, status) => {
    const here = await town()
    const answer = await here.push(body, headers)
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain(SECRET)
    expect(here.asked).toEqual([])
    expect(await marksOf(here, 'prod')).toBeUndefined()
    expect(here.events).toMatchObject([{ result: 'Refused', woken: 0 }])
  })

  it('is answered with 503 where the store is away, and nobody is woken', async () => {
    const here = await town()
    await here.store.close()
    expect(await here.push()).toMatchObject({
      status: 503,
      body: { error: { code: 'StoreUnavailable', remedy: expect.stringContaining('Try again') as unknown } },
    })
    expect(here.asked).toEqual([])
    expect(here.events).toEqual([])
  })

  it('takes a long push, and no endless one', async () => {
    const here = await town()
    const commits = Array.from({ length: 400 }, () => ({ message: 'm'.repeat(2_000) }))
    expect(await here.push({ ...pushed, commits })).toMatchObject({
      status: 200,
      body: { environments: ['prod'] },
    })
    expect(await here.push({ ...pushed, commits: [...commits, ...commits] })).toMatchObject({
      status: 413,
      body: { error: { code: 'BodyTooLarge' } },
    })
  })

  it('has to be JSON, as a forge lets one choose', async () => {
    const here = await town()
    const answer = await here.push('payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' })
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'UnsupportedMediaType' } } })
  })

  it.each([
    ['gitlab', /^Set spec\.webhooks\.gitlab\.secretFrom/],
    ['svn', /such as \/webhooks\/github/],
  ])('of %s is not served without a secret', async (sender, remedy) => {
    const here = await town()
    const answer = await ask(`${here.url}/webhooks/${sender}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-gitlab-token': '' },
      body: JSON.stringify(pushed),
    })
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } })
    expect((answer.body['error'] as { remedy: string }).remedy).toMatch(remedy)
    expect(here.asked).toEqual([])
  })
})
