import { describe, expect, it } from 'vitest'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { Step } from '../../../controller/core/rollout/state.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { after, line } from './ready.ts'

/** Green's service is another version already, of which no task has started yet. */
function repointed(seen: ReleaseObservation): ReleaseObservation {
  const { green } = seen.sides
  if (green.service === null) throw new Error('no service')
  const service = { ...green.service, taskDefinition: taskDefinitionArn('9') }
  return { ...seen, sides: { ...seen.sides, green: { ...green, service } } }
}

/** The next step of a rollout to blue that has not verified anything, after people changed the weights. */
const stepAfter = (change: (world: ReleaseWorld) => void): Step =>
  after(
    () => ({ phase: 'Provisioning' }),
    change,
    (seen) => ({ observation: repointed(seen) }),
  )

const given = (world: ReleaseWorld): void => world.setWeights('arn:rule/1', { blue: 100, green: 0 })
const divided = (world: ReleaseWorld): void => world.setWeights('arn:rule/1', { blue: 50, green: 1 })

describe('traffic given by hand to a side that was not verified, while the side that served was just made another version', () => {
  it('stays until that side is what it was', () => {
    expect(stepAfter(given)).toMatchObject({
      action: {
        kind: 'UpdateService',
        side: 'green',
        taskDefinition: taskDefinitionArn('1'),
        desiredCount: 2,
      },
      before: `${taskDefinitionArn('9')} x 2`,
    })
  })

  it('stays while that side has a part of it, so that it may not be changed', () => {
    expect(line(stepAfter(divided))).toBe('Provisioning waits: TrafficOnTarget')
  })

  it('goes to what that side still is where nobody else serves anybody', () => {
    const step = stepAfter((world) => {
      divided(world)
      world.behaves('2', { becomesHealthy: false })
      world.kill('blue')
    })
    expect(step).toMatchObject({ action: { kind: 'SetWeights', weights: { blue: 0, green: 100 } } })
  })
})
