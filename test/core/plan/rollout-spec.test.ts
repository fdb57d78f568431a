import { describe, expect, it } from 'vitest'

import { otherSide } from '../../../controller/core/observation.ts'
import type { Side } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { restoreLastGood } from '../../../controller/core/plan/last-good.ts'
import { keptSide, rolloutOrigin, rolloutSpec } from '../../../controller/core/plan/rollout-spec.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { inputOf, line } from './planning.ts'

const specOf = (
  change: (input: PlanInput) => Partial<PlanInput> = () => ({}),
  { desiredCount = 2, reason }: { readonly desiredCount?: number; readonly reason?: string } = {},
): RolloutSpec => {
  const controller = served()
  controller.world.setService('green', { desiredCount })
  const input = inputOf(controller)
  return rolloutSpec(
    { ...input, ...change(input) },
    { live: 'green', taskDefinition: taskDefinitionArn('2'), why: 'Commit', who: 'ada', reason },
  )
}

const desired = desiredRelease({ version: '2', gates: [smokeGate] })
const withSpec = (change: Partial<PlanInput['desired']['spec']>): PlanInput['desired'] => ({
  ...desired,
  spec: { ...desired.spec, ...change },
})
const { traffic } = desired.spec
if (traffic === undefined) throw new Error('no traffic')
const { rules = [], test: _test, ...bare } = traffic

describe('what a rollout is told when it begins', () => {
  it('is everything it needs, and nothing that the release leaves out', () => {
    expect(specOf(() => ({ desired }))).toStrictEqual({
      environment: 'prod',
      release: 'web',
      number: 2,
      commit: 'commit-2',
      revision: 'prod@sha1:commit-2',
      why: 'Commit',
      who: 'ada',
      digest: 'content-2',
      taskDefinition: taskDefinitionArn('2'),
      from: { side: 'green', taskDefinition: taskDefinitionArn('1'), rollout: 'prod-web-1' },
      to: { side: 'blue' },
      desiredCount: 2,
      service: { cluster: 'shop', names: { blue: 'web-blue', green: 'web-green' } },
      traffic: {
        loadBalancer: 'shop',
        rules: [{ ruleArn: 'arn:rule/1' }],
        test: { port: 8443 },
        targetGroups: { blue: 'web-blue', green: 'web-green' },
        container: 'web',
        containerPort: 8080,
      },
      strategy: desired.spec.strategy,
      gates: [smokeGate],
      keepPrevious: '1m',
    })
  })

  it('names no test rule and no container where the release does not', () => {
    const plain = {
      ...withSpec({ traffic: { ...bare, rules } }),
      container: undefined,
      containerPort: undefined,
    }
    expect(specOf(() => ({ desired: plain })).traffic).toStrictEqual({
      loadBalancer: 'shop',
      rules: [{ ruleArn: 'arn:rule/1' }],
      targetGroups: { blue: 'web-blue', green: 'web-green' },
    })
  })

  it('has the reason, the settings and the image where there are some', () => {
    const image = { repository: 'web', digest: 'sha256:2' }
    const settings = { healthCheckGracePeriodSeconds: 5 }
    const rich = { ...withSpec({ service: { ...desired.spec.service, settings } }), image }
    expect(specOf(() => ({ desired: rich }), { reason: 'because' })).toMatchObject({
      reason: 'because',
      image,
      service: { settings },
    })
  })

  it('goes from nothing where no task serves, or no service is there', () => {
    expect(specOf(() => ({}), { desiredCount: 0 }).from).toEqual({ side: 'none' })
    const without = (input: PlanInput): Partial<PlanInput> => {
      const { sides } = input.observation
      const green = { ...sides.green, service: null }
      return { observation: { ...input.observation, sides: { ...sides, green } } }
    }
    expect(specOf(without).from).toEqual({ side: 'none' })
  })

  describe('where a part of the traffic goes to the other side, and the live one runs nothing', () => {
    /** Somebody divided the traffic of version 1, and deleted what served it. */
    const divided = (change: (input: PlanInput) => Partial<PlanInput> = () => ({})): RolloutSpec['from'] => {
      const controller = served()
      controller.world.setWeights('arn:rule/1', { blue: 1, green: 50 })
      controller.world.removeService('green')
      const input = inputOf(controller)
      return rolloutOrigin({ ...input, ...change(input) }, 'green')
    }

    it('goes from what the last rollout brought', () => {
      expect(divided()).toEqual({
        side: 'green',
        taskDefinition: taskDefinitionArn('1'),
        rollout: 'prod-web-1',
      })
    })

    it.each<readonly [title: string, change: (input: PlanInput) => Partial<PlanInput>]>([
      ['no rollout is known', () => ({ lastSucceeded: undefined })],
      [
        'the last one brought it to the other side',
        ({ lastSucceeded }) => ({
          lastSucceeded: lastSucceeded && {
            ...lastSucceeded,
            spec: { ...lastSucceeded.spec, to: { side: 'blue' } },
          },
        }),
      ],
    ])('goes from nothing where %s', (_title, change) => {
      expect(divided(change)).toEqual({ side: 'none' })
    })
  })

  it('names no earlier rollout where the store was lost', () => {
    expect(specOf(() => ({ lastSucceeded: undefined })).from).toStrictEqual({
      side: 'green',
      taskDefinition: taskDefinitionArn('1'),
    })
  })

  it.each<readonly [title: string, wanted: number | undefined, runs: number, expected: number]>([
    ['the wanted count', 3, 7, 3],
    ['the count that runs, where none is wanted', undefined, 7, 7],
    ['one, where none is wanted and none runs', undefined, 0, 1],
  ])('has %s', (_title, wanted, runs, expected) => {
    const release = desiredRelease({ version: '2', desiredCount: wanted })
    expect(specOf(() => ({ desired: release }), { desiredCount: runs }).desiredCount).toBe(expected)
  })

  it('has the one rule, the many or none, as the release says', () => {
    const of = (change: object): unknown =>
      specOf(() => ({ desired: withSpec({ traffic: { ...bare, ...change } }) })).traffic?.rules
    expect([of({ rules }), of({ rule: { port: 80 } }), of({})]).toEqual([rules, [{ port: 80 }], []])
  })

  it('has no gates where the release has none', () => {
    const { gates: _gates, ...spec } = desired.spec
    expect(specOf(() => ({ desired: { ...desired, spec } as PlanInput['desired'] })).gates).toEqual([])
  })

  it('is not written for a release without traffic', () => {
    const { traffic: _traffic, ...spec } = desired.spec
    expect(() => specOf(() => ({ desired: { ...desired, spec } }))).toThrow('release web has no traffic')
  })
})

