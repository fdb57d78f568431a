import { describe, expect, it } from 'vitest'

import type { Step } from '../../../controller/core/rollout/state.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { blank, ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'
import { after, all, line, nothing, ready, said, toBlue } from './ready.ts'

describe('on the way back', () => {
  const back =
    (change: Partial<RolloutStatus> = {}, ageMs = 0) =>
    (now: number): RolloutStatus => ({
      phase: 'RollingBack',
      phaseStartedAt: timestamp(now - ageMs),
      ...change,
    })
  const broken = (world: ReleaseWorld): void => {
    toBlue(world)
    world.behaves('1', { becomesHealthy: false })
    world.kill('green')
  }

  it('waits while it is not clear whether the traffic was given away', () => {
    const { now } = ready().controller.world
    const intent = {
      action: 'SetWeights',
      arguments: { rule: 'arn:rule/1', weights: { blue: 100, green: 0 } },
      startedAt: timestamp(now),
    }
    expect(said(after(back({ intent }), nothing))).toBe(
      'ReadBack: a change of weights got no answer: waiting until it is clear whether it was made',
    )
  })

  it('says what the old side lacks', () => {
    expect(said(after(back(), broken))).toBe(
      "OriginNotReady: the green side can't take the traffic back: 0 of 2 tasks of prod-web:1 are healthy targets; others: initial",
    )
  })

  it('gives nothing back to a side that also holds targets of another revision', () => {
    const step = after(back(), (world) => {
      world.behaves('9', { becomesHealthy: false })
      world.setWeights('arn:rule/1', { blue: 50, green: 50 })
      world.setService('green', { taskDefinition: taskDefinitionArn('9') })
    })
    expect(said(step)).toMatch(/^OriginNotReady: .*2 targets belong to something else/)
  })

  /** Somebody makes the old side version 9, whose first task only starts. */
  const repointed = (taskDefinition: string, world: ReleaseWorld): Step =>
    after(back(), toBlue, (seen) => {
      toBlue(world)
      const { green } = seen.sides
      const [task] = green.members?.tasks ?? []
      if (green.service === null || green.members === undefined || task === undefined)
        throw new Error('no green')
      const other = { ...task, arn: 'task/9', taskDefinition: taskDefinitionArn('9'), targetIds: [] }
      const members = { ...green.members, tasks: [...green.members.tasks, other] }
      const service = { ...green.service, taskDefinition }
      const blue = world.look(blank, all).sides.blue
      return { observation: { ...seen, sides: { green: { ...green, service, members }, blue } } }
    })

  it('makes the old side what it was before it gives the traffic back to it', () => {
    const { world } = ready().controller
    expect(repointed(taskDefinitionArn('9'), world)).toMatchObject({
      kind: 'Act',
      action: { kind: 'UpdateService', side: 'green', taskDefinition: taskDefinitionArn('1') },
    })
  })

  it('waits for the end of tasks of another version on the old side, unless the new one serves nobody', () => {
    const { world } = ready().controller
    expect(said(repointed(taskDefinitionArn('1'), world))).toMatch(
      /^OriginNotReady: .* 1 tasks of another revision still run$/,
    )
    world.behaves('2', { becomesHealthy: false })
    world.kill('blue')
    expect(line(repointed(taskDefinitionArn('1'), world))).toBe('RollingBack Act SetWeights')
  })

  it.each([
    ['waits while a move of the test rule may come through', 'green', 59_999, 'RollingBack waits: ReadBack'],
    ['ends where it would only move it to where it is', 'blue', 59_999, 'RolledBack Finished'],
    ['ends where it is too long ago', 'green', 60_000, 'RolledBack Finished'],
  ])('%s', (_what, to, ageMs, expected) => {
    const { now } = ready().controller.world
    const write = { before: 'blue', after: to, at: timestamp(now - ageMs), ambiguous: true }
    const empty = (world: ReleaseWorld): void => world.setService('blue', { desiredCount: 0 })
    const shifted = back({ shiftedAt: timestamp(now - 70_000) })
    expect(line(after(shifted, empty, () => ({ writes: { 'test-rule': write } })))).toBe(expected)
  })

  it.each<readonly [what: string, given: Partial<RolloutStatus>, ageMs: number, expected: string]>([
    [
      'takes no task from a side that had traffic',
      { shiftedAt: timestamp(0) },
      299_999,
      'RollingBack waits: RuleMissing',
    ],
    ['ends in the end without doing so', { shiftedAt: timestamp(0) }, 300_000, 'RolledBack Finished'],
    ['empties a side that never had any', {}, 0, 'RollingBack Act ScaleService'],
  ])('%s while a rule is not found: it may serve under other conditions', (_what, given, ageMs, expected) => {
    const step = after(back(given, ageMs), nothing, (seen) => ({
      observation: { ...seen, production: [null] },
    }))
    expect(line(step)).toBe(expected)
    expect(step.status.message ?? '').toMatch(
      expected.endsWith('Finished') ? /so the blue side keeps its tasks$/ : /^$/,
    )
  })

  it('gives nothing to an old side that is being deleted', () => {
    const step = after(back(), (world) => {
      broken(world)
      world.setService('green', { status: 'DRAINING', taskDefinition: taskDefinitionArn('9') })
    })
    expect(line(step)).toBe('RollingBack waits: OriginNotReady')
  })

  it.each<readonly [ageMs: number, expected: string]>([
    [299_999, 'RollingBack waits: OriginNotReady'],
    [300_000, 'RolledBack Finished'],
  ])('gives up after as long as a whole rollout may take: %d ms', (ageMs, expected) => {
    expect(line(after(back({}, ageMs), broken))).toBe(expected)
  })

  it.each<readonly [ageMs: number, expected: string]>([
    [299_999, 'RollingBack Act CreateService'],
    [300_000, 'RolledBack Finished'],
  ])(
    'tries for as long to make an old side anew that was deleted and still has weight: %d ms',
    (ageMs, expected) => {
      const step = after(back({}, ageMs), (world) => {
        world.setWeights('arn:rule/1', { blue: 50, green: 50 })
        world.removeService('green')
      })
      expect(line(step)).toBe(expected)
    },
  )

  it.each<readonly [what: string, given: Partial<RolloutStatus>, ended: Partial<RolloutStatus>]>([
    [
      'counts as live where it was verified',
      { shiftedAt: timestamp(0), outcome: 'Aborted', message: 'wrong day' },
      { outcome: 'Aborted', weights: { blue: 100, green: 0 } },
    ],
    [
      'does not count as live where it never was verified',
      { weights: { blue: 0, green: 100 } },
      { outcome: 'RolledBack', weights: { blue: 0, green: 100 } },
    ],
  ])('a version that keeps the traffic for want of a better one %s', (_what, given, ended) => {
    const { status } = after(back(given, 300_000), broken)
    expect(status).toMatchObject({ ...ended, phase: ended.outcome })
    expect(status.message).toMatch(
      new RegExp(`^${given.message ?? 'failed'}; the green side can't take .*, so the traffic stays$`),
    )
  })

  it('ends as rolled back where nothing else was said', () => {
    const empty = (world: ReleaseWorld): void => world.setService('blue', { desiredCount: 0 })
    expect(after(back(), empty).status).toMatchObject({
      outcome: 'RolledBack',
      weights: { blue: 0, green: 100 },
    })
  })

  it.each([
    ['may still appear', 59_999, 'ReadBack: a change of the blue service got no answer'],
    ['can’t appear any more', 60_000, 'rolled back'],
  ] as const)('waits where a side is empty while a change of it that got no answer %s', (_, ageMs, then) => {
    const { now } = ready().controller.world
    const write = {
      before: 'none',
      after: `${taskDefinitionArn('2')} x 2`,
      at: timestamp(now - ageMs),
      ambiguous: true,
    }
    const empty = (world: ReleaseWorld): void => world.setService('blue', { desiredCount: 0 })
    const step = after(back(), empty, () => ({ writes: { 'service/blue': write } }))
    if (then === 'rolled back') expect(step.status.outcome).toBe('RolledBack')
    else expect(said(step)).toMatch(new RegExp(`^${then}`))
  })
})

