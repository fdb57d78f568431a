import { describe, expect, it } from 'vitest'

import type { ReleaseObservation, Side } from '../../../controller/core/observation.ts'
import { nameTargetGroup, pointTest, restoreOrigin } from '../../../controller/core/rollout/phases/rules.ts'
import type { RolloutState, Step, StepInput } from '../../../controller/core/rollout/state.ts'
import { blank } from '../../support/release-controller.ts'
import { smokeGate } from '../../support/release-fixtures.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'
import { groupArn, taskDefinitionArn } from '../../support/release-world.ts'
import { all, line, ready, said, stepOf } from './ready.ts'

const withoutTest = ({ spec, ...rollout }: RolloutState): RolloutState => {
  if (spec.traffic === undefined) throw new Error('a pair has traffic')
  const { test: _test, ...traffic } = spec.traffic
  return { ...rollout, spec: { ...spec, traffic } }
}

const withSpec = ({ rollout, ...rest }: StepInput, change: Partial<RolloutState['spec']>): StepInput => ({
  ...rest,
  rollout: { ...rollout, spec: { ...rollout.spec, ...change } },
})

/** What a step has to go by: version 2 is ready on blue, and the rollout is in its first phase. */
function input(
  change: (world: ReleaseWorld) => void = () => {},
  see: (seen: ReleaseObservation) => ReleaseObservation = (seen) => seen,
): StepInput {
  const { controller, rollout } = ready()
  change(controller.world)
  return {
    rollout: { ...rollout, status: { phase: 'Provisioning' } },
    observation: see(controller.world.look(blank, all)),
    wantedDigest: rollout.spec.digest,
    writes: {},
    now: controller.world.now,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
  }
}

const without =
  (side: Side, change: Partial<ReleaseObservation['sides'][Side]>) =>
  (seen: ReleaseObservation): ReleaseObservation => ({
    ...seen,
    sides: { ...seen.sides, [side]: { ...seen.sides[side], ...change } },
  })
const toldOf = (step: Step | undefined): string => (step === undefined ? 'nothing' : said(step))

describe('the test rule', () => {
  it('is pointed at the side, from where it is', () => {
    const step = pointTest(
      input((world) => world.pointTest('green')),
      'blue',
    )
    expect(step).toMatchObject({
      kind: 'Act',
      action: { kind: 'PointTest', side: 'blue' },
      before: 'blue 0, green 100',
    })
  })

  it('is waited for where it is missing', () => {
    const gone = input(undefined, (seen) => ({ ...seen, test: null }))
    expect(toldOf(pointTest(gone, 'blue'))).toBe('TestRuleMissing: the test listener or rule does not exist')
    expect(pointTest({ ...gone, rollout: withoutTest(gone.rollout) }, 'blue')).toBeUndefined()
  })
})