describe('the side that a rollout leaves alone', () => {
  const away = { blue: 100, green: 0 }

  it.each<readonly [title: string, runs: string, weights: { blue: number; green: number }, kept: Side]>([
    ['is the live one', '1', { blue: 0, green: 100 }, 'green'],
    ['is the live one also where somebody moved the traffic away from it', '1', away, 'green'],
    ['is the live one where it serves what somebody set there', '9', { blue: 0, green: 100 }, 'green'],
    ['is the live one while it has a part of the traffic', '9', { blue: 99, green: 1 }, 'green'],
    ['is the other one where the live one was made another version without traffic', '9', away, 'blue'],
  ])('%s', (_title, runs, weights, kept) => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn(runs) })
    controller.world.setWeights('arn:rule/1', weights)
    const input = inputOf(controller, { desired: desiredRelease({ version: '2' }) })
    expect(keptSide(input, 'green')).toBe(kept)
    expect(line(planRelease(input))).toBe(`start to ${otherSide(kept)} because of Commit`)
  })

  it('is the live one where no rollout says what was left there', () => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('9') })
    controller.world.setWeights('arn:rule/1', away)
    expect(keptSide(inputOf(controller, { last: undefined, lastSucceeded: undefined }), 'green')).toBe(
      'green',
    )
  })

  it('is the same where the last good version is brought back', () => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('9') })
    controller.world.setWeights('arn:rule/1', away)
    expect(restoreLastGood(inputOf(controller), 'green')).toMatchObject({
      from: { side: 'none' },
      to: { side: 'green' },
      why: 'Drift',
    })
  })
})
