import { describe, expect, it } from 'vitest'

import type { DefaultedGate, GateStage } from '../../../controller/resources/types.ts'
import type { GateAnswer } from '../../support/release-controller.ts'
import { done, manual, merged, probe, untilPeopleOrEnd } from './gated.ts'

type Row = readonly [
  when: GateStage,
  answer: GateAnswer,
  onFailure: DefaultedGate['onFailure'],
  outcome: string,
  did: string,
]

describe('a gate that is asked about a side', () => {
  it.each<Row>([
    ['Verify', 'Success', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['Verify', 'Failure', 'Rollback', 'RolledBack GateFailed', 'blue 0: start, empty'],
    ['Verify', 'Failure', 'Hold', 'Verifying waits: GateHold', 'blue 0: start'],
    ['Verify', 'Failure', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['Verify', 'Inconclusive', 'Rollback', 'RolledBack GateInconclusive', 'blue 0: start, empty'],
    ['Verify', 'Inconclusive', 'Hold', 'Verifying waits: GateHold', 'blue 0: start'],
    ['Verify', 'Inconclusive', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeShift', 'Success', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeShift', 'Failure', 'Rollback', 'RolledBack GateFailed', 'blue 0: start, empty'],
    ['BeforeShift', 'Failure', 'Hold', 'AwaitingApproval waits: GateHold', 'blue 0: start'],
    ['BeforeShift', 'Failure', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeShift', 'Inconclusive', 'Rollback', 'RolledBack GateInconclusive', 'blue 0: start, empty'],
    ['Bake', 'Success', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['Bake', 'Failure', 'Rollback', 'RolledBack GateFailed', 'blue 0: start, shift, give back, empty'],
    ['Bake', 'Failure', 'Hold', 'Baking waits: GateHold', 'blue 100: start, shift'],
    ['Bake', 'Failure', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    [
      'Bake',
      'Inconclusive',
      'Rollback',
      'RolledBack GateInconclusive',
      'blue 0: start, shift, give back, empty',
    ],
    ['AfterSuccess', 'Success', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    [
      'AfterSuccess',
      'Failure',
      'Rollback',
      'RolledBack GateFailed',
      'blue 0: start, shift, give back, empty',
    ],
    ['AfterSuccess', 'Failure', 'Hold', 'Baking waits: GateHold', 'blue 100: start, shift'],
    ['AfterSuccess', 'Failure', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    [
      'AfterSuccess',
      'Inconclusive',
      'Rollback',
      'RolledBack GateInconclusive',
      'blue 0: start, shift, give back, empty',
    ],
  ])(
    'at %s, answered %s with onFailure %s, ends as: %s; %s',
    (...[when, answer, onFailure, outcome, did]) => {
      const controller = merged(probe(when, { onFailure }))
      controller.answers.set('smoke', answer)
      expect(untilPeopleOrEnd(controller)).toBe(outcome)
      expect(done(controller)).toBe(did)
    },
  )
})

describe('a gate that a person is asked', () => {
  it.each<readonly [GateStage, string, DefaultedGate['onFailure'], string, string]>([
    ['BeforeProvision', 'Approved', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeProvision', 'Rejected', 'Rollback', 'RolledBack GateFailed', 'blue 0: nothing'],
    ['BeforeProvision', 'nobody', 'Rollback', 'RolledBack GateTimedOut', 'blue 0: nothing'],
    ['BeforeProvision', 'nobody', 'Hold', 'Pending waits: GateHold', 'blue 0: nothing'],
    ['BeforeProvision', 'nobody', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeShift', 'Approved', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['BeforeShift', 'Rejected', 'Rollback', 'RolledBack GateFailed', 'blue 0: start, empty'],
    ['BeforeShift', 'Rejected', 'Hold', 'RolledBack GateFailed', 'blue 0: start, empty'],
    ['BeforeShift', 'Rejected', 'Ignore', 'RolledBack GateFailed', 'blue 0: start, empty'],
    ['BeforeShift', 'nobody', 'Rollback', 'RolledBack GateTimedOut', 'blue 0: start, empty'],
    ['BeforeShift', 'nobody', 'Hold', 'AwaitingApproval waits: GateHold', 'blue 0: start'],
    ['BeforeShift', 'nobody', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['Bake', 'Approved', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    ['Bake', 'Rejected', 'Rollback', 'RolledBack GateFailed', 'blue 0: start, shift, give back, empty'],
    ['Bake', 'nobody', 'Hold', 'Baking waits: GateHold', 'blue 100: start, shift'],
    ['AfterSuccess', 'Approved', 'Rollback', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
    [
      'AfterSuccess',
      'Rejected',
      'Rollback',
      'RolledBack GateFailed',
      'blue 0: start, shift, give back, empty',
    ],
    ['AfterSuccess', 'nobody', 'Ignore', 'Succeeded Succeeded', 'blue 100: start, shift, point'],
  ])('at %s, %s with onFailure %s, ends as: %s; %s', (...[when, verdict, onFailure, outcome, did]) => {
    const controller = merged(manual(when, { onFailure }))
    expect(untilPeopleOrEnd(controller)).toMatch(/waits: AwaitingApproval$/)
    if (verdict === 'nobody') controller.world.pass(3_600_000)
    else controller.decide(verdict as 'Approved')
    controller.turn()
    expect(untilPeopleOrEnd(controller)).toBe(outcome)
    expect(done(controller)).toBe(did)
  })
})