describe('the first version of all', () => {
  /** On its way back from the green side, which the rule points at although nothing was verified. */
  const first = (change: Partial<RolloutStatus>, isHealthy: boolean): Step => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
    controller.world.behaves('1', { becomesHealthy: isHealthy })
    controller.runInto('Provisioning')
    const rollout = controller.active
    if (rollout === undefined) throw new Error('no rollout')
    controller.world.pass(5_000)
    controller.world.setWeights('arn:rule/1', { blue: 0, green: 100 })
    const status: RolloutStatus = { phase: 'RollingBack', ...change }
    return nextStep({
      rollout: { ...rollout, status },
      observation: controller.world.look(blank, all),
      wantedDigest: undefined,
      writes: {},
      now: controller.world.now,
      mayWrite: true,
      pollMs: 1_000,
      stalenessBoundMs: 60_000,
    })
  }

  it.each<readonly [what: string, change: Partial<RolloutStatus>, isHealthy: boolean, expected: string]>([
    ['gives back traffic that it never served', {}, false, 'RollingBack Act SetWeights'],
    ['keeps traffic that it serves', {}, true, 'RolledBack Finished'],
    [
      'points the test rule at the other side before it ends with traffic that it was verified for',
      { shiftedAt: timestamp(0) },
      false,
      'RollingBack Act PointTest',
    ],
  ])('%s', (_what, change, isHealthy, expected) => {
    expect(line(first(change, isHealthy))).toBe(expected)
  })
})
