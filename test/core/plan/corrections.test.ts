import { describe, expect, it } from 'vitest'

import { planRelease } from '../../../controller/core/plan.ts'
import { isWarm } from '../../../controller/core/plan/corrections.ts'
import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { ReleaseController, blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'
import { inputOf, line } from './planning.ts'

/** Version 2 serves from blue since a moment, and version 1 is still warm on green. */
function warm(): ReleaseController {
  const controller = served()
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  return controller
}

const alert = { service: 'Alert', traffic: 'Alert', infrastructure: 'Alert', unmanaged: 'Alert' } as const
const act = (decision: Decision): unknown =>
  decision.kind === 'Act'
    ? { before: decision.before, drift: decision.drift, did: line(decision) }
    : line(decision)

describe('the side that served before', () => {
  it('is let be while it is warm, and the next look is when that ends', () => {
    const controller = warm()
    const until = controller.last?.status.keepPreviousUntil ?? ''
    const decision = planRelease(inputOf(controller))
    expect(decision).toEqual({
      kind: 'Converged',
      lookAgainMs: Date.parse(until) - controller.world.now,
    })
    controller.world.pass(61_000)
    controller.run()
    expect(planRelease(inputOf(controller))).toEqual({ kind: 'Converged', lookAgainMs: undefined })
  })

  it('follows the count of the live side while it is warm', () => {
    const controller = warm()
    const desired = desiredRelease({ version: '2', desiredCount: undefined })
    controller.world.setService('blue', { desiredCount: 5 })
    expect(act(planRelease(inputOf(controller, { desired })))).toEqual({
      before: '2',
      drift: false,
      did: 'do: scale the green side to 5 tasks',
    })
  })

  it('does not follow what somebody made of the live side where the environment only tells', () => {
    const controller = warm()
    controller.world.setService('blue', { desiredCount: 5 })
    expect(line(planRelease(inputOf(controller, { drift: alert })))).toBe('converged')
    expect(act(planRelease(inputOf(controller)))).toMatchObject({
      did: 'mend: scale the blue side to 2 tasks',
    })
  })

  it('is not emptied with the live side: it is all that is left to go back to', () => {
    const controller = warm()
    controller.world.setService('blue', { desiredCount: 0 })
    expect(act(planRelease(inputOf(controller)))).toMatchObject({
      did: 'mend: scale the blue side to 2 tasks',
    })
    expect(line(planRelease(inputOf(controller, { drift: alert })))).toBe('Stall: NotServing')
  })

  it('goes to zero afterwards, also where the environment only tells what people change', () => {
    const controller = warm()
    controller.world.pass(61_000)
    expect(act(planRelease(inputOf(controller, { drift: alert })))).toEqual({
      before: '2',
      drift: false,
      did: 'do: scale the green side to 0 tasks',
    })
  })

  it('is brought down as drift where somebody started it, but not where the environment only tells', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '3' })
    controller.world.behaves('3', { becomesHealthy: false })
    controller.run()
    controller.world.setService('blue', { desiredCount: 3 })
    const desired = desiredRelease()
    const { keepPreviousUntil: _warm, ...status } = controller.status
    expect(act(planRelease(inputOf(controller, { desired, status })))).toEqual({
      before: '3',
      drift: true,
      did: 'mend: scale the blue side to 0 tasks',
    })
    expect(line(planRelease(inputOf(controller, { desired, status, drift: alert })))).toBe('converged')
  })

  it('is not scaled while a rule still sends it requests', () => {
    const controller = warm()
    controller.world.pass(61_000)
    controller.world.setWeights('arn:rule/1', { blue: 99, green: 1 })
    const drift = { ...alert, service: 'Correct' } as const
    expect(line(planRelease(inputOf(controller, { drift })))).toBe('Stall: NotServing')
  })

  it.each<
    readonly [title: string, phase: 'Succeeded' | 'RolledBack', until: number | undefined, warm: boolean]
  >([
    ['before its time is over', 'Succeeded', 1_001, true],
    ['no more when its time is over', 'Succeeded', 1_000, false],
    ['never after a rollout that went back', 'RolledBack', 1_001, false],
    ['never where no time was said', 'Succeeded', undefined, false],
  ])('is warm %s', (_title, phase, until, expected) => {
    const { last } = served()
    if (last === undefined) throw new Error('no rollout')
    const kept = until === undefined ? {} : { keepPreviousUntil: timestamp(until) }
    expect(isWarm({ last: { ...last, status: { phase, ...kept } }, now: 1_000 })).toBe(expected)
    expect(isWarm({ last: undefined, now: 0 })).toBe(false)
  })
})

