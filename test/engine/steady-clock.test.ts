import { describe, expect, it } from 'vitest'
import type { Unsettled } from '../../controller/engine/follow-wall.ts'
import { followWall, holdTime } from '../../controller/engine/follow-wall.ts'
import { settlingNow } from '../../controller/engine/settling.ts'
import { SteadyClock } from '../../controller/engine/steady-clock.ts'
import { timestamp } from '../../controller/core/time.ts'
import { ready } from '../core/rollout/ready.ts'
import { FakeClock } from '../support/fake-clock.ts'

const HOUR_MS = 3_600_000
const BOUND_MS = 60_000
const key = { environment: 'demo', release: 'web' }
const active = { state: ready().rollout }

/** The clock of the machine and the engine's, with what a controller that leads keeps of its releases. */
function timed() {
  const machine = new FakeClock()
  const clock = new SteadyClock(machine)
  const unsettled: Unsettled = new Map()
  const engine = { ports: { clock }, settings: { stalenessBoundMs: BOUND_MS }, unsettled }
  const startedAt = machine.now()
  return {
    machine,
    engine,
    /** What the engine's clock shows of the time since the start, after all that lets it follow. */
    passedMs(leads = true) {
      followWall(engine, () => leads)
      return clock.now() - startedAt
    },
    writes: () => ({ 'rule/web': { before: 'blue 0', after: 'blue 100', at: timestamp(clock.now()) } }),
  }
}

describe("the engine's clock", () => {
  it.each([HOUR_MS, -HOUR_MS, 20_000, -20_000])(
    'goes on where the wall clock leaps by %d ms',
    async (byMs) => {
      const machine = new FakeClock()
      const clock = new SteadyClock(machine)
      const startedAt = clock.now()
      machine.jumpWall(byMs)
      await machine.advance(2_000)
      expect(clock.now() - startedAt).toBe(2_000)
      expect(clock.wall() - startedAt).toBe(byMs + 2_000)
      expect(clock.leaptMs()).toBe(byMs)
      clock.follow()
      expect(clock.now() - startedAt).toBe(byMs + 2_000)
      expect(clock.leaptMs()).toBe(0)
    },
  )

  it('follows small steps at once, however many they are', () => {
    const machine = new FakeClock()
    const clock = new SteadyClock(machine)
    const startedAt = clock.now()
    for (let step = 1; step <= 10; step += 1) {
      machine.jumpWall(1_000)
      expect(clock.now() - startedAt).toBe(step * 1_000)
    }
  })

  it('shows the wall clock again once that has leapt back', () => {
    const machine = new FakeClock()
    const clock = new SteadyClock(machine)
    machine.jumpWall(HOUR_MS)
    clock.now()
    machine.jumpWall(-HOUR_MS + 500)
    expect(clock.now()).toBe(machine.now())
  })
})

describe('a leap of the wall clock', () => {
  it('is followed while nothing is counted', () => {
    const { machine, passedMs } = timed()
    machine.jumpWall(HOUR_MS)
    expect(passedMs()).toBe(HOUR_MS)
  })

  it('is not followed while a release is worked on, nor while its rollout runs', () => {
    const { machine, engine, passedMs } = timed()
    const letGo = holdTime(engine, key)
    machine.jumpWall(HOUR_MS)
    expect(passedMs()).toBe(0)
    letGo({ status: {}, active })
    expect(passedMs()).toBe(0)
    holdTime(engine, key)({ status: {}, active: undefined })
    expect(passedMs()).toBe(HOUR_MS)
  })

  it('is not followed until a read can be no older than the last write', async () => {
    const { machine, engine, passedMs, writes } = timed()
    holdTime(engine, key)({ status: { writes: writes() }, active: undefined })
    machine.jumpWall(HOUR_MS)
    await machine.advance(BOUND_MS - 1)
    expect(passedMs()).toBe(BOUND_MS - 1)
    await machine.advance(1)
    expect(passedMs()).toBe(HOUR_MS + BOUND_MS)
  })

  it('is not followed where the release could not be read, as long as what was known of it counts', () => {
    const { machine, engine, passedMs } = timed()
    holdTime(engine, key)({ status: {}, active })
    holdTime(engine, key)(undefined)
    machine.jumpWall(HOUR_MS)
    expect(passedMs()).toBe(0)
  })

  it('is followed where another controller leads now', () => {
    const { machine, engine, passedMs } = timed()
    holdTime(engine, key)({ status: {}, active })
    machine.jumpWall(HOUR_MS)
    expect(passedMs(false)).toBe(HOUR_MS)
  })
})

it('counts from when an environment was taken over, wherever the wall clock is by then', async () => {
  const { machine, engine } = timed()
  const ledSince = machine.monotonic()
  const startedAt = machine.now()
  await machine.advance(5_000)
  machine.jumpWall(HOUR_MS)
  expect(settlingNow(engine, { ledSince })).toEqual({
    now: startedAt + 5_000,
    stalenessBoundMs: BOUND_MS,
    ledSince: startedAt,
  })
  engine.ports.clock.follow()
  expect(settlingNow(engine, { ledSince })).toEqual({
    now: startedAt + 5_000 + HOUR_MS,
    stalenessBoundMs: BOUND_MS,
    ledSince: startedAt + HOUR_MS,
  })
})
