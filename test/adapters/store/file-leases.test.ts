import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import type { LeaseAttempt, LeaseHolder, Leases } from '../../../controller/ports/store.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { MemoryFileSystem } from '../../support/memory-file-system.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const request = { name: 'controller', durationMs: 15_000 }
const directory = '/data/leases'

let clock: FakeClock
let fileSystem: MemoryFileSystem
/** What the machine says of each instance's process; undefined: it can't tell. */
let alive: Map<string, boolean | undefined>
let first: Leases
let second: Leases

beforeEach(async () => {
  clock = new FakeClock()
  fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  alive = new Map([
    ['first', true],
    ['second', true],
  ])
  first = leases('first')
  second = leases('second')
})

function holder(instance: string): LeaseHolder {
  return { host: 'machine', bootId: 'boot', pid: 1, processStartedAt: 1, instance }
}

function leases(instance: string): Leases {
  return createFileLeases({
    directory,
    fileSystem,
    clock,
    holder: holder(instance),
    isAlive: async (asked) => alive.get(asked.instance),
  })
}

describe('a slow disk', () => {
  it('does not lengthen the time for which nobody was seen to renew a lease', async () => {
    const read = fileSystem.read.bind(fileSystem)
    let isLate = false
    fileSystem.read = async (path, limitBytes) => {
      if (isLate) {
        isLate = false
        await clock.advance(8_000)
        await first.acquire(request)
      }
      return read(path, limitBytes)
    }
    await first.acquire(request)
    isLate = true
    expect((await second.acquire(request)).held).toBe(false)
    await clock.advance(14_999)
    expect((await second.acquire(request)).held).toBe(false)
    await clock.advance(1)
    expect((await second.acquire(request)).held).toBe(true)
  })
})

