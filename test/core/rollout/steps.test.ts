import { describe, expect, it } from 'vitest'

import { fromTimestamp } from '../../../controller/core/time.ts'
import type { DefaultedStrategy } from '../../../controller/resources/types.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { Promises } from '../../support/release-promises.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'

const canary: Partial<DefaultedStrategy> = {
  type: 'Canary',
  steps: [
    { weight: 10, for: '20s' },
    { weight: 50, for: '30s' },
  ],
}
const linear: Partial<DefaultedStrategy> = { type: 'Linear', by: 40, every: '15s' }

/** Version 1 serves from green, and version 2 is wanted by a strategy; each write of weights is kept with its second. */
function begun(strategy: Partial<DefaultedStrategy>, more: Parameters<typeof desiredRelease>[0] = {}) {
  const controller = served(more)
  new Promises(controller).excuse(0)
  controller.desired = desiredRelease({ ...more, strategy, version: '2' })
  const moves: { readonly second: number; readonly percent: number }[] = []
  const { onWrite } = controller
  controller.onWrite = (action, rollout) => {
    onWrite(action, rollout)
    if (action.kind === 'SetWeights')
      moves.push({ second: controller.world.now / 1_000, percent: action.weights.blue })
  }
  return { controller, moves }
}

/** Turns until the rollout holds a step. */
function runIntoStep(controller: ReleaseController, number: number): void {
  for (let turns = 0; turns < 200; turns += 1) {
    controller.turn()
    const { step, stepStartedAt } = controller.active?.status ?? {}
    if (step === number && stepStartedAt !== undefined) return
    controller.world.pass(1_000)
  }
  throw new Error(`never held step ${number}`)
}

const percents = (moves: readonly { readonly percent: number }[]): string =>
  moves.map(({ percent }) => percent).join(' ')
const outcome = ({ last }: ReleaseController): string =>
  `${last?.status.outcome ?? ''}: ${last?.status.reason ?? ''}`

