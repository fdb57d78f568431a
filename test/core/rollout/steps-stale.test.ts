import { describe, expect, it } from 'vitest'

import type { DefaultedStrategy } from '../../../controller/resources/types.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { Promises } from '../../support/release-promises.ts'

const strategy: Partial<DefaultedStrategy> = {
  type: 'Canary',
  steps: [
    { weight: 10, for: '10s' },
    { weight: 50, for: '10s' },
  ],
}

/** The rollout of version 2 holds its second step; the old side's tasks are as they were all the time. */
function inSecondStep(): ReleaseController {
  const controller = served()
  new Promises(controller).excuse(0)
  controller.desired = desiredRelease({ strategy, version: '2' })
  controller.runInto('Provisioning')
  controller.world.pass(61_000)
  for (let turns = 0; turns < 100; turns += 1) {
    controller.turn()
    const { step, stepStartedAt } = controller.active?.status ?? {}
    if (step === 2 && stepStartedAt !== undefined) return controller
    controller.world.pass(1_000)
  }
  throw new Error('never held the second step')
}

describe('a reading from before the last two steps', () => {
  it('is known as old: a side that it shows without traffic is not emptied', () => {
    const controller = inSecondStep()
    controller.abort()
    controller.ageOfLook = () => 15_000
    expect(controller.turn()).toMatchObject({ reason: 'ReadBack' })
    controller.ageOfLook = () => 0
    controller.run()
    expect(controller.log.slice(-3)).toEqual([
      'RollingBack: set the weights of rule 1 to blue 0, green 100',
      'RollingBack: scale the blue side to 0 tasks',
      'rollout 2 ended as Aborted: Aborted',
    ])
  })

  it('takes no step and no time from the one that is held', () => {
    const controller = inSecondStep()
    const { stepStartedAt } = controller.active?.status ?? {}
    controller.ageOfLook = () => 15_000
    expect(controller.turn()).toMatchObject({ reason: 'ReadBack' })
    expect(controller.active?.status).toMatchObject({ step: 2, stepStartedAt })
  })

  it('does not make a dead side of one that was not yet there', () => {
    const controller = inSecondStep()
    controller.ageOfLook = () => 59_000
    expect(controller.turn()).toMatchObject({ reason: 'ReadBack' })
    expect(controller.active?.status.phase).toBe('Shifting')
  })
})
