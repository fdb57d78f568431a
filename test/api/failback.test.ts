import { describe, expect, it } from 'vitest'
import { annotations } from '../../controller/resources/annotations.ts'
import { environmentObject, releaseObject, rolloutObject } from './objects.ts'
import type { Running } from './start.ts'
import { post, start } from './start.ts'

const key = { environment: 'prod', release: 'web' }

async function startWith(outcomes: readonly string[], held?: object, status: object = {}): Promise<Running> {
  const running = await start()
  await running.store.create(environmentObject('prod', {}))
  const release = releaseObject(key)
  await running.store.create({
    ...release,
    status: { ...status, observedGeneration: 1, ...(held === undefined ? {} : { held }) },
  })
  for (const [index, outcome] of outcomes.entries()) {
    const rollout = rolloutObject({ ...key, number: index + 1 })
    await running.store.create({
      ...rollout,
      spec: { ...rollout.spec, number: index + 1, taskDefinition: `arn:${index + 1}` },
      status: { outcome, phase: outcome, finishedAt: '2026-11-29T11:00:00Z' },
    })
  }
  return running
}

const marks = (body: Record<string, unknown>): Record<string, string> =>
  (body['metadata'] as { annotations?: Record<string, string> }).annotations ?? {}

describe('going back at once', () => {
  it.each([
    ['to the last good one', {}, '1', 'rolled back to rollout 1'],
    ['to the one that is named', { to: 3, reason: 'errors' }, '3', 'errors'],
  ])('%s marks the release with who, where to and why', async (_what, body, to, reason) => {
    const { url, asked, atOnce } = await startWith(['Succeeded', 'RolledBack', 'Succeeded'])
    const answer = await post(`${url}/api/v1/releases/prod/web/rollback`, body)
    expect(answer.status).toBe(200)
    expect(marks(answer.body)).toMatchObject({
      [annotations.failbackTo]: to,
      [annotations.failbackBy]: 'local',
      [annotations.failbackReason]: reason,
    })
    expect({ asked, atOnce }).toEqual({ asked: [], atOnce: [key] })
  })

  it.each([
    ['nothing else has served', ['Succeeded'], {}, 'NothingBefore'],
    ['the rollout is not known', ['Succeeded', 'Succeeded'], { to: 9 }, 'NotVerified'],
    ['the rollout failed', ['RolledBack', 'Succeeded'], { to: 1 }, 'NotVerified'],
  ])('is refused where %s', async (_what, outcomes, body, code) => {
    const { url, asked } = await startWith(outcomes)
    const answer = await post(`${url}/api/v1/releases/prod/web/rollback`, body)
    expect(answer).toMatchObject({ status: 409, body: { error: { code } } })
    expect(asked).toEqual([])
  })

  it('behind what it does not undo is refused, unless it is to be done all the same', async () => {
    const irreversible = [
      {
        what: 'the task of gate migrate was started by prod-web-2',
        at: '2026-11-29T11:00:00Z',
        commit: 'c'.repeat(40),
        before: 2,
      },
    ]
    const { url, asked } = await startWith(['Succeeded', 'Succeeded'], undefined, { irreversible })
    const path = `${url}/api/v1/releases/prod/web/rollback`
    expect(await post(path, {})).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'UnsafeRollback',
          message: expect.stringContaining('the task of gate migrate was started by prod-web-2 at') as string,
          remedy: expect.stringContaining('--unsafe') as string,
        },
      },
    })
    expect(asked).toEqual([])
    expect((await post(path, { to: 2 })).status).toBe(200)
    expect((await post(path, { to: 1, unsafe: true })).status).toBe(200)
  })

  it('is not asked for twice, since the second would bring back what the first one left', async () => {
    const held = { by: 'ann', at: '2026-11-29T12:00:00Z', rollout: 1 }
    const { url } = await startWith(['Succeeded', 'Succeeded'], held)
    const path = `${url}/api/v1/releases/prod/web/rollback`
    expect(await post(path, {})).toMatchObject({ status: 409, body: { error: { code: 'AlreadyHeld' } } })
    expect((await post(path, { to: 2 })).status).toBe(200)
  })

  it('is the same request with the same token', async () => {
    const { url } = await startWith(['Succeeded', 'Succeeded'])
    const path = `${url}/api/v1/releases/prod/web/rollback`
    const first = marks((await post(path, { clientToken: 'one' })).body)
    expect(marks((await post(path, { clientToken: 'one' })).body)).toEqual(first)
  })
})
