import { describe, expect, it } from 'vitest'
import { isOlderThanWrites, stoodBeforeUnanswered } from '../../../controller/core/rollout/freshness.ts'
import { rememberWrite, unansweredValues } from '../../../controller/core/rollout/recent-writes.ts'
import { isStaleRead } from '../../../controller/core/rollout/step.ts'
import type { Settling } from '../../../controller/core/time.ts'
import { mayNotShow, timestamp } from '../../../controller/core/time.ts'
import type { RecentWrite } from '../../../controller/resources/types.ts'
import { blank, served } from '../../support/release-controller.ts'
import { all, line, ready, stepOf } from './ready.ts'

const HOUR_MS = 3_600_000
const BOUND_MS = 60_000
const { world } = served()
const { now } = world
/** As a clock stored it that was hours behind the one of now. */
const longAgo = timestamp(now - 5 * HOUR_MS)

/** A controller that took over so many milliseconds ago. */
const after = (ledMs: number): Settling => ({ now, stalenessBoundMs: BOUND_MS, ledSince: now - ledMs })
const atOnce = after(0)
const last = after(BOUND_MS - 1)
const later = after(BOUND_MS)

const write = (more: Partial<RecentWrite>): RecentWrite => ({
  before: 'blue 0, green 100',
  after: 'blue 100, green 0',
  at: longAgo,
  ...more,
})

describe('what was written before the release was taken over', () => {
  it.each<readonly [string, string, Settling, boolean]>([
    ['long ago, as it seems', longAgo, atOnce, true],
    ['long ago, as it seems', longAgo, last, true],
    ['long ago, and that long, too, since', longAgo, later, false],
    ['just now, by who has led for long', timestamp(now), later, true],
    ['long ago, where nobody says who leads', longAgo, { now, stalenessBoundMs: BOUND_MS }, false],
  ])('may not show for as long as any write: %s, at %s', (_case, at, settling, isOpen) => {
    expect(mayNotShow(at, settling)).toBe(isOpen)
  })

  it('keeps what stood there before from being concluded from', () => {
    const observation = world.look(blank, all)
    const writes = Object.fromEntries(
      observation.production.map((rule) => [`rule/${rule?.arn}`, write({})] as const),
    )
    expect(isOlderThanWrites({ ...last, observation, writes }, ['rules'])).toBe(true)
    expect(isOlderThanWrites({ ...later, observation, writes }, ['rules'])).toBe(false)
  })

  it('may come to light still, where it got no answer', () => {
    const writes = { 'service/blue': write({ before: 'none', after: 'web:1 x 2', ambiguous: true }) }
    const stood = { object: 'service/blue', value: 'none' }
    expect(stoodBeforeUnanswered({ ...last, writes }, stood)).toBe(true)
    expect(stoodBeforeUnanswered({ ...later, writes }, stood)).toBe(false)
    expect(unansweredValues(writes, 'service/blue', last)).toEqual(['web:1 x 2'])
    expect(unansweredValues(writes, 'service/blue', later)).toEqual([])
  })

  it('is remembered along with what is written then', () => {
    const object = 'service/blue'
    const writes = {
      [object]: write({ before: 'web:1 x 0', after: 'web:2 x 0', ambiguous: true }),
    }
    const next = write({ before: 'web:2 x 0', after: 'web:2 x 2', at: timestamp(now) })
    expect(rememberWrite(writes, { ...last, object, write: next })[object]?.earlier).toEqual(['web:1 x 0'])
    expect(rememberWrite(writes, { ...later, object, write: next })[object]?.earlier).toBeUndefined()
  })

  it('is not written once more on a read that may be from before it', () => {
    const action = { kind: 'SetWeights', rule: 'arn:rule/1', weights: { blue: 100, green: 0 } } as const
    const asked = { action, before: 'blue 0, green 100', writes: { 'rule/arn:rule/1': write({}) } }
    expect(isStaleRead({ ...last, ...asked })).toBe(true)
    expect(isStaleRead({ ...later, ...asked })).toBe(false)
  })
})

describe('a deadline that is over when the release is taken over', () => {
  const { rollout, controller } = ready()
  const status = { ...rollout.status, deadlineAt: longAgo }
  const step = (ledMs: number): string => {
    const at = controller.world.now
    return line(stepOf(status, { now: at, ledSince: at - ledMs, observation: waiting() }))
  }
  /** The new side's tasks are not there yet. */
  const waiting = () => {
    const seen = controller.world.look(blank, all)
    return {
      ...seen,
      sides: { ...seen.sides, blue: { ...seen.sides.blue, members: { tasks: [], targets: [] } } },
    }
  }

  it('ends the rollout only once all that was written before must show', () => {
    expect(step(0)).toMatch(/^Provisioning waits/)
    expect(step(BOUND_MS - 1)).toMatch(/^Provisioning waits/)
    expect(step(BOUND_MS)).toMatch(/^RollingBack/)
  })
})
