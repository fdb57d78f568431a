import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../controller/adapters/aws/client/token-bucket.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const patient = { maxWaitMs: 600_000 }

describe('a token bucket', () => {
  it('lets its burst through at once and the rest at its rate', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, clock)
    const grants = Array.from({ length: 6 }, () => bucket.take('a', patient).then(() => clock.monotonic()))
    await clock.advance(10_000)
    expect(await Promise.all(grants)).toEqual([0, 0, 0, 500, 1000, 1500])
  })

  it('lets owners take turns, so that a large one does not starve a small one', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, clock)
    const order: string[] = []
    const owners = ['big', 'big', 'big', 'big', 'small', 'small']
    const grants = owners.map((owner) => bucket.take(owner, patient).then(() => order.push(owner)))
    await clock.advance(10_000)
    await Promise.all(grants)
    expect(order).toEqual(['big', 'big', 'small', 'big', 'small', 'big'])
  })

  it('refuses a caller that waited too long, and does not spend a token on it', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, clock)
    await bucket.take('a', patient)
    const late = bucket.take('a', { maxWaitMs: 400 }).catch((error: unknown) => error)
    const next = bucket.take('a', patient).then(() => clock.monotonic())
    await clock.advance(2_000)
    expect(await late).toMatchObject({ code: 'Throttled', handling: 'retry', ambiguous: false })
    expect(await next).toBe(1_000)
  })

  it('gives a place back when its caller is aborted', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, clock)
    await bucket.take('a', patient)
    const abort = new AbortController()
    const aborted = bucket.take('a', { ...patient, signal: abort.signal }).catch((error: unknown) => error)
    const next = bucket.take('a', patient).then(() => clock.monotonic())
    abort.abort(new Error('closing'))
    await clock.advance(2_000)
    expect(await aborted).toMatchObject({ message: 'closing' })
    expect(await next).toBe(1_000)
    expect(clock.pending).toBe(0)
  })

  it('bounds its queue', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, clock)
    const refused: unknown[] = []
    for (let call = 0; call < 5_003; call += 1) {
      bucket.take('a', { maxWaitMs: 1 }).catch((error: unknown) => refused.push(error))
    }
    await clock.advance(0)
    expect(refused).toHaveLength(2)
  })

  it('halves its rate once a second at most when AWS throttles, and recovers within a minute', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 10, perSecond: 8 }, clock)
    for (let call = 0; call < 5; call += 1) bucket.slowDown()
    expect(bucket.ratePerSecond).toBe(4)
    await clock.advance(1_000)
    bucket.slowDown()
    expect(bucket.ratePerSecond).toBeLessThan(2.1)
    await clock.advance(60_000)
    expect(bucket.ratePerSecond).toBe(8)
  })

  it('never stops altogether', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 10, perSecond: 8 }, clock)
    for (let call = 0; call < 50; call += 1) {
      bucket.slowDown()
      await clock.advance(1_000)
    }
    const granted = bucket.take('a', patient).then(() => true)
    await clock.advance(10_000)
    expect(await granted).toBe(true)
  })

  it.each([
    ['that is in a hurry', () => AbortSignal.abort()],
    [
      'that gets into a hurry while it waits',
      (clock: FakeClock) => {
        const hurry = new AbortController()
        clock.setTimer(10, () => hurry.abort())
        return hurry.signal
      },
    ],
  ])('lets a call through before all others %s, from what is kept back', async (_what, hurryOf) => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 5, perSecond: 1, kept: 2 }, clock)
    const at = (): number => clock.monotonic()
    const others = Array.from({ length: 5 }, () => bucket.take('a', patient).then(at))
    const hurry = hurryOf(clock)
    const hurried = [1, 2, 3].map(() => bucket.take('a', { ...patient, hurry }).then(at))
    await clock.advance(60_000)
    const first = hurry.reason === undefined ? 0 : ((await hurried[0]) ?? 0)
    expect(await Promise.all(hurried)).toEqual([first, first, expect.closeTo(1_100, -2)])
    expect((await Promise.all(others)).slice(0, 3)).toEqual([0, 0, 0])
    expect((await others[3]) ?? 0).toBeGreaterThan(2_000)
  })

  it('fills what is kept back again, from a tenth of its rate, or from what nobody takes', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 3, perSecond: 1, kept: 2 }, clock)
    const hurry = AbortSignal.abort()
    const takeAll = async (): Promise<number> => {
      const before = clock.monotonic()
      await Promise.all([1, 2, 3].map(() => bucket.take('a', { ...patient, hurry })))
      return clock.monotonic() - before
    }
    expect(await takeAll()).toBe(0)
    await clock.advance(3_200)
    expect(await takeAll()).toBe(0)
    const granted: number[] = []
    const others = Array.from({ length: 20 }, () =>
      bucket.take('b', patient).then(() => granted.push(clock.monotonic())),
    )
    await clock.advance(10_000)
    expect(granted).toHaveLength(8)
    await bucket.take('a', { ...patient, hurry })
    expect(clock.monotonic()).toBe(13_200)
    await clock.advance(60_000)
    await Promise.all(others)
  })

  it('keeps nothing back once AWS says that calls come too fast', async () => {
    const clock = new FakeClock()
    const bucket = new TokenBucket({ burst: 5, perSecond: 2, kept: 2 }, clock)
    bucket.slowDown()
    const hurried = bucket.take('a', { ...patient, hurry: AbortSignal.abort() }).then(() => clock.monotonic())
    await clock.advance(10_000)
    expect(await hurried).toBeGreaterThan(500)
  })

  it.each(['deadline', 'signal'] as const)(
    'lets go of a hurried call that is given up by its %s',
    async (by) => {
      const clock = new FakeClock()
      const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, clock)
      await bucket.take('a', patient)
      const [hurry, signal] = [new AbortController(), new AbortController()]
      const turn = {
        maxWaitMs: by === 'deadline' ? 100 : 600_000,
        signal: signal.signal,
        hurry: hurry.signal,
      }
      const given = bucket.take('a', turn).catch((error: unknown) => error)
      hurry.abort()
      if (by === 'signal') signal.abort(new Error('closing'))
      await clock.advance(100)
      expect(await given).toMatchObject(by === 'signal' ? { message: 'closing' } : { code: 'Throttled' })
      expect(clock.pending).toBe(0)
    },
  )
})
