import { describe, expect, it } from 'vitest'

import type { ReleaseObservation, ScalingFacts } from '../../../controller/core/observation.ts'
import { isOwnScaling, scalingChange } from '../../../controller/core/plan/autoscaling.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { blank, served } from '../../support/release-controller.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { all, inputOf, line } from './planning.ts'

const bounds = { minimum: 2, maximum: 10 }
const free: ScalingFacts = { ...bounds, suspended: 'None' }
const held: ScalingFacts = { minimum: 0, maximum: 0, suspended: 'All' }

/** Version 2 serves from blue, and version 1 is kept warm on green, each with as many tasks as autoscaling wants. */
function warm(): ReleaseController {
  const controller = served({ desiredCount: undefined })
  controller.world.setScaling('green', free)
  controller.world.setScaling('blue', held)
  controller.desired = desiredRelease({ version: '2', desiredCount: undefined })
  controller.run()
  return controller
}

const scaled = (controller: ReleaseController, blue: ScalingFacts, green: ScalingFacts): PlanInput => {
  const observation = controller.world.look(blank, [...all, 'scaling'])
  const { sides } = observation
  const given: ReleaseObservation = {
    ...observation,
    sides: { blue: { ...sides.blue, scaling: blue }, green: { ...sides.green, scaling: green } },
  }
  return inputOf(controller, { observation: given })
}

describe('what autoscaling is told outside a rollout', () => {
  const controller = warm()

  it.each<[what: string, blue: ScalingFacts, green: ScalingFacts, expected: string]>([
    ['the live side is free first', held, free, 'blue None'],
    ['the warm side may not shrink', free, free, 'green ScaleIn'],
    ['all is so while the old side is warm', free, { ...free, suspended: 'ScaleIn' }, 'nothing'],
  ])('is that %s', (_what, blue, green, expected) => {
    const change = scalingChange(scaled(controller, blue, green), 'blue', true)
    expect(change === undefined ? 'nothing' : `${change.action.side} ${change.action.suspended}`).toBe(
      expected,
    )
  })

  it('is that a cold side is held at zero', () => {
    const cold = warm()
    cold.world.pass(61_000)
    cold.run()
    expect(scalingChange(scaled(cold, free, free), 'blue', false)?.action).toMatchObject({
      side: 'green',
      ...held,
    })
    expect(scalingChange(scaled(cold, free, held), 'blue', false)).toBeUndefined()
  })

  it('is nothing of the old side while it takes traffic', () => {
    const divided = warm()
    divided.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    expect(scalingChange(scaled(divided, free, free), 'blue', true)).toBeUndefined()
  })
})

describe('what autoscaling may do as it stands', () => {
  const controller = warm()
  const input = scaled(controller, held, free)
  const change = scalingChange(input, 'blue', true)
  if (change === undefined) throw new Error('blue is to be free')
  const after = (write: object | undefined): PlanInput => ({
    ...input,
    status: {
      ...input.status,
      writes:
        write === undefined
          ? {}
          : { 'scaling/blue': { before: 'x', after: 'y', at: timestamp(0), ...write } },
    },
  })

  it.each<[what: string, write: object | undefined, isOwn: boolean]>([
    ['nothing was written', undefined, true],
    ['that was written', { after: change.before }, true],
    ['nobody knows whether the write arrived', { ambiguous: true }, true],
    ['something else was written', {}, false],
  ])('is Steersman’s own or somebody’s: %s', (_what, write, isOwn) => {
    expect(isOwnScaling(after(write), change)).toBe(isOwn)
  })

  it('is own where no writes are remembered at all', () => {
    const { writes: _writes, ...status } = input.status
    expect(isOwnScaling({ ...input, status }, change)).toBe(true)
  })

  const told = 'let autoscaling give the blue side 2 to 10 tasks'
  it.each<[what: string, input: PlanInput, expected: string]>([
    ['is looked at first', inputOf(controller), 'look at scaling'],
    ['is put right in the course of things', after(undefined), `do: ${told}`],
    ['is put right where somebody changed it', after({}), `mend: ${told}`],
    [
      'is left to whoever changed it where drift is only told',
      { ...after({}), drift: { ...input.drift, service: 'Alert' } },
      'converged',
    ],
    [
      'is put right where drift is only told, but nobody changed it',
      { ...after(undefined), drift: { ...input.drift, service: 'Alert' } },
      `do: ${told}`,
    ],
    ['is as it shall be', scaled(controller, free, { ...free, suspended: 'ScaleIn' }), 'converged'],
  ])('%s', (_what, given, expected) => {
    expect(line(planRelease(given))).toBe(expected)
  })

  it('is none of Steersman’s business where the release says its count', () => {
    expect(line(planRelease(inputOf(served())))).toBe('converged')
  })
})
