import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clearCondition,
  findCondition,
  isConditionTrue,
  setCondition,
} from '../../controller/resources/conditions.ts'
import { durationMs, formatDuration, parseDurationMs } from '../../controller/resources/duration.ts'
import { gateStage } from '../../controller/resources/gates.ts'
import {
  currentTagOf,
  parseReleaseObjectName,
  parseRolloutName,
  releaseObjectName,
  rolloutObjectName,
  serviceNames,
} from '../../controller/resources/names.ts'
import { pointerSegments, pointerTo } from '../../controller/resources/problem.ts'
import { nearestName } from '../../controller/resources/validate/nearest.ts'

describe('durations', () => {
  it.each<[string, number | undefined]>([
    ['0s', 0],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['2us', 0.002],
    ['2µs', 0.002],
    ['5', undefined],
    ['', undefined],
    ['-1s', undefined],
    ['1s '.repeat(20), undefined],
  ])('reads %j as %s ms', (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected)
  })

  it('throws on a text that no schema has checked', () => {
    expect(() => durationMs('soon')).toThrow('not a duration: "soon"')
  })

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (value) => {
        expect(durationMs(formatDuration(value))).toBeCloseTo(value, 6)
      }),
    )
  })

  it.each([
    [0, '0s'],
    [-5, '0s'],
    [250, '250ms'],
    [1500, '1.5s'],
    [5_400_000, '1h30m'],
  ])('writes %s ms as %s', (value, expected) => {
    expect(formatDuration(value)).toBe(expected)
  })
})

describe('names', () => {
  it('go from environment, release and number to a rollout and back', () => {
    const name = rolloutObjectName({ environment: 'prod', release: 'web', number: 42 })
    expect(name).toBe('prod-web-42')
    expect(parseRolloutName(name)).toEqual({ releaseObject: 'prod-web', number: 42 })
    expect(releaseObjectName({ environment: 'prod', release: 'web' })).toBe('prod-web')
  })

  it.each(['web', 'web-', 'prod-web-0', 'prod-web-x', '-1', ''])('takes %j for no rollout', (name) => {
    expect(parseRolloutName(name)).toBeUndefined()
  })

  it('finds a release inside its own environment only', () => {
    expect(parseReleaseObjectName({ name: 'prod-web', environment: 'prod' })).toBe('web')
    expect(parseReleaseObjectName({ name: 'prod-', environment: 'prod' })).toBeUndefined()
    expect(parseReleaseObjectName({ name: 'prod-web', environment: 'stage' })).toBeUndefined()
  })

  it('derives the services of the pair and the tag unless they are given', () => {
    const names = { blue: 'one', green: 'two' }
    expect(serviceNames({ release: 'web' })).toEqual({ blue: 'web-blue', green: 'web-green' })
    expect(serviceNames({ release: 'web', names })).toBe(names)
    expect(currentTagOf({ environment: 'prod' })).toBe('deploy/prod/current')
    expect(currentTagOf({ environment: 'prod', currentTag: 'live' })).toBe('live')
  })
})

describe('conditions', () => {
  const ready = { type: 'Ready', status: 'True', reason: 'Serving', message: 'v1 serves' } as const

  it('keep lastTransitionTime while the status stays', () => {
    const first = setCondition([], ready, '2026-01-01T00:00:00Z')
    const again = setCondition(first, { ...ready, message: 'v2 serves' }, '2026-01-02T00:00:00Z')
    expect(again).toEqual([{ ...ready, message: 'v2 serves', lastTransitionTime: '2026-01-01T00:00:00Z' }])
    const changed = setCondition(again, { ...ready, status: 'False' }, '2026-01-03T00:00:00Z')
    expect(findCondition(changed, 'Ready')?.lastTransitionTime).toBe('2026-01-03T00:00:00Z')
  })

  it('are absent while false, but for Ready', () => {
    const stalled = setCondition([], { ...ready, type: 'Stalled' }, '2026-01-01T00:00:00Z')
    expect(isConditionTrue(stalled, 'Stalled')).toBe(true)
    const both = setCondition(stalled, { ...ready, status: 'False' }, '2026-01-01T00:00:00Z')
    const cleared = setCondition(both, { ...ready, type: 'Stalled', status: 'False' }, '2026-01-02T00:00:00Z')
    expect(cleared.map(({ type, status }) => `${type}=${status}`)).toEqual(['Ready=False'])
    expect(isConditionTrue(clearCondition(cleared, 'Ready'), 'Ready')).toBe(false)
  })
})

describe('gateStage', () => {
  it.each([
    [{ name: 'a', http: { path: '/' } }, 'Verify'],
    [{ name: 'a', when: 'Bake', http: { path: '/' } }, 'Bake'],
    [{ name: 'a', alarms: ['x'] }, 'Bake'],
    [{ name: 'a', manual: {} }, 'BeforeShift'],
    [{ name: 'a' }, 'Verify'],
  ] as const)('of %j is %s', (gate, expected) => {
    expect(gateStage(structuredClone(gate) as Parameters<typeof gateStage>[0])).toBe(expected)
  })
})

describe('pointers', () => {
  it('lead back to the names that they were made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        expect(pointerSegments(names.reduce(pointerTo, ''))).toEqual(names)
      }),
    )
  })
})

describe('nearestName', () => {
  it.each([
    ['htpp', 'http'],
    ['Http', 'http'],
    ['gate', 'gates'],
    ['traficc', 'traffic'],
    ['somethingElse', undefined],
    ['x'.repeat(65), undefined],
  ])('takes %s for %s', (name, expected) => {
    expect(nearestName(name, ['gates', 'http', 'traffic', 'traffics'])).toBe(expected)
  })
})

describe('setCondition', () => {
  it('leaves the other conditions as they are', () => {
    const now = '2026-01-01T00:00:00Z'
    const one = setCondition([], { type: 'Ready', status: 'True', reason: 'A', message: 'a' }, now)
    const two = setCondition(one, { type: 'SourceReady', status: 'False', reason: 'B', message: 'b' }, now)
    const three = setCondition(two, { type: 'Ready', status: 'Unknown', reason: 'C', message: 'c' }, now)
    expect(three.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'Ready=Unknown',
      'SourceReady=False',
    ])
  })
})
