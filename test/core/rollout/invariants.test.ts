import { describe, expect, it } from 'vitest'

import type { Action } from '../../../controller/core/action.ts'
import type { Part } from '../../../controller/core/observation.ts'
import { assertSafe, assertTransition, expectedSides } from '../../../controller/core/rollout/invariants.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import type { RolloutPhase } from '../../../controller/resources/types.ts'
import { blank, ReleaseController, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { groupArn, ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'

const rule = 'arn:rule/1'

type Facts = Parameters<typeof assertSafe>[1]
const look = (controller: ReleaseController): Facts['observation'] =>
  controller.world.look(blank, ['services', 'rules', 'blue', 'green'])

const rolloutOf = (controller: ReleaseController): RolloutState => {
  const rollout = controller.last
  if (rollout === undefined) throw new Error('no rollout')
  return rollout
}

describe('the last look before a write', () => {
  const refused: readonly (readonly [invariant: string, action: Action])[] = [
    [
      'I2: would set the weights of rule 1 to blue 0, green 0, but the weights sum to zero',
      { kind: 'SetWeights', rule, weights: { blue: 0, green: 0 } },
    ],
    [
      'I2: would set the weights of rule 2 to blue 0, green 100, but the rule is not one of the release',
      { kind: 'SetWeights', rule: 'arn:rule/2', weights: { blue: 0, green: 100 } },
    ],
    [
      'I1: would set the weights of rule 1 to blue 100, green 0, but the blue side has no healthy target of the wanted revision',
      { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } },
    ],
    [
      'I3: would scale the green side to 1 task, but the green side takes production traffic and is wanted at 2',
      { kind: 'ScaleService', side: 'green', desiredCount: 1 },
    ],
    [
      'I3: would give the green side 2 tasks of x, but the side takes production traffic',
      { kind: 'UpdateService', side: 'green', taskDefinition: 'x', desiredCount: 2 },
    ],
    [
      'I3: would create the green service with 2 tasks of x, but the side takes production traffic',
      { kind: 'CreateService', side: 'green', taskDefinition: 'x', desiredCount: 2 },
    ],
  ]

  it.each(refused)('refuses what would break %s', (message, action) => {
    const observation = look(served())
    expect(() => assertSafe(action, { observation, expected: {} })).toThrow(message)
  })

  const allowed: readonly Action[] = [
    { kind: 'SetWeights', rule, weights: { blue: 0, green: 100 } },
    { kind: 'ScaleService', side: 'blue', desiredCount: 0 },
    { kind: 'ScaleService', side: 'green', desiredCount: 2 },
    { kind: 'CreateService', side: 'blue', taskDefinition: 'x', desiredCount: 2 },
    { kind: 'RegisterTaskDefinition', family: 'prod-web', digest: 'd' },
    { kind: 'ApplySettings', side: 'green', settings: { healthCheckGracePeriodSeconds: 3 } },
    { kind: 'TagService', side: 'green', tags: { team: 'shop' } },
    { kind: 'UntagService', side: 'green', keys: ['team'] },
    { kind: 'PointTest', side: 'green' },
    { kind: 'ProbeGate', gate: 'smoke', side: 'blue' },
  ]

  it.each(allowed)('allows $kind where nothing that serves is touched', (action) => {
    const observation = look(served())
    expect(() => assertSafe(action, { observation, expected: {} })).not.toThrow()
  })

  it('refuses weight for a side that nobody looked at', () => {
    const { world } = served()
    const observation = world.look(blank, ['services', 'rules'])
    const action = { kind: 'SetWeights', rule, weights: { blue: 0, green: 100 } } as const
    expect(() => assertSafe(action, { observation, expected: {} })).toThrow(
      'I1: would set the weights of rule 1 to blue 0, green 100, but the green side was not looked at',
    )
  })

  describe('of a service for a side that takes traffic', () => {
    const version = taskDefinitionArn('1')
    const action = { kind: 'CreateService', side: 'green', taskDefinition: version, desiredCount: 2 } as const
    const expected = { green: { taskDefinition: version, count: 1, hasServed: true } } as const
    /** The service of the side that takes the traffic was deleted. */
    const deleted = (): Facts => {
      const controller = served()
      controller.world.removeService('green')
      return { observation: look(controller), expected }
    }

    const unseen = (part: Part): Facts => {
      const { observation } = deleted()
      const seen = observation.seen.filter((other) => other !== part)
      return { observation: { ...observation, seen }, expected }
    }

    it('allows what served there before, where nothing is left', () => {
      expect(() => assertSafe(action, deleted())).not.toThrow()
    })

    it.each<readonly [title: string, facts: () => Facts]>([
      ['the service is there', () => ({ observation: look(served()), expected })],
      [
        'a target still answers',
        () => {
          const observation = look(served())
          const { green, blue } = observation.sides
          return {
            observation: { ...observation, sides: { blue, green: { ...green, service: null } } },
            expected,
          }
        },
      ],
      [
        'it served another version',
        () => ({
          ...deleted(),
          expected: { green: { ...expected.green, taskDefinition: taskDefinitionArn('2') } },
        }),
      ],
      [
        'no rollout says that it served',
        () => ({ ...deleted(), expected: { green: { taskDefinition: version, count: 1 } } }),
      ],
      ['nothing is known of the side', () => ({ ...deleted(), expected: {} })],
      ['nobody looked at the services', () => unseen('services')],
      ['nobody looked at the targets', () => unseen('green')],
    ])('refuses it where %s', (_title, facts) => {
      expect(() => assertSafe(action, facts())).toThrow('I3: would create the green service')
    })
  })

  it('scales no side to zero that takes traffic, even where its service is not seen', () => {
    const { world } = served()
    const observation = { ...world.look(blank, ['rules']), seen: ['rules'] as const }
    const scale = (desiredCount: number) => () =>
      assertSafe({ kind: 'ScaleService', side: 'green', desiredCount }, { observation, expected: {} })
    expect(scale(0)).toThrow('I3')
    expect(scale(1)).not.toThrow()
  })

  it('refuses weight for a side with targets of another revision', () => {
    const controller = served()
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('2') })
    const expected = { green: { taskDefinition: taskDefinitionArn('1'), count: 2 } }
    const action = { kind: 'SetWeights', rule, weights: { blue: 0, green: 100 } } as const
    expect(() => assertSafe(action, { observation: look(controller), expected })).toThrow(
      'I11: would set the weights of rule 1 to blue 0, green 100, but the green side has targets of another revision',
    )
  })

  it('refuses weight for a side whose healthy targets are not of the wanted revision, while the other has some', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.runInto('Provisioning')
    controller.world.pass(3_000)
    const weigh = (version: string) => () =>
      assertSafe(
        { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } },
        {
          observation: look(controller),
          expected: { blue: { taskDefinition: taskDefinitionArn(version), count: 2 } },
        },
      )
    expect(weigh('2')).not.toThrow()
    expect(weigh('9')).toThrow('I1: ')
  })

  it('finds the rule beside one that does not exist', () => {
    const observation = look(served())
    const rules = { ...observation, production: [null, ...observation.production] }
    const action = { kind: 'SetWeights', rule, weights: { blue: 0, green: 100 } } as const
    expect(() => assertSafe(action, { observation: rules, expected: {} })).not.toThrow()
  })

  it('allows weight for a side without healthy targets only where the other has none either', () => {
    const action = { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } } as const
    const { world } = new ReleaseController(new ReleaseWorld(), desiredRelease())
    const observation = world.look(blank, ['services', 'rules', 'blue', 'green'])
    expect(() => assertSafe(action, { observation, expected: {} })).not.toThrow()
  })
})

