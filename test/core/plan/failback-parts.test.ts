import { describe, expect, it } from 'vitest'
import { failbackRelease } from '../../../controller/core/plan/failback.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { served } from '../../support/release-controller.ts'

const failback = { id: '2026-11-29T12:00:00Z', by: 'ann', reason: undefined, to: 1 }

function firstRollout(): RolloutState {
  const [first] = served().rollouts
  if (first === undefined) throw new Error('version 1 has served')
  return first
}

const withSpec = (rollout: RolloutState, change: Partial<RolloutState['spec']>): RolloutState => ({
  ...rollout,
  spec: { ...rollout.spec, ...change },
})

const wanted = (target: RolloutState, newest: RolloutState, desiredCount?: number) => {
  const { spec } = served().desired
  const service = { ...spec.service }
  delete service.desiredCount
  const counted = desiredCount === undefined ? service : { ...service, desiredCount }
  return failbackRelease(failback, {
    target,
    newest,
    spec: { ...spec, service: counted },
    recorded: undefined,
  })
}

describe('what a release is while it is held at an earlier rollout', () => {
  it('stands on what the newest rollout has set up, with the settings of the one to go back to', () => {
    const first = firstRollout()
    const target = withSpec(first, {
      service: { ...first.spec.service, settings: { enableExecuteCommand: true } },
    })
    const { traffic } = first.spec
    if (traffic === undefined) throw new Error('a pair has traffic')
    const newest = withSpec(first, {
      service: { cluster: 'other', names: { blue: 'a', green: 'b' } },
      traffic: { ...traffic, loadBalancer: 'new' },
    })
    expect(wanted(target, newest, 4).spec).toMatchObject({
      service: {
        cluster: 'other',
        names: { blue: 'a', green: 'b' },
        desiredCount: 4,
        settings: { enableExecuteCommand: true },
      },
      traffic: { loadBalancer: 'new' },
      strategy: { type: 'BlueGreen', bake: '0s' },
    })
  })

  it('has no test rule where the newest rollout had none, and no count of its own where autoscaling has it', () => {
    const first = firstRollout()
    const { traffic } = first.spec
    if (traffic === undefined) throw new Error('a pair has traffic')
    const { test: _test, ...untested } = traffic
    const release = wanted(first, withSpec(first, { traffic: untested }))
    expect(release.spec.traffic).not.toHaveProperty('test')
    expect(release.spec.service).not.toHaveProperty('desiredCount')
    expect(release.reason).toBe('back at once to what rollout 1 served')
  })

  it('is one service without traffic where it is a worker’s', () => {
    const first = firstRollout()
    const { traffic: _traffic, ...spec } = first.spec
    const worker: RolloutState = { ...first, spec: { ...spec, service: { cluster: 'shop', name: 'worker' } } }
    const release = wanted(worker, worker)
    expect(release.spec).toMatchObject({
      service: { cluster: 'shop', name: 'worker' },
      strategy: { type: 'Rolling', bake: '0s' },
    })
    expect(release.container).toBeUndefined()
    expect(release.containerPort).toBeUndefined()
  })
})
