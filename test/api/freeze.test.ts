import { describe, expect, it } from 'vitest'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import { environmentObject } from './objects.ts'
import type { Running } from './start.ts'
import { post, start } from './start.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const weekend = {
  schedule: '0 16 * * FRI',
  duration: '64h',
  timeZone: 'Europe/Berlin',
  allowRollback: true,
  allowCorrection: false,
}

async function startWith(freeze: readonly object[]): Promise<Running> {
  const running = await start({ clock: { ...systemClock, now: () => NOW } })
  const object = environmentObject('prod', {})
  await running.store.create({ ...object, spec: { ...object.spec, freeze } })
  return running
}

const marks = (body: Record<string, unknown>): Record<string, string> =>
  (body['metadata'] as { annotations?: Record<string, string> }).annotations ?? {}

describe('setting a freeze aside', () => {
  it('records who, when and why, and rings the engine', async () => {
    const { url, asked } = await startWith([weekend])
    const { status, body } = await post(`${url}/api/v1/environments/prod/override-freeze`, {
      reason: 'the fix for INC-7',
    })
    expect(status).toBe(200)
    expect(marks(body)).toEqual({
      [annotations.freezeOverridden]: '2026-11-28T12:00:00.000Z',
      [annotations.freezeOverriddenBy]: 'local',
      [annotations.freezeOverriddenReason]: 'the fix for INC-7',
    })
    expect(asked).toEqual(['prod'])
  })

  it.each([
    ['no window is open', [{ ...weekend, schedule: '0 16 * * MON', duration: '1h' }], 'NotFrozen'],
    ['a window can not be read', [{ ...weekend, timeZone: 'Berlin' }], 'FreezeUnreadable'],
  ])('is refused where %s', async (_what, freeze, code) => {
    const { url, asked } = await startWith(freeze)
    const answer = await post(`${url}/api/v1/environments/prod/override-freeze`, { reason: 'because' })
    expect(answer).toMatchObject({ status: 409, body: { error: { code } } })
    expect(asked).toEqual([])
  })

  it.each([
    [' ', 'ReasonMissing'],
    ['', 'BadRequest'],
    [undefined, 'ReasonMissing'],
  ])('is refused with the reason %j', async (reason, code) => {
    const { url, asked } = await startWith([weekend])
    const answer = await post(`${url}/api/v1/environments/prod/override-freeze`, { reason })
    expect(answer).toMatchObject({ status: 400, body: { error: { code } } })
    expect(asked).toEqual([])
  })

  it('is refused a second time, since it is set aside already', async () => {
    const { url } = await startWith([weekend])
    const path = `${url}/api/v1/environments/prod/override-freeze`
    await post(path, { reason: 'the fix' })
    expect(await post(path, { reason: 'the fix' })).toMatchObject({
      status: 409,
      body: { error: { code: 'NotFrozen' } },
    })
  })
})
