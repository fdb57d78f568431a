import { describe, expect, it } from 'vitest'

import type { DesiredRelease } from '../../controller/core/desired.ts'
import { driftOf } from '../../controller/core/drift.ts'
import type { DriftInput } from '../../controller/core/drift.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import type { ReleaseObservation } from '../../controller/core/observation.ts'
import { blank, served } from '../support/release-controller.ts'
import type { ReleaseController } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { groupArn, taskDefinitionArn } from '../support/release-world.ts'

const look = ({ world }: ReleaseController): ReleaseObservation => world.look(blank, ['services', 'rules'])

/** What drifted, in one line each. */
const drifted = (controller: ReleaseController, change: Partial<DriftInput> = {}): string[] =>
  driftOf({
    desired: controller.desired,
    live: 'green',
    last: controller.last,
    lastSucceeded: controller.lastSucceeded,
    observation: look(controller),
    status: { verified: { commit: controller.desired.commit, digest: controller.desired.digest, at: '' } },
    policy: controller.drift,
    now: controller.world.now,
    ...change,
  }).map(({ path, wanted, live }) => `${path} ${String(wanted)} ${String(live)}`)

function lastOf({ last }: ReleaseController): RolloutState {
  if (last === undefined) throw new Error('no rollout ended')
  return last
}

/** A look at a live service with other facts. */
function lookAt(controller: ReleaseController, change: object | null): ReleaseObservation {
  const observation = look(controller)
  const { green } = observation.sides
  if (green.service === null) throw new Error('the green side has a service')
  const service = change === null ? null : { ...green.service, ...change }
  return { ...observation, sides: { ...observation.sides, green: { ...green, service } } }
}

describe('drift of the test rule', () => {
  const pointedAtLive = (controller: ReleaseController): ReleaseObservation => {
    const observation = look(controller)
    const weights = [{ targetGroupArn: groupArn('green'), weight: 100 }]
    return { ...observation, test: observation.test && { ...observation.test, weights } }
  }

  it('is that it leads to the side that serves', () => {
    const controller = served()
    expect(drifted(controller, { observation: pointedAtLive(controller) })).not.toEqual([])
    expect(drifted(controller)).toEqual([])
  })

  it('is none where the side that serves is named with weight 0', () => {
    const controller = served()
    const observation = look(controller)
    const weights = [
      { targetGroupArn: groupArn('green'), weight: 0 },
      { targetGroupArn: groupArn('blue'), weight: 100 },
    ]
    const test = observation.test && { ...observation.test, weights }
    expect(drifted(controller, { observation: { ...observation, test } })).toEqual([])
  })

  it('is none where the release names no test rule', () => {
    const controller = served()
    const desired = desiredRelease({ test: false })
    expect(drifted(controller, { desired, observation: pointedAtLive(controller) })).toEqual([])
  })
})

describe('drift of the service that serves', () => {
  it.each([
    ['derived', {}, 'web-green'],
    ['given', { names: { blue: 'a', green: 'b' } }, 'b'],
  ])('is also that it is gone, by its %s name', (_what, names, expected) => {
    const controller = served()
    const { desired } = controller
    const spec = { ...desired.spec, service: { ...desired.spec.service, ...names } }
    const last = lastOf(controller)
    const service = { ...last.spec.service, ...names }
    expect(
      drifted(controller, {
        desired: { ...desired, spec },
        last: { ...last, spec: { ...last.spec, service } },
        lastSucceeded: { ...last, spec: { ...last.spec, service } },
        observation: lookAt(controller, null),
      }),
    ).toEqual([`/service ${expected} null`])
  })

  it('is of the settings of tasks that its rollout brought, whatever is wanted next', () => {
    const controller = served()
    const last = lastOf(controller)
    const withSettings = (settings: object) => {
      const service = { ...last.spec.service, settings }
      return { lastSucceeded: { ...last, spec: { ...last.spec, service } } }
    }
    const observation = lookAt(controller, {
      settings: { platformVersion: '1.3.0', propagateTags: 'SERVICE' },
    })
    expect(drifted(controller, { ...withSettings({ platformVersion: '1.4.0' }), observation })).toEqual([
      '/service/platformVersion 1.4.0 1.3.0',
    ])
    expect(drifted(controller, { ...withSettings({ propagateTags: 'NONE' }), observation })).toEqual([])
  })

  it('is of the recorded revision where no rollout is known', () => {
    const controller = served()
    const recorded = { taskDefinition: taskDefinitionArn('9') } as NonNullable<DesiredRelease['recorded']>
    const change = { desired: { ...controller.desired, recorded }, last: undefined, lastSucceeded: undefined }
    expect(drifted(controller, change)).toEqual([
      `/service/taskDefinition ${taskDefinitionArn('9')} ${taskDefinitionArn('1')}`,
    ])
  })
})

