import { describe, expect, it } from 'vitest'
import { annotations } from '../../controller/resources/annotations.ts'
import type { RolloutStatus } from '../../controller/resources/types.ts'
import { releaseObject, rolloutObject } from './objects.ts'
import type { Running } from './start.ts'
import { post, start } from './start.ts'

const key = { environment: 'prod', release: 'web' } as const
const tokens = [
  { name: 'ada', role: 'approver', token: 'token-of-ada' },
  { name: 'bob', role: 'approver', token: 'token-of-bob' },
  { name: 'eve', role: 'approver', token: 'token-of-eve' },
  { name: 'otto', role: 'operator', token: 'token-of-otto' },
] as const
const awaiting = { gate: 'sign-off', since: '2026-11-29T12:00:00Z', until: '2026-11-30T12:00:00Z' }
const asking: RolloutStatus = { phase: 'AwaitingApproval', awaiting }
const halted: RolloutStatus = {
  phase: 'Baking',
  awaiting: { gate: 'smoke', since: '2026-11-29T12:00:00Z', result: 'Failed' },
}

async function startWith(status: RolloutStatus): Promise<Running> {
  const running = await start({ tokens })
  await running.store.create(releaseObject(key))
  const spec = {
    pushedBy: ['Ada <ada@example.com>'],
    gates: [{ name: 'sign-off', manual: { approvers: ['ada', 'bob'] } }],
  }
  for (const number of [1, 2]) await running.store.create(rolloutObject({ ...key, number }, status, spec))
  return running
}

const decide = (
  { url }: Running,
  verb: string,
  { who = 'bob', number = 2, body = {} }: { who?: string; number?: number; body?: object } = {},
) =>
  post(`${url}/api/v1/rollouts/prod-web-${number}/${verb}`, body, { authorization: `Bearer token-of-${who}` })

const marksOf = async ({ store }: Running, number = 2): Promise<Readonly<Record<string, string>>> =>
  (await store.get('Rollout', `prod-web-${number}`))?.metadata.annotations ?? {}

describe('a decision', () => {
  it('is kept with the gate, who made it and why, on that rollout alone', async () => {
    const running = await startWith(asking)
    const { status } = await decide(running, 'approve', {
      body: { gate: 'sign-off', comment: 'seen in staging' },
    })
    expect(status).toBe(200)
    expect(await marksOf(running)).toMatchObject({
      [annotations.decision]: 'Approved',
      [annotations.decidedGate]: 'sign-off',
      [annotations.decidedBy]: 'bob',
      [annotations.decisionComment]: 'seen in staging',
    })
    expect(await marksOf(running, 1)).toEqual({})
    expect(running.asked).toEqual([key])
  })

  it('is about the gate that is waited for, where it names none', async () => {
    const running = await startWith(asking)
    await decide(running, 'reject', { who: 'ada' })
    expect(await marksOf(running)).toMatchObject({
      [annotations.decision]: 'Rejected',
      [annotations.decidedGate]: 'sign-off',
      [annotations.decidedBy]: 'ada',
    })
  })

  it('counts once for the same token, and is told as decided for another', async () => {
    const running = await startWith(asking)
    const body = { clientToken: 'one' }
    await decide(running, 'approve', { body })
    const first = await marksOf(running)
    expect((await decide(running, 'approve', { body })).status).toBe(200)
    expect(await marksOf(running)).toEqual(first)
    expect(await decide(running, 'reject', { body: { clientToken: 'two' } })).toMatchObject({
      status: 409,
      body: { error: { code: 'AlreadyDecided', message: 'it was approved by bob a moment ago' } },
    })
  })

  it.each<readonly [string, RolloutStatus, string, object, number, string]>([
    ['whoever pushed the commit', asking, 'approve', { who: 'ada' }, 403, 'NotAnApprover'],
    ['somebody who is no approver of the gate', asking, 'approve', { who: 'eve' }, 403, 'NotAnApprover'],
    ['an operator', asking, 'approve', { who: 'otto' }, 403, 'Forbidden'],
    ['somebody who names another gate', asking, 'approve', { body: { gate: 'other' } }, 409, 'AnotherGate'],
    ['whoever comes too early', { phase: 'Verifying' }, 'approve', {}, 409, 'NothingToDecide'],
    ['whoever comes too late', { ...asking, phase: 'Succeeded' }, 'reject', {}, 409, 'NothingToDecide'],
    ['who wants a person asked again', asking, 'retry', { body: { gate: 'sign-off' } }, 409, 'StillAsking'],
    ['a gate that is no name', asking, 'approve', { body: { gate: '' } }, 400, 'BadRequest'],
  ])('is refused to %s', async (...[_who, status, verb, given, code, error]) => {
    const running = await startWith(status)
    const answer = await decide(running, verb, given)
    expect([answer.status, (answer.body['error'] as { code: string }).code]).toEqual([code, error])
    expect(await marksOf(running)).toEqual({})
    expect(running.asked).toEqual([])
  })

  it('of an operator asks the gate again that halts a rollout', async () => {
    const running = await startWith(halted)
    const { status, body } = await decide(running, 'retry', { who: 'otto', body: { gate: 'smoke' } })
    expect([status, body['kind']]).toEqual([200, 'Release'])
    expect(await marksOf(running)).toMatchObject({ [annotations.decision]: 'Retried' })
  })
})

describe('an abort that a person withdrew', () => {
  it('may be asked for again', async () => {
    const running = await startWith({ phase: 'Baking' })
    await decide(running, 'abort', { who: 'otto' })
    const { [annotations.abort]: at = '' } = await marksOf(running)
    await decide(running, 'abort', { who: 'otto' })
    expect((await marksOf(running))[annotations.abort]).toBe(at)
    const stored = await running.store.get('Rollout', 'prod-web-2')
    if (stored === undefined) throw new Error('no rollout')
    const abortRequested = { by: 'otto', at, withdrawnBy: 'bob' }
    await running.store.updateStatus({ ...stored, status: { phase: 'Baking', abortRequested } })
    await decide(running, 'abort', { who: 'otto' })
    expect((await marksOf(running))[annotations.abort]).not.toBe(at)
  })
})
