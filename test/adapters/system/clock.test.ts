import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemRandom, uuidSource } from '../../../controller/adapters/system/random.ts'
import { seededRandom } from '../../support/seeded-random.ts'

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('runs a timer once, also one that lies further away than 32 bits of milliseconds', () => {
    const ran: string[] = []
    const days60 = 60 * 86_400_000
    systemClock.setTimer(1_000, () => ran.push('soon'))
    systemClock.setTimer(days60, () => ran.push('late'))
    vi.advanceTimersByTime(days60 - 1)
    expect(ran).toEqual(['soon'])
    vi.advanceTimersByTime(1)
    expect(ran).toEqual(['soon', 'late'])
  })

  it('does not run a timer that was cancelled', () => {
    const callback = vi.fn()
    const cancel = systemClock.setTimer(3_000_000_000, callback)
    vi.advanceTimersByTime(2_900_000_000)
    cancel()
    vi.advanceTimersByTime(2_900_000_000)
    expect(callback).not.toHaveBeenCalled()
  })

  it('ends a sleep with the reason of the abort, before or during it', async () => {
    const abort = new AbortController()
    const sleep = systemClock.sleep(60_000, abort.signal)
    abort.abort(new Error('shutting down'))
    await expect(sleep).rejects.toThrow('shutting down')
    await expect(systemClock.sleep(1, abort.signal)).rejects.toThrow('shutting down')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends a sleep after its time', async () => {
    const slept = systemClock.sleep(1_000, new AbortController().signal)
    vi.advanceTimersByTime(1_000)
    await expect(slept).resolves.toBeUndefined()
  })
})

describe('chance', () => {
  it('lies in [0, 1)', () => {
    const drawn = Array.from({ length: 1_000 }, () => systemRandom.next())
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true)
  })

  it('makes version 4 UUIDs, each its own', () => {
    const uid = uuidSource(seededRandom(7))
    const made = Array.from({ length: 200 }, uid)
    for (const each of made)
      expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(made).size).toBe(200)
  })
})
