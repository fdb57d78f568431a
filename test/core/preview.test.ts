import { describe, expect, it } from 'vitest'

import { describeAction } from '../../controller/core/action.ts'
import type { Action } from '../../controller/core/action.ts'
import type { ReleaseObservation } from '../../controller/core/observation.ts'
import type { PlanInput } from '../../controller/core/plan/decision.ts'
import { previewActions } from '../../controller/core/preview.ts'
import { afterAction } from '../../controller/core/preview/after-action.ts'
import { blank, ReleaseController } from '../support/release-controller.ts'
import type { DesiredOptions } from '../support/release-fixtures.ts'
import { desiredRelease, smokeGate } from '../support/release-fixtures.ts'
import { ReleaseWorld } from '../support/release-world.ts'

const gates = [smokeGate, { ...smokeGate, name: 'watch', when: 'Bake' as const }]
const all = ['services', 'rules', 'blue', 'green'] as const

/** A world in which version 1 serves from green, and what else the controller knows. */
function served(options: DesiredOptions = {}): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates, ...options }))
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  return controller
}

function inputOf(controller: ReleaseController, change: Partial<PlanInput> = {}): PlanInput {
  return {
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
}

/** What is previewed, as the lines that `steersman diff` prints. */
function preview(controller: ReleaseController, change: Partial<PlanInput> = {}): readonly string[] {
  const { actions, blocked } = previewActions(inputOf(controller, change), controller.active)
  return [...actions.map(describeAction), ...(blocked === undefined ? [] : [`blocked: ${blocked}`])]
}

describe('the preview of a release', () => {
  it('is empty where nothing is to be done', () => {
    expect(preview(served())).toEqual([])
  })

  it('goes on where people are asked, as if they approved', () => {
    const { http: _http, ...plain } = smokeGate
    const people = (['BeforeProvision', 'BeforeShift', 'AfterSuccess'] as const).map((when) => ({
      ...plain,
      name: when.toLowerCase(),
      when,
      manual: { approvers: ['bob'] },
    }))
    const controller = served()
    controller.desired = desiredRelease({ version: '2', gates: [...gates, ...people] })
    const asked = preview(controller)
    controller.desired = desiredRelease({ version: '2', gates })
    expect(asked).toEqual(preview(controller))
    expect(asked.at(-1)).not.toContain('blocked')
  })

  it('names every action of a first deploy in order', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates }))
    expect(preview(controller)).toEqual([
      'create the green service with 2 tasks of prod-web:1',
      'ask gate smoke about the green side',
      'set the weights of rule 1 to blue 0, green 100',
      'ask gate watch about the green side',
      'point the test rule at the blue side',
    ])
  })

  it('registers a content that has no revision yet, and goes on with it', () => {
    const controller = served()
    const desired = desiredRelease({ gates, version: '2' })
    const document = { family: 'prod-web', digest: 'sha256:2' }
    const lines = preview(controller, {
      desired: { ...desired, version: { taskDefinition: undefined, document } },
    })
    expect(lines.slice(0, 2)).toEqual([
      'register a revision of task definition prod-web',
      'create the blue service with 2 tasks of prod-web:(new)',
    ])
  })

  it('shows a restart once, with the old tasks of the side replaced', () => {
    const controller = served()
    const restart = { id: '2026-01-01T00:00:00.000Z', by: 'dora' }
    const lines = preview(controller, { requests: { restart, retry: undefined } })
    expect(lines.filter((line) => line.includes('set the weights'))).toHaveLength(1)
  })

  it('goes on with a rollout that runs already', () => {
    const controller = served()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Verifying')
    expect(preview(controller)).toEqual([
      'ask gate smoke about the blue side',
      'set the weights of rule 1 to blue 100, green 0',
      'ask gate watch about the blue side',
      'point the test rule at the green side',
    ])
  })

  it('gives a running rollout up for a newer version, and tells that it then stops', () => {
    const controller = served()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto('Verifying')
    controller.desired = desiredRelease({ gates, version: '3' })
    expect(preview(controller)).toEqual([
      'scale the blue side to 0 tasks',
      'blocked: the environment wants another version now',
    ])
  })

  it('mends what somebody changed by hand', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    controller.world.pass(61_000)
    expect(preview(controller)).toEqual(['scale the green side to 2 tasks'])
  })

  it('says why a release can not go on at all', () => {
    const controller = served()
    const observation = { ...controller.world.look(blank, all), loadBalancer: null }
    expect(preview(controller, { observation })).toEqual([
      'blocked: load balancer shop does not exist; create it, or mend spec.traffic.loadBalancer',
    ])
  })

  it('says that a version was refused before', () => {
    const controller = served()
    controller.world.behaves('3', { passesGates: false })
    controller.desired = desiredRelease({ gates, version: '3' })
    controller.run()
    expect(preview(controller).at(-1)).toMatch(/^blocked: this version failed in rollout prod-web-2/)
  })

  it('does not go on with less than everything seen', () => {
    const controller = served()
    expect(preview(controller, { observation: controller.world.look(blank, ['rules']) })).toEqual([
      'blocked: the preview has not seen enough',
    ])
  })
})

