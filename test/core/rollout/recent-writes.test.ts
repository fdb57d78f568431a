import { describe, expect, it } from 'vitest'

import { rememberWrite, takeBackWrite } from '../../../controller/core/rollout/recent-writes.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RecentWrite } from '../../../controller/resources/types.ts'

const start = Date.UTC(2026, 0, 1)
const stalenessBoundMs = 60_000

interface Write {
  readonly object: string
  readonly before: string
  readonly after: string
  readonly atMs: number
  readonly ambiguous?: true
}

/** What is kept after these writes, one after the other. */
function keptAfter(...writes: readonly Write[]): Record<string, RecentWrite> {
  let kept: Record<string, RecentWrite> = {}
  for (const { object, atMs, ...write } of writes)
    kept = rememberWrite(kept, { object, write: { ...write, at: timestamp(start + atMs) }, stalenessBoundMs })
  return kept
}

const write = (before: string, after: string, atMs: number): Write => ({
  object: 'service/green/settings',
  before,
  after,
  atMs,
})
const whole = (before: string, after: string, atMs: number): Write => ({
  object: 'service/green',
  before,
  after,
  atMs,
})
const count = (before: string, after: string, atMs: number): Write => ({
  object: 'service/green/count',
  before,
  after,
  atMs,
})

describe('of our writes is remembered', () => {
  it.each<readonly [what: string, writes: readonly Write[], earlier: readonly string[] | undefined]>([
    ['the newest alone, when it is the first', [write('a', 'b', 0)], undefined],
    ['what stood before the one before', [write('a', 'b', 0), write('b', 'c', 59_999)], ['a']],
    [
      'what stood before each of them',
      [write('a', 'b', 0), write('b', 'c', 1), write('c', 'd', 2)],
      ['b', 'a'],
    ],
    [
      'what stood before each change of autoscaling',
      [
        { ...write('a', 'b', 0), object: 'scaling/green' },
        { ...write('b', 'c', 1), object: 'scaling/green' },
      ],
      ['a'],
    ],
    ['no value that is the newest', [write('a', 'b', 0), write('b', 'a', 1)], undefined],
    ['no value twice', [write('a', 'b', 0), write('b', 'a', 1), write('a', 'c', 2)], ['b']],
    ['nothing that no read can show any more', [write('a', 'b', 0), write('b', 'c', 60_000)], undefined],
    [
      'an intent and its answer as one write',
      [{ ...write('a', 'b', 0), ambiguous: true }, write('a', 'b', 1)],
      undefined,
    ],
    [
      'what stood before an intent, with its answer',
      [write('a', 'b', 0), { ...write('b', 'c', 1), ambiguous: true }, write('b', 'c', 2)],
      ['a'],
    ],
  ])('%s', (_what, writes, earlier) => {
    expect(keptAfter(...writes)[writes[0]?.object ?? '']?.earlier).toEqual(earlier)
  })

  it.each([
    ['all of them, where each goes on from the one before', 'b', ['a']],
    ['none, where somebody set others in between, for people set them to and fro', 'x', undefined],
  ])('of weights that stood before earlier writes %s', (_, before, earlier) => {
    const weights = { object: 'rule/1', before: 'a', after: 'b', atMs: 0 }
    const next = { ...weights, before, after: 'c' }
    const intended = keptAfter(weights, { ...next, atMs: 1, ambiguous: true })
    const answered = keptAfter(weights, { ...next, atMs: 1, ambiguous: true }, { ...next, atMs: 2 })
    expect([intended['rule/1']?.earlier, answered['rule/1']?.earlier]).toEqual([earlier, earlier])
  })

  it('the count of a service as what the whole service was', () => {
    const kept = keptAfter(count('2', '0', 0), whole('td:1 x 0', 'td:3 x 2', 1))
    expect(kept).toEqual({
      'service/green': {
        before: 'td:1 x 0',
        after: 'td:3 x 2',
        at: timestamp(start + 1),
        earlier: ['td:1 x 2'],
      },
    })
  })

  it('no count of a service that was not there', () => {
    expect(
      keptAfter(count('2', '0', 0), whole('none', 'td:1 x 2', 1))['service/green']?.earlier,
    ).toBeUndefined()
  })

  it('the whole service beside a count that was written after it', () => {
    expect(Object.keys(keptAfter(whole('none', 'td:1 x 2', 0), count('2', '0', 1)))).toEqual([
      'service/green',
      'service/green/count',
    ])
  })

  it('changes of a service without an answer, while each may still come to light', () => {
    const lost = (given: Write): Write => ({ ...given, ambiguous: true })
    const kept = keptAfter(
      lost(count('2', '0', 0)),
      lost(count('2', '0', 1)),
      lost(whole('td:1 x 0', 'td:2 x 2', 2)),
      whole('td:1 x 0', 'td:2 x 2', 3),
      lost(whole('td:2 x 2', 'td:3 x 2', 4)),
    )
    expect(kept['service/green/unanswered']).toEqual({
      before: '',
      after: '0',
      at: timestamp(start + 1),
      ambiguous: true,
    })
    const later = keptAfter(lost(count('2', '0', 0)), whole('td:1 x 2', 'td:2 x 2', 60_000))
    expect(Object.keys(later)).toEqual(['service/green'])
  })

  it('weights without an answer, while they may still come to light', () => {
    const lost = { object: 'rule/1', before: 'green', after: 'blue', ambiguous: true } as const
    const back = { object: 'rule/1', before: 'blue', after: 'green', atMs: 3 }
    const twice = [
      { ...lost, atMs: 0 },
      { ...lost, atMs: 1 },
    ]
    const intent = { ...back, ambiguous: true } as const
    const unanswered = { before: '', after: 'blue', at: timestamp(start + 1), ambiguous: true }
    expect(keptAfter(...twice, intent, back)['rule/1/unanswered']).toEqual(unanswered)
  })

  it('nothing that was tried once and was seen since', () => {
    const lost = { object: 'rule/1', before: 'green', after: 'blue', atMs: 0, ambiguous: true } as const
    const back = { object: 'rule/1', before: 'blue', after: 'green', atMs: 3, ambiguous: true } as const
    expect(Object.keys(keptAfter(lost, back))).toEqual(['rule/1'])
    const zero = { ...count('2', '0', 0), ambiguous: true } as const
    const next = { ...whole('td:1 x 0', 'td:2 x 2', 2), ambiguous: true } as const
    expect(Object.keys(keptAfter(zero, next))).toEqual(['service/green'])
  })

  it('no change of a service whose answer came', () => {
    const given = [{ ...count('2', '0', 0), ambiguous: true } as const, count('2', '0', 1)]
    expect(Object.keys(keptAfter(...given, whole('td:1 x 0', 'td:2 x 2', 2)))).toEqual(['service/green'])
  })

  it('no more than eight earlier values', () => {
    const writes = Array.from({ length: 12 }, (_, index) => write(String(index), String(index + 1), index))
    expect(keptAfter(...writes)[writes[0]?.object ?? '']?.earlier).toHaveLength(8)
  })
})

