import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LeaseAttempt, Leases } from '../../../controller/ports/store.ts'

/** The leases of one store as two live processes on different machines use them. */
export interface LeasesBench {
  readonly first: Leases
  readonly second: Leases
  /** Turns both processes' clocks. */
  advance(durationMs: number): Promise<void>
  close(): Promise<void>
}

const request = { name: 'controller', durationMs: 15_000 }

/** What every store's leases promise (`ports/store.ts`). Nobody can tell here whether the other's process lives: only that it no longer renews. */
export function describeLeases(title: string, open: () => Promise<LeasesBench>): void {
  describe(`${title}: leases`, () => {
    let bench: LeasesBench
    beforeEach(async () => {
      bench = await open()
    })
    afterEach(() => bench.close())
    holdTests(() => bench)
    takeOverTests(() => bench)
  })
}

function holdTests(bench: () => LeasesBench): void {
  it('is taken when nobody ever held it, and lasts as long as was asked for', async () => {
    const attempt = await bench().first.acquire(request)
    expect(outcome(attempt)).toBe('held 1')
    if (!attempt.held) return
    expect(attempt.lease.name).toBe('controller')
    expect(attempt.lease.expiresAt - attempt.lease.renewedAt).toBe(15_000)
  })

  it('is renewed by its holder in the same epoch', async () => {
    const { first, advance } = bench()
    await first.acquire(request)
    for (let renewal = 0; renewal < 5; renewal += 1) {
      await advance(5_000)
      expect(outcome(await first.acquire(request))).toBe('held 1')
    }
  })

  it('is refused to another while its holder renews it, with the holder named', async () => {
    const { first, second, advance } = bench()
    const taken = await first.acquire(request)
    for (let beat = 0; beat < 6; beat += 1) {
      const refused = await second.acquire(request)
      expect(outcome(refused)).toBe('refused 1')
      if (taken.held && !refused.held) expect(refused.by.holder).toEqual(taken.lease.holder)
      await advance(5_000)
      await first.acquire(request)
    }
  })

  it('goes to exactly one of two that race for it', async () => {
    const attempts = await Promise.all([bench().first, bench().second].map((each) => each.acquire(request)))
    expect(attempts.map(outcome).toSorted()).toEqual(['held 1', 'refused 1'])
  })

  it('is apart from leases of other names, also where one name begins like another', async () => {
    const { first, second } = bench()
    await first.acquire(request)
    expect(outcome(await second.acquire({ ...request, name: 'controller.2' }))).toBe('held 1')
    expect(outcome(await second.acquire({ ...request, name: 'control' }))).toBe('held 1')
    expect(outcome(await second.acquire(request))).toBe('refused 1')
  })
}

function takeOverTests(bench: () => LeasesBench): void {
  it('is taken at once, in the next epoch, when it was given up', async () => {
    const { first, second } = bench()
    const taken = await first.acquire(request)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
    if (taken.held) await first.release(taken.lease)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('is taken, in the next epoch, from a holder that was seen not to renew for the whole duration', async () => {
    const { first, second, advance } = bench()
    await first.acquire(request)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
    await advance(14_000)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
    await advance(1_000)
    expect(outcome(await second.acquire(request))).toBe('held 2')
    expect(outcome(await first.acquire(request))).toBe('refused 2')
  })

  it('gets a new epoch when its holder comes back after the expiry', async () => {
    const { first, advance } = bench()
    await first.acquire(request)
    await advance(15_000)
    expect(outcome(await first.acquire(request))).toBe('held 2')
  })

  it('stays with its new holder when the old one gives up too late', async () => {
    const { first, second, advance } = bench()
    const taken = await first.acquire(request)
    await second.acquire(request)
    await advance(15_000)
    expect(outcome(await second.acquire(request))).toBe('held 2')
    if (taken.held) await first.release(taken.lease)
    expect(outcome(await first.acquire(request))).toBe('refused 2')
  })

  it('goes to exactly one of two that race for one that was given up', async () => {
    const { first, second } = bench()
    const taken = await first.acquire(request)
    if (taken.held) await first.release(taken.lease)
    const attempts = await Promise.all([first, second].map((each) => each.acquire(request)))
    expect(attempts.map(outcome).toSorted()).toEqual(['held 2', 'refused 2'])
  })
}

const outcome = (attempt: LeaseAttempt): string =>
  attempt.held ? `held ${attempt.lease.epoch}` : `refused ${attempt.by.epoch}`
