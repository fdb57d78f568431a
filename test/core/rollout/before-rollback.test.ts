import { describe, expect, it } from 'vitest'

import type { DefaultedGate } from '../../../controller/resources/types.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { done, manual, merged, untilPeopleOrEnd } from './gated.ts'

/** Version 2 bakes, and somebody aborts it. */
function abortedAtBake(change: Partial<DefaultedGate> = {}): ReleaseController {
  const controller = merged(manual('BeforeRollback', change))
  controller.runInto('Baking')
  controller.abort()
  return controller
}

describe('a gate before a rollback that a person asked for', () => {
  it('is asked before the traffic of an aborted rollout goes back, and halts all its work', () => {
    const controller = abortedAtBake()
    expect(untilPeopleOrEnd(controller)).toBe('Baking waits: AwaitingApproval')
    controller.world.pass(60_000)
    expect(controller.turn().reason).toBe('AwaitingApproval')
    expect(done(controller)).toBe('blue 100: start, shift')
    controller.decide('Approved')
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
    expect(done(controller)).toBe('blue 0: start, shift, give back, empty')
  })

  it.each(['Rollback', 'Ignore'] as const)('keeps nobody from it where nobody answers: %s', (onFailure) => {
    const controller = abortedAtBake({ onFailure })
    untilPeopleOrEnd(controller)
    controller.world.pass(3_600_000)
    controller.turn()
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
  })

  it('withdraws the abort where a person rejects it, and the next abort is asked about anew', () => {
    const controller = abortedAtBake()
    untilPeopleOrEnd(controller)
    controller.decide('Rejected')
    controller.turn()
    expect(controller.active?.status).toMatchObject({
      phase: 'Baking',
      abortRequested: { withdrawnBy: 'bob' },
    })
    controller.abort()
    expect(untilPeopleOrEnd(controller)).toBe('Baking waits: AwaitingApproval')
    controller.decide('Rejected')
    expect(untilPeopleOrEnd(controller)).toBe('Succeeded Succeeded')
    expect(done(controller)).toBe('blue 100: start, shift, point')
  })

  it('halts until somebody decides, with onFailure Hold', () => {
    const controller = abortedAtBake({ onFailure: 'Hold' })
    untilPeopleOrEnd(controller)
    controller.world.pass(3_600_000)
    controller.turn()
    expect(untilPeopleOrEnd(controller)).toBe('Baking waits: GateHold')
    controller.decide('Approved')
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
  })

  it('is not asked before the first weight moves: nothing has to be given back', () => {
    const controller = merged(manual('BeforeRollback'))
    controller.runInto('Provisioning')
    controller.abort()
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
  })

  it('is not asked where the version fails by itself, also while a person thinks about an abort', () => {
    const controller = abortedAtBake()
    untilPeopleOrEnd(controller)
    controller.world.behaves('2', { becomesHealthy: false })
    controller.world.kill('blue')
    for (let turns = 0; turns < 120 && controller.active !== undefined; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    expect(controller.last?.status).toMatchObject({ outcome: 'RolledBack', reason: 'NoHealthyTargets' })
    expect(controller.world.takesTraffic('blue')).toBe(false)
  })

  it.each(['Tag', 'Commit'] as const)('is asked first by a way back by a %s', (why) => {
    const controller = merged()
    untilPeopleOrEnd(controller)
    controller.run()
    const back = desiredRelease({ version: '1', gates: [manual('BeforeRollback')] })
    controller.desired = { ...back, why }
    for (let turns = 0; turns < 10 && controller.active?.status.awaiting === undefined; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    expect(controller.active?.spec).toMatchObject({ why, goesBack: true })
    expect(controller.active?.status).toMatchObject({ phase: 'Pending', awaiting: { gate: 'sign-off' } })
  })

  it('is asked first by a pin, which is not begun where a person rejects it', () => {
    const controller = merged()
    untilPeopleOrEnd(controller)
    controller.run()
    controller.log.length = 0
    const pinned = desiredRelease({ version: '1', gates: [manual('BeforeRollback')] })
    controller.desired = { ...pinned, why: 'Pin', digest: 'content-pinned' }
    for (let turns = 0; turns < 10 && controller.active?.status.awaiting === undefined; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    expect(controller.active?.status).toMatchObject({ phase: 'Pending', awaiting: { gate: 'sign-off' } })
    controller.decide('Rejected')
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'GateFailed' })
    expect(controller.world.weight('arn:rule/1', 'blue')).toBe(100)
  })
})