describe('once AWS has refused a write, its intent', () => {
  const refused = { ...whole('v1 x 0', 'v2 x 2', 10), ambiguous: true } as const
  const takenBack = (object: string, ...before: readonly Write[]): unknown =>
    takeBackWrite(keptAfter(...before, refused), { object, before: keptAfter(...before) })

  it.each<readonly [what: string, before: readonly Write[]]>([
    ['is forgotten', []],
    ['gives its place back to the write before it', [whole('v0 x 2', 'v1 x 0', 0)]],
    ['gives their place back to the counts that it would have changed', [count('2', '0', 0)]],
    [
      'gives its place back to what got no answer before it',
      [{ ...whole('v0 x 2', 'v1 x 0', 0), ambiguous: true }],
    ],
  ])('%s', (_what, before) => {
    expect(takenBack(refused.object, ...before)).toEqual(keptAfter(...before))
  })

  it('is all that is forgotten', () => {
    const elsewhere = { ...whole('a', 'b', 0), object: 'service/blue' }
    const later = keptAfter(refused, elsewhere)
    const kept = takeBackWrite(later, { object: refused.object, before: undefined })
    expect(kept).toEqual(keptAfter(elsewhere))
    expect(takeBackWrite(undefined, { object: refused.object, before: undefined })).toEqual({})
  })
})