describe('a release whose first version failed', () => {
  const failed = (controller: ReleaseController): RolloutState => {
    const { spec, status, ...rest } = lastOf(controller)
    const { weights: _weights, ...others } = status
    return {
      ...rest,
      spec: { ...spec, from: { ...spec.from, taskDefinition: undefined } },
      status: { ...others, outcome: 'Failed' },
    } as unknown as RolloutState
  }
  const recorded = { taskDefinition: taskDefinitionArn('1') } as NonNullable<DesiredRelease['recorded']>
  const count = ['/service/desiredCount 2 5']

  it.each<
    readonly [
      what: string,
      change: (controller: ReleaseController) => Partial<DriftInput>,
      expected: readonly string[],
    ]
  >([
    ['has nothing that could have drifted', () => ({}), []],
    [
      'may have drifted where one succeeded since',
      (controller) => ({ lastSucceeded: lastOf(controller) }),
      count,
    ],
    [
      'may have drifted where a tag records what serves',
      ({ desired }) => ({ desired: { ...desired, recorded } }),
      count,
    ],
    ['may have drifted where no rollout is known', () => ({ last: undefined }), count],
    [
      'may have drifted where something served before it',
      (controller) => {
        const state = failed(controller)
        const from = { ...state.spec.from, taskDefinition: taskDefinitionArn('0') }
        return { last: { ...state, spec: { ...state.spec, from } } }
      },
      count,
    ],
    [
      'may have drifted where it kept the traffic',
      (controller) => {
        const state = failed(controller)
        return { last: { ...state, status: { ...state.status, weights: { blue: 0, green: 100 } } } }
      },
      count,
    ],
  ])('%s', (_what, change, expected) => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const state = { last: failed(controller), lastSucceeded: undefined }
    expect(drifted(controller, { ...state, ...change(controller) })).toEqual(expected)
  })
})

describe('rules that only a newer commit names', () => {
  it('drift, where no rollout is known that would have named others', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const status = { verified: { commit: 'commit-0', digest: 'd', at: '2026-01-01T00:00:00Z' } }
    expect(drifted(controller, { status, last: undefined, lastSucceeded: undefined })).toHaveLength(2)
  })
})

describe('the idle side', () => {
  it('may lag behind the live one while it is warm, but only where the live one may just have changed', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    controller.world.setService('green', { desiredCount: 1 })
    const { desired, last, lastSucceeded } = controller
    const { desiredCount: _count, ...service } = desired.spec.service
    const at = { digest: desired.digest, at: '2026-01-01T00:00:00Z' }
    const found = (commit: string, change: Partial<DriftInput> = {}): string[] =>
      drifted(controller, {
        live: 'blue',
        last,
        lastSucceeded,
        status: { verified: { commit, ...at } },
        ...change,
      })
    expect(found(desired.commit)).toEqual(['/idleService/desiredCount 2 1'])
    expect(found('an earlier commit')).toEqual([])
    const scaled = { ...desired, spec: { ...desired.spec, service } }
    expect(found(desired.commit, { desired: scaled })).toEqual([])
  })

  it('is not judged where it has no service, neither while it is warm nor on its way to zero', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    const observation = look(controller)
    const gone = {
      ...observation,
      sides: { ...observation.sides, green: { ...observation.sides.green, service: null } },
    }
    const warm = {
      live: 'blue',
      last: controller.last,
      lastSucceeded: controller.lastSucceeded,
      observation: gone,
    } as const
    expect(drifted(controller, warm)).toEqual([])
    const now = controller.world.now + 60_000
    expect(
      drifted(controller, { ...warm, now, status: { keepPreviousUntil: '2026-01-01T00:00:00Z' } }),
    ).toEqual([])
  })
})
