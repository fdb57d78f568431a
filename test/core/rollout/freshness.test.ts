import { describe, expect, it } from 'vitest'

import type { Part, ReleaseObservation, Side } from '../../../controller/core/observation.ts'
import {
  isOlderThanWrites,
  mayHaveTraffic,
  mayLagBehindWrites,
} from '../../../controller/core/rollout/freshness.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutIntent } from '../../../controller/resources/generated/rollout.ts'
import type { RecentWrite } from '../../../controller/resources/types.ts'
import { blank, served } from '../../support/release-controller.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'

const rules = ['arn:rule/1', 'arn:rule/2']
const all = ['services', 'rules', 'blue', 'green'] as const
const stalenessBoundMs = 60_000
const allBlue = 'blue 100, green 0'
const allGreen = 'blue 0, green 100'
const two = `${taskDefinitionArn('1')} x 2`
const other = `${taskDefinitionArn('9')} x 2`

interface Write {
  readonly before: string
  readonly after: string
  /** How long ago, in milliseconds; now unless it says so. */
  readonly ageMs?: number
  readonly ambiguous?: true
  readonly earlier?: string[]
}

const writesAt = (now: number, writes: Readonly<Record<string, Write>>): Record<string, RecentWrite> =>
  Object.fromEntries(
    Object.entries(writes).map(([object, { ageMs = 0, ...write }]) => [
      object,
      { ...write, at: timestamp(now - ageMs) },
    ]),
  )

describe('a look beside a write without an answer', () => {
  const world = served({ rules }).world
  const { now } = world
  const observation = world.look(blank, all)
  const reading = (ageMs: number): Parameters<typeof mayLagBehindWrites>[0] => ({
    observation,
    writes: writesAt(now, { 'test-rule': { before: allBlue, after: 'green', ageMs, ambiguous: true } }),
    now,
    stalenessBoundMs,
  })

  it('may show what stood there before, which nobody else has changed then', () => {
    expect(mayLagBehindWrites(reading(0), ['rules'])).toBe(true)
    expect(mayLagBehindWrites(reading(stalenessBoundMs), ['rules'])).toBe(false)
    expect(mayLagBehindWrites(reading(0), ['services'])).toBe(false)
  })

  it('is good enough to write once more', () => {
    expect(isOlderThanWrites(reading(0), ['rules'])).toBe(false)
  })
})

