import { describe, expect, it } from 'vitest'

import { driftOf } from '../../../controller/core/drift.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { inputOf, line } from './planning.ts'

/** What a plan looks at where version 1 serves from green and the release leaves these places to others. */
function leaving(
  controller: ReleaseController,
  ignore: readonly string[],
  settings?: ServiceSettings,
): PlanInput {
  const { spec } = controller.desired
  const service = { ...spec.service, ...(settings === undefined ? {} : { settings }) }
  const desired = { ...controller.desired, spec: { ...spec, service, ignore: [...ignore] } }
  return inputOf(controller, { desired })
}

const told = (input: PlanInput): string[] =>
  driftOf({ ...input, live: 'green', policy: input.drift }).map(({ path }) => path)

/** Version 2 serves from blue since a moment, and version 1 is still warm on green. */
function twoVersions(): ReleaseController {
  const controller = served()
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  return controller
}

const weights = '/rules/*/Actions/forward/ForwardConfig/TargetGroups/*/Weight'

describe('what a release leaves to others', () => {
  it.each<
    [
      what: string,
      change: (controller: ReleaseController) => void,
      ignore: string,
      settings?: ServiceSettings,
    ]
  >([
    ['weights', ({ world }) => world.setWeights('arn:rule/1', { blue: 50, green: 50 }), weights],
    [
      'the test rule',
      ({ world }) => world.setWeights('arn:listener/test', { blue: 0, green: 100 }),
      '/listeners/8443',
    ],
    [
      'a part of a setting',
      () => {},
      '/service/deploymentConfiguration/maximumPercent',
      { deploymentConfiguration: { maximumPercent: 150 } },
    ],
    ['a setting', () => {}, '/service/propagateTags', { propagateTags: 'SERVICE' }],
    [
      'a setting that replaces tasks',
      () => {},
      '/service/enableExecuteCommand',
      { enableExecuteCommand: true },
    ],
    ['a tag', () => {}, '/service/tags/team', { tags: [{ key: 'team', value: 'shop' }] }],
  ])('is neither told nor put back: %s', (_, change, ignore, settings) => {
    const controller = served()
    change(controller)
    const corrected = line(planRelease(leaving(controller, [], settings)))
    expect(corrected).not.toBe('converged')
    const input = leaving(controller, [ignore], settings)
    expect(told(input)).toEqual([])
    const left = line(planRelease(input))
    // Traffic that others send elsewhere is left, and still said.
    expect(left).toBe(ignore === weights ? 'Stall: NotServing' : 'converged')
  })

  it('is no other side, tag or setting', () => {
    const controller = served()
    const settings: ServiceSettings = {
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'tier', value: 'web' },
      ],
      propagateTags: 'SERVICE',
    }
    const tag = line(
      planRelease(leaving(controller, ['/service/tags/team', '/service/propagateTags'], settings)),
    )
    expect(tag).toMatch(/^mend: .*tier/)
    expect(tag).not.toMatch(/team/)
  })

  it('may be the count of the idle side, once nothing of ours is to be done there', () => {
    const controller = twoVersions()
    controller.world.pass(61_000)
    controller.run()
    const look = (ignore: readonly string[]): PlanInput => {
      controller.world.setService('green', { desiredCount: 1 })
      const input = leaving(controller, ignore)
      const { keepPreviousUntil: _over, ...status } = input.status
      return { ...input, status }
    }
    controller.world.pass(120_000)
    expect(line(planRelease(look([])))).toBe('mend: scale the green side to 0 tasks')
    expect(line(planRelease(look(['/idleService/desiredCount'])))).toBe('converged')
  })

  it('may be the revision, which is then no reason for a rollout', () => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('0') })
    expect(line(planRelease(leaving(controller, [])))).toBe('start to blue because of Drift')
    const input = leaving(controller, ['/service/taskDefinition'])
    expect(told(input)).toEqual([])
    expect(line(planRelease(input))).toBe('Stall: NotServing')
  })

  it('does not hold back the course of things: the old side goes to zero after its time', () => {
    const controller = twoVersions()
    expect(line(planRelease(leaving(controller, ['/idleService/desiredCount'])))).toBe('converged')
    controller.world.pass(61_000)
    expect(line(planRelease(leaving(controller, ['/idleService/desiredCount'])))).toBe(
      'do: scale the green side to 0 tasks',
    )
  })
})
