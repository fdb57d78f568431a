import { describe, expect, it } from 'vitest'

import { driftOf } from '../../../controller/core/drift.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import {
  MOST_CORRECTIONS,
  resting,
  withCorrections,
  withinHour,
} from '../../../controller/core/plan/flapping.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { CorrectedDrift } from '../../../controller/resources/generated/release.ts'
import { served } from '../../support/release-controller.ts'
import { inputOf, line } from './planning.ts'

const NOW = 10_000_000
const MINUTE = 60_000

/** Corrections of one field, each so many seconds ago. */
const ago = (path: string, ...seconds: readonly number[]): CorrectedDrift[] =>
  seconds.map((each) => ({ path, at: timestamp(NOW - each * 1_000) }))

describe('a field that is put back', () => {
  it.each<[what: string, corrections: CorrectedDrift[], until: number | undefined]>([
    ['never', [], undefined],
    ['twice', ago('/a', 60, 0), undefined],
    ['three times in a row', ago('/a', 130, 60, 0), NOW + 10 * MINUTE],
    ['three times in a row, in whatever order they are kept', ago('/a', 0, 130, 60), NOW + 10 * MINUTE],
    ['three times, with time between them', ago('/a', 300, 60, 0), undefined],
    ['three times in a row, a while ago', ago('/a', 730, 660, 600), undefined],
    ['three times in a row, and once again since', ago('/a', 900, 840, 780, 0), undefined],
    ['as often as two others together', [...ago('/a', 60, 0), ...ago('/b', 30)], undefined],
  ])('%s', (_, corrections, until) => {
    expect(resting({ corrections }, NOW)).toEqual(until === undefined ? undefined : { paths: ['/a'], until })
  })

  it('is put back a third time, although that was noted before the process ended', () => {
    const corrections = ago('/a', 130, 60, 0)
    const drift = [{ path: '/a', class: 'service' as const, since: timestamp(NOW) }]
    expect(resting({ corrections, drift }, NOW)).toBeUndefined()
    const anew = [{ path: '/a', class: 'service' as const, since: timestamp(NOW + 1_000) }]
    expect(resting({ corrections, drift: anew }, NOW + 1_000)).toMatchObject({ paths: ['/a'] })
  })

  it('rests with all others once so many were put back within an hour', () => {
    const many = Array.from({ length: MOST_CORRECTIONS }, (_, index) => ago(`/${index}`, 30 * index)).flat()
    const oldest = NOW - 30_000 * (MOST_CORRECTIONS - 1)
    expect(resting({ corrections: many }, NOW)).toEqual({ paths: [], until: oldest + 60 * MINUTE })
    expect(resting({ corrections: many.slice(1) }, NOW)).toBeUndefined()
  })
})

describe('the memory of corrections', () => {
  const drift = (at: number) => [{ path: '/a', class: 'service' as const, since: timestamp(at) }]

  it('counts each time that a field had drifted once', () => {
    const first = withCorrections(undefined, drift(NOW), NOW)
    expect(first).toEqual(ago('/a', 0))
    expect(withCorrections(first, drift(NOW), NOW + 5_000)).toEqual(first)
    expect(withCorrections(first, drift(NOW + 9_000), NOW + 9_000)).toHaveLength(2)
  })

  it('holds an hour, and nothing from a time that is not yet', () => {
    const kept = [...ago('/a', 3_600), ...ago('/b', 3_599), { path: '/c', at: timestamp(NOW + 1) }]
    expect(withinHour(kept, NOW).map(({ path }) => path)).toEqual(['/b'])
  })
})

describe('a release whose field flips', () => {
  const flipping = (path: string) => {
    const controller = served()
    const at = (seconds: number): string => timestamp(controller.world.now - seconds * 1_000)
    const corrections = [130, 60, 0].map((seconds) => ({ path, at: at(seconds) }))
    return { controller, corrections }
  }

  it('is let be for a while, and then put back again', () => {
    const { controller, corrections } = flipping('/service/desiredCount')
    controller.world.setService('green', { desiredCount: 5 })
    const input = inputOf(controller)
    const status = { ...input.status, corrections }
    expect(line(planRelease(input))).toBe('mend: scale the green side to 2 tasks')
    expect(line(planRelease({ ...input, status }))).toBe('converged')
    const later = { ...input, status, now: input.now + 10 * MINUTE }
    expect(line(planRelease(later))).toBe('mend: scale the green side to 2 tasks')
  })

  it('still gets what a commit brings', () => {
    const { controller, corrections } = flipping('/service/desiredCount')
    const { desired, ...input } = inputOf(controller)
    const service = { ...desired.spec.service, desiredCount: 4 }
    const wanted = { ...desired, commit: 'next', spec: { ...desired.spec, service } }
    const status = { ...input.status, corrections }
    expect(line(planRelease({ ...input, desired: wanted, status }))).toBe(
      'do: scale the green side to 4 tasks',
    )
  })

  it('waits with its traffic where that is what flips, and says until when', () => {
    const { controller } = flipping('')
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const input = inputOf(controller)
    const drift = driftOf({ ...input, live: 'green', policy: input.drift })
    const corrections = drift.flatMap(({ path }) => ago(path, 130, 60, 0).map(({ at }) => ({ path, at })))
    const now = NOW
    expect(drift).toHaveLength(2)
    expect(line(planRelease({ ...input, now }))).toMatch(/^mend: /)
    expect(planRelease({ ...input, now, status: { ...input.status, corrections } })).toMatchObject({
      kind: 'Wait',
      reason: 'Flapping',
      lookAgainMs: 10 * MINUTE,
    })
  })

  it('has nothing put back any more once too much was within the hour', () => {
    const { controller } = flipping('')
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const input = inputOf(controller)
    const corrections = Array.from({ length: MOST_CORRECTIONS }, (_, index) => ({
      path: `/${index}`,
      at: timestamp(input.now - index),
    }))
    expect(line(planRelease({ ...input, status: { ...input.status, corrections } }))).toBe('Wait: Flapping')
  })
})
