import { describe, expect, it } from 'vitest'
import { freezeAt, problemOf } from '../../controller/core/freeze.ts'
import type { DefaultedFreezeWindow } from '../../controller/resources/generated/environment.ts'

const at = (text: string): number => Date.parse(text)

const window = (change: Partial<DefaultedFreezeWindow> = {}): DefaultedFreezeWindow => ({
  schedule: '0 16 * * FRI',
  duration: '64h',
  timeZone: 'Europe/Berlin',
  allowRollback: true,
  allowCorrection: false,
  ...change,
})

function untilOf(
  windows: readonly DefaultedFreezeWindow[],
  now: string,
  overridden?: string,
): string | undefined {
  const overriddenAt = overridden === undefined ? undefined : at(overridden)
  const freeze = freezeAt(windows, { now: at(now), overriddenAt })
  return freeze?.until === undefined ? undefined : new Date(freeze.until).toISOString()
}

describe('a freeze window', () => {
  it.each([
    ['the last moment before it opens', '2026-11-27T14:59:59.999Z', undefined],
    ['the moment it opens', '2026-11-27T15:00:00.000Z', '2026-11-30T07:00:00.000Z'],
    ['the middle', '2026-11-28T23:30:00Z', '2026-11-30T07:00:00.000Z'],
    ['its last moment', '2026-11-30T06:59:59.999Z', '2026-11-30T07:00:00.000Z'],
    ['the moment it closes', '2026-11-30T07:00:00.000Z', undefined],
  ])('at %s', (_when, now, until) => {
    expect(untilOf([window()], now)).toBe(until)
  })

  it.each([
    ['in winter', '2026-01-15T17:30:00Z', '2026-01-15T19:00:00.000Z'],
    ['in summer', '2026-07-15T16:30:00Z', '2026-07-15T18:00:00.000Z'],
    ['in summer, after it', '2026-07-15T18:30:00Z', undefined],
    ['on the day when the clocks go forward', '2026-03-29T16:30:00Z', '2026-03-29T18:00:00.000Z'],
    ['on the day when they go back', '2026-10-25T17:30:00Z', '2026-10-25T19:00:00.000Z'],
  ])('follows the wall clock of its zone %s', (_when, now, until) => {
    expect(untilOf([window({ schedule: '0 18 * * *', duration: '2h' })], now)).toBe(until)
  })

  it('opens at the next moment there is where the clocks leap over its beginning', () => {
    const leapt = window({ schedule: '30 2 * * *', duration: '1h' })
    expect(untilOf([leapt], '2026-03-29T00:59:00Z')).toBeUndefined()
    expect(untilOf([leapt], '2026-03-29T01:10:00Z')).toBe('2026-03-29T02:00:00.000Z')
  })

  it('lasts its duration, whatever the clocks do meanwhile', () => {
    expect(untilOf([window({ schedule: '0 0 * * *', duration: '6h' })], '2026-03-29T03:00:00Z')).toBe(
      '2026-03-29T05:00:00.000Z',
    )
  })
})

describe('several windows', () => {
  const nights = window({ schedule: '0 22 * * *', duration: '8h', timeZone: 'UTC' })

  it('allow only what all that are open allow', () => {
    const strict = window({ allowRollback: false, allowCorrection: true })
    const now = at('2026-11-28T23:00:00Z')
    expect(freezeAt([strict, nights], { now, overriddenAt: undefined })).toMatchObject({
      allowsRollback: false,
      allowsCorrection: false,
      windows: ['"0 16 * * FRI" for 64h (Europe/Berlin)', '"0 22 * * *" for 8h (UTC)'],
    })
    expect(
      freezeAt([strict, nights], { now: at('2026-12-03T23:00:00Z'), overriddenAt: undefined }),
    ).toMatchObject({
      allowsRollback: true,
    })
  })

  it('are told as one until there is a gap', () => {
    expect(untilOf([window(), nights], '2026-11-28T12:00:00Z')).toBe('2026-11-30T07:00:00.000Z')
    const days = window({ schedule: '0 6 * * *', duration: '4h', timeZone: 'UTC' })
    expect(untilOf([nights, days], '2026-12-01T23:00:00Z')).toBe('2026-12-02T10:00:00.000Z')
  })
})

describe('an override', () => {
  it('sets aside what was open then, and nothing that opens later', () => {
    const nightly = window({ schedule: '0 22 * * *', duration: '8h', timeZone: 'UTC' })
    const overridden = '2026-12-01T23:00:00Z'
    expect(untilOf([nightly], '2026-12-01T23:00:01Z', overridden)).toBeUndefined()
    expect(untilOf([nightly], '2026-12-02T05:59:00Z', overridden)).toBeUndefined()
    expect(untilOf([nightly], '2026-12-02T22:00:00Z', overridden)).toBe('2026-12-03T06:00:00.000Z')
  })

  it('leaves the windows that open meanwhile', () => {
    const late = window({ schedule: '0 23 * * *', duration: '2h', timeZone: 'UTC' })
    const nightly = window({ schedule: '0 22 * * *', duration: '8h', timeZone: 'UTC' })
    expect(untilOf([nightly, late], '2026-12-01T23:30:00Z', '2026-12-01T22:30:00Z')).toBe(
      '2026-12-02T01:00:00.000Z',
    )
  })
})

describe('a window that can not be read', () => {
  const broken = [
    ['a schedule of nonsense', window({ schedule: 'every friday at 16 hours' }), 'schedule'],
    ['four fields', window({ schedule: '0 16 * *   ' }), 'schedule'],
    ['six fields', window({ schedule: '0 0 16 * * FRI' }), 'schedule'],
    ['a nickname', window({ schedule: '@midnight' }), 'schedule'],
    ['a minute that there is not', window({ schedule: '61 16 * * *' }), 'schedule'],
    ['a day that never comes', window({ schedule: '0 0 30 2 *' }), 'schedule'],
    ['an unknown time zone', window({ timeZone: 'Europe/Atlantis' }), 'timeZone'],
    ['no duration to speak of', window({ duration: '59s' }), 'duration'],
  ] as const

  it.each(broken)('is always open, and stays so under an override: %s', (_what, unreadable) => {
    const freeze = freezeAt([unreadable], {
      now: at('2026-11-25T12:00:00Z'),
      overriddenAt: at('2026-11-25T11:00:00Z'),
    })
    expect(freeze).toMatchObject({ until: undefined })
  })

  it.each(broken)('has a problem with a name: %s', (_what, unreadable, field) => {
    expect(problemOf(unreadable)?.field).toBe(field)
  })

  it('makes the end unknown for all', () => {
    const [[, unreadable]] = broken
    expect(
      freezeAt([window(), unreadable], { now: at('2026-11-28T12:00:00Z'), overriddenAt: undefined }),
    ).toMatchObject({
      until: undefined,
      windows: [expect.stringContaining('FRI'), expect.stringContaining('every friday')],
    })
  })

  it.each(['0 16 * * FRI', '*/5 0-6 1,15 * *', '0 0 29 2 *'])(
    'is not one with the schedule %s',
    (schedule) => {
      expect(problemOf(window({ schedule }))).toBeUndefined()
    },
  )
})