describe('what the sides are supposed to run', () => {
  it('is what the rollout says while one runs', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.runInto('Provisioning')
    expect(
      expectedSides({ rollout: controller.active, observation: blank, live: undefined, desiredCount: 7 }),
    ).toEqual({
      blue: { taskDefinition: taskDefinitionArn('2'), count: 2 },
      green: { taskDefinition: taskDefinitionArn('1'), count: 1, hasServed: true },
    })
  })

  it('is the live side as it is at the wanted count, so that a raised count may be brought down', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const observation = look(controller)
    const facts = { rollout: undefined, observation, live: 'green', desiredCount: 2 } as const
    const expected = expectedSides(facts)
    expect(expected).toEqual({ green: { taskDefinition: taskDefinitionArn('1'), count: 2 } })
    const action = { kind: 'ScaleService', side: 'green', desiredCount: 2 } as const
    expect(() => assertSafe(action, { observation, expected })).not.toThrow()
    expect(expectedSides({ ...facts, desiredCount: undefined }).green?.count).toBe(5)
  })

  it('is not known where there is no service', () => {
    expect(expectedSides({ rollout: undefined, observation: blank, live: 'blue', desiredCount: 2 })).toEqual(
      {},
    )
    expect(
      expectedSides({ rollout: undefined, observation: blank, live: undefined, desiredCount: 2 }),
    ).toEqual({})
  })
})

describe('a change of a rollout', () => {
  const at = (rollout: RolloutState, phase: RolloutPhase): RolloutState => ({ ...rollout, status: { phase } })

  it('may not change what the rollout is about', () => {
    const rollout = rolloutOf(served())
    expect(() => assertTransition(rollout, { ...rollout, spec: { ...rollout.spec } })).toThrow(
      expect.objectContaining({
        name: 'InvariantViolation',
        invariant: 'I4',
        message: 'I4: the spec of rollout prod-web-1 changed',
      }),
    )
  })

  it.each<[RolloutPhase, RolloutPhase]>([
    ['Provisioning', 'Shifting'],
    ['RollingBack', 'Succeeded'],
    ['Succeeded', 'RollingBack'],
    ['Baking', 'Verifying'],
  ])('may not go from %s to %s', (from, to) => {
    const rollout = rolloutOf(served())
    expect(() => assertTransition(at(rollout, from), at(rollout, to))).toThrow(
      `I5: rollout prod-web-1 can't go from ${from} to ${to}`,
    )
  })

  it('may not change the outcome after the end', () => {
    const rollout = rolloutOf(served())
    const changed = { ...rollout, status: { ...rollout.status, outcome: 'Aborted' as const } }
    expect(() => assertTransition(rollout, changed)).toThrow(
      'I5: the outcome of rollout prod-web-1 changed after its end',
    )
  })

  it('takes a rollout without a phase as one that has just begun', () => {
    const rollout = { ...rolloutOf(served()), status: {} }
    expect(() => assertTransition(rollout, at(rollout, 'Provisioning'))).not.toThrow()
    expect(() => assertTransition(rollout, rollout)).not.toThrow()
  })
})

describe('the small world', () => {
  it('refuses a service for a target group without a load balancer, as ECS does', () => {
    const world = new ReleaseWorld({ test: false })
    world.setGroups(rule, { [groupArn('blue')]: 100 })
    const action = { kind: 'CreateService', side: 'green', taskDefinition: 'x', desiredCount: 1 } as const
    expect(() => world.execute(action)).toThrow('TargetGroupNotAssociated')
  })
})
