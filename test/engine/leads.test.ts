import { describe, expect, it } from 'vitest'
import { shardNames } from '../../controller/core/shards.ts'
import { Leads } from '../../controller/engine/leads.ts'
import { PortError } from '../../controller/ports/error.ts'
import type { Lease, Leases } from '../../controller/ports/store.ts'
import { FakeClock } from '../support/fake-clock.ts'

const CALL_TIMEOUT_MS = 5_000

/** Leases of one store in memory, seen by several processes: a lease is over when its time is. */
function leaseHouse(clock: FakeClock): {
  readonly of: (instance: string) => Leases
  readonly breakDown: (isBroken: boolean) => void
} {
  const held = new Map<string, Lease>()
  const members = new Map<string, number>()
  let isBroken = false
  const look = (): void => {
    if (isBroken) throw new PortError('the store is away', { code: 'StoreUnavailable', handling: 'retry' })
  }
  const of = (instance: string): Leases => ({
    acquire: async ({ name, durationMs }) => {
      look()
      const now = clock.monotonic()
      const by = held.get(name)
      if (by !== undefined && by.holder.instance !== instance && by.expiresAt > now)
        return { held: false, by }
      const isRenewal = by?.holder.instance === instance && by.expiresAt > now
      const lease: Lease = {
        name,
        epoch: (by?.epoch ?? 0) + (isRenewal ? 0 : 1),
        holder: { host: instance, bootId: 'boot', pid: 1, processStartedAt: 1, instance },
        renewedAt: now,
        expiresAt: now + durationMs,
      }
      held.set(name, lease)
      return { held: true, lease }
    },
    release: async (lease) => {
      look()
      const now = held.get(lease.name)
      if (now?.epoch === lease.epoch) held.set(lease.name, { ...now, expiresAt: -Infinity })
    },
    announce: async (durationMs) => {
      look()
      members.set(instance, clock.monotonic() + durationMs)
      const living = [...members].filter(([, until]) => until > clock.monotonic()).map(([name]) => name)
      return { self: instance, living }
    },
    leave: async () => void members.delete(instance),
  })
  return { of, breakDown: (broken) => void (isBroken = broken) }
}

function world(shards: number) {
  const clock = new FakeClock()
  const house = leaseHouse(clock)
  const told: string[] = []
  const names = shardNames(shards)
  const environments = Array.from({ length: 50 }, (_, index) => `environment-${index}`)
  const controller = (instance: string) => {
    const taken: string[] = []
    const leads = new Leads({
      shards: names,
      standsBy: true,
      clock,
      leases: house.of(instance),
      telemetry: {
        emit: (event) => void (event.type === 'LeaseChanged' && told.push(`${instance} ${event.message}`)),
      },
      callTimeoutMs: CALL_TIMEOUT_MS,
      onTaken: (shard) => taken.push(shard),
    })
    return { leads, taken, led: () => environments.filter((each) => leads.of(each).holds()) }
  }
  return { clock, house, told, environments, controller }
}

describe('two controllers of one store', () => {
  it('lead every environment exactly once, and both do their part', async () => {
    const { clock, environments, controller } = world(8)
    const [one, two] = [controller('one'), controller('two')]
    await one.leads.begin()
    expect(one.led()).toEqual(environments)
    await two.leads.begin()
    expect(two.led()).toEqual([])
    await clock.advance(10_000)
    expect([...one.led(), ...two.led()].toSorted()).toEqual(environments.toSorted())
    expect(Math.min(one.led().length, two.led().length)).toBeGreaterThan(5)
    expect(two.taken.length).toBeGreaterThan(0)
  })

  it('give a shard from hand to hand only after a write under way has ended', async () => {
    const { clock, environments, controller } = world(8)
    const [one, two] = [controller('one'), controller('two')]
    await one.leads.begin()
    await two.leads.begin()
    const gaps = new Map<string, number>()
    for (let ms = 0; ms < 12_000; ms += 100) {
      await clock.advance(100)
      const led = new Set([...one.led(), ...two.led()])
      for (const each of environments) if (!led.has(each)) gaps.set(each, (gaps.get(each) ?? 0) + 100)
    }
    expect([...gaps.keys()].toSorted()).toEqual(two.led().toSorted())
    for (const gapMs of gaps.values()) {
      expect(gapMs).toBeGreaterThanOrEqual(CALL_TIMEOUT_MS - 100)
      expect(gapMs).toBeLessThanOrEqual(CALL_TIMEOUT_MS + 1_100)
    }
  })

  it('take over within 15 s of a crash, and within 2 s of an end', async () => {
    const { clock, environments, controller } = world(8)
    const [one, two, three] = [controller('one'), controller('two'), controller('three')]
    for (const each of [one, two, three]) await each.leads.begin()
    await clock.advance(20_000)
    const ofThree = three.led()
    await three.leads.end()
    await clock.advance(2_000)
    const led = (): readonly string[] => [...one.led(), ...two.led()].toSorted()
    expect(led()).toEqual(expect.arrayContaining(ofThree))
    expect(ofThree.length).toBeGreaterThan(5)
    // One that goes from a living controller to another so that both have as many is handed over as ever.
    await clock.advance(CALL_TIMEOUT_MS + 1_000)
    expect(led()).toEqual(environments.toSorted())
    await one.leads.end()
    await clock.advance(2_000)
    expect(two.led()).toEqual(environments)
    await expect(one.leads.begin()).resolves.toBeUndefined()
  })

  it('go on with what they know of each other while the store is away, and lead nothing after the lease', async () => {
    const { clock, house, environments, controller } = world(4)
    const one = controller('one')
    await one.leads.begin()
    house.breakDown(true)
    await clock.advance(7_000)
    expect(one.led()).toEqual(environments)
    await clock.advance(4_000)
    expect(one.led()).toEqual([])
    house.breakDown(false)
    await clock.advance(3_000)
    expect(one.led()).toEqual(environments)
    expect(one.leads.holdsAny).toBe(true)
  })
})

describe('several controllers of one store', () => {
  it.each([3, 5, 8])(
    '%i of them with eight shards: none stands idle, whatever they are called',
    async (count) => {
      for (let round = 0; round < 20; round += 1) {
        const { clock, environments, controller } = world(8)
        const all = Array.from({ length: count }, (_, index) => controller(`${round}-${index}`))
        for (const { leads } of all) await leads.begin()
        await clock.advance(20_000)
        expect(Math.min(...all.map(({ led }) => led().length))).toBeGreaterThan(0)
        expect(all.flatMap(({ led }) => led()).toSorted()).toEqual(environments.toSorted())
        for (const { leads } of all) await leads.end()
      }
    },
  )
})

describe('a standby of one shard', () => {
  it('waits for the lease, says once who has it, and takes it when it is free', async () => {
    const { clock, told, environments, controller } = world(1)
    const [one, two] = [controller('one'), controller('two')]
    await one.leads.begin()
    await two.leads.begin()
    await clock.advance(30_000)
    expect(two.led()).toEqual([])
    expect(two.leads.holdsAny).toBe(false)
    await one.leads.end()
    await clock.advance(1_000)
    expect(two.led()).toEqual(environments)
    expect(told).toEqual(['one the lease is ours', 'two held by process 1 on one', 'two the lease is ours'])
  })
})
