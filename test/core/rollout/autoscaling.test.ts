import { describe, expect, it } from 'vitest'
import { describeAction } from '../../../controller/core/action.ts'
import { otherSide } from '../../../controller/core/observation.ts'
import { assertSafe } from '../../../controller/core/rollout/invariants.ts'
import { blank, ReleaseController, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { Promises } from '../../support/release-promises.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

const bounds = { minimum: 2, maximum: 10 }
const scaled = { desiredCount: undefined } as const

/** Version 1 serves from green with as many tasks as autoscaling wants, and blue is held at zero. */
function autoscaled(count = 3): ReleaseController {
  const controller = served(scaled)
  controller.world.setScaling('green', { ...bounds, suspended: 'None' })
  controller.world.setScaling('blue', { minimum: 0, maximum: 0, suspended: 'All' })
  controller.world.demand('green', count)
  controller.world.pass(10_000)
  controller.run()
  controller.log.length = 0
  return controller
}

const counts = ({ world }: ReleaseController) => ({
  blue: world.state.sides.blue.service?.desiredCount,
  green: world.state.sides.green.service?.desiredCount,
})
const suspended = ({ world }: ReleaseController) => ({
  blue: world.state.sides.blue.scaling?.suspended,
  green: world.state.sides.green.scaling?.suspended,
})
const release = (version: string) => desiredRelease({ version, ...scaled })
const scalings = ({ log }: ReleaseController) => log.filter((line) => line.includes('autoscaling'))

describe('a rollout of a release whose count is autoscaling’s', () => {
  it('holds the old side, lets the new one grow, and gives both back', () => {
    const controller = autoscaled()
    controller.desired = release('2')
    controller.run()
    expect(counts(controller)).toEqual({ blue: 3, green: 3 })
    expect(scalings(controller)).toEqual([
      'Shifting: let autoscaling give the green side 2 to 10 tasks, and take none away for now',
      'Shifting: let autoscaling give the blue side 2 to 10 tasks, and take none away for now',
      'Correction: let autoscaling give the blue side 2 to 10 tasks',
    ])
    controller.world.pass(61_000)
    controller.run()
    expect(scalings(controller).slice(3)).toEqual([
      'Correction: let autoscaling give the green side 0 to 0 tasks, and change nothing for now',
    ])
    expect(counts(controller)).toEqual({ blue: 3, green: 0 })
  })

  it.each(['Provisioning', 'Verifying'])(
    'gives the traffic to no fewer tasks than the old side got at %s',
    (phase) => {
      const controller = autoscaled()
      controller.desired = {
        ...release('2'),
        spec: { ...release('2').spec, gates: desiredRelease().spec.gates ?? [] },
      }
      if (phase === 'Provisioning') controller.runInto(phase)
      else controller.runInto('Provisioning')
      const moves: (readonly [number, number])[] = []
      controller.onWrite = (action) => {
        if (action.kind === 'SetWeights' && action.weights.blue > 0)
          moves.push([counts(controller).blue ?? 0, controller.world.healthy('blue')])
      }
      if (phase === 'Verifying') controller.world.pass(3_000)
      controller.world.demand('green', 7)
      controller.run()
      expect(moves).toEqual([[7, 7]])
      expect(counts(controller)).toEqual({ blue: 7, green: 7 })
    },
  )

  it('keeps the count that it has where the old side gets fewer meanwhile', () => {
    const controller = autoscaled(6)
    controller.desired = release('2')
    controller.runInto('Provisioning')
    controller.world.demand('green', 2)
    controller.run()
    expect(counts(controller).blue).toBe(6)
    controller.world.demand('blue', 4)
    controller.run()
    expect(counts(controller)).toEqual({ blue: 4, green: 4 })
  })

  it('is not taken for unready when autoscaling gives the new side more in the middle of its steps', () => {
    const controller = autoscaled()
    controller.desired = desiredRelease({
      version: '2',
      ...scaled,
      strategy: {
        type: 'Canary',
        steps: [
          { weight: 20, for: '10s' },
          { weight: 60, for: '10s' },
        ],
      },
    })
    controller.runInto('Shifting')
    while (suspended(controller).blue !== 'ScaleIn') {
      controller.turn()
      controller.world.pass(1_000)
    }
    controller.world.demand('blue', 5)
    controller.world.demand('green', 8)
    controller.world.demand('green', 2)
    controller.run()
    expect(controller.last?.status.outcome).toBe('Succeeded')
    expect(counts(controller)).toEqual({ blue: 8, green: 8 })
  })

  it('gives the old side back to autoscaling after the way back, and holds the new one at zero', () => {
    const controller = autoscaled()
    controller.desired = release('2')
    controller.runInto('Baking')
    controller.abort()
    controller.run()
    expect(controller.last?.status.outcome).toBe('Aborted')
    expect([counts(controller), suspended(controller)]).toEqual([
      { blue: 0, green: 3 },
      { blue: 'All', green: 'None' },
    ])
    controller.world.demand('green', 9)
    controller.run()
    expect(counts(controller)).toEqual({ blue: 0, green: 9 })
  })

  it('keeps its promises with a first version, whose count is the minimum', () => {
    const controller = new ReleaseController(new ReleaseWorld(), release('1'))
    new Promises(controller).excuse(0)
    controller.world.execute({ kind: 'CreateService', side: 'green', taskDefinition: 'x', desiredCount: 0 })
    controller.world.setScaling('green', { minimum: 0, maximum: 10, suspended: 'None' })
    controller.world.setScaling('green', { ...bounds, suspended: 'None' })
    controller.run()
    expect(counts(controller).green).toBe(2)
    expect(suspended(controller).green).toBe('None')
  })

  it('writes nothing to autoscaling where there is none', () => {
    const controller = served(scaled)
    controller.desired = release('2')
    controller.run()
    expect(scalings(controller)).toEqual([])
  })
})

describe('bounds that Terraform says by tags of the services', () => {
  const tags = (minimum: number, maximum: number) => ({
    tags: {
      'steersman.dev/minimum-tasks': String(minimum),
      'steersman.dev/maximum-tasks': String(maximum),
    },
  })

  it('are those of the side that serves, also when they are changed later', () => {
    const controller = served(scaled)
    controller.world.execute({ kind: 'CreateService', side: 'blue', taskDefinition: 'x', desiredCount: 0 })
    for (const side of ['blue', 'green'] as const) {
      controller.world.setService(side, tags(2, 10))
      controller.world.setScaling(side, { minimum: 0, maximum: 10, suspended: 'ScaleIn' })
    }
    controller.run()
    expect(scalings(controller)).toEqual([
      'Correction: let autoscaling give the green side 2 to 10 tasks',
      'Correction: let autoscaling give the blue side 0 to 0 tasks, and change nothing for now',
    ])
    for (const side of ['blue', 'green'] as const) controller.world.setService(side, tags(3, 12))
    controller.run()
    expect(scalings(controller).slice(2)).toEqual([
      'Correction: let autoscaling give the green side 3 to 12 tasks',
    ])
    expect(counts(controller)).toEqual({ blue: 0, green: 3 })
  })

  it('are the first version’s count', () => {
    const controller = new ReleaseController(new ReleaseWorld(), release('1'))
    controller.world.execute({ kind: 'CreateService', side: 'green', taskDefinition: 'x', desiredCount: 0 })
    controller.world.setService('green', tags(4, 10))
    controller.world.setScaling('green', { minimum: 0, maximum: 10, suspended: 'ScaleIn' })
    controller.run()
    expect(counts(controller).green).toBe(4)
    expect(controller.world.state.sides.green.scaling).toEqual({ minimum: 4, maximum: 10, suspended: 'None' })
  })

  it('are not told by tags that say nothing', () => {
    const controller = autoscaled()
    controller.world.setService('green', { tags: { 'steersman.dev/minimum-tasks': 'two' } })
    controller.run()
    expect(scalings(controller)).toEqual([])
  })
})

describe('autoscaling outside a rollout', () => {
  it('is given back to the live side where somebody suspended it, unless drift is only told', () => {
    const controller = autoscaled()
    controller.desired = release('2')
    controller.run()
    controller.log.length = 0
    controller.world.setScaling('blue', { ...bounds, suspended: 'Other' })
    controller.drift = { ...controller.drift, service: 'Alert' }
    controller.run()
    expect(suspended(controller).blue).toBe('Other')
    controller.drift = { ...controller.drift, service: 'Correct' }
    controller.run()
    expect(suspended(controller).blue).toBe('None')
  })

  it('does not touch a warm side, which follows the live one', () => {
    const controller = autoscaled()
    controller.desired = release('2')
    controller.run()
    controller.world.demand('blue', 8)
    controller.run()
    expect(counts(controller)).toEqual({ blue: 8, green: 8 })
    controller.world.demand('green', 2)
    expect(counts(controller).green).toBe(8)
  })
})

describe('the last look before a write', () => {
  it('refuses bounds below the count of a side with traffic (I3)', () => {
    const { world } = autoscaled()
    const seen = world.look(blank, ['services', 'rules', 'scaling'])
    const action = { kind: 'SetScaling', side: 'green', minimum: 0, maximum: 2, suspended: 'All' } as const
    expect(() => assertSafe(action, { observation: seen, expected: {} })).toThrow(
      `I3: would ${describeAction(action)}, but the green side takes production traffic and has 3 tasks`,
    )
    const idle = { ...action, side: otherSide('green'), maximum: 0 } as const
    expect(() => assertSafe(idle, { observation: seen, expected: {} })).not.toThrow()
  })
})
