import { describe, expect, it } from 'vitest'

import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { GateAttempt, GateProbe } from '../../../controller/ports/gate.ts'
import type { MetricPoint, Metrics } from '../../../controller/ports/metrics.ts'
import { runnerOptions, unstopped } from './servers.ts'

const NOW = Date.parse('2026-01-01T12:05:30Z')
const clock = { ...systemClock, now: () => NOW }

function ask(probe: GateProbe, metrics: Partial<Metrics>): Promise<GateAttempt> {
  const options = runnerOptions({ clock })
  return createGateRunner({ ...options, metrics: { ...options.metrics, ...metrics } }).probe(probe, unstopped)
}

const denied = new PortError('not authorized to perform cloudwatch:DescribeAlarms', {
  code: 'AccessDenied',
  handling: 'stall',
  remedy: 'Add it to the policy.',
})

describe('a gate of alarms', () => {
  const probe = {
    kind: 'alarms',
    gate: 'red',
    names: ['a'],
    alreadyRed: 'Fail',
    rolloutStartedAt: 0,
  } as const

  it('is judged by what the account says of them', async () => {
    const asked: (readonly string[])[] = []
    const alarms: Metrics['alarms'] = async (names) => {
      asked.push(names)
      return [{ name: 'a', state: 'ALARM', since: NOW }]
    }
    expect((await ask(probe, { alarms })).result).toBe('Failure')
    expect(asked).toEqual([['a']])
  })

  it('says nothing where they can’t be read, but how to mend it', async () => {
    expect(await ask(probe, { alarms: () => Promise.reject(denied) })).toEqual({
      result: 'Inconclusive',
      message:
        'the alarms could not be read: not authorized to perform cloudwatch:DescribeAlarms. Add it to the policy.',
    })
  })

  it('does not hide a defect as an answer', async () => {
    await expect(ask(probe, { alarms: () => Promise.reject(new TypeError('a bug')) })).rejects.toThrow(
      'a bug',
    )
  })
})

describe('a gate of a metric', () => {
  const series = {
    namespace: 'AWS/ApplicationELB',
    metric: 'TargetResponseTime',
    dimensions: {},
    statistic: 'p99',
    periodSeconds: 60,
  }
  const since = (at: string): GateProbe => ({
    kind: 'cloudwatch',
    gate: 'p99',
    series,
    bounds: { max: 0.5, min: undefined },
    since: Date.parse(at),
  })
  const points = (...found: MetricPoint[]) => ({ points: async () => found })

  it('asks for whole periods that began after the phase did', async () => {
    const ranges: unknown[] = []
    await ask(since('2026-01-01T12:01:01Z'), {
      points: async (_series, { from, to }) => {
        ranges.push([new Date(from).toISOString(), new Date(to).toISOString()])
        return []
      },
    })
    expect(ranges).toEqual([['2026-01-01T12:02:00.000Z', '2026-01-01T12:05:00.000Z']])
  })

  it.each([
    [0.4, 'Success', 'p99 of AWS/ApplicationELB TargetResponseTime: 0.4 is at most 0.5'],
    [0.6, 'Failure', 'p99 of AWS/ApplicationELB TargetResponseTime: 0.6 is more than 0.5'],
  ])('judges the newest period: %d', async (value, result, message) => {
    const older = { at: NOW - 120_000, value: 0.5 }
    const found = points({ at: NOW - 60_000, value }, older)
    expect(await ask(since('2026-01-01T12:01:01Z'), found)).toEqual({ result, message })
  })

  it.each([
    [
      'before a whole period has gone by',
      since('2026-01-01T12:04:30Z'),
      points({ at: NOW, value: 9 }),
      'no whole period',
    ],
    [
      'without data',
      since('2026-01-01T12:01:00Z'),
      points(),
      'CloudWatch has no data since this phase began',
    ],
    [
      'of which nothing could be read',
      since('2026-01-01T12:01:00Z'),
      { points: () => Promise.reject(denied) },
      'could not be read',
    ],
  ])('says nothing %s', async (_title, probe, metrics, message) => {
    expect(await ask(probe, metrics)).toEqual({
      result: 'Inconclusive',
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('a gate that compares the sides', () => {
  const seriesOf = (TargetGroup: string) => ({
    namespace: 'AWS/ApplicationELB',
    metric: 'TargetResponseTime',
    dimensions: { TargetGroup },
    statistic: 'p99',
    periodSeconds: 60,
  })
  const at = Date.parse('2026-01-01T12:04:00Z')
  const compared = (points: Readonly<Record<string, readonly MetricPoint[]>>): Promise<GateAttempt> =>
    ask(
      {
        kind: 'cloudwatch',
        gate: 'p99',
        series: seriesOf('new'),
        bounds: { max: 1, min: undefined },
        comparison: { series: seriesOf('live'), maxRatio: 2, maxDifference: undefined },
        since: Date.parse('2026-01-01T12:01:00Z'),
      },
      {
        points: async (asked) =>
          'expression' in asked ? [] : (points[asked.dimensions['TargetGroup'] ?? ''] ?? []),
      },
    )

  it.each([
    [0.2, 0.1, 'Success', '0.2 beside 0.1 of the live side is near enough'],
    [0.3, 0.1, 'Failure', '0.3 beside 0.1 of the live side is more than 2 times as much'],
    [1.5, 1, 'Failure', '1.5 is more than 1'],
  ])('takes %d beside %d as %s', async (value, live, result, message) => {
    expect(await compared({ new: [{ at, value }], live: [{ at, value: live }] })).toEqual({
      result,
      message: `p99 of AWS/ApplicationELB TargetResponseTime: ${message}`,
    })
  })

  it('says nothing without both values of the same period', async () => {
    const before = { at: at - 60_000, value: 0.1 }
    expect((await compared({ new: [{ at, value: 0.1 }], live: [before] })).message).toContain(
      'no data of the live side in the same period',
    )
  })
})
