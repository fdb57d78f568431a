import { describe, expect, it } from 'vitest'
import type { Desire } from '../../../controller/engine/engine.ts'
import { broughtBack } from '../../../controller/engine/environment/brought-back.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const ready = (version: string, goesBack = false): Desire => ({
  kind: 'Ready',
  release: { ...desiredRelease({ version }), ...(goesBack ? { goesBack } : {}) },
  rendered: undefined,
})
const stalled: Desire = { kind: 'Stalled', reason: 'PinMissing', message: 'it is gone' }
const of = (desire: Desire | undefined): ReadonlyMap<string, Desire> | undefined =>
  desire && new Map([['web', desire]])

describe('releases that are wanted back at a verified version', () => {
  it.each<
    readonly [what: string, before: Desire | undefined, now: Desire | undefined, names: readonly string[]]
  >([
    ['are those of a new pin', ready('2'), ready('1', true), ['web']],
    ['are those of a pin to another version', ready('1', true), ready('2', true), ['web']],
    ['are those of a pin where the version before could not be had', stalled, ready('1', true), ['web']],
    ['are those of a pin that is read first', undefined, ready('1', true), ['web']],
    ['are not those whose pin stands already', ready('1', true), ready('1', true), []],
    ['are not those of a new version', ready('1'), ready('2'), []],
    ['are not those of a pin that can not be had', ready('2'), stalled, []],
    ['are none where nothing is wanted', ready('2'), undefined, []],
  ])('%s', (_what, before, now, names) => {
    expect(broughtBack(of(before), of(now))).toEqual(names)
  })
})
