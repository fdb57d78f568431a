import { describe, expect, it } from 'vitest'
import { callbackOf, callbackPath, callbackToken } from '../../controller/core/gate/callback.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import type { RolloutSpec, RolloutStatus } from '../../controller/resources/types.ts'
import { environmentObject, releaseObject, rolloutObject } from './objects.ts'
import type { Running } from './start.ts'
import { post, start } from './start.ts'

const key = { environment: 'prod', release: 'web' } as const
const SECRET = 'the-secret-of-the-environment'
const gates = [
  { name: 'audit', webhook: { url: 'https://audit.internal', callback: true } },
  { name: 'other', webhook: { url: 'https://audit.internal', callback: true } },
  { name: 'plain', webhook: { url: 'https://audit.internal' } },
]
const asking: RolloutStatus = { phase: 'AwaitingApproval', gates: [{ name: 'audit', when: 'BeforeShift' }] }

async function startWith(
  status: RolloutStatus = asking,
  environment: Record<string, unknown> = { webhookSecretFrom: { env: 'WEBHOOK' } },
): Promise<Running> {
  const running = await start({
    tokens: [{ name: 'ada', role: 'admin', token: 'token-of-ada' }],
    secret: async ({ env }) => (env === 'WEBHOOK' ? SECRET : ''),
  })
  await running.store.create(environmentObject('prod', {}, environment))
  await running.store.create(releaseObject(key))
  for (const number of [1, 2])
    await running.store.create(
      rolloutObject({ ...key, number }, number === 1 ? { phase: 'Succeeded' } : status, { gates }),
    )
  return running
}

async function tokenOf(
  { store }: Running,
  gate: string,
  secret = SECRET,
  name = 'prod-web-2',
): Promise<string> {
  const object = await store.get('Rollout', name)
  return callbackToken(callbackOf({ name, spec: object?.spec as unknown as RolloutSpec }, gate), secret)
}

const call = (
  { url }: Running,
  token: string | undefined,
  {
    rollout = 'prod-web-2',
    gate = 'audit',
    body = { hookStatus: 'SUCCEEDED' },
  }: { rollout?: string; gate?: string; body?: object } = {},
) =>
  post(
    `${url}${callbackPath({ rollout, gate })}`,
    body,
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  )

const marksOf = async ({ store }: Running): Promise<Readonly<Record<string, string>>> =>
  (await store.get('Rollout', 'prod-web-2'))?.metadata.annotations ?? {}

describe('a callback', () => {
  it('is kept for the gate, and its release is looked at', async () => {
    const running = await startWith()
    const body = { hookStatus: 'FAILED', hookDetails: { of: 'ECS' }, reason: 'no' }
    expect(await call(running, await tokenOf(running, 'audit'), { body })).toMatchObject({
      status: 200,
      body: { taken: 'FAILED' },
    })
    expect(await marksOf(running)).toMatchObject({
      [annotations.answer]: 'FAILED',
      [annotations.answeredGate]: 'audit',
    })
    expect(running.asked).toEqual([key])
  })

  it('may come before its question is stored, and again', async () => {
    const running = await startWith({ phase: 'AwaitingApproval' })
    const token = await tokenOf(running, 'audit')
    await call(running, token, { body: { hookStatus: 'IN_PROGRESS' } })
    const { [annotations.answered]: first = '' } = await marksOf(running)
    await call(running, token)
    const { [annotations.answered]: second = '', [annotations.answer]: answer } = await marksOf(running)
    expect(answer).toBe('SUCCEEDED')
    expect(Date.parse(second)).toBeGreaterThan(Date.parse(first))
  })

  it.each<readonly [string, (running: Running) => Promise<string | undefined>, object]>([
    ['no token', async () => undefined, {}],
    ['a token of the API', async () => 'token-of-ada', {}],
    ['a token of another gate', (running) => tokenOf(running, 'other'), {}],
    ['a token of another rollout', (running) => tokenOf(running, 'audit', SECRET, 'prod-web-1'), {}],
    ['a token of another secret', (running) => tokenOf(running, 'audit', 'a guess'), {}],
    [
      'a token for a rollout that is not there',
      (running) => tokenOf(running, 'audit'),
      { rollout: 'prod-web-9' },
    ],
  ])('with %s is refused, and all of them alike', async (_title, given, more) => {
    const running = await startWith()
    expect(await call(running, await given(running), more)).toMatchObject({
      status: 401,
      body: { error: { code: 'Unauthorized', message: 'no valid token of this gate came with the request' } },
    })
    expect(await marksOf(running)).toEqual({})
  })

  it('is refused where the environment has no secret', async () => {
    const running = await startWith(asking, {})
    expect(await call(running, await tokenOf(running, 'audit'))).toMatchObject({ status: 401 })
  })

  it.each<readonly [string, RolloutStatus, string, string]>([
    ['a rollout that has ended', { phase: 'RolledBack' }, 'audit', 'the rollout has ended'],
    [
      'a gate that has ended',
      { phase: 'Baking', gates: [{ name: 'audit', when: 'BeforeShift', result: 'TimedOut' }] },
      'audit',
      'gate audit has ended',
    ],
    [
      'a gate that is asked again instead',
      asking,
      'plain',
      'the rollout has no gate plain that is called back',
    ],
  ])('comes too late for %s', async (_title, status, gate, message) => {
    const running = await startWith(status)
    expect(await call(running, await tokenOf(running, gate), { gate })).toMatchObject({
      status: 409,
      body: { error: { code: 'NotWaitedFor', message } },
    })
    expect(await marksOf(running)).toEqual({})
  })

  it.each([{}, { hookStatus: 'succeeded' }, { hookStatus: 1 }])('that says %j is none', async (body) => {
    const running = await startWith()
    expect((await call(running, await tokenOf(running, 'audit'), { body })).status).toBe(400)
  })
})