describe('traffic that somebody gave to a side which was not verified', () => {
  const taken = (world: ReleaseWorld): void => world.setWeights('arn:rule/1', { blue: 100, green: 0 })

  const divided = (world: ReleaseWorld): void => world.setWeights('arn:rule/1', { blue: 1, green: 50 })
  /** Somebody divides the traffic, and deletes what served. */
  const deleted = (world: ReleaseWorld): void => {
    divided(world)
    world.removeService('green')
  }

  it('goes back to the other side', () => {
    expect(restoreOrigin(input(taken), 'blue')).toMatchObject({
      kind: 'Act',
      action: { kind: 'SetWeights', weights: { blue: 0, green: 100 } },
    })
  })

  it('goes back also where neither side can take it', () => {
    const step = restoreOrigin(
      input((world) => {
        taken(world)
        for (const version of ['1', '2']) world.behaves(version, { becomesHealthy: false })
        world.kill('green')
        world.kill('blue')
      }),
      'blue',
    )
    expect(step).toMatchObject({ kind: 'Act', action: { kind: 'SetWeights' } })
  })

  it.each<readonly [title: string, change: (world: ReleaseWorld) => void]>([
    [
      'has no healthy target',
      (world) => {
        world.behaves('1', { becomesHealthy: false })
        world.kill('green')
      },
    ],
    [
      'also has targets of another revision, and takes traffic',
      (world) => {
        world.setWeights('arn:rule/1', { blue: 50, green: 50 })
        world.behaves('9', { becomesHealthy: false })
        world.setService('green', { taskDefinition: taskDefinitionArn('9') })
      },
    ],
    [
      'is being deleted',
      (world) => {
        divided(world)
        world.setService('green', { status: 'DRAINING', desiredCount: 0 })
      },
    ],
  ])('stays while the other side %s', (_title, change) => {
    const step = restoreOrigin(
      input((world) => {
        taken(world)
        change(world)
      }),
      'blue',
    )
    expect(toldOf(step)).toMatch(
      /^TrafficOnTarget: the traffic is to go to the green side alone, which can't take it: the blue side is not changed before it can/,
    )
  })

  it.each<readonly [title: string, change: (world: ReleaseWorld) => void, action: object, before: string]>([
    [
      'whose service was deleted gets it anew, with what it served',
      deleted,
      { kind: 'CreateService', side: 'green', taskDefinition: taskDefinitionArn('1'), desiredCount: 2 },
      'none',
    ],
    [
      'that was scaled to zero gets its tasks back',
      (world) => {
        divided(world)
        world.setService('green', { desiredCount: 0 })
      },
      { kind: 'ScaleService', side: 'green', desiredCount: 2 },
      '0',
    ],
    [
      'that was made another version becomes what it was, while it takes nothing',
      (world) => {
        taken(world)
        world.behaves('9', { becomesHealthy: false })
        world.setService('green', { taskDefinition: taskDefinitionArn('9') })
      },
      { kind: 'UpdateService', side: 'green', taskDefinition: taskDefinitionArn('1'), desiredCount: 2 },
      `${taskDefinitionArn('9')} x 2`,
    ],
  ])('stays while the other side, %s', (_title, change, action, before) => {
    expect(restoreOrigin(input(change), 'blue')).toEqual({
      kind: 'Act',
      status: { phase: 'Provisioning' },
      action,
      before,
    })
  })

  it.each<readonly [title: string, given: () => StepInput]>([
    [
      'somebody set it to another version before, which the rollout mends',
      () => withSpec(input(deleted), { why: 'Drift' }),
    ],
    [
      'something of another version still answers',
      () =>
        input(
          (world) => {
            divided(world)
            world.behaves('9', { becomesHealthy: true })
            world.setService('green', { taskDefinition: taskDefinitionArn('9') })
          },
          without('green', { service: null }),
        ),
    ],
  ])('gets no service for the other side where %s', (_title, given) => {
    expect(toldOf(restoreOrigin(given(), 'blue'))).toMatch(/^TrafficOnTarget/)
  })

  it('gets the service of the last good version also where a rollout against drift brings that version', () => {
    const { spec } = input().rollout
    const again = withSpec(input(deleted), {
      why: 'Drift',
      from: { side: 'green', taskDefinition: spec.taskDefinition },
    })
    expect(restoreOrigin(again, 'blue')).toMatchObject({
      action: { kind: 'CreateService', side: 'green', taskDefinition: spec.taskDefinition },
    })
  })

  it('is not judged before both sides were looked at', () => {
    const half = input(taken, (seen) => ({ ...seen, seen: ['services', 'rules', 'green'] }))
    expect(restoreOrigin(half, 'blue')).toMatchObject({ kind: 'Look', parts: ['blue'] })
  })

  it('waits where a production rule does not exist', () => {
    const half = input(taken, (seen) => ({ ...seen, production: [null] }))
    expect(toldOf(restoreOrigin(half, 'blue'))).toBe(
      'RuleMissing: a production rule of the release does not exist',
    )
  })
})

