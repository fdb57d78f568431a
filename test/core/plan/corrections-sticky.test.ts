import { describe, expect, it } from 'vitest'

import type { Place, ReleaseObservation } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { corrections, isLeftByWayBack, warmCount } from '../../../controller/core/plan/corrections.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { NEW, OLD, rolloutIn, seen as seenOnly, service, spec, tasks } from '../rollout/only.ts'
import { all, inputOf, line } from './planning.ts'

/** Version 2 serves from blue, the time of version 1 on green is over, and the rule still keeps green's clients. */
function sticky(
  parts: Parameters<ReturnType<typeof served>['world']['look']>[1] = all,
  test = true,
): PlanInput {
  const controller = served({ test })
  controller.desired = desiredRelease({ version: '2', test })
  controller.run()
  controller.world.pass(61_000)
  const observation = controller.world.look(blank, parts)
  const production = observation.production.map(
    (rule) => rule && { ...rule, stickiness: { enabled: true, durationSeconds: 60 } },
  )
  return inputOf(controller, { observation: { ...observation, production } })
}

const withBlue = (input: PlanInput, change: Partial<ReleaseObservation['sides']['blue']>): PlanInput => ({
  ...input,
  observation: {
    ...input.observation,
    sides: { ...input.observation.sides, blue: { ...input.observation.sides.blue, ...change } },
  },
})

/** What is put right, as a line. */
function corrected(input: PlanInput, live: Place): string {
  const decision = corrections(input, live)
  return decision === undefined ? 'nothing' : line(decision)
}

describe('sticky clients of a side that gets cold', () => {
  it('are looked after first: whether the live side can take them', () => {
    expect(line(planRelease(sticky(['services', 'rules'])))).toBe('look at blue')
  })

  it('go to the live side alone', () => {
    const decision = planRelease(sticky())
    expect(decision).toMatchObject({
      kind: 'Act',
      action: { kind: 'SetWeights', rule: 'arn:rule/1', weights: { blue: 100, green: 0 }, alone: true },
      drift: false,
    })
  })

  it('are not moved where the live side has no healthy task, and the old side gets cold as promised', () => {
    const input = sticky()
    const none = withBlue(input, { members: { tasks: [], targets: [] } })
    expect(line(planRelease(none))).toBe('do: scale the green side to 0 tasks')
  })

  it('are not moved to a side without a service', () => {
    const gone = withBlue(sticky(), { service: null, members: { tasks: [], targets: [] } })
    expect(corrected(gone, 'blue')).toBe('do: scale the green side to 0 tasks')
  })

  it('are not moved where no test rule could reach the old side afterwards', () => {
    expect(line(planRelease(sticky(all, false)))).toBe('do: scale the green side to 0 tasks')
  })
})

describe('weights that somebody changed', () => {
  const changed = (parts: readonly (typeof all)[number][] = all): PlanInput => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    return inputOf(controller, { observation: controller.world.look(blank, parts) })
  }

  it('are put back once it is seen that the live side can take the traffic', () => {
    expect(line(planRelease(changed(['services', 'rules'])))).toMatch(/^look at (green, blue|blue, green)$/)
    expect(corrected(changed(), 'green')).toBe('mend: set the weights of rule 1 to blue 0, green 100')
  })

  it('stay while the live side has no service to take it', () => {
    const input = changed()
    const { sides } = input.observation
    const green = { ...sides.green, service: null, members: { tasks: [], targets: [] } }
    const observation = { ...input.observation, sides: { ...sides, green } }
    const unknown = { ...input, observation, last: undefined }
    expect(corrections(unknown, 'green')).toMatchObject({ kind: 'Wait', reason: 'LiveNotReady' })
  })
})

describe('the count of a warm side', () => {
  const counts = (blue: number | undefined, green: number | undefined): ReleaseObservation => {
    const { sides, ...rest } = sticky().observation
    const at = (side: 'blue' | 'green', desiredCount: number | undefined) => {
      const { service: found } = sides[side]
      return {
        ...sides[side],
        service: found && desiredCount !== undefined ? { ...found, desiredCount } : null,
      }
    }
    return { ...rest, sides: { blue: at('blue', blue), green: at('green', green) } }
  }

  it.each([
    ['the live side’s', 3, 1, 3],
    ['its own where the live side was emptied', 0, 2, 2],
    ['its own where the live side’s service is gone', undefined, 2, 2],
    ['none where neither side has a service', undefined, undefined, 0],
  ])('is %s', (_what, blue, green, expected) => {
    expect(warmCount(counts(blue, green), 'green')).toBe(expected)
  })
})

describe('a count that one service got back with its version', () => {
  const back = rolloutIn('RolledBack', { outcome: 'RolledBack', originCount: 5 })

  it.each([
    ['the one that it had before', back, 5, true],
    ['another one', back, 4, false],
    [
      'one of a version that succeeded',
      rolloutIn('Succeeded', { outcome: 'Succeeded', originCount: 5 }),
      5,
      false,
    ],
    [
      'one of a rollout that never touched it',
      { ...back, status: { ...back.status, shiftedAt: undefined } },
      5,
      false,
    ],
    ['one of a pair', { ...back, spec: spec({ to: { side: 'blue' } }) }, 5, false],
    ['one of no rollout', undefined, 5, false],
  ])('is %s', (_what, last, count, expected) => {
    expect(isLeftByWayBack({ last } as Parameters<typeof isLeftByWayBack>[0], count)).toBe(expected)
  })

  it('is changed for the commit, and not as somebody’s drift', () => {
    const good = rolloutIn('Succeeded', { outcome: 'Succeeded' }, spec({ taskDefinition: OLD, number: 1 }))
    const { traffic: _none, ...pair } = desiredRelease().spec
    const single = { ...pair, strategy: { ...pair.strategy, type: 'Rolling' as const } }
    const desired = { ...desiredRelease(), name: 'mailer', spec: single }
    const input = inputOf(served(), {
      desired: { ...desired, version: { taskDefinition: NEW, document: undefined } },
      status: { verified: { commit: desired.commit, digest: 'd1', at: '2026-01-01T00:00:00Z' } },
      last: back,
      lastSucceeded: good,
      observation: seenOnly(service({ desiredCount: 5 }), tasks(OLD, 5)),
    })
    expect(corrected(input, 'only')).toBe('do: scale the service to 2 tasks')
  })
})
