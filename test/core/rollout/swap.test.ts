import { describe, expect, it } from 'vitest'

import { timestamp } from '../../../controller/core/time.ts'
import { ReleaseController, served } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { groupArn, ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'

const gates = [smokeGate]

/** Version 1 serves from the green side; 3 fails its gate, and 4 never becomes healthy. */
function gated(): ReleaseController {
  const controller = served({ gates })
  controller.world.behaves('3', { passesGates: false })
  controller.world.behaves('4', { becomesHealthy: false })
  return controller
}

describe('a blue/green swap', () => {
  it('deploys the first version to the empty pair', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates }))
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toEqual([
      'start rollout 1 to the green side because of Commit',
      'Provisioning: create the green service with 2 tasks of prod-web:1',
      'Verifying: ask gate smoke about the green side',
      'Verifying: ask gate smoke about the green side',
      'Shifting: set the weights of rule 1 to blue 0, green 100',
      'Baking: point the test rule at the blue side',
      'rollout 1 ended as Succeeded: Succeeded',
    ])
  })

  it('leaves at zero what was made at zero and never served', () => {
    const world = new ReleaseWorld()
    for (const side of ['blue', 'green'] as const)
      world.execute({
        kind: 'CreateService',
        side,
        taskDefinition: taskDefinitionArn('0'),
        desiredCount: 0,
      })
    const controller = new ReleaseController(world, desiredRelease({ gates }))
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toEqual([
      'start rollout 1 to the green side because of Commit',
      'Provisioning: give the green side 2 tasks of prod-web:1',
      'Verifying: ask gate smoke about the green side',
      'Verifying: ask gate smoke about the green side',
      'Shifting: set the weights of rule 1 to blue 0, green 100',
      'Baking: point the test rule at the blue side',
      'rollout 1 ended as Succeeded: Succeeded',
    ])
    expect(controller.status.keepPreviousUntil).toBeUndefined()
  })

  it('names the idle target group at weight 0 first, where no test rule does', () => {
    const world = new ReleaseWorld({ test: false })
    world.setGroups('arn:rule/1', { [groupArn('blue')]: 100 })
    const controller = new ReleaseController(world, desiredRelease({ test: false }))
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toEqual([
      'start rollout 1 to the green side because of Commit',
      'Provisioning: set the weights of rule 1 to blue 100, green 0',
      'Provisioning: create the green service with 2 tasks of prod-web:1',
      'Shifting: set the weights of rule 1 to blue 0, green 100',
      'rollout 1 ended as Succeeded: Succeeded',
    ])
  })

  it('brings a new version to the idle side, verifies it, swaps once and keeps the old side warm for a while', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.world.healthy('green')).toBe(2)
    controller.world.pass(61_000)
    controller.run()
    expect(controller.log).toEqual([
      'start rollout 2 to the blue side because of Commit',
      'Provisioning: create the blue service with 2 tasks of prod-web:2',
      'Verifying: ask gate smoke about the blue side',
      'Verifying: ask gate smoke about the blue side',
      'Shifting: set the weights of rule 1 to blue 100, green 0',
      'Baking: point the test rule at the green side',
      'rollout 2 ended as Succeeded: Succeeded',
      'Correction: scale the green side to 0 tasks',
    ])
  })

  it('never gives traffic to a version whose gate fails, and does not try it again', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '3' })
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'GateFailed' })
    controller.world.pass(10_000)
    expect(controller.run().kind).toBe('Failed')
    expect(controller.log).toEqual([
      'start rollout 2 to the blue side because of Commit',
      'Provisioning: create the blue service with 2 tasks of prod-web:3',
      'Verifying: ask gate smoke about the blue side',
      'RollingBack: scale the blue side to 0 tasks',
      'rollout 2 ended as RolledBack: GateFailed',
    ])
  })

  it('gives up a version that does not start in time', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '4' })
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'DeadlineExceeded' })
    expect(controller.log).toEqual([
      'start rollout 2 to the blue side because of Commit',
      'Provisioning: create the blue service with 2 tasks of prod-web:4',
      'RollingBack: scale the blue side to 0 tasks',
      'rollout 2 ended as RolledBack: DeadlineExceeded',
    ])
  })

  it('goes back to the warm side with a gate and one write', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.run()
    controller.log.length = 0
    controller.desired = desiredRelease({ gates, version: '1' })
    controller.run()
    expect(controller.log).toEqual([
      'start rollout 3 to the green side because of Commit',
      'Verifying: ask gate smoke about the green side',
      'Verifying: ask gate smoke about the green side',
      'Shifting: set the weights of rule 1 to blue 0, green 100',
      'Baking: point the test rule at the blue side',
      'rollout 3 ended as Succeeded: Succeeded',
    ])
  })

  it('drains what the idle side still holds of another version before it starts the new one', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.run()
    controller.log.length = 0
    controller.desired = desiredRelease({ gates, version: '5' })
    controller.run()
    expect(controller.log.slice(0, 3)).toEqual([
      'start rollout 3 to the green side because of Commit',
      'Provisioning: scale the green side to 0 tasks',
      'Provisioning: give the green side 2 tasks of prod-web:5',
    ])
  })

  it('replaces every task for a restart, although the revision is the same', () => {
    const controller = gated()
    controller.requests = { restart: { id: 'now', by: 'ada' }, retry: undefined }
    controller.run()
    expect(controller.log).toEqual([
      'start rollout 2 to the blue side because of Restart',
      'Provisioning: create the blue service with 2 tasks of prod-web:1',
      'Verifying: ask gate smoke about the blue side',
      'Verifying: ask gate smoke about the blue side',
      'Shifting: set the weights of rule 1 to blue 100, green 0',
      'Baking: point the test rule at the green side',
      'rollout 2 ended as Succeeded: Succeeded',
    ])
  })

  it('does not hold against a version what the other side answered while somebody moved the test rule', () => {
    const controller = gated()
    controller.world.behaves('1', { passesGates: false })
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Verifying')
    controller.world.pointTest('green')
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log.slice(2)).toEqual([
      'Verifying: ask gate smoke about the blue side',
      'Verifying: ask gate smoke about the blue side',
      'Verifying: point the test rule at the blue side',
      'Verifying: ask gate smoke about the blue side',
      'Verifying: ask gate smoke about the blue side',
      'Shifting: set the weights of rule 1 to blue 100, green 0',
      'Baking: point the test rule at the green side',
      'rollout 2 ended as Succeeded: Succeeded',
    ])
  })

  it('starts a deployment anew that ECS had given up in an earlier try', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Provisioning')
    controller.world.setService('blue', { failed: true })
    controller.world.kill('blue')
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'DeploymentFailed' })
    controller.requests = { restart: undefined, retry: { id: timestamp(controller.world.now), by: 'ada' } }
    controller.world.pass(5_000)
    expect(controller.run().kind).toBe('Converged')
  })

  it('succeeds with the count that autoscaling gave the new side in its bake time', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2', desiredCount: undefined })
    controller.runInto('Baking')
    controller.world.setService('blue', { desiredCount: 5 })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.world.healthy('blue')).toBe(5)
  })

  it('tries a failed version again when a person asks for it', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '3' })
    controller.run()
    controller.world.behaves('3', {})
    controller.requests = { restart: undefined, retry: { id: timestamp(controller.world.now), by: 'ada' } }
    controller.log.length = 0
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log[0]).toBe('start rollout 3 to the blue side because of Retry')
  })

  it('goes back with one write when a person aborts it in its bake time', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Baking')
    controller.log.length = 0
    controller.abort()
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'Aborted' })
    expect(controller.log).toEqual([
      'RollingBack: set the weights of rule 1 to blue 0, green 100',
      'RollingBack: scale the blue side to 0 tasks',
      'rollout 2 ended as Aborted: Aborted',
    ])
  })
})

describe('a newer version', () => {
  it.each(['Provisioning', 'Verifying'])('takes over from a rollout in %s', (phase) => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto(phase)
    controller.desired = desiredRelease({ gates, version: '5' })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toContain('rollout 2 ended as Superseded: NewerVersion')
    expect(controller.lastSucceeded?.spec.number).toBe(3)
  })

  it('waits for a rollout that has moved the traffic', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Baking')
    controller.desired = desiredRelease({ gates, version: '5' })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toContain('rollout 2 ended as Succeeded: Succeeded')
    expect(controller.lastSucceeded?.spec.number).toBe(3)
  })

  it('cuts in where the strategy says so', () => {
    const controller = gated()
    controller.desired = desiredRelease({ gates, version: '2', strategy: { supersede: 'Always' } })
    controller.runInto('Baking')
    controller.desired = desiredRelease({ gates, version: '5' })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log).toContain('rollout 2 ended as Superseded: NewerVersion')
  })
})
