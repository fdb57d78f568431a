import { describe, expect, it } from 'vitest'

import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { tagKeysOf, tagsChange, withTagKeys } from '../../../controller/core/plan/tags.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { isOlderThanWrites } from '../../../controller/core/rollout/freshness.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { all, inputOf, line } from './planning.ts'

const settings: ServiceSettings = { tags: [{ key: 'team', value: 'shop' }, { key: 'empty' }] }
type Tags = Readonly<Record<string, string>>

/** Version 2 serves from blue, and green's service is there too; both have these tags. */
function tagged({ blue = {}, green = {} }: { readonly blue?: Tags; readonly green?: Tags }): PlanInput {
  const controller = served()
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  controller.world.pass(90_000)
  controller.run()
  const seen = controller.world.look(blank, all)
  const sides = {
    blue: { ...seen.sides.blue, service: { ...present(seen, 'blue'), tags: blue } },
    green: { ...seen.sides.green, service: { ...present(seen, 'green'), tags: green } },
  }
  const { spec } = controller.desired
  const desired = { ...controller.desired, spec: { ...spec, service: { ...spec.service, settings } } }
  return inputOf(controller, { desired, observation: { ...seen, sides } })
}

function present(seen: ReleaseObservation, side: 'blue' | 'green') {
  const { service } = seen.sides[side]
  if (service === null) throw new Error(`no ${side} service`)
  return service
}

const good = { team: 'shop', empty: '', mine: 'by hand' }

describe('the tags of a service', () => {
  const change = (tags: Tags, tagKeys: readonly string[]) =>
    tagsChange({ ...present(tagged({}).observation, 'blue'), tags }, settings, { tagKeys: [...tagKeys] })

  it('are set where they are missing or others, and taken back where Steersman gave them', () => {
    expect(change({ team: 'other', old: 'x', mine: 'y' }, ['team', 'old', 'gone'])).toEqual({
      set: { team: 'shop', empty: '' },
      removed: ['old'],
    })
    expect(change(good, ['team', 'empty'])).toEqual({ set: {}, removed: [] })
  })

  it('are remembered by their keys, each once', () => {
    expect(tagKeysOf(settings)).toEqual(['team', 'empty'])
    expect(tagKeysOf(undefined)).toEqual([])
    const status = { tagKeys: ['team'] }
    expect(withTagKeys(status, ['team'])).toBe(status)
    expect(withTagKeys(status, ['team', 'new'])).toEqual({ tagKeys: ['team', 'new'] })
  })
})

describe('a release whose tags changed', () => {
  const planned = (tags: Parameters<typeof tagged>[0], more: Partial<PlanInput> = {}): string =>
    line(planRelease({ ...tagged(tags), ...more }))

  it('gets them on the live side, then on the idle one', () => {
    expect(planned({})).toBe('mend: tag the blue service with team, empty')
    expect(planned({ blue: good })).toBe('mend: tag the green service with team, empty')
    expect(planned({ blue: good, green: good })).toBe('converged')
  })

  it('loses those that nobody wants any more, and no others', () => {
    const status = { ...tagged({}).status, tagKeys: ['team', 'old'] }
    const old = { ...good, old: 'x' }
    expect(planned({ blue: old, green: good }, { status })).toBe(
      'mend: take the tags old from the blue service',
    )
    expect(planned({ blue: old, green: good })).toBe('converged')
  })

  it('is told and left alone where drift of services is, but for what a new commit brings', () => {
    const { drift } = tagged({})
    const alert = { ...drift, service: 'Alert' } as const
    expect(planned({ green: good }, { drift: alert })).toBe('converged')
    const input = tagged({ green: good })
    const next = { ...input, drift: alert, desired: { ...input.desired, commit: 'another' } }
    expect(line(planRelease(next))).toBe('do: tag the blue service with team, empty')
  })

  it('is not tagged while nothing may be written, nor where the read may be older than the write', () => {
    expect(planned({}, { mayWrite: false })).toBe('Wait: Suspended')
    const at = timestamp(tagged({}).now)
    const after = JSON.stringify({ team: 'shop', empty: '' })
    const status = {
      ...tagged({}).status,
      writes: { 'service/blue/tags': { before: 'other', after, at } },
    }
    expect(planned({}, { status })).toBe('Wait: ReadBack')
  })

  it('is imagined with them before they are given', () => {
    const { observation } = tagged({ blue: { old: 'x' } })
    const given = afterAction(
      observation,
      { kind: 'TagService', side: 'blue', tags: { team: 'a' } },
      undefined,
    )
    expect(given.sides.blue.service?.tags).toEqual({ old: 'x', team: 'a' })
    const taken = afterAction(given, { kind: 'UntagService', side: 'blue', keys: ['old'] }, undefined)
    expect(taken.sides.blue.service?.tags).toEqual({ team: 'a' })
  })
})

describe('a look at tags', () => {
  const isOld = (tags: Tags, after: object): boolean => {
    const { observation, now, stalenessBoundMs } = tagged({ blue: tags })
    const writes = {
      'service/blue/tags': { before: 'other', after: JSON.stringify(after), at: timestamp(now) },
    }
    return isOlderThanWrites({ observation, now, stalenessBoundMs, writes }, ['services'])
  }

  it('is older than the write that it does not show', () => {
    expect(isOld({}, { team: 'shop' })).toBe(true)
    expect(isOld({ team: 'other' }, { team: 'shop' })).toBe(true)
    expect(isOld({ team: 'shop', more: '' }, { team: 'shop' })).toBe(false)
    expect(isOld({ team: 'shop' }, ['team'])).toBe(true)
    expect(isOld({}, ['team'])).toBe(false)
  })
})
