import { expect, it } from 'vitest'
import { unsettledMs } from '../../../controller/core/rollout/unsettled.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { ReleaseStatus } from '../../../controller/resources/types.ts'
import { ready } from './ready.ts'

const now = Date.UTC(2026, 0, 1)
const moment = { now, stalenessBoundMs: 60_000 }

/** A status with a write that many seconds ago, each. */
const written = (...secondsAgo: number[]): ReleaseStatus => ({
  writes: Object.fromEntries(
    secondsAgo.map((seconds, index) => [
      `rule/${index}`,
      { before: 'blue 0', after: 'blue 100', at: timestamp(now - seconds * 1_000) },
    ]),
  ),
})

it.each<readonly [string, ReleaseStatus, number]>([
  ['nothing was ever written', {}, 0],
  ['the last write is long over', written(100, 60), 0],
  ['a write is some seconds old', written(100, 20, 50), 40_000],
])('times of a release without a rollout count while a write does: %s', (_case, status, leftMs) => {
  expect(unsettledMs({ status, active: undefined }, moment)).toBe(leftMs)
})

it('times of a release count while its rollout runs', () => {
  expect(unsettledMs({ status: written(100), active: ready().rollout }, moment)).toBe(Infinity)
})
