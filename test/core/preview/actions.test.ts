import { describe, expect, it } from 'vitest'

import { describeAction } from '../../../controller/core/action.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { previewActions } from '../../../controller/core/preview.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { blank, ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

const all = ['services', 'rules', 'blue', 'green'] as const

/** Version 1 serves from green, and the warm time is over. */
function served(): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  return controller
}

function preview(
  controller: ReleaseController,
  change: Partial<PlanInput> = {},
  rollout = controller.active,
): readonly string[] {
  const input: PlanInput = {
    desired: controller.desired,
    status: controller.status,
    last: controller.last,
    lastSucceeded: controller.lastSucceeded,
    nextNumber: 2,
    requests: controller.requests,
    drift: controller.drift,
    freeze: undefined,
    served: new Set(),
    observation: controller.world.look(blank, all),
    now: controller.world.now,
    mayWrite: false,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  }
  const { actions, blocked } = previewActions(input, rollout)
  return [...actions.map(describeAction), ...(blocked === undefined ? [] : [`blocked: ${blocked}`])]
}

describe('a preview', () => {
  it('asks each of several gates once', () => {
    const gates = ['one', 'two', 'three'].map((name) => ({ ...smokeGate, name }))
    const lines = preview(served(), { desired: desiredRelease({ version: '2', gates }) })
    expect(lines.filter((line) => line.startsWith('ask'))).toEqual([
      'ask gate one about the blue side',
      'ask gate two about the blue side',
      'ask gate three about the blue side',
    ])
  })

  it('creates a service with its settings, and has none to mend then', () => {
    const desired = desiredRelease({ version: '2' })
    const settings = { propagateTags: 'SERVICE', platformVersion: '1.4.0' } as const
    const spec = { ...desired.spec, service: { ...desired.spec.service, settings } }
    const lines = preview(served(), { desired: { ...desired, spec } })
    expect(lines.filter((line) => line.includes('service'))).toEqual([
      'create the blue service with 2 tasks of prod-web:2',
    ])
    expect(lines.filter((line) => line.startsWith('set ') && !line.includes('weights'))).toEqual([])
  })

  it('mends settings in place, once', () => {
    const controller = served()
    const { desired } = controller
    const settings = { healthCheckGracePeriodSeconds: 90 }
    const spec = { ...desired.spec, service: { ...desired.spec.service, settings } }
    expect(preview(controller, { desired: { ...desired, spec } })).toEqual([
      'set healthCheckGracePeriodSeconds of the green service',
    ])
  })

  it('waits for as long as a bake takes, and for no time of its own', () => {
    const desired = desiredRelease({ version: '2', strategy: { bake: '2h', deadline: '4h' } })
    expect(preview(served(), { desired })).toEqual([
      'create the blue service with 2 tasks of prod-web:2',
      'set the weights of rule 1 to blue 100, green 0',
      'point the test rule at the green side',
    ])
  })

  it('names what a rollout waits for that the preview does not bring about', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.runInto('Provisioning')
    controller.turn()
    const seen = controller.world.look(blank, all)
    const { blue } = seen.sides
    const members = { tasks: [], targets: [] }
    const observation = { ...seen, sides: { ...seen.sides, blue: { ...blue, members } } }
    const lines = preview(controller, { observation })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^blocked: .*0 of 2/)
  })

  it('names what a correction waits for', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    controller.world.pass(61_000)
    const seen = controller.world.look(blank, all)
    const green = { ...seen.sides.green, members: { tasks: [], targets: [] } }
    const observation = { ...seen, sides: { ...seen.sides, green } }
    expect(preview(controller, { observation }).at(-1)).toMatch(
      /^blocked: the weights were changed, but the green side can't take the traffic: /,
    )
  })

  it('says by whom a rollout is aborted', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2', gates: [smokeGate] })
    controller.runInto('Verifying')
    const { active } = controller
    if (active === undefined) throw new Error('a rollout runs')
    const abortRequested = { by: 'ana', reason: 'wrong', at: active.status.startedAt ?? '' }
    const aborted = { ...active, status: { ...active.status, abortRequested } } as RolloutState
    expect(preview(controller, {}, aborted)).toEqual([
      'scale the blue side to 0 tasks',
      'blocked: aborted by ana: wrong',
    ])
  })
})
