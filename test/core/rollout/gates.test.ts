import { describe, expect, it } from 'vitest'

import {
  endGate,
  gateStatus,
  gateTurn,
  recordAttempt,
  restartGate,
} from '../../../controller/core/rollout/gates.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { GateStatus, RolloutStatus } from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'

const started: GateStatus = { name: 'smoke', when: 'Verify', startedAt: timestamp(0) }
const { http: _http, when: _when, ...plain } = smokeGate

describe('what is to be done about a gate', () => {
  it.each<readonly [title: string, status: Partial<GateStatus> | undefined, now: number, turn: object]>([
    ['is to ask it first', undefined, 0, { kind: 'Ask' }],
    ['is to ask it when it began without an answer', {}, 10, { kind: 'Ask' }],
    ['is to wait for its interval', { lastAttemptAt: timestamp(500) }, 600, { kind: 'WaitUntil', at: 1_500 }],
    ['is to ask it after its interval', { lastAttemptAt: timestamp(500) }, 1_500, { kind: 'Ask' }],
    [
      'is never to wait beyond its end',
      { lastAttemptAt: timestamp(59_800) },
      59_900,
      { kind: 'WaitUntil', at: 60_000 },
    ],
    ['is to confirm enough good answers, also late', { successes: 2 }, 90_000, { kind: 'Confirm' }],
    ['is to end it after too many bad ones', { failures: 1 }, 10, { kind: 'Ended', result: 'Failed' }],
    [
      'is to end it as timed out where it answered',
      { successes: 1, lastAttemptAt: timestamp(59_500) },
      60_000,
      { kind: 'Ended', result: 'TimedOut' },
    ],
    [
      'is to end it as inconclusive where it never did',
      { lastAttemptAt: timestamp(59_500) },
      60_000,
      { kind: 'Ended', result: 'Inconclusive' },
    ],
    ['is nothing once it has ended', { result: 'Passed' }, 10, { kind: 'Ended', result: 'Passed' }],
  ])('%s', (_title, status, now, turn) => {
    expect(gateTurn(smokeGate, status === undefined ? undefined : { ...started, ...status }, now)).toEqual(
      turn,
    )
  })

  it.each([
    ['right after its first answer', { successes: 1, lastAttemptAt: timestamp(200) }],
    [
      'after it was asked for most of its time',
      { successes: 1, failures: 0, lastAttemptAt: timestamp(58_000) },
    ],
    ['before it was answered at all', { lastAttemptAt: timestamp(0) }],
    ['before it was asked at all', {}],
  ])('is to ask it again where nobody was there to ask until long after its end: %s', (_title, status) => {
    expect(gateTurn(smokeGate, { ...started, ...status }, 300_000)).toEqual({ kind: 'Ask' })
  })

  it('leaves out the time in which nobody asked, and counts all the rest', () => {
    const away = { ...started, successes: 1, unaskedSeconds: 240, lastAttemptAt: timestamp(299_500) }
    expect(gateTurn(smokeGate, away, 299_900)).toEqual({ kind: 'WaitUntil', at: 300_000 })
    expect(gateTurn(smokeGate, away, 300_000)).toEqual({ kind: 'Ended', result: 'TimedOut' })
  })

  it('takes a gate without numbers of its own as asked every five seconds until one good answer', () => {
    const asked = { ...started, lastAttemptAt: timestamp(0) }
    expect(gateTurn(plain, asked, 10)).toEqual({ kind: 'WaitUntil', at: 5_000 })
    expect(gateTurn(plain, { ...asked, successes: 1 }, 10)).toEqual({ kind: 'Confirm' })
    expect(gateTurn(plain, { name: 'smoke', when: 'Verify' }, 10)).toEqual({ kind: 'Ask' })
  })
})

