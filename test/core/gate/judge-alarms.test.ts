import { describe, expect, it } from 'vitest'

import type { AlarmFacts } from '../../../controller/core/gate/judge-alarms.ts'
import { judgeAlarms } from '../../../controller/core/gate/judge-alarms.ts'

const BEGAN = Date.parse('2026-01-01T12:00:00Z')
const alarm = (name: string, state: AlarmFacts['state'], sinceMs = 0): AlarmFacts => ({
  name,
  state,
  since: BEGAN + sinceMs,
})
const judge = (
  names: readonly string[],
  alarms: readonly AlarmFacts[],
  alreadyRed: 'Fail' | 'Ignore' = 'Fail',
) => judgeAlarms({ names, alreadyRed, rolloutStartedAt: BEGAN }, alarms)

describe('alarms of a gate', () => {
  it.each<readonly [title: string, alarms: readonly AlarmFacts[], result: string, message: string]>([
    ['pass where all are OK', [alarm('a', 'OK'), alarm('b', 'OK')], 'Success', '2 alarms are OK'],
    [
      'fail where one is red, whatever the others are',
      [alarm('a', 'INSUFFICIENT_DATA'), alarm('b', 'ALARM', 60_000)],
      'Failure',
      'alarm b is in ALARM since 2026-01-01T12:01:00.000Z',
    ],
    [
      'fail where one went red in the moment in which the rollout began',
      [alarm('a', 'OK'), alarm('b', 'ALARM', 0)],
      'Failure',
      'alarm b is in ALARM since 2026-01-01T12:00:00.000Z',
    ],
    [
      'fail where nobody knows since when one is red',
      [alarm('a', 'OK'), alarm('b', 'ALARM', -BEGAN)],
      'Failure',
      'alarm b is in ALARM',
    ],
    [
      'say nothing where one has no data',
      [alarm('a', 'OK'), alarm('b', 'INSUFFICIENT_DATA')],
      'Inconclusive',
      'alarm b is in INSUFFICIENT_DATA; if no data is good news, let it treat missing data as notBreaching',
    ],
    [
      'say nothing where one does not exist',
      [alarm('a', 'OK')],
      'Inconclusive',
      'alarm b does not exist in this account and region; create it, or correct the gate',
    ],
    [
      'say nothing where one is in a state of the future',
      [alarm('a', 'OK'), alarm('b', 'Unknown')],
      'Inconclusive',
      'alarm b is in a state that Steersman does not know',
    ],
  ])('%s', (_title, alarms, result, message) => {
    expect(judge(['a', 'b'], alarms)).toEqual({ result, message })
  })

  it.each([
    [
      'Fail',
      'Failure',
      'alarm a was in ALARM already before the rollout began, since 2026-01-01T11:59:59.999Z; mend what is red and retry, or set alreadyRed: Ignore for the version that mends it',
    ],
    [
      'Ignore',
      'Success',
      '1 alarm is OK; alarm a was in ALARM already before the rollout began, since 2026-01-01T11:59:59.999Z, and is ignored until it is OK',
    ],
  ] as const)('that were red before the rollout follow alreadyRed: %s', (alreadyRed, result, message) => {
    const alarms = [alarm('a', 'ALARM', -1), alarm('b', 'OK')]
    expect(judge(['a', 'b'], alarms, alreadyRed)).toEqual({ result, message })
  })

  it('count again where they went red once more, whatever is ignored', () => {
    expect(judge(['a'], [alarm('a', 'ALARM', 5)], 'Ignore').result).toBe('Failure')
  })

  it('are shown up to three, and counted beyond', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const { message } = judge(
      names,
      names.map((name) => alarm(name, 'Unknown')),
    )
    expect(message.split('; ').at(-1)).toBe('2 more')
    expect(message).toContain('alarm c ')
    expect(message).not.toContain('alarm d ')
  })
})
