import { describe, expect, it } from 'vitest'

import type { Action } from '../../../controller/core/action.ts'
import { assertSafe, assertTransition, expectedSides } from '../../../controller/core/rollout/invariants.ts'
import type { SideExpectation } from '../../../controller/core/rollout/invariants.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import { blank, served } from '../../support/release-controller.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { NEW, OLD, rolloutIn, seen, service, spec, tasks } from './only.ts'

const { desiredCount: _count, ...uncounted } = spec()
const observation = seen(service(), tasks(OLD, 2))

describe('what one service is supposed to run', () => {
  const cases: readonly (readonly [title: string, rollout: RolloutState, expected: SideExpectation])[] = [
    [
      'is the new version at the wanted count, or the one that it goes back to',
      rolloutIn('Shifting', { originCount: 5 }),
      { taskDefinition: NEW, origin: OLD, count: 2 },
    ],
    [
      'is wanted at the count from before on the way back',
      rolloutIn('RollingBack', { originCount: 5 }),
      { taskDefinition: NEW, origin: OLD, count: 5 },
    ],
    [
      'is wanted at one task at least where its count is not Steersman’s',
      rolloutIn('Shifting', { originCount: 5 }, uncounted),
      { taskDefinition: NEW, origin: OLD, count: 1 },
    ],
    [
      'is wanted at one task at least on such a way back, too',
      rolloutIn('RollingBack', { originCount: 5 }, uncounted),
      { taskDefinition: NEW, origin: OLD, count: 1 },
    ],
    [
      'is the new version alone where there was none before',
      rolloutIn('Shifting', {}, spec({ from: {} })),
      { taskDefinition: NEW, count: 2 },
    ],
  ]
  it.each(cases)('%s', (_title, rollout, expected) => {
    expect(expectedSides({ rollout, observation, live: 'only', desiredCount: 9 })).toEqual({ only: expected })
  })

  it('is what it runs at the wanted count while no rollout runs', () => {
    expect(expectedSides({ rollout: undefined, observation, live: 'only', desiredCount: 3 })).toEqual({
      only: { taskDefinition: OLD, count: 3 },
    })
  })
})

describe('what a pair is supposed to run', () => {
  const pair = (change: Parameters<typeof spec>[0]): RolloutState =>
    rolloutIn('Shifting', {}, spec({ to: { side: 'blue' }, ...change }))
  const there = served().world.look(blank, ['services', 'rules', 'blue', 'green'])

  it('is the new side alone where nothing served before', () => {
    const rollout = pair({ from: {} })
    expect(expectedSides({ rollout, observation: there, live: undefined, desiredCount: 2 })).toEqual({
      blue: { taskDefinition: NEW, count: 2 },
    })
  })

  it('is as many tasks as autoscaling gave the sides by now', () => {
    const rollout = pair({ autoscaled: true, desiredCount: 1 })
    const { green } = there.sides
    const scaled = green.service === null ? null : { ...green.service, desiredCount: 6 }
    const now = { ...there, sides: { ...there.sides, green: { ...green, service: scaled } } }
    expect(expectedSides({ rollout, observation: now, live: 'green', desiredCount: 2 })).toEqual({
      blue: { taskDefinition: NEW, count: 1 },
      green: { taskDefinition: OLD, count: 6, hasServed: true },
    })
    expect(
      expectedSides({ rollout, observation: blankObservation, live: 'green', desiredCount: 2 }).green?.count,
    ).toBe(1)
  })
})

