import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { systemFileSystem } from '../../controller/adapters/system/file-system.ts'
import { eventually } from './eventually.ts'
import { FakeClock } from './fake-clock.ts'
import { freePort } from './free-port.ts'
import { requires } from './requires.ts'
import { makeDirectoryInMemory, makeTemporaryDirectory, temporaryDirectory } from './temp-directory.ts'

describe('the fake clock', () => {
  it('runs timers by their time, then in the order of their making, timers set by timers too', async () => {
    const clock = new FakeClock(0)
    const ran: string[] = []
    clock.setTimer(20, () => ran.push(`late at ${clock.now()}`))
    clock.setTimer(10, () => {
      ran.push(`first at ${clock.now()}`)
      clock.setTimer(5, () => ran.push(`nested at ${clock.now()}`))
    })
    clock.setTimer(10, () => ran.push(`second at ${clock.now()}`))
    await clock.advance(20)
    expect(ran).toEqual(['first at 10', 'second at 10', 'nested at 15', 'late at 20'])
    expect(clock.pending).toBe(0)
  })

  it('does not run a cancelled timer, nor one that is not due', async () => {
    const clock = new FakeClock()
    const callback = vi.fn<() => void>()
    clock.setTimer(5, callback)()
    clock.setTimer(50, callback)
    await clock.advance(49)
    expect(callback).not.toHaveBeenCalled()
    expect(clock.pending).toBe(1)
  })

  it('wakes a sleeper at its time and rejects an aborted one with the reason', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const slept = clock.sleep(100).then(() => clock.monotonic())
    const aborted = clock.sleep(100, controller.signal)
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await clock.advance(1_000)
    await expect(slept).resolves.toBe(100)
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough')
  })

  it('moves wall time alone when it is set', () => {
    const clock = new FakeClock(1_000)
    clock.jumpWall(-500)
    expect({ now: clock.now(), monotonic: clock.monotonic() }).toEqual({ now: 500, monotonic: 0 })
  })
})

describe('eventually', () => {
  it('returns the first value that will do, errors before it forgiven', async () => {
    let looks = 0
    const look = (): number => {
      looks += 1
      if (looks === 1) throw new Error('not there yet')
      return looks
    }
    await expect(eventually(look, (seen) => seen === 3, { everyMs: 1 })).resolves.toBe(3)
  })

  it('says what was seen last when the time is over', async () => {
    const waiting = eventually(
      () => ({ weight: 10 }),
      () => false,
      { what: 'the swap', withinMs: 5, everyMs: 1 },
    )
    await expect(waiting).rejects.toThrow('the swap did not come within 5 ms; last seen: { weight: 10 }')
  })
})

describe('a temporary directory', () => {
  it('is there for the test and gone once removed', async () => {
    const path = await temporaryDirectory()
    const other = await makeTemporaryDirectory()
    expect([existsSync(path), existsSync(other.path)]).toEqual([true, true])
    await other.remove()
    expect(existsSync(other.path)).toBe(false)
  })
})

describe('a directory in memory', () => {
  it('is there until it is removed, and holds what is written', async () => {
    const { path, remove } = await makeDirectoryInMemory()
    await systemFileSystem.write(join(path, 'one'), 'text')
    await systemFileSystem.syncDirectory(path)
    expect(await systemFileSystem.read(join(path, 'one'), 10)).toBe('text')
    await remove()
    expect(existsSync(path)).toBe(false)
  })
})

describe('a free port', () => {
  it('is one that a program without rights may listen on', async () => {
    expect(await freePort()).toBeGreaterThan(1023)
  })
})

describe('requires', () => {
  it('finds git, and says nothing of it in a title', () => {
    const found = requires('git')
    expect(found.missing).toBeUndefined()
    expect(found.title('clones')).toBe('clones')
  })

  it('names what is missing, or throws where nothing may be skipped', () => {
    vi.stubEnv('PATH', '')
    vi.stubEnv('STEERSMAN_REQUIRE_ALL', '')
    expect(requires('promtool').title('rules are valid')).toBe(
      'rules are valid (skipped: promtool (Debian package prometheus) not found)',
    )
    vi.stubEnv('STEERSMAN_REQUIRE_ALL', '1')
    expect(() => requires('promtool')).toThrow('STEERSMAN_REQUIRE_ALL=1 allows no test to be skipped')
    vi.unstubAllEnvs()
  })
})
