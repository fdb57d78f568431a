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
})
