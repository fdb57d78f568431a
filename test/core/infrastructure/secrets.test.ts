import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { infrastructureDrift } from '../../../controller/core/infrastructure/drift.ts'
import { judgePlan } from '../../../controller/core/infrastructure/judge.ts'
import { sensitiveTexts } from '../../../controller/core/infrastructure/sensitive-texts.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { environmentOf, planOf, resourceChange } from './plans.ts'

const SECRET = 'hunter2-planted'

/** Values with the secret in some of their members, and the marks that `before_sensitive` would have for them. */
const marked: fc.Arbitrary<{ readonly value: unknown; readonly marks: unknown }> = fc.letrec<{
  node: { readonly value: unknown; readonly marks: unknown }
}>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant({ value: SECRET, marks: true }),
    fc.constant({ value: { inner: [`${SECRET}!`] }, marks: true }),
    fc.oneof(fc.integer(), fc.constant('plain'), fc.constant(null)).map((value) => ({ value, marks: false })),
    fc.array(tie('node'), { maxLength: 3 }).map((items) => ({
      value: items.map(({ value }) => value),
      marks: items.map(({ marks }) => marks),
    })),
    fc
      .dictionary(fc.constantFrom('name', 'host', 'tags', '__proto__'), tie('node'), { maxKeys: 3 })
      .map((members) => ({
        value: Object.fromEntries(Object.entries(members).map(([key, { value }]) => [key, value])),
        marks: Object.fromEntries(Object.entries(members).map(([key, { marks }]) => [key, marks])),
      })),
  ),
})).node

const plans = fc.record({ before: marked, after: marked }).map(({ before, after }) => {
  const change = resourceChange('aws_db_instance', ['update'], {
    before: { value: before.value },
    after: { value: after.value },
    beforeSensitive: { value: before.marks },
    afterSensitive: { value: after.marks },
  })
  return planOf([change], { resource_drift: [change] })
})

describe('A secret that the plan marks', () => {
  it('is in nothing that is told of the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const told = JSON.stringify([judgePlan(plan, environmentOf()), infrastructureDrift(plan)])
        expect(told).not.toContain(SECRET)
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('is known, wherever it is marked, so that it can be taken out of what comes later', () => {
    const plan = planOf(
      [
        resourceChange('aws_db_instance', ['update'], {
          before: { password: 'one-secret', list: ['open', 'two-secret'] },
          after: { password: { deep: ['three-secret', 12_345] }, open: 'open' },
          beforeSensitive: { password: true, list: [false, true] },
          afterSensitive: { password: true },
        }),
      ],
      {
        output_changes: { url: { actions: ['create'], after: 'four-secret', after_sensitive: true } },
        variables: { key: { value: 'five-secret' }, open: { value: 'open' } },
        configuration: {
          provider_config: {},
          root_module: { variables: { key: { sensitive: true }, open: {} } },
        },
      },
    )
    expect(sensitiveTexts(plan).toSorted()).toEqual(
      ['12345', 'five-secret', 'four-secret', 'one-secret', 'three-secret', 'two-secret'].toSorted(),
    )
  })

  it('is looked for in any shape', () => {
    fc.assert(
      fc.property(fc.anything(), (json) => {
        expect(Array.isArray(sensitiveTexts(json))).toBe(true)
      }),
      { numRuns: propertyRuns(200) },
    )
  })
})