describe('a look', () => {
  const isOld = (
    parts: readonly Part[],
    writes: Readonly<Record<string, Write>>,
    change: (seen: ReleaseObservation) => ReleaseObservation = (seen) => seen,
  ): boolean => {
    const world = served({ rules }).world
    const { now } = world
    const observation = change(world.look(blank, all))
    return isOlderThanWrites({ observation, writes: writesAt(now, writes), now, stalenessBoundMs }, parts)
  }

  it.each<readonly [title: string, parts: readonly Part[], writes: Readonly<Record<string, Write>>]>([
    ['a rule', ['rules'], { 'rule/arn:rule/1': { before: allGreen, after: allBlue } }],
    ['the last of the rules', ['rules'], { 'rule/arn:rule/2': { before: allGreen, after: allBlue } }],
    ['the test rule', ['rules'], { 'test-rule': { before: allBlue, after: 'green' } }],
    ['a service', ['services'], { 'service/green': { before: two, after: other } }],
    ['no service', ['services'], { 'service/blue': { before: 'none', after: two } }],
    ['a count', ['services'], { 'service/green/count': { before: '2', after: '3' } }],
    ['no count', ['services'], { 'service/blue/count': { before: 'none', after: '3' } }],
    [
      'a count that was written after the whole service',
      ['services'],
      {
        'service/green': { before: 'none', after: two, ageMs: 10 },
        'service/green/count': { before: '2', after: '3', ageMs: 5 },
      },
    ],
    [
      'a count that was written in the same moment as the whole service',
      ['services'],
      { 'service/green': { before: 'none', after: two }, 'service/green/count': { before: '2', after: '3' } },
    ],
    [
      'a service that was written after its count',
      ['services'],
      {
        'service/green/count': { before: '1', after: '2', ageMs: 10 },
        'service/green': { before: two, after: other, ageMs: 5 },
      },
    ],
    [
      'the whole service, where its count was written after it',
      ['services'],
      {
        'service/green': { before: two, after: other, ageMs: 10 },
        'service/green/count': { before: '1', after: '2', ageMs: 5 },
      },
    ],
    [
      'a service, before the last two of our writes',
      ['services'],
      { 'service/green': { before: 'none', after: other, earlier: ['other', two] } },
    ],
  ])('that shows %s as it was before our write may be older than that', (_title, parts, writes) => {
    expect(isOld(parts, writes)).toBe(true)
  })

  it.each<readonly [title: string, parts: readonly Part[], writes: Readonly<Record<string, Write>>]>([
    [
      'a rule as it was neither before nor after',
      ['rules'],
      { 'rule/arn:rule/1': { before: allBlue, after: allBlue } },
    ],
    [
      'a rule after a write that changed nothing',
      ['rules'],
      { 'rule/arn:rule/1': { before: allGreen, after: allGreen } },
    ],
    ['the test rule as it was written', ['rules'], { 'test-rule': { before: allBlue, after: 'blue' } }],
    [
      'the test rule as somebody else changed it',
      ['rules'],
      { 'test-rule': { before: allGreen, after: 'green' } },
    ],
    ['a service as it was written', ['services'], { 'service/green': { before: 'none', after: two } }],
    [
      'a service as somebody else changed it',
      ['services'],
      { 'service/green': { before: 'none', after: other } },
    ],
    [
      'a service after a write that changed nothing',
      ['services'],
      { 'service/green': { before: two, after: two } },
    ],
    ['a count as it was written', ['services'], { 'service/green/count': { before: '1', after: '2' } }],
    [
      'a count as somebody else changed it',
      ['services'],
      { 'service/green/count': { before: '1', after: '3' } },
    ],
    [
      'a count after a write that changed nothing',
      ['services'],
      { 'service/green/count': { before: '2', after: '2' } },
    ],
    [
      'the service, where its count was written before it',
      ['services'],
      {
        'service/green/count': { before: '2', after: '3', ageMs: 10 },
        'service/green': { before: 'none', after: two, ageMs: 5 },
      },
    ],
    [
      'rules, where only services were asked for',
      ['services'],
      { 'rule/arn:rule/1': { before: allGreen, after: allBlue } },
    ],
    [
      'services, where only rules were asked for',
      ['rules'],
      { 'service/green': { before: two, after: other } },
    ],
    [
      'what stood there before a write that got no answer',
      ['services'],
      { 'service/green': { before: two, after: other, ambiguous: true } },
    ],
    [
      'what stood there a minute ago',
      ['services'],
      { 'service/green': { before: two, after: other, ageMs: 60_000 } },
    ],
  ])('that shows %s is believed', (_title, parts, writes) => {
    expect(isOld(parts, writes)).toBe(false)
  })

  it('without rules that a write names is believed', () => {
    const written = {
      'test-rule': { before: allBlue, after: 'green' },
      'rule/arn:rule/1': { before: allGreen, after: allBlue },
    }
    expect(isOld(['rules'], written, (seen) => ({ ...seen, test: null, production: [null] }))).toBe(false)
  })
})