describe('the target group of a side without a service', () => {
  /** No test rule, no blue service, and a production rule that names green alone. */
  const bare = (
    change: (world: ReleaseWorld) => void = () => {},
    see: (seen: ReleaseObservation) => ReleaseObservation = (seen) => seen,
  ): StepInput => {
    const given = input(
      (world) => {
        world.setGroups('arn:rule/1', { [groupArn('green')]: 100 })
        change(world)
      },
      (seen) => see(without('blue', { service: null })(seen)),
    )
    return { ...given, rollout: withoutTest(given.rollout) }
  }

  it('is named by the production rule at weight 0, where no test rule names it', () => {
    expect(nameTargetGroup(bare(), 'blue')).toMatchObject({
      action: { kind: 'SetWeights', rule: 'arn:rule/1', weights: { blue: 0, green: 100 } },
      before: 'blue 0, green 100',
    })
  })

  it.each<readonly [title: string, given: () => StepInput]>([
    [
      'the service is there',
      () => ({
        ...input((world) => world.setGroups('arn:rule/1', { [groupArn('green')]: 1 })),
        rollout: bare().rollout,
      }),
    ],
    ['there is no target group', () => bare(undefined, without('blue', { targetGroup: null }))],
    ['a test rule names it', () => ({ ...bare(), rollout: input().rollout })],
    ['the rule names it', () => bare((world) => world.setWeights('arn:rule/1', { blue: 0, green: 100 }))],
    ['there is no rule', () => bare(undefined, (seen) => ({ ...seen, production: [] }))],
    ['the rule does not exist', () => bare(undefined, (seen) => ({ ...seen, production: [null] }))],
  ])('is let be where %s', (_title, given) => {
    expect(nameTargetGroup(given(), 'blue')).toBeUndefined()
  })

  it('is let be where any of the rules names it', () => {
    const rules = bare(undefined, (seen) => {
      const [rule] = seen.production
      const named =
        rule === undefined || rule === null
          ? null
          : { ...rule, weights: [{ targetGroupArn: groupArn('blue'), weight: 0 }] }
      return { ...seen, production: [...seen.production, named] }
    })
    expect(nameTargetGroup(rules, 'blue')).toBeUndefined()
  })

  it('is not named while the other side could not take all the traffic', () => {
    const step = nameTargetGroup(
      bare((world) => {
        world.behaves('1', { becomesHealthy: false })
        world.kill('green')
      }),
      'blue',
    )
    expect(toldOf(step)).toMatch(/^TrafficOnTarget/)
  })
})

describe('a gate', () => {
  const gates = [smokeGate]
  const asked = (status: object, change: (world: ReleaseWorld) => void = () => {}): Step => {
    const { controller, rollout } = ready()
    change(controller.world)
    const gate = { name: 'smoke', when: 'Verify' as const, ...status }
    return stepOf(
      {},
      {
        rollout: {
          ...rollout,
          spec: { ...rollout.spec, gates },
          status: { phase: 'Verifying', gates: [gate] },
        },
        observation: controller.world.look(blank, all),
      },
    )
  }
  const now = (): string => new Date(ready().controller.world.now).toISOString()

  it('says what it was answered last while it waits, if anything', () => {
    const waiting = { startedAt: now(), lastAttemptAt: now() }
    expect([said(asked(waiting)), said(asked({ ...waiting, message: 'status 503' }))]).toEqual([
      'Gate: gate smoke: no answer yet',
      'Gate: gate smoke: status 503',
    ])
    expect(asked(waiting)).toMatchObject({ lookAgainMs: 1_000 })
  })

  it('says how it ended, and what it was answered, if anything', () => {
    const failed = { startedAt: now(), result: 'Failed' }
    expect([asked(failed).status, asked({ ...failed, message: 'status 500' }).status]).toMatchObject([
      { reason: 'GateFailed', outcome: 'RolledBack', message: 'gate smoke ended as Failed: no message' },
      { reason: 'GateFailed', outcome: 'RolledBack', message: 'gate smoke ended as Failed: status 500' },
    ])
  })

  it.each<readonly [what: string, status: object]>([
    ['good', { startedAt: '2026-01-01T00:00:00.000Z', successes: 2 }],
    ['bad', { startedAt: '2026-01-01T00:00:00.000Z', failures: 1 }],
  ])('begins anew where the test rule points elsewhere before its %s answers count', (_what, status) => {
    const step = asked(status, (world) => world.pointTest('green'))
    expect(line(step)).toBe('Verifying Act PointTest')
    expect(step.status.gates).toEqual([])
  })

  it('is not asked while somebody gave its side traffic', () => {
    const { controller, rollout } = ready()
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    const observation = controller.world.look(blank, all)
    const verifying = {
      ...rollout,
      spec: { ...rollout.spec, gates },
      status: { phase: 'Verifying' as const },
    }
    expect(line(stepOf({}, { rollout: verifying, observation }))).toBe('Verifying Act SetWeights')
  })
})