describe('a lease', () => {
  it('is taken when nobody ever held it', async () => {
    expect(await first.acquire(request)).toEqual({
      held: true,
      lease: {
        name: 'controller',
        epoch: 1,
        holder: holder('first'),
        renewedAt: clock.now(),
        expiresAt: clock.now() + 15_000,
      },
    })
  })

  it('is renewed by its holder in the same epoch', async () => {
    await first.acquire(request)
    await clock.advance(5_000)
    expect(await first.acquire(request)).toMatchObject({
      held: true,
      lease: { epoch: 1, expiresAt: clock.now() + 15_000 },
    })
  })

  it('is refused to another while it is fresh, with the holder named', async () => {
    await first.acquire(request)
    await clock.advance(14_999)
    expect(await second.acquire(request)).toMatchObject({
      held: false,
      by: { epoch: 1, holder: holder('first') },
    })
  })

  it('is taken at once, in the next epoch, when the process of its holder is gone', async () => {
    await first.acquire(request)
    alive.set('first', false)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('is taken at once, in the next epoch, when it was given up', async () => {
    const taken = await first.acquire(request)
    if (taken.held) await first.release(taken.lease)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('is given up although a renewal of the same process is under way', async () => {
    const held = await first.acquire(request)
    if (!held.held) throw new Error('the lease is not held')
    await Promise.all([first.acquire(request), first.release(held.lease)])
    expect(await second.acquire(request)).toMatchObject({ held: true })
  })

  it('stays with its new holder when the old one gives up too late', async () => {
    const taken = await first.acquire(request)
    alive.set('first', false)
    await second.acquire(request)
    if (taken.held) await first.release(taken.lease)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('is taken after its expiry from a holder that nothing is known about', async () => {
    await first.acquire(request)
    alive.set('first', undefined)
    await clock.advance(15_000)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('is taken from a living holder that was seen not to renew for the whole duration', async () => {
    await first.acquire(request)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
    await clock.advance(15_000)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })

  it('gets a new epoch when its holder comes back after the expiry', async () => {
    await first.acquire(request)
    await clock.advance(15_000)
    expect(outcome(await first.acquire(request))).toBe('held 2')
  })

  it('tells a holder that lost it who has it now', async () => {
    await first.acquire(request)
    alive.set('first', false)
    await second.acquire(request)
    expect(await first.acquire(request)).toMatchObject({ held: false, by: { holder: holder('second') } })
  })

  it('is apart from leases of other names, also where one name begins like another', async () => {
    await first.acquire(request)
    expect(outcome(await second.acquire({ ...request, name: 'controller.2' }))).toBe('held 1')
    expect(outcome(await second.acquire({ ...request, name: 'control' }))).toBe('held 1')
    expect(outcome(await second.acquire(request))).toBe('refused 1')
  })

  it.each(['', '{"name":', '\0\0\0', '[]', '{"holder":{}}'])(
    'is free when its file holds %j',
    async (text) => {
      await first.acquire(request)
      fileSystem.damage(`${directory}/controller.1.lease`, text)
      expect(outcome(await second.acquire(request))).toBe('held 2')
    },
  )

  it('leaves one file, whatever happened before', async () => {
    await first.acquire(request)
    await fileSystem.write(`${directory}/controller.0123456789abcdef.tmp`, 'cut short')
    alive.set('first', false)
    await second.acquire(request)
    expect(await fileSystem.list(directory)).toEqual(['controller.2.lease'])
  })
})

describe('a jump of the wall clock', () => {
  it('forward takes no lease from a living holder', async () => {
    await first.acquire(request)
    clock.jumpWall(3_600_000)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
  })

  it('backward does not keep a lease that nobody renews', async () => {
    await first.acquire(request)
    alive.set('first', undefined)
    clock.jumpWall(-3_600_000)
    expect(outcome(await second.acquire(request))).toBe('refused 1')
    await clock.advance(15_000)
    expect(outcome(await second.acquire(request))).toBe('held 2')
  })
})

describe('several at once', () => {
  it.each(['free', 'orphaned', 'given up'])(
    'gives a lease that is %s to exactly one of two that race for it',
    async (before) => {
      if (before !== 'free') {
        const old = await leases('old').acquire(request)
        if (old.held && before === 'given up') await leases('old').release(old.lease)
        alive.set('old', before !== 'orphaned')
      }
      const attempts = await Promise.all([first, second].map((each) => each.acquire(request)))
      expect(attempts.filter(({ held }) => held)).toHaveLength(1)
    },
  )

  it('never lets two hold a fresh lease, in any order of renewals, pauses, deaths and crashes of the machine', async () => {
    const move = fc.record({
      who: fc.nat({ max: 3 }),
      pauseMs: fc.constantFrom(0, 1_000, 5_000, 15_000),
      dies: fc.boolean(),
      crash: fc.option(fc.integer({ min: 1, max: 8 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 20 }), fc.nat(), async (moves, seed) => {
        fileSystem = new MemoryFileSystem(seededRandom(seed))
        await fileSystem.makeDirectory('/data')
        clock = new FakeClock()
        alive = new Map()
        let contenders = runs(0)
        let epoch = 0
        for (const [round, { who, pauseMs, dies, crash }] of moves.entries()) {
          clock.jumpWall(pauseMs)
          if (crash !== null) fileSystem.crashAt(fileSystem.calls + crash)
          const calls = contenders.slice(who).map((contender) => contender.acquire(request))
          const epochs = (await Promise.allSettled(calls)).flatMap(heldEpoch)
          expect(epochs.length).toBeLessThanOrEqual(1)
          expect(epochs[0] ?? epoch).toBeGreaterThanOrEqual(epoch)
          epoch = epochs[0] ?? epoch
          if (dies || crash !== null) contenders = runs(round + 1)
          fileSystem.restart()
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** Four new processes; those of every earlier round are dead. */
function runs(round: number): readonly Leases[] {
  for (const instance of alive.keys()) alive.set(instance, false)
  return [0, 1, 2, 3].map((index) => {
    const instance = `contender-${index}-of-round-${round}`
    alive.set(instance, undefined)
    return leases(instance)
  })
}

function heldEpoch(attempt: PromiseSettledResult<LeaseAttempt>): readonly number[] {
  return attempt.status === 'fulfilled' && attempt.value.held ? [attempt.value.lease.epoch] : []
}

function outcome(attempt: LeaseAttempt): string {
  return attempt.held ? `held ${attempt.lease.epoch}` : `refused ${attempt.by.epoch}`
}