describe('a shift in steps', () => {
  it.each([
    ['BlueGreen', { type: 'BlueGreen' } as const, '100', []],
    ['a canary of two steps', canary, '10 50 100', [20, 30]],
    ['a linear shift that does not come out even', linear, '40 80 100', [15, 15]],
    ['a linear shift of one step', { type: 'Linear', by: 100, every: '1m' } as const, '100', []],
  ])('%s', (_, strategy, expected, holds) => {
    const { controller, moves } = begun(strategy)
    expect(controller.run().kind).toBe('Converged')
    expect(percents(moves)).toBe(expected)
    const waits = moves.slice(1).map(({ second }, index) => second - (moves[index]?.second ?? 0))
    expect(waits.map((wait, index) => wait >= (holds[index] ?? 0))).toEqual(holds.map(() => true))
    expect(outcome(controller)).toBe('Succeeded: Succeeded')
    expect(controller.last?.status).toMatchObject({ step: moves.length, steps: moves.length })
  })

  it('makes one write per rule and step, and touches nothing else', () => {
    const rules = ['arn:rule/1', 'arn:rule/2']
    const { controller } = begun(canary, { rules })
    controller.run()
    expect(controller.log).toEqual([
      'start rollout 2 to the blue side because of Commit',
      'Provisioning: create the blue service with 2 tasks of prod-web:2',
      'Shifting: set the weights of rule 1 to blue 10, green 90',
      'Shifting: set the weights of rule 2 to blue 10, green 90',
      'Shifting: set the weights of rule 1 to blue 50, green 50',
      'Shifting: set the weights of rule 2 to blue 50, green 50',
      'Shifting: set the weights of rule 1 to blue 100, green 0',
      'Shifting: set the weights of rule 2 to blue 100, green 0',
      'Baking: point the test rule at the green side',
      'rollout 2 ended as Succeeded: Succeeded',
    ])
  })

  it('says which step it holds, what it gives and for how long', () => {
    const { controller } = begun(canary)
    runIntoStep(controller, 2)
    controller.world.pass(12_000)
    const { reason, message } = controller.turn()
    expect(`${reason}: ${message}`).toBe('Holding: step 2 of 3: 50 % for 20s more')
    expect(controller.active?.status).toMatchObject({
      phase: 'Shifting',
      step: 2,
      steps: 3,
      weights: { blue: 50, green: 50 },
    })
  })

  it('counts the time of a step from the look that first showed its weights, also after a crash', () => {
    const { controller, moves } = begun(canary)
    runIntoStep(controller, 1)
    const startedAt = fromTimestamp(controller.active?.status.stepStartedAt ?? '')
    controller.world.pass(15_000)
    controller.turn()
    expect(fromTimestamp(controller.active?.status.stepStartedAt ?? '')).toBe(startedAt)
    controller.world.pass(4_000)
    controller.turn()
    expect(percents(moves)).toBe('10')
    controller.world.pass(1_000)
    controller.turn()
    expect(percents(moves)).toBe('10 50')
  })

  it.each(['before the write', 'after the write'] as const)(
    'takes each step once where the controller ends %s',
    (point) => {
      const { controller, moves } = begun(canary)
      runIntoStep(controller, 1)
      for (let turns = 0; turns < 40 && percents(moves) === '10'; turns += 1) {
        controller.crashAt = point
        controller.turn()
        controller.world.pass(1_000)
      }
      controller.crashAt = undefined
      expect(controller.run().kind).toBe('Converged')
      expect(percents(moves)).toBe(point === 'before the write' ? '10 50 50 100' : '10 50 100')
    },
  )

  it('puts the weights of the step back that somebody changed, and holds it anew', () => {
    const { controller, moves } = begun(canary)
    runIntoStep(controller, 1)
    controller.world.pass(15_000)
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    runIntoStep(controller, 1)
    const startedAt = controller.world.now
    runIntoStep(controller, 2)
    expect(percents(moves)).toBe('10 10 50')
    expect(controller.world.now - startedAt).toBeGreaterThanOrEqual(20_000)
  })

  it('asks the gates of the shift all the time, and anew at each step', () => {
    const gates = [{ ...smokeGate, name: 'errors', when: 'Shift' as const }]
    const { controller } = begun(canary, { gates })
    controller.run()
    const shifting = controller.log.filter((line) => line.startsWith('Shifting'))
    const asked = shifting.filter((line) => line.includes('ask gate'))
    expect(asked.length).toBeGreaterThan(20)
    expect(shifting.filter((line, index) => line !== shifting[index - 1])).toEqual([
      'Shifting: set the weights of rule 1 to blue 10, green 90',
      'Shifting: ask gate errors about the blue side',
      'Shifting: set the weights of rule 1 to blue 50, green 50',
      'Shifting: ask gate errors about the blue side',
      'Shifting: set the weights of rule 1 to blue 100, green 0',
    ])
  })
})

