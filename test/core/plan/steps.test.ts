import { describe, expect, it } from 'vitest'

import { liveSide } from '../../../controller/core/plan/live.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedStrategy } from '../../../controller/resources/types.ts'
import { blank, ReleaseController, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'
import { all } from './planning.ts'

const strategy: Partial<DefaultedStrategy> = { type: 'Canary', steps: [{ weight: 10, for: '5s' }] }

/** Version 2 serves from blue, and version 1 is kept warm on green. */
function moved(): ReleaseController {
  const controller = served({ strategy })
  controller.desired = desiredRelease({ strategy, version: '2' })
  controller.run()
  return controller
}

/** Strategy and weights of the newest rollout. */
function told(controller: ReleaseController): string {
  const { spec } = controller.rollouts.at(-1) ?? {}
  const begun = controller.log.findLastIndex((line) => line.startsWith('start '))
  const writes = controller.log.slice(begun).filter((line) => line.includes('set the weights')).length
  return `${spec?.why ?? ''}: ${spec?.strategy.type ?? ''} in ${writes}`
}

describe('what steps, and what does not', () => {
  it('the first version has nobody beside it to carry the rest', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ strategy }))
    controller.run()
    expect(told(controller)).toBe('Commit: BlueGreen in 1')
  })

  it('a new version steps', () => {
    expect(told(moved())).toBe('Commit: Canary in 2')
  })

  it('the way back to the version that is kept warm is one write', () => {
    const controller = moved()
    controller.desired = { ...desiredRelease({ strategy }), why: 'Pin' }
    controller.run()
    expect(told(controller)).toBe('Pin: BlueGreen in 1')
    expect(controller.world.weight('arn:rule/1', 'green')).toBe(100)
  })

  it('an older version that got cold steps like a new one', () => {
    const controller = moved()
    controller.world.pass(61_000)
    controller.run()
    controller.desired = { ...desiredRelease({ strategy }), why: 'Pin' }
    controller.run()
    expect(told(controller)).toBe('Pin: Canary in 2')
  })

  it('a restart brings what serves', () => {
    const controller = moved()
    controller.requests = { retry: undefined, restart: { id: timestamp(controller.world.now), by: 'ada' } }
    controller.run()
    expect(told(controller)).toBe('Restart: BlueGreen in 1')
  })

  it('a rollout against drift takes the traffic from what nobody verified', () => {
    const controller = moved()
    controller.world.setService('blue', { taskDefinition: taskDefinitionArn('5') })
    controller.world.pass(5_000)
    controller.run()
    expect(told(controller)).toBe('Drift: BlueGreen in 1')
  })
})

describe('the live side with a lost store', () => {
  it.each([
    { blue: 10, green: 90 },
    { blue: 50, green: 50 },
    { blue: 90, green: 10 },
  ])('is the one that serves the recorded revision, at $blue and $green %', (weights) => {
    const controller = served({ strategy })
    controller.desired = desiredRelease({ strategy, version: '2' })
    controller.runInto('Shifting')
    controller.world.setWeights('arn:rule/1', weights)
    const recorded = { taskDefinition: taskDefinitionArn('1'), rollout: 1 }
    const desired = { ...desiredRelease({ strategy }), recorded }
    const observation = controller.world.look(blank, all)
    expect(liveSide({ last: undefined, desired, observation })).toBe('green')
  })

  it('is the one that has all of the traffic and tasks for it, whatever is recorded', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    const desired = { ...desiredRelease(), recorded: { taskDefinition: taskDefinitionArn('1'), rollout: 1 } }
    expect(liveSide({ last: undefined, desired, observation: controller.world.look(blank, all) })).toBe(
      'blue',
    )
  })
})
