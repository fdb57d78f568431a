import { describe, expect, it } from 'vitest'

import type { SteersmanEvent } from '../../controller/core/event.ts'
import { Lead } from '../../controller/engine/lead.ts'
import type { Lease, LeaseAttempt, Leases } from '../../controller/ports/store.ts'
import { FakeClock } from '../support/fake-clock.ts'

const lease = (epoch: number, pid = 1): Lease => ({
  name: 'steersman',
  epoch,
  holder: { host: 'here', bootId: 'boot', pid, processStartedAt: 0, instance: `run-${pid}` },
  renewedAt: 0,
  expiresAt: 0,
})
const ours = (epoch: number): LeaseAttempt => ({ held: true, lease: lease(epoch) })
const theirs: LeaseAttempt = { held: false, by: lease(9, 77) }

/** A lead over leases that answer what the test says. */
function leadOf(): {
  lead: Lead
  clock: FakeClock
  answer: (attempt: () => Promise<LeaseAttempt>) => void
  told: string[]
  released: number[]
  counts: { asked: number; taken: number }
} {
  const clock = new FakeClock()
  const told: string[] = []
  const released: number[] = []
  const counts = { asked: 0, taken: 0 }
  let attempt = (): Promise<LeaseAttempt> => Promise.resolve(ours(1))
  const leases: Leases = {
    acquire: () => {
      counts.asked += 1
      return attempt()
    },
    release: ({ epoch }) => {
      released.push(epoch)
      return Promise.resolve()
    },
  }
  const lead = new Lead({
    clock,
    leases,
    telemetry: { emit: (event) => told.push(sentence(event)) },
    name: 'steersman',
    onTaken: () => {
      counts.taken += 1
    },
  })
  const answer = (next: typeof attempt): void => {
    attempt = next
  }
  return { lead, clock, answer, told, released, counts }
}

const sentence = (event: SteersmanEvent): string =>
  event.type === 'LeaseChanged'
    ? `${event.held ? 'held' : 'not held'} ${event.epoch}: ${event.message}`
    : event.type