describe('tasks that are older than the write which raised their side', () => {
  const isOld = (
    write: Write,
    { ageMs = 20_000, parts = ['green'] as readonly Part[], looked = true } = {},
  ): boolean => {
    const { now } = served({ rules }).world
    const task = (arn: string, createdAt: number): object => ({ arn, createdAt })
    const tasks = [task('young', now), task('old', now - ageMs)]
    const members = (
      looked ? { tasks, targets: [] } : undefined
    ) as ReleaseObservation['sides'][Side]['members']
    const observation = { ...blank, sides: { ...blank.sides, green: { ...blank.sides.green, members } } }
    const writes = writesAt(now, { 'service/green': write })
    return isOlderThanWrites({ observation, writes, now, stalenessBoundMs }, parts)
  }
  const raised = { before: `${taskDefinitionArn('1')} x 0`, after: two, ageMs: 10_000 }

  it.each([
    ['from zero', raised],
    ['from nothing', { ...raised, before: 'none' }],
  ])('show a look from before it, where it raised %s', (_title, write) => {
    expect(isOld(write)).toBe(true)
  })

  it('may be older by as much as two clocks differ', () => {
    expect([isOld(raised, { ageMs: 15_000 }), isOld(raised, { ageMs: 15_001 })]).toEqual([false, true])
  })

  it.each([
    ['the side had tasks before', isOld({ ...raised, before: two })],
    ['only the other side was looked at', isOld(raised, { parts: ['blue'] })],
    ['no task was looked at', isOld(raised, { looked: false })],
  ])('say nothing where %s', (_title, seen) => {
    expect(seen).toBe(false)
  })
})

describe('a side whose traffic is not clear', () => {
  const may = (
    {
      intent,
      writes = {},
    }: { readonly intent?: RolloutIntent; readonly writes?: Readonly<Record<string, Write>> },
    side: Side = 'blue',
  ): boolean => {
    const world = served({ rules }).world
    const { now } = world
    const observation = world.look(blank, all)
    return mayHaveTraffic({ observation, writes: writesAt(now, writes), now, stalenessBoundMs }, side, intent)
  }
  const intent = (weights: object | undefined, ageMs = 59_999): RolloutIntent => ({
    action: 'SetWeights',
    ...(weights === undefined ? {} : { arguments: { rule: 'arn:rule/1', weights } }),
    startedAt: timestamp(served({ rules }).world.now - ageMs),
  })
  const write = { before: allGreen, after: allBlue, ambiguous: true, ageMs: 59_999 } as const

  it.each<readonly [what: string, expected: boolean, given: () => Parameters<typeof may>[0]]>([
    ['a write of weights may still be under way', true, () => ({ intent: intent({ blue: 100, green: 0 }) })],
    ['that write was to take the traffic', false, () => ({ intent: intent({ blue: 0, green: 100 }) })],
    ['that write is too long ago', false, () => ({ intent: intent({ blue: 100, green: 0 }, 60_000) })],
    ['another write is under way', false, () => ({ intent: intent(undefined) })],
    ['the write of a rule got no answer', true, () => ({ writes: { 'rule/arn:rule/2': write } })],
    [
      'that write got its answer',
      false,
      () => ({ writes: { 'rule/arn:rule/2': { before: allGreen, after: allBlue } } }),
    ],
    [
      'the unanswered write is too long ago',
      false,
      () => ({ writes: { 'rule/arn:rule/1': { ...write, ageMs: 60_000 } } }),
    ],
    [
      'the unanswered write took its traffic',
      false,
      () => ({ writes: { 'rule/arn:rule/1': { ...write, after: allGreen } } }),
    ],
    [
      'an earlier try of the rule got no answer',
      true,
      () => ({
        writes: {
          'rule/arn:rule/1': { before: allBlue, after: allGreen },
          'rule/arn:rule/1/unanswered': write,
        },
      }),
    ],
    [
      'the unanswered write is of a rule of somebody else',
      false,
      () => ({ writes: { 'rule/arn:rule/9': write } }),
    ],
    ['nothing was written', false, () => ({})],
  ])('where %s may have traffic: %s', (_what, expected, given) => {
    expect(may(given())).toBe(expected)
  })

  it('is not the one that the same write takes the traffic from', () => {
    expect(may({ writes: { 'rule/arn:rule/1': write } }, 'green')).toBe(false)
  })

  it('is none by a rule that does not exist', () => {
    const reading = { observation: { ...blank, production: [null] }, writes: {}, now: 0, stalenessBoundMs }
    expect(mayHaveTraffic(reading, 'blue', undefined)).toBe(false)
  })
})