describe('the last look before a write to one service', () => {
  const only = { taskDefinition: NEW, origin: OLD, count: 2 }
  const update = { kind: 'UpdateService', side: 'only', taskDefinition: NEW } as const
  const scale = (desiredCount: number): Action => ({ kind: 'ScaleService', side: 'only', desiredCount })
  const unknown = 'no rollout brings that revision, or goes back to it'

  it.each<readonly [title: string, action: Action, expected: SideExpectation | undefined, message: string]>([
    ['a revision that nobody brings', { ...update, taskDefinition: `${NEW}9` }, only, unknown],
    ['any revision while no rollout runs', update, undefined, unknown],
    ['fewer tasks than are wanted', { ...update, desiredCount: 1 }, only, 'the service is wanted at 2'],
    ['to take tasks away', scale(1), only, 'the service is wanted at 2'],
  ])('refuses %s', (_title, action, expected, message) => {
    const facts = { observation, expected: expected === undefined ? {} : { only: expected } }
    expect(() => assertSafe(action, facts)).toThrow(`, but ${message}`)
    expect(() => assertSafe(action, facts)).toThrow('I3: would ')
  })

  it.each<readonly [title: string, action: Action, expected: SideExpectation | undefined]>([
    ['the new version', update, only],
    ['the new version with the wanted count', { ...update, desiredCount: 2 }, only],
    ['the way back with more tasks', { ...update, taskDefinition: OLD, desiredCount: 3 }, only],
    [
      'a missing service',
      { kind: 'CreateService', side: 'only', taskDefinition: NEW, desiredCount: 1 },
      only,
    ],
    ['more tasks', scale(3), only],
    ['to empty what is removed, of which nothing is expected', scale(0), undefined],
    [
      'the task of a gate',
      { kind: 'RunTask', gate: 'migrate', rollout: 'prod-mailer-2', taskDefinition: NEW },
      only,
    ],
    ['the end of such a task', { kind: 'StopTask', gate: 'migrate', task: 'arn:task/1' }, only],
  ])('allows %s', (_title, action, expected) => {
    const facts = { observation, expected: expected === undefined ? {} : { only: expected } }
    expect(() => assertSafe(action, facts)).not.toThrow()
  })

  it('lets a rollout of one service pass over the phases that try a version aside', () => {
    const from = { ...rolloutIn('Provisioning'), status: { phase: 'Provisioning' as const } }
    expect(() => assertTransition(from, { ...from, status: { phase: 'Shifting' } })).not.toThrow()
  })

  it('takes a rollout that loses its phase for one that begins anew, which none may', () => {
    const from = rolloutIn('Shifting')
    expect(() => assertTransition(from, { ...from, status: {} })).toThrow("can't go from Shifting to Pending")
  })
})

describe('the last look before a write to a pair', () => {
  const rule = 'arn:rule/1'
  const there = served().world.look(blank, ['services', 'rules', 'blue', 'green'])
  const bounds = (side: 'blue' | 'green', maximum: number): Action => ({
    kind: 'SetScaling',
    side,
    minimum: 1,
    maximum,
    suspended: 'None',
  })

  it('refuses bounds below the count of a side that takes traffic, and no others', () => {
    const facts = { observation: there, expected: {} }
    expect(() => assertSafe(bounds('green', 1), facts)).toThrow(
      'the green side takes production traffic and has 2 tasks',
    )
    expect(() => assertSafe(bounds('green', 2), facts)).not.toThrow()
    expect(() => assertSafe(bounds('blue', 1), facts)).not.toThrow()
  })

  it('takes a side without a service for one with a task', () => {
    const sides = { ...there.sides, green: { ...there.sides.green, service: null } }
    const facts = { observation: { ...there, sides }, expected: {} }
    expect(() => assertSafe(bounds('green', 0), facts)).toThrow('has 1 task')
    expect(() => assertSafe(bounds('green', 1), facts)).not.toThrow()
  })

  it('scales a side that takes traffic to what is expected of it, and not below', () => {
    const expected = { green: { taskDefinition: taskDefinitionArn('1'), count: 4 } }
    const scale = (desiredCount: number) => () =>
      assertSafe({ kind: 'ScaleService', side: 'green', desiredCount }, { observation: there, expected })
    expect(scale(3)).toThrow('the green side takes production traffic and is wanted at 4')
    expect(scale(4)).not.toThrow()
  })

  it('refuses weight for an unhealthy side while nobody knows of the other one', () => {
    const action = { kind: 'SetWeights', rule, weights: { blue: 100, green: 0 } } as const
    const unseen = { ...there.sides.green, members: undefined }
    const facts = { ...there, sides: { ...there.sides, green: unseen } }
    const look = (parts: typeof there.seen) => () =>
      assertSafe(action, { observation: { ...facts, seen: parts }, expected: {} })
    expect(look(['services', 'rules', 'blue'])).toThrow('the blue side has no healthy target')
    expect(look(['services', 'rules', 'blue', 'green'])).not.toThrow()
  })
})
