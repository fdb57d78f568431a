import { describe, expect, it } from 'vitest'

import { watchTurn } from '../../../controller/core/rollout/watch.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedGate, GateStatus } from '../../../controller/resources/types.ts'
import { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

const started: GateStatus = { name: 'watch', when: 'Bake', startedAt: timestamp(0) }
const { http: _http, ...others } = smokeGate
const alarms: DefaultedGate = { ...others, name: 'watch', when: 'Bake', alarms: ['web-5xx'], timeout: '1m' }
const metric: DefaultedGate = {
  ...others,
  name: 'watch',
  when: 'Bake',
  timeout: '1m',
  cloudwatch: { namespace: 'AWS/ECS', metric: 'Errors', statistic: 'Sum', period: '1m', max: 1 },
}
const UNTIL = 300_000

/** Answered at these times, the last time well. */
const answered = (at: number, more: Partial<GateStatus> = {}): Partial<GateStatus> => ({
  lastAttemptAt: timestamp(at),
  lastAnswerAt: timestamp(at),
  successes: 1,
  failures: 0,
  ...more,
})

describe('what is to be done about a gate that watches', () => {
  it.each<readonly [title: string, status: Partial<GateStatus> | undefined, now: number, turn: object]>([
    ['is to ask it first', undefined, 0, { kind: 'Ask' }],
    ['is to wait for its interval, good as it is', answered(1_000), 2_000, { kind: 'WaitUntil', at: 16_000 }],
    ['is to ask it again', answered(1_000), 16_000, { kind: 'Ask' }],
    ['is to confirm it when the time is over', answered(290_000), UNTIL, { kind: 'Confirm' }],
    [
      'is not to confirm it a moment before',
      answered(290_000),
      UNTIL - 1,
      { kind: 'WaitUntil', at: 305_000 },
    ],
    [
      'is to ask once more where the last answer is older than its interval',
      answered(280_000),
      310_000,
      { kind: 'Ask' },
    ],
    [
      'is to ask once more where the process stood still after the last answer',
      answered(290_000),
      310_000,
      { kind: 'Ask' },
    ],
    [
      'is to go on where the last answer was bad but borne',
      answered(299_000, { successes: 0, failures: 2 }),
      UNTIL,
      { kind: 'WaitUntil', at: 314_000 },
    ],
    [
      'is to go on where the last question was not answered',
      { ...answered(280_000), lastAttemptAt: timestamp(299_000) },
      UNTIL,
      { kind: 'WaitUntil', at: 314_000 },
    ],
    [
      'is to end it with more bad answers than are borne',
      answered(9, { failures: 3 }),
      9,
      { kind: 'Ended', result: 'Failed' },
    ],
    [
      'is to end it as inconclusive where it never answered',
      { lastAttemptAt: timestamp(55_000) },
      60_000,
      { kind: 'Ended', result: 'Inconclusive' },
    ],
    [
      'is to end it as timed out where it fell silent',
      { ...answered(100_000), lastAttemptAt: timestamp(155_000) },
      160_000,
      { kind: 'Ended', result: 'TimedOut' },
    ],
    [
      'is to ask it where nobody was there to ask for a while',
      { ...answered(100_000), lastAttemptAt: timestamp(100_000) },
      400_000,
      { kind: 'Ask' },
    ],
    ['is nothing once it has ended', { result: 'Passed' }, 10, { kind: 'Ended', result: 'Passed' }],
  ])('%s', (_title, status, now, turn) => {
    const gate = { ...alarms, failureLimit: 2 }
    const seen = status === undefined ? undefined : { ...started, ...status }
    expect(watchTurn(gate, seen, { now, until: UNTIL })).toEqual(turn)
  })

  it('gives a metric the time of its first period before its silence counts', () => {
    const silent = { ...started, lastAttemptAt: timestamp(120_000) }
    expect(watchTurn(metric, silent, { now: 179_999, until: UNTIL })).toEqual({
      kind: 'WaitUntil',
      at: 180_000,
    })
    expect(watchTurn(metric, silent, { now: 180_000, until: UNTIL })).toEqual({
      kind: 'Ended',
      result: 'Inconclusive',
    })
  })
})

/** Version 1 serves, and version 2 bakes, watched by these gates. */
function baking(gates: readonly DefaultedGate[]): ReleaseController {
  const strategy = { bake: '1m' }
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates, strategy }))
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  controller.desired = desiredRelease({ gates, strategy, version: '2' })
  controller.runInto('Baking')
  controller.log.length = 0
  return controller
}

describe('a bake that is watched', () => {
  const gates = [
    smokeGate,
    { ...smokeGate, name: 'watch', when: 'Bake' } as const,
    { ...alarms, name: 'red' },
  ]

  it('asks all its gates until it is over, and then succeeds', () => {
    const controller = baking(gates)
    expect(controller.run().kind).toBe('Converged')
    const asked = (name: string): number =>
      controller.log.filter((line) => line.includes(`ask gate ${name} `)).length
    expect(asked('watch')).toBeGreaterThan(2)
    expect(asked('red')).toBeGreaterThan(1)
    expect(controller.last?.status.outcome).toBe('Succeeded')
    expect(controller.last?.status.gates?.map(({ name, result }) => `${name} ${result ?? ''}`)).toEqual([
      'smoke Passed',
      'watch Passed',
      'red Passed',
    ])
  })

  it('says until when, and what the gates say', () => {
    const controller = baking(gates)
    for (let turns = 0; turns < 3; turns += 1) controller.turn()
    expect(controller.active?.status.message).toMatch(/^watching until \d{4}-.*Z: gate watch: .*; gate red: /)
  })

  it('goes back with the first gate that fails, long after the others passed their first question', () => {
    const controller = baking(gates)
    for (let turns = 0; turns < 10; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    controller.answers.set('red', 'Failure')
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'GateFailed' })
    expect(controller.world.takesTraffic('blue')).toBe(false)
  })
})