describe('a correction', () => {
  it('is not made before any version was verified', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ version: '4' }))
    controller.world.behaves('4', { becomesHealthy: false })
    controller.run()
    controller.world.setService('green', { desiredCount: 3 })
    expect(line(planRelease(inputOf(controller)))).toBe('Refused: DeadlineExceeded')
  })

  it.each<readonly [title: string, runs: string, registered: Readonly<Record<string, string>>, did: string]>([
    [
      'is made to an aborted first version that keeps the traffic after another one failed',
      '1',
      { 'content-1': taskDefinitionArn('1') },
      'do: scale the green side to 3 tasks',
    ],
    ['is not made to what served before Steersman came', '1', {}, 'Refused: GateFailed'],
    [
      'is not made to what somebody set there meanwhile',
      '9',
      { 'content-1': taskDefinitionArn('1') },
      'Refused: GateFailed',
    ],
  ])('%s', (_title, runs, registered, did) => {
    const controller = served()
    const { last } = controller
    if (last === undefined) throw new Error('no rollout')
    controller.world.setService('green', { taskDefinition: taskDefinitionArn(runs) })
    const from = { side: 'green', taskDefinition: taskDefinitionArn('1') } as const
    const failed: RolloutState = {
      ...last,
      spec: { ...last.spec, digest: 'content-2', from, to: { side: 'blue' } },
      status: { phase: 'RolledBack', outcome: 'RolledBack', reason: 'GateFailed' },
    }
    const change = {
      last: failed,
      lastSucceeded: undefined,
      desired: desiredRelease({ version: '2', desiredCount: 3 }),
      status: { taskDefinitions: registered },
    }
    expect(line(planRelease(inputOf(controller, change)))).toBe(did)
  })

  it('says what it changes from', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 30, green: 70 })
    expect(planRelease(inputOf(controller))).toMatchObject({ before: 'blue 30, green 70', drift: true })
    controller.world.setWeights('arn:rule/1', { blue: 0, green: 100 })
    controller.world.setService('green', { desiredCount: 5 })
    expect(planRelease(inputOf(controller))).toMatchObject({ before: '5', drift: true })
    controller.world.setService('green', { desiredCount: 2 })
    controller.world.pointTest('green')
    expect(planRelease(inputOf(controller))).toMatchObject({ before: 'blue 0, green 100', drift: true })
  })

  it('is no drift where a write of ours without an answer may not have done its work, or not show it', () => {
    const controller = served()
    controller.world.pointTest('green')
    const write = { before: 'blue 0, green 100', after: 'blue', at: timestamp(controller.world.now) }
    const decide = (at: number): Decision =>
      planRelease({
        ...inputOf(controller, {
          status: { writes: { 'test-rule': { ...write, ambiguous: true } } },
        }),
        now: controller.world.now + at,
      })
    expect(decide(10_000)).toMatchObject({ kind: 'Act', action: { kind: 'PointTest' }, drift: false })
    expect(decide(60_000)).toMatchObject({ kind: 'Act', action: { kind: 'PointTest' }, drift: true })
  })

  it('waits where AWS still shows what stood there before the same one', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const writes = {
      'service/green/count': { before: '5', after: '2', at: timestamp(controller.world.now) },
    }
    expect(planRelease(inputOf(controller, { status: { ...controller.status, writes } }))).toEqual({
      kind: 'Wait',
      reason: 'ReadBack',
      message: 'waiting until AWS shows the last write',
      lookAgainMs: 1_000,
    })
  })

  it('gives no traffic back to a version that somebody set by hand, and says why', () => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('9') })
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    const decision = planRelease(
      inputOf(controller, { drift: { ...alert, traffic: 'Correct' }, now: controller.world.now }),
    )
    expect(decision).toMatchObject({
      reason: 'LiveNotReady',
      lookAgainMs: 1_000,
      message: expect.stringMatching(
        /^the weights were changed, but the green side can't take the traffic: .*; 2 targets belong to something else/,
      ) as string,
    })
  })

  it('of settings is drift, but not where a new commit brings them', () => {
    const controller = served()
    const desired = desiredRelease()
    const settings = { healthCheckGracePeriodSeconds: 30 }
    const wanted = { ...desired, spec: { ...desired.spec, service: { ...desired.spec.service, settings } } }
    const decide = (change: Partial<PlanInput>): Decision => planRelease(inputOf(controller, change))
    expect(decide({ desired: wanted })).toMatchObject({ drift: true, before: 'other' })
    expect(decide({ desired: { ...wanted, commit: 'another' } })).toMatchObject({ drift: false })
    expect(decide({ desired: { ...wanted, commit: 'another' }, drift: alert })).toMatchObject({
      action: { kind: 'ApplySettings', side: 'green', settings },
    })
    expect(line(decide({ desired: wanted, drift: alert }))).toBe('converged')
  })

  it('of settings waits where the same one does not show yet', () => {
    const controller = served()
    const desired = desiredRelease()
    const settings = { healthCheckGracePeriodSeconds: 30 }
    const service = { ...desired.spec.service, settings }
    const wanted = { ...desired, spec: { ...desired.spec, service } }
    const at = timestamp(controller.world.now)
    const writes = { 'service/green/settings': { before: 'other', after: JSON.stringify(settings), at } }
    const status = { ...controller.status, writes }
    expect(line(planRelease(inputOf(controller, { desired: wanted, status })))).toBe('Wait: ReadBack')
  })

  it('of traffic comes before that of counts', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    expect(line(planRelease(inputOf(controller)))).toBe(
      'mend: set the weights of rule 1 to blue 0, green 100',
    )
  })

  it('gives no traffic to a live side that also holds targets of another revision', () => {
    const controller = served()
    const look = controller.world.look(blank, ['services', 'rules', 'blue', 'green'])
    const { members } = look.sides.green
    const stranger = { id: 'stranger', port: 80, state: 'healthy', reason: undefined } as const
    const green = {
      ...look.sides.green,
      members: { tasks: members?.tasks ?? [], targets: [...(members?.targets ?? []), stranger] },
    }
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const { production } = controller.world.look(blank, ['rules'])
    const observation = { ...look, production, sides: { ...look.sides, green } }
    expect(line(planRelease(inputOf(controller, { observation })))).toBe('Wait: LiveNotReady')
  })

  it('gives no traffic to a live side that is about to get what somebody set by hand', () => {
    const controller = served()
    const look = controller.world.look(blank, ['services', 'rules', 'blue', 'green'])
    const { members } = look.sides.green
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('9') })
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const now = controller.world.look(look, ['services', 'rules'])
    const green = { ...now.sides.green, ...(members === undefined ? {} : { members }) }
    const observation = { ...now, sides: { ...now.sides, green } }
    const drift = { ...alert, traffic: 'Correct' } as const
    const decision = planRelease(inputOf(controller, { observation, drift, now: controller.world.now }))
    expect(line(decision)).toBe('Wait: LiveNotReady')
  })

  it('leaves a test rule alone that the release does not name', () => {
    const controller = served()
    controller.world.pointTest('green')
    const desired = desiredRelease({ test: false })
    expect(line(planRelease(inputOf(controller, { desired })))).toBe('converged')
  })

  it('is made for a version that was left in the traffic, but not for one that never had it', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const { last } = controller
    if (last === undefined) throw new Error('no rollout')
    const failed = [{ digest: 'content-1', reason: 'Aborted', at: timestamp(0) }]
    const after = (change: Partial<typeof last>): string =>
      line(
        planRelease(
          inputOf(controller, {
            last: { ...last, ...change },
            lastSucceeded: undefined,
            status: { ...controller.status, failed },
          }),
        ),
      )
    expect(after({ status: { outcome: 'Aborted', weights: { blue: 0, green: 100 } } })).toBe(
      'mend: scale the green side to 2 tasks',
    )
    expect(after({ status: { outcome: 'Aborted' } })).toBe('Refused: RolledBack')
  })

  it('waits where nothing may be written, and says so', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const suspended = {
      kind: 'Wait',
      reason: 'Suspended',
      message: 'the environment is suspended or paused: nothing is written',
      lookAgainMs: 1_000,
    }
    expect(planRelease(inputOf(controller, { mayWrite: false }))).toEqual(suspended)
    const desired = desiredRelease({ version: '2' })
    expect(planRelease(inputOf(controller, { desired, mayWrite: false }))).toEqual(suspended)
  })
})