describe('the way back from a step', () => {
  it.each([1, 2])('an abort in step %i is one write, first of all', (number) => {
    const { controller } = begun(canary)
    runIntoStep(controller, number)
    controller.log.length = 0
    controller.abort()
    expect(controller.run().kind).toBe('Failed')
    expect(controller.log).toEqual([
      'RollingBack: set the weights of rule 1 to blue 0, green 100',
      'RollingBack: scale the blue side to 0 tasks',
      'rollout 2 ended as Aborted: Aborted',
    ])
  })

  it.each([
    ['Always', '10 0 100', 'Superseded: NewerVersion'],
    ['BeforeShift', '10 50 100 0', 'Succeeded: Succeeded'],
  ] as const)('a newer version with supersede %s', (supersede, expected, end) => {
    const { controller, moves } = begun({ ...canary, supersede })
    runIntoStep(controller, 1)
    controller.desired = desiredRelease({ version: '3', strategy: { supersede } })
    expect(controller.run().kind).toBe('Converged')
    expect(percents(moves)).toBe(expected)
    const status = controller.rollouts[1]?.status
    expect(`${status?.outcome ?? ''}: ${status?.reason ?? ''}`).toBe(end)
  })

  it.each([
    ['all its tasks die', 2, 'RolledBack: NoHealthyTargets'],
    ['one task dies', 1, 'RolledBack: Unready'],
  ])('the new version goes back where %s', (_, number, end) => {
    const { controller, moves } = begun(canary)
    runIntoStep(controller, 2)
    controller.world.kill('blue', number)
    controller.run()
    expect(outcome(controller)).toBe(end)
    expect(percents(moves)).toBe('10 50 0')
  })

  it.each(['blue', 'green'] as const)(
    'goes on where the %s side shows a target sooner than its task',
    (which) => {
      const { controller, moves } = begun({ ...canary, steps: [{ weight: 50, for: '2m' }] })
      runIntoStep(controller, 1)
      controller.world.pass(61_000)
      controller.world.unlisted.add(which)
      controller.turn()
      controller.world.unlisted.delete(which)
      controller.run()
      expect(outcome(controller)).toBe('Succeeded: Succeeded')
      expect(percents(moves)).toBe('50 100')
      expect((moves[1]?.second ?? 0) - (moves[0]?.second ?? 0)).toBeGreaterThanOrEqual(120)
    },
  )

  it('gives no rest to an old side that shows a target whose task is not known', () => {
    const { controller, moves } = begun(canary)
    runIntoStep(controller, 1)
    controller.world.pass(61_000)
    controller.world.unlisted.add('green')
    for (let turns = 0; turns < 5; turns += 1) controller.turn()
    expect(percents(moves)).toBe('10')
    expect(controller.active?.status.message).toBe(
      'no weight is moved: the old side: 2 of 2 tasks of prod-web:1 are healthy targets; 1 targets belong to something else',
    )
    controller.world.unlisted.delete('green')
    controller.run()
    expect(percents(moves)).toBe('10 50 100')
    expect(outcome(controller)).toBe('Succeeded: Succeeded')
  })

  it('goes back at the deadline, from whatever step it has come to', () => {
    const { controller, moves } = begun({ ...canary, deadline: '40s' })
    controller.run()
    expect(outcome(controller)).toBe('RolledBack: DeadlineExceeded')
    expect(percents(moves)).toBe('10 50 0')
  })

  it('leaves the old side its tasks all the while, and gives them back where somebody takes them', () => {
    const { controller } = begun(canary)
    runIntoStep(controller, 1)
    controller.world.setService('green', { desiredCount: 1 })
    controller.world.pass(1_000)
    controller.turn()
    expect(controller.log.at(-1)).toBe('Shifting: scale the green side to 2 tasks')
    expect(controller.run().kind).toBe('Converged')
  })

  it('moves all the traffic at once when the old side can carry nothing any more', () => {
    const { controller, moves } = begun(canary)
    controller.world.behaves('1', { becomesHealthy: false })
    runIntoStep(controller, 1)
    controller.world.pass(61_000)
    controller.world.kill('green')
    controller.run()
    expect(percents(moves)).toBe('10 100')
    expect(outcome(controller)).toBe('Succeeded: Succeeded')
  })

  it('brings the last good version back where both sides were spoilt by hand while a step was held', () => {
    const { controller } = begun(canary)
    runIntoStep(controller, 1)
    controller.world.setService('green', { taskDefinition: taskDefinitionArn('5') })
    controller.world.removeService('blue')
    controller.world.pass(61_000)
    controller.run()
    const { world } = controller
    const running = world.targets('blue').map(({ taskDefinition }) => taskDefinition)
    expect([world.weight('arn:rule/1', 'blue'), world.weight('arn:rule/1', 'green')]).toEqual([100, 0])
    expect(new Set(running)).toEqual(new Set([taskDefinitionArn('1')]))
  })

  it('makes the new side whole before the next step where somebody took tasks from it', () => {
    const { controller, moves } = begun(canary)
    runIntoStep(controller, 1)
    controller.world.setService('blue', { desiredCount: 1 })
    expect(controller.run().kind).toBe('Converged')
    expect(percents(moves)).toBe('10 50 100')
    expect(controller.log).toContain('Shifting: scale the blue side to 2 tasks')
  })
})
