import { describe, expect, it } from 'vitest'

import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import type { RolloutCause, RolloutStatus } from '../../../controller/resources/generated/rollout.ts'
import type { Action } from '../../../controller/core/action.ts'
import { describeAction } from '../../../controller/core/action.ts'
import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { forwardedTo } from '../../../controller/core/rollout/traffic.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { groupArn, taskDefinitionArn } from '../../support/release-world.ts'
import { inputOf } from '../plan/planning.ts'
import { after, all, ready, stepOf, toBlue } from './ready.ts'

/** The same, with rules that keep a client with the group that it was sent to. */
const sticky = (seen: ReleaseObservation): ReleaseObservation => ({
  ...seen,
  production: seen.production.map((rule) =>
    rule === null ? null : { ...rule, stickiness: { enabled: true, durationSeconds: 3_600 } },
  ),
})

/** The same, with production rules that name this group alone. */
const naming = (arn: string, seen: ReleaseObservation): ReleaseObservation => ({
  ...seen,
  production: seen.production.map((rule) =>
    rule === null
      ? null
      : { ...rule, weights: rule.weights.filter(({ targetGroupArn }) => targetGroupArn === arn) },
  ),
})

/** The same, with the test rule at the side that is idle after the shift. */
const pointed = (seen: ReleaseObservation): ReleaseObservation => ({
  ...seen,
  test:
    seen.test === null
      ? null
      : { ...seen.test, weights: [{ targetGroupArn: groupArn('green'), weight: 100 }] },
})

const ungated = (rollout: RolloutState): RolloutState => ({
  ...rollout,
  spec: {
    ...rollout.spec,
    gates: [],
    strategy: { ...rollout.spec.strategy, bake: '1s', keepPrevious: '60s' },
  },
})

const told = (action: Action): string => describeAction(action)
const atRule = (now: number) => ({ startedAt: timestamp(now - 90_000), phaseStartedAt: timestamp(now) })

describe('a rule with sticky clients', () => {
  it('forwards to the good group alone as soon as a rollout goes back', () => {
    const step = after(
      (now) => ({ ...atRule(now), phase: 'RollingBack', outcome: 'Aborted', shiftedAt: timestamp(now) }),
      (world) => world.setWeights('arn:rule/1', { blue: 10, green: 90 }),
      (seen) => ({ observation: sticky(seen) }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe(
      'set the weights of rule 1 to blue 0, green 100 alone',
    )
  })

  it.each([
    ['Failback', 'set the weights of rule 1 to blue 100, green 0 alone'],
    ['Pin', 'set the weights of rule 1 to blue 100, green 0 alone'],
    ['Commit', 'set the weights of rule 1 to blue 100, green 0'],
    ['Commit back', 'set the weights of rule 1 to blue 100, green 0 alone'],
    ['Tag', 'set the weights of rule 1 to blue 100, green 0'],
    ['Tag back', 'set the weights of rule 1 to blue 100, green 0 alone'],
  ] as const)('forwards to a version that a rollout for a %s brings by: %s', (cause, line) => {
    const [why, isBack] = cause.split(' ') as [RolloutCause, string | undefined]
    const step = after(
      (now) => ({ ...atRule(now), phase: 'Shifting' }),
      () => {},
      (seen, rollout) => ({
        observation: sticky(seen),
        rollout: {
          ...rollout,
          spec: { ...rollout.spec, why, ...(isBack === undefined ? {} : { goesBack: true }) },
          status: { ...rollout.status, phase: 'Shifting' },
        },
      }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe(line)
  })

  it('keeps the old side warm for at least as long as its clients may stay, unless it was let go of', () => {
    const warmMs = (change: (seen: ReleaseObservation) => ReleaseObservation): number => {
      const { controller, rollout } = ready()
      toBlue(controller.world)
      const { now } = controller.world
      const status: RolloutStatus = {
        ...rollout.status,
        phase: 'Baking',
        phaseStartedAt: timestamp(now - 60_000),
      }
      const step = stepOf(status, {
        observation: change(pointed(controller.world.look(blank, all))),
        rollout: { ...ungated(rollout), status },
      })
      const { keepPreviousUntil = '', finishedAt = '' } = step.status
      return Date.parse(keepPreviousUntil) - Date.parse(finishedAt)
    }
    expect(warmMs((seen) => seen)).toBe(60_000)
    expect(warmMs(sticky)).toBe(3_600_000)
    expect(warmMs((seen) => naming(groupArn('blue'), sticky(seen)))).toBe(60_000)
  })

  it('has the test rule keep the group that it let go of for a way back', () => {
    const step = after(
      (now) => ({ ...atRule(now), phase: 'Baking', shiftedAt: timestamp(now) }),
      (world) => world.setWeights('arn:rule/1', { blue: 100, green: 0 }),
      (seen) => ({ observation: naming(groupArn('blue'), sticky(seen)) }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe('point the test rule at the green side')
  })

  it('has the test rule keep the group of a refused version, since ECS changes no service whose group belongs to no load balancer', () => {
    const step = after(
      (now) => ({ ...atRule(now), phase: 'RollingBack', outcome: 'RolledBack', shiftedAt: timestamp(now) }),
      () => {},
      (seen) => ({ observation: pointed(naming(groupArn('green'), sticky(seen))) }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe('point the test rule at the blue side')
  })

  it('names the new side no more before its tasks are stopped', () => {
    const step = after(
      (now) => ({ ...atRule(now), phase: 'RollingBack', outcome: 'Aborted' }),
      () => {},
      (seen) => ({ observation: sticky(seen) }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe(
      'set the weights of rule 1 to blue 0, green 100 alone',
    )
  })

  it('names the idle side no more before that gets another version', () => {
    const step = after(
      (now) => ({ ...atRule(now), phase: 'Provisioning' }),
      (world) => world.setService('blue', { taskDefinition: taskDefinitionArn('5') }),
      (seen) => ({ observation: sticky(seen) }),
    )
    expect(step.kind === 'Act' ? told(step.action) : step.kind).toBe(
      'set the weights of rule 1 to blue 0, green 100 alone',
    )
  })

  it('names the old side no more before that gets cold', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    controller.world.pass(61_000)
    const observation = sticky(controller.world.look(blank, all))
    const decision = planRelease(inputOf(controller, { observation, nextNumber: 3 }))
    expect(decision.kind === 'Act' ? [told(decision.action), decision.drift] : decision).toEqual([
      'set the weights of rule 1 to blue 100, green 0 alone',
      false,
    ])
  })

  it('is written with that one group', () => {
    const seen = served().world.look(blank, all)
    const weights = { blue: 0, green: 100 }
    expect(forwardedTo(seen, { weights, alone: true })).toEqual([
      { targetGroupArn: groupArn('green'), weight: 100 },
    ])
    expect(forwardedTo(seen, { weights })).toHaveLength(2)
  })
})