describe('what a gate was answered', () => {
  const after = (results: readonly ('Success' | 'Failure' | 'Inconclusive')[]): RolloutStatus =>
    results.reduce<RolloutStatus>(
      (status, result, index) =>
        recordAttempt(status, { gate: smokeGate, result, message: result, startedAt: index, now: index }),
      {},
    )

  it.each([
    [['Success', 'Success'], { attempts: 2, successes: 2, failures: 0 }],
    [['Success', 'Failure', 'Success'], { attempts: 3, successes: 1, failures: 1 }],
    [['Success', 'Inconclusive', 'Success'], { attempts: 3, successes: 2, failures: 0 }],
  ] as const)('is counted, good ones in a row and bad ones in all: %j', (results, counts) => {
    expect(gateStatus(after(results), 'smoke')).toMatchObject({ ...counts, startedAt: timestamp(0) })
  })

  it('of many questions is counted one by one, whatever else a batch was answered', () => {
    const warming = { requests: 10, paths: ['/'], concurrency: 4, perSecond: 5, requestTimeout: '5s' }
    const gate = { ...plain, name: 'warm', failureLimit: 1, warming }
    const batch = (status: RolloutStatus, answers: { readonly good: number; readonly bad: number }) =>
      recordAttempt(status, { gate, result: 'Failure', message: '', answers, startedAt: 0, now: 0 })
    const first = batch({}, { good: 4, bad: 1 })
    expect(gateTurn(gate, gateStatus(first, 'warm'), 10)).toEqual({ kind: 'WaitUntil', at: 1_000 })
    const second = batch(first, { good: 6, bad: 0 })
    expect(gateStatus(second, 'warm')).toMatchObject({ attempts: 2, successes: 10, failures: 1 })
    expect(gateTurn(gate, gateStatus(second, 'warm'), 10)).toEqual({ kind: 'Confirm' })
    const third = batch(second, { good: 0, bad: 1 })
    expect(gateTurn(gate, gateStatus(third, 'warm'), 10)).toEqual({ kind: 'Ended', result: 'Failed' })
  })

  it('may have it asked again later than usual, until the next answer', () => {
    const told = { gate: plain, result: 'Inconclusive', message: '', startedAt: 0, now: 0 } as const
    const later = recordAttempt({}, { ...told, pauseMs: 20_000 })
    expect(gateTurn(plain, gateStatus(later, 'smoke'), 10)).toEqual({ kind: 'WaitUntil', at: 20_000 })
    const next = recordAttempt(later, { ...told, startedAt: 20_000, now: 20_000 })
    expect(gateStatus(next, 'smoke')).not.toHaveProperty('unaskedSeconds')
    expect(gateTurn(plain, gateStatus(next, 'smoke'), 20_000)).toEqual({ kind: 'WaitUntil', at: 25_000 })
  })

  it('adds up the time in which nobody asked, but for the interval that it waits anyway', () => {
    const at = (now: number): object => ({
      gate: smokeGate,
      result: 'Success',
      message: '',
      startedAt: now,
      now,
    })
    const status = [0, 1_000, 31_000, 32_000, 62_500].reduce<RolloutStatus>(
      (before, now) => recordAttempt(before, at(now) as Parameters<typeof recordAttempt>[1]),
      {},
    )
    expect(gateStatus(status, 'smoke')?.unaskedSeconds).toBe(29 + 29.5)
    expect(
      gateStatus(recordAttempt({}, at(7) as Parameters<typeof recordAttempt>[1]), 'smoke'),
    ).not.toHaveProperty('unaskedSeconds')
  })

  it('leaves out what a question took beyond its own time: nobody was there to hear the answer', () => {
    const status = recordAttempt(
      {},
      { gate: smokeGate, result: 'Success', message: '', startedAt: 0, now: 65_000 },
    )
    const seen = gateStatus(status, 'smoke')
    expect(seen?.unaskedSeconds).toBe(60)
    expect(gateTurn(smokeGate, seen, 66_000)).toEqual({ kind: 'Ask' })
  })

  it('is forgotten when it begins anew, the other gates being kept', () => {
    const other: GateStatus = { name: 'other', when: 'Verify' }
    const status = { gates: [other, ...(after(['Failure']).gates ?? [])] }
    expect(restartGate(status, smokeGate)).toEqual({ gates: [other] })
    expect(restartGate({}, smokeGate)).toEqual({ gates: [] })
  })

  it('leaves what the other gates were answered', () => {
    const other: GateStatus = { name: 'other', when: 'Verify', attempts: 7 }
    const attempt = { gate: smokeGate, result: 'Success', message: 'ok', startedAt: 0, now: 0 } as const
    const twice = recordAttempt(recordAttempt({ gates: [other] }, attempt), attempt)
    expect(twice.gates?.map(({ name, attempts }) => [name, attempts])).toEqual([
      ['other', 7],
      ['smoke', 2],
    ])
  })

  it('is summed up at its end, also where it never began', () => {
    const ended = endGate({}, { gate: { ...plain, dryRun: true }, result: 'TimedOut', now: 5 })
    expect(ended.gates).toEqual([
      {
        name: 'smoke',
        when: 'Verify',
        startedAt: timestamp(5),
        dryRun: true,
        result: 'TimedOut',
        finishedAt: timestamp(5),
        message: 'ended as TimedOut',
      },
    ])
  })
})
