import { describe, expect, it } from 'vitest'
import { deepQuestion } from '../../../controller/core/deep-drift.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { TaggedPlace } from '../../../controller/core/traffic-tags.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { all, inputOf, line } from './planning.ts'

type Tags = Readonly<Record<string, string>>
const wanted = { team: 'shop', cost: '7' }
const place = (side: string, tags: Tags): TaggedPlace => ({
  arn: `arn:tg/web-${side}/1`,
  root: 'targetGroups',
  name: `web-${side}`,
  tags,
})

/** A release at rest whose target groups have these tags. */
function tagged(
  { blue, green = wanted }: { readonly blue: Tags; readonly green?: Tags },
  known: Tags = wanted,
): PlanInput {
  const controller = served()
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  controller.world.pass(90_000)
  controller.run()
  const { spec } = controller.desired
  const tags = Object.entries(wanted).map(([key, value]) => ({ key, value }))
  const traffic = spec.traffic && { ...spec.traffic, tags }
  const desired = { ...controller.desired, spec: { ...spec, ...(traffic && { traffic }) } }
  const input = inputOf(controller, { desired, observation: controller.world.look(blank, all) })
  return {
    ...input,
    status: { ...input.status, trafficTags: { ...known } },
    deepFacts: {
      asked: deepQuestion(desired)?.asked ?? '',
      at: 0,
      targetGroups: undefined,
      digests: {},
      tagged: [place('blue', blue), place('green', green)],
    },
  }
}

const withTraffic = (input: PlanInput, traffic: PlanInput['drift']['traffic']): PlanInput => ({
  ...input,
  drift: { ...input.drift, traffic },
})

describe('tags of target groups and rules', () => {
  it('are left where all are there, and where nobody has looked for them', () => {
    expect(planRelease(tagged({ blue: { ...wanted, mine: 'x' } }))).toMatchObject({ kind: 'Converged' })
    const changed = tagged({ blue: {} })
    expect(planRelease({ ...changed, deepFacts: undefined })).toMatchObject({ kind: 'Converged' })
    const asked = { ...(changed.deepFacts ?? expect.fail('no facts')), asked: 'something else' }
    expect(planRelease({ ...changed, deepFacts: asked })).toMatchObject({ kind: 'Converged' })
  })

  it('are put back where somebody has changed them, one place after the other', () => {
    const decision = planRelease(tagged({ blue: { team: 'other', cost: '7' }, green: {} }))
    expect(decision).toMatchObject({ kind: 'Act', drift: true })
    expect(line(decision)).toContain('tag target group web-blue with team')
    const next = planRelease(tagged({ blue: wanted, green: {} }))
    expect(next).toMatchObject({
      action: { kind: 'TagTraffic', arn: 'arn:tg/web-green/1', tags: wanted },
    })
  })

  it('are given for the first time whatever becomes of what people change, which is no drift', () => {
    const first = tagged({ blue: {} }, {})
    for (const traffic of ['Correct', 'Alert'] as const)
      expect(planRelease(withTraffic(first, traffic))).toMatchObject({
        kind: 'Act',
        drift: false,
        action: { tags: wanted },
      })
  })

  it('are left as they were changed where nobody corrects, but for those that are new', () => {
    expect(planRelease(withTraffic(tagged({ blue: {} }), 'Alert'))).toMatchObject({ kind: 'Converged' })
    const half = withTraffic(tagged({ blue: {} }, { team: 'shop' }), 'Alert')
    expect(planRelease(half)).toMatchObject({ action: { tags: { cost: '7' } } })
  })

  it('are not written twice while AWS may not show them yet', () => {
    const input = tagged({ blue: { cost: '7' } })
    const written = {
      before: JSON.stringify([null]),
      after: JSON.stringify({ team: 'shop' }),
      at: timestamp(input.now - 1_000),
    }
    const writes = { ...input.status.writes, 'arn:tg/web-blue/1/tags': written }
    expect(planRelease({ ...input, status: { ...input.status, writes } })).toMatchObject({
      kind: 'Wait',
      reason: 'ReadBack',
    })
    const again = { ...written, before: JSON.stringify(['by hand']) }
    const known = { ...writes, 'arn:tg/web-blue/1/tags': again }
    expect(planRelease({ ...input, status: { ...input.status, writes: known } })).toMatchObject({
      kind: 'Act',
    })
  })

  it('change nothing of what a look at the release shows', () => {
    const { observation } = tagged({ blue: {} })
    const action = { kind: 'TagTraffic', arn: 'arn:tg', what: 'target group', tags: wanted } as const
    expect(afterAction(observation, action, undefined)).toBe(observation)
  })
})
