import { describe, expect, it } from 'vitest'
import type { WayBack } from '../../../scripts/soak/play.ts'
import { isSound, report, table } from '../../../scripts/soak/report.ts'
import type { Soaked } from '../../../scripts/soak/soak.ts'

const back = (decider: WayBack['decider'], ms: number, writes = 1): WayBack => ({
  decider,
  ms,
  writes,
  calls: ['0 DescribeRules', `${ms} ModifyListener`],
})

const soaked: Soaked = {
  swaps: 3,
  sticky: 1,
  endings: { Succeeds: 1, Aborted: 2 },
  requests: 1_000,
  requestsPerSecond: 199.96,
  failed: 0,
  refusedServed: 0,
  waysBack: [back('gate', 10), back('abort', 30), back('now', 20), back('pin', 500)],
  problems: [],
  seconds: 5,
}

describe('the report of a soak', () => {
  it('has the median, the 99th percentile and the most of what a gate or a person decided, a pin apart', () => {
    expect(report(soaked, 1)).toMatchObject({
      rollbackMs: { median: 20, p99: 30, max: 30, count: 3 },
      rollbackMsBy: {
        gate: { median: 10 },
        abort: { median: 30 },
        now: { median: 20 },
        pin: { median: 500 },
      },
      rollbackWrites: 1,
      slowest: { decider: 'abort', ms: 30, calls: ['0 DescribeRules', '30 ModifyListener'] },
      requestsPerSecond: 200,
      seed: 1,
    })
  })

  it('is told to people with the same figures', () => {
    expect(table(report(soaked, 1))).toContain(
      'median 20 ms, 99 % 30 ms, at most 30 ms (3; median and most: gate 10 and 10, abort 30 and 30',
    )
    expect(table(report(soaked, 1))).toContain('abort: 0 DescribeRules, 30 ModifyListener')
  })

  it.each([
    ['nothing went wrong', {}, true],
    ['a request failed', { failed: 1 }, false],
    ['a refused version was served', { refusedServed: 1 }, false],
    ['a swap ended otherwise', { problems: ['s1'] }, false],
    ['a way back took two writes', { waysBack: [back('now', 1, 2)] }, false],
    ['a way back took none', { waysBack: [back('now', 1, 0)] }, false],
  ])('is sound or not where %s', (_what, change, sound) => {
    expect(isSound({ ...soaked, ...change })).toBe(sound)
  })
})
