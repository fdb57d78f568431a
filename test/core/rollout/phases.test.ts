import { describe, expect, it } from 'vitest'

import { timestamp } from '../../../controller/core/time.ts'
import { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { Promises } from '../../support/release-promises.ts'
import { ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'

const rules = ['arn:rule/1', 'arn:rule/2']
const bakeGate = { ...smokeGate, name: 'watch', when: 'Bake' } as const
const gates = [smokeGate, bakeGate]

/** Version 1 serves from green, and a rollout of version 2 to blue has come to the given phase. */
function at(phase: string): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld({ rules }), desiredRelease({ rules, gates }))
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  new Promises(controller).excuse(0)
  controller.desired = desiredRelease({ rules, gates, version: '2' })
  controller.runInto(phase)
  controller.log.length = 0
  return controller
}

/** The rollout of version 2 with the first of two rules moved. */
const betweenRules = (): ReleaseController => halfMoved(at('Verifying'), 'blue')

/** Ends the controller right after the first rule was moved to the side. */
function halfMoved(controller: ReleaseController, side: 'blue' | 'green'): ReleaseController {
  const isMoved = (): boolean => controller.world.weight('arn:rule/1', side) > 0
  for (let turns = 0; turns < 20 && !isMoved(); turns += 1) {
    controller.crashAt = controller.active?.status.gates?.[0]?.successes === 1 ? 'after the write' : undefined
    controller.turn()
    controller.world.pass(1_000)
  }
  controller.log.length = 0
  return controller
}

const last = (controller: ReleaseController): string =>
  `${controller.last?.status.outcome ?? ''}: ${controller.last?.status.reason ?? ''}`
const phases = ['Provisioning', 'Verifying', 'Baking']

describe('in each phase', () => {
  it.each(phases)('a suspended rollout writes nothing and goes on afterwards: %s', (phase) => {
    const controller = at(phase)
    controller.mayWrite = false
    for (let turns = 0; turns < 20; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    expect(controller.log.filter((line) => !line.includes('ask gate'))).toEqual([])
    controller.mayWrite = true
    expect(controller.run().kind).toBe('Converged')
  })

  it.each(phases)('an abort gives the traffic back and remembers the content: %s', (phase) => {
    const controller = at(phase)
    controller.abort()
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'Aborted' })
    expect(controller.world.takesTraffic('blue')).toBe(false)
    expect(controller.world.healthy('green')).toBe(2)
  })

  it.each(['Provisioning', 'Verifying'])('a deadline that passes gives the traffic back: %s', (phase) => {
    const controller = at(phase)
    controller.world.pass(600_000)
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'DeadlineExceeded' })
    expect(controller.world.takesTraffic('blue')).toBe(false)
  })

  it.each([
    ['without gates', () => new ReleaseController(new ReleaseWorld(), desiredRelease())],
    ['with a gate that is answered well afterwards', () => at('Baking')],
  ])(
    'a bake time %s that is over has come through, also where the clock leapt over the deadline',
    (_title, begin) => {
      const controller = begin()
      if (controller.active?.status.phase !== 'Baking') controller.runInto('Baking')
      controller.world.pass(600_000)
      expect(controller.run()).toMatchObject({ kind: 'Converged' })
    },
  )

  it('an abort between two rules gives back the one that was moved', () => {
    const controller = betweenRules()
    expect(controller.world.weight('arn:rule/2', 'blue')).toBe(0)
    controller.abort()
    controller.run()
    expect(controller.log.slice(0, 2)).toEqual([
      'RollingBack: set the weights of rule 1 to blue 0, green 100',
      'RollingBack: scale the blue side to 0 tasks',
    ])
  })
})

describe('while the idle side is made ready', () => {
  it('traffic that somebody gave it is taken back before anything else', () => {
    const controller = at('Provisioning')
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    controller.turn()
    expect(controller.log[0]).toBe('Provisioning: set the weights of rule 1 to blue 0, green 100')
    expect(controller.run().kind).toBe('Converged')
  })

  it('nothing is changed while the other side could not take that traffic', () => {
    const controller = at('Provisioning')
    controller.world.behaves('1', { becomesHealthy: false })
    controller.world.pass(3_000)
    controller.world.kill('green')
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    expect(controller.turn()).toMatchObject({ reason: 'TrafficOnTarget' })
    expect(controller.log).toEqual([])
  })

  it('waits until a service that is being deleted is gone, and makes it anew', () => {
    const controller = at('Provisioning')
    controller.world.setService('blue', { status: 'DRAINING' })
    expect(controller.turn()).toMatchObject({ reason: 'ServiceDraining' })
    controller.world.removeService('blue')
    controller.world.pass(61_000)
    expect(controller.run().kind).toBe('Converged')
    expect(controller.log[0]).toBe('Provisioning: create the blue service with 2 tasks of prod-web:2')
  })

  it('turns back when ECS gives the deployment up', () => {
    const controller = at('Provisioning')
    controller.world.setService('blue', { failed: true })
    controller.world.kill('blue')
    controller.run()
    expect(last(controller)).toBe('RolledBack: DeploymentFailed')
  })
})