describe('the lead', () => {
  it('takes the lease, says so once, and keeps it by heartbeat', async () => {
    const { lead, clock, told, counts } = leadOf()
    expect(lead.holds()).toBe(false)
    await lead.begin()
    await clock.advance(60_000)
    expect(lead.holds()).toBe(true)
    expect(counts).toEqual({ asked: 13, taken: 1 })
    expect(told).toEqual(['held 1: the lease is ours'])
  })

  it('takes an answer that came later than the lease lasts for nothing, and asks again', async () => {
    const { lead, clock, answer, told, counts } = leadOf()
    const late = Promise.withResolvers<LeaseAttempt>()
    answer(() => late.promise)
    const begun = lead.begin()
    answer(() => Promise.resolve(theirs))
    await clock.advance(15_000)
    late.resolve(ours(1))
    await expect(begun).rejects.toMatchObject({ code: 'LeaseHeld' })
    expect([told, counts, lead.holds()]).toEqual([[], { asked: 2, taken: 0 }, false])
  })

  it('refuses to begin while another controller is alive, and names it', async () => {
    const { lead, clock, answer } = leadOf()
    answer(() => Promise.resolve(theirs))
    await expect(lead.begin()).rejects.toMatchObject({ code: 'LeaseHeld', handling: 'stall' })
    await expect(lead.begin()).rejects.toThrow('process 77 on here')
    expect([lead.holds(), clock.pending]).toEqual([false, 0])
  })

  it('allows a write only if the lease is ours until the call has ended', async () => {
    const { lead, clock } = leadOf()
    expect(() => lead.assertHeldFor(0)).toThrow('nothing is written')
    await lead.begin()
    await clock.advance(2_000)
    expect(() => lead.assertHeldFor(12_999)).not.toThrow()
    expect(() => lead.assertHeldFor(13_000)).toThrow(
      expect.objectContaining({ code: 'LeaseLost', handling: 'retry' }),
    )
  })

  it('lets nothing be written on what was seen under an earlier lease', async () => {
    const { lead, clock, answer } = leadOf()
    await lead.begin()
    const { epoch } = lead
    expect(() => lead.assertHeldFor(0, epoch)).not.toThrow()
    answer(() => Promise.resolve(ours(2)))
    await clock.advance(5_000)
    expect([epoch, lead.epoch]).toEqual([1, 2])
    expect(() => lead.assertHeldFor(0, epoch)).toThrow('on what was seen before')
    expect(() => lead.assertHeldFor(0)).not.toThrow()
  })

  it('counts the time of a lease from when it was asked for, not from a late answer', async () => {
    const { lead, clock, answer } = leadOf()
    await lead.begin()
    const { promise, resolve } = Promise.withResolvers<LeaseAttempt>()
    answer(() => promise)
    await clock.advance(5_000)
    await clock.advance(9_999)
    expect(lead.holds()).toBe(true)
    await clock.advance(1)
    expect(lead.holds()).toBe(false)
    resolve(ours(1))
    await clock.advance(0)
    expect(lead.holds()).toBe(true)
    await clock.advance(4_999)
    expect(() => lead.assertHeldFor(2)).toThrow('may expire')
  })

  it('is not fooled by a jump of the wall clock', async () => {
    const { lead, clock } = leadOf()
    await lead.begin()
    clock.jumpWall(-3_600_000)
    await clock.advance(4_000)
    clock.jumpWall(7_200_000)
    expect(lead.holds()).toBe(true)
    expect(() => lead.assertHeldFor(11_001)).toThrow('may expire')
  })

  it('holds on while heartbeats fail, until the lease has expired', async () => {
    const { lead, clock, answer, told } = leadOf()
    await lead.begin()
    answer(() => Promise.reject(new Error('disk full')))
    await clock.advance(14_999)
    expect(lead.holds()).toBe(true)
    await clock.advance(1)
    expect(lead.holds()).toBe(false)
    expect(told.slice(1)).toEqual([
      'held 1: heartbeat failed: disk full',
      'held 1: heartbeat failed: disk full',
      'not held 1: heartbeat failed: disk full',
    ])
    answer(() => Promise.resolve(ours(1)))
    await clock.advance(5_000)
    expect(lead.holds()).toBe(true)
  })

  it('says so when a lease that had lapsed while heartbeats failed is ours again', async () => {
    const { lead, clock, answer, told, counts } = leadOf()
    await lead.begin()
    answer(() => Promise.reject(new Error('no answer')))
    await clock.advance(15_000)
    expect([lead.holds(), told.at(-1)]).toEqual([false, 'not held 1: heartbeat failed: no answer'])
    answer(() => Promise.resolve(ours(1)))
    await clock.advance(10_000)
    expect([lead.holds(), told.at(-1)]).toEqual([true, 'held 1: the lease is ours again'])
    expect(told.filter((line) => line.includes('again'))).toHaveLength(1)
    expect(counts.taken).toBe(1)
  })

  it('stops acting when another took the lease, and begins anew when it is ours again', async () => {
    const { lead, clock, answer, told, counts } = leadOf()
    await lead.begin()
    answer(() => Promise.resolve(theirs))
    await clock.advance(10_000)
    expect(lead.holds()).toBe(false)
    answer(() => Promise.resolve(ours(10)))
    await clock.advance(5_000)
    expect(lead.holds()).toBe(true)
    expect(counts.taken).toBe(2)
    expect(told).toEqual([
      'held 1: the lease is ours',
      'not held 1: held by process 77 on here',
      'held 10: the lease is ours',
    ])
  })

  it('counts the lease as lost when somebody came and went while this process stood still', async () => {
    const { lead, clock, answer, told, released } = leadOf()
    await lead.begin()
    answer(() => Promise.resolve(ours(3)))
    await clock.advance(5_000)
    expect([lead.holds(), released]).toEqual([false, [3]])
    expect(() => lead.assertHeldFor(0)).toThrow('nothing is written')
    answer(() => Promise.resolve(ours(4)))
    await clock.advance(5_000)
    expect(told).toEqual([
      'held 1: the lease is ours',
      'not held 1: another controller held it meanwhile',
      'held 4: the lease is ours',
    ])
  })

  it('goes on when its lease ran out and nobody took it', async () => {
    const { lead, clock, answer, counts } = leadOf()
    await lead.begin()
    answer(() => Promise.resolve(ours(2)))
    await clock.advance(5_000)
    expect([lead.holds(), counts.taken]).toEqual([true, 2])
  })

  it('gives the lease up in the end, and asks no more', async () => {
    const { lead, clock, released, counts } = leadOf()
    await lead.begin()
    await lead.end()
    await clock.advance(60_000)
    expect([lead.holds(), released, counts.asked]).toEqual([false, [1], 1])
  })

  it('has nothing to give up when it never held the lease', async () => {
    const { lead, released } = leadOf()
    await lead.end()
    expect(released).toEqual([])
  })

  it('gives up what a heartbeat still brings after the end', async () => {
    const { lead, clock, answer, released, counts } = leadOf()
    await lead.begin()
    const { promise, resolve } = Promise.withResolvers<LeaseAttempt>()
    answer(() => promise)
    await clock.advance(5_000)
    await lead.end()
    resolve(ours(1))
    await clock.advance(60_000)
    expect([lead.holds(), released, counts.asked]).toEqual([false, [1, 1], 2])
  })
})