describe('a world that obeys at once', () => {
  const rule = 'arn:rule/1'
  const seen = (): ReleaseObservation => served().world.look(blank, all)

  it.each<[string, Action, (after: ReleaseObservation) => unknown, (before: ReleaseObservation) => unknown]>([
    [
      'gives a side its tasks',
      { kind: 'UpdateService', side: 'blue', taskDefinition: 'x:7', desiredCount: 3 },
      (after) => after.sides.blue.members?.targets.length,
      () => 3,
    ],
    [
      'takes a side its tasks',
      { kind: 'ScaleService', side: 'green', desiredCount: 0 },
      (after) => after.sides.green.members?.tasks,
      () => [],
    ],
    [
      'scales even a side without a service',
      { kind: 'ScaleService', side: 'blue', desiredCount: 1 },
      (after) => after.sides.blue.service?.desiredCount,
      () => 1,
    ],
    [
      'sets settings of a service',
      { kind: 'ApplySettings', side: 'green', settings: { propagateTags: 'SERVICE' } },
      (after) => after.sides.green.service?.settings['propagateTags'],
      () => 'SERVICE',
    ],
    [
      'sets no settings where there is no service',
      { kind: 'ApplySettings', side: 'blue', settings: { propagateTags: 'SERVICE' } },
      (after) => after.sides.blue.service,
      () => null,
    ],
    [
      'moves weights of the named rule',
      { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } },
      (after) => after.production[0]?.weights.find(({ weight }) => weight === 100)?.targetGroupArn,
      (before) => before.sides.blue.targetGroup?.arn,
    ],
    [
      'leaves other rules alone',
      { kind: 'SetWeights', rule: 'arn:rule/9', weights: { blue: 100, green: 0 } },
      (after) => after.production,
      (before) => before.production,
    ],
    [
      'changes nothing by a gate',
      { kind: 'ProbeGate', gate: 'smoke', side: 'blue' },
      (after) => after,
      (before) => before,
    ],
    [
      'points the test rule at one side alone',
      { kind: 'PointTest', side: 'green' },
      (after) => after.test?.weights.map(({ targetGroupArn }) => targetGroupArn),
      (before) => [before.sides.green.targetGroup?.arn],
    ],
  ])('%s', (_what, action, look, expected) => {
    const before = seen()
    expect(look(afterAction(before, action, undefined))).toEqual(expected(before))
  })

  it('has no test rule to point where there is none', () => {
    const without = { ...seen(), test: null }
    expect(afterAction(without, { kind: 'PointTest', side: 'blue' }, undefined).test).toBeNull()
  })
})