describe('while the new side is watched', () => {
  it('goes back at once when it has lost all its targets', () => {
    const controller = at('Baking')
    controller.world.kill('blue')
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'NoHealthyTargets' })
    expect(controller.world.healthy('green')).toBe(2)
  })

  it('does not judge a version by a look that is older than its health', () => {
    const controller = at('Baking')
    controller.ageOfLook = () => 12_000
    expect(controller.turn()).toMatchObject({ kind: 'Progressing', reason: 'ReadBack' })
    controller.ageOfLook = () => 0
    expect(controller.run()).toMatchObject({ kind: 'Converged' })
  })

  it('gives it back the traffic that somebody moved away', () => {
    const controller = at('Baking')
    controller.world.setWeights('arn:rule/2', { blue: 10, green: 90 })
    controller.turn()
    expect(controller.log[0]).toBe('Baking: set the weights of rule 2 to blue 100, green 0')
    expect(controller.run().kind).toBe('Converged')
  })

  it('moves nothing to it while it holds targets of another revision', () => {
    const controller = at('Baking')
    controller.world.behaves('9', { becomesHealthy: false })
    controller.world.setService('blue', { taskDefinition: taskDefinitionArn('9') })
    controller.world.setWeights('arn:rule/2', { blue: 10, green: 90 })
    expect(controller.turn()).toMatchObject({ reason: 'Preflight' })
    expect(controller.log).toEqual([])
  })
})

describe('on the way back', () => {
  /** The rollout of version 2 in its bake time, and what somebody did to the old side meanwhile. */
  const backAfter = (change: (world: ReleaseWorld) => void): ReleaseController => {
    const controller = at('Baking')
    change(controller.world)
    controller.world.pass(10_000)
    controller.abort()
    return controller
  }
  const given = 'RollingBack: set the weights of rule 1 to blue 0, green 100'

  it.each<readonly [what: string, change: (world: ReleaseWorld) => void, first: string]>([
    [
      'emptied',
      (world) => world.setService('green', { desiredCount: 0 }),
      'RollingBack: scale the green side to 2 tasks',
    ],
    [
      're-pointed',
      (world) => world.setService('green', { taskDefinition: taskDefinitionArn('9') }),
      'RollingBack: give the green side 2 tasks of prod-web:1',
    ],
    [
      'deleted',
      (world) => world.removeService('green'),
      'RollingBack: create the green service with 2 tasks of prod-web:1',
    ],
  ])('an old side that somebody %s gets back what it served', (_what, change, first) => {
    const controller = backAfter(change)
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'Aborted' })
    expect(controller.log.slice(0, 2)).toEqual([first, given])
    expect(controller.world.healthy('green')).toBe(2)
  })

  it('waits for an old side that is not healthy, and keeps the traffic until then', () => {
    const controller = backAfter((world) => {
      world.behaves('1', { becomesHealthy: false })
      world.kill('green')
    })
    expect(controller.turn()).toMatchObject({ reason: 'OriginNotReady' })
    expect(controller.log).toEqual([])
    controller.world.behaves('1', {})
    controller.world.kill('green')
    controller.run()
    expect(controller.log).toContain(given)
  })

  it('does not wait for ever for it when a newer version is wanted', () => {
    const controller = backAfter((world) => {
      world.behaves('1', { becomesHealthy: false })
      world.kill('green')
    })
    controller.turn()
    controller.desired = desiredRelease({ rules, gates, version: '5' })
    expect(controller.run().kind).toBe('Converged')
    expect(controller.world.takesTraffic('green')).toBe(true)
    expect(controller.world.targets('green').map(({ taskDefinition }) => taskDefinition)).toEqual([
      taskDefinitionArn('5'),
      taskDefinitionArn('5'),
    ])
  })

  it('points the test rule at the side that is idle again, where the bake had ended with moving it', () => {
    const controller = at('Baking')
    controller.world.pointTest('green')
    controller.abort()
    controller.run()
    expect(controller.log).toContain('RollingBack: point the test rule at the blue side')
    expect(controller.log.filter((line) => line.startsWith('Correction'))).toEqual([])
  })

  it('leaves the traffic with a first version that was verified, since there is none before it', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
    controller.runInto('Baking')
    controller.abort()
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'Aborted' })
    expect(controller.world.takesTraffic('green')).toBe(true)
    expect(controller.last?.status.message).toContain('there is no earlier version to go back to')
  })

  it('leaves all of the traffic with it where only one of its rules was moved, for there is nobody behind the other', () => {
    const controller = new ReleaseController(new ReleaseWorld({ rules }), desiredRelease({ rules, gates }))
    controller.runInto('Verifying')
    halfMoved(controller, 'green').abort()
    expect(controller.run()).toMatchObject({ kind: 'Failed', reason: 'Aborted' })
    expect(controller.log).toEqual([
      'RollingBack: set the weights of rule 2 to blue 0, green 100',
      'RollingBack: point the test rule at the blue side',
      'rollout 1 ended as Aborted: Aborted',
    ])
  })
})

describe('a gate', () => {
  const run = (gate: Partial<typeof smokeGate>): ReleaseController => {
    const controller = new ReleaseController(
      new ReleaseWorld(),
      desiredRelease({ gates: [{ ...smokeGate, ...gate }] }),
    )
    controller.world.behaves('1', { passesGates: false })
    controller.run()
    return controller
  }

  it.each([
    ['is ignored where it may be', { onFailure: 'Ignore' as const }, 'Succeeded: Succeeded'],
    ['only reports in a dry run', { dryRun: true }, 'Succeeded: Succeeded'],
    ['may fail as often as its limit says', { failureLimit: 3 }, 'RolledBack: GateFailed'],
    ['times out', { failureLimit: 1_000, timeout: '10s' }, 'RolledBack: GateTimedOut'],
  ])('that fails %s', (_title, gate, outcome) => {
    expect(last(run(gate))).toBe(outcome)
  })

  it('is asked again only after its interval', () => {
    const controller = at('Verifying')
    const first = controller.active?.status.gates?.[0]?.lastAttemptAt
    expect(first).toBe(timestamp(controller.world.now))
    expect(controller.turn()).toMatchObject({ reason: 'Gate' })
  })
})
