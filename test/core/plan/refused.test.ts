import { describe, expect, it } from 'vitest'

import { planRelease } from '../../../controller/core/plan.ts'
import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf, line } from './planning.ts'

describe('a version that is refused', () => {
  const refusedInput = (controller: ReleaseController, change: Partial<PlanInput> = {}): PlanInput => {
    const failed = [{ digest: 'content-2', reason: 'GateFailed', at: timestamp(0) }]
    const status = { ...controller.status, failed }
    return inputOf(controller, { desired: desiredRelease({ version: '2' }), status, ...change })
  }

  it('is what is told, rather than that the live side can take nothing', () => {
    const controller = served()
    controller.world.behaves('1', { becomesHealthy: false })
    controller.world.kill('green')
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    expect(line(planRelease(refusedInput(controller)))).toBe('Refused: GateFailed')
    expect(line(planRelease(inputOf(controller)))).toBe('Wait: LiveNotReady')
  })

  it('does not keep the last good one from being put right', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    const drift = { ...controller.drift, traffic: 'Alert' } as const
    expect(line(planRelease(refusedInput(controller, { drift })))).toBe('do: scale the green side to 2 tasks')
    expect(line(planRelease(refusedInput(controller, { drift, mayWrite: false })))).toBe('Wait: Suspended')
  })

  it('does not keep tasks of the last good one from getting their settings back, but for those left to others', () => {
    const controller = served()
    const { lastSucceeded } = inputOf(controller)
    if (lastSucceeded === undefined) throw new Error('nothing serves')
    const settings = { enableExecuteCommand: false }
    const service = { ...lastSucceeded.spec.service, settings }
    const good = { ...lastSucceeded, spec: { ...lastSucceeded.spec, service } }
    const { observation } = inputOf(controller)
    const { green } = observation.sides
    const input = (isOn: boolean): PlanInput => {
      const changed = { ...green.service, settings: { enableExecuteCommand: isOn } } as typeof green.service
      const sides = { ...observation.sides, green: { ...green, service: changed } }
      return refusedInput(controller, { lastSucceeded: good, observation: { ...observation, sides } })
    }
    expect(line(planRelease(input(false)))).toBe('Refused: GateFailed')
    expect(line(planRelease(input(true)))).toBe('start to blue because of Drift')
    const { desired } = input(true)
    const spec = { ...desired.spec, ignore: ['/service/enableExecuteCommand'] }
    expect(line(planRelease({ ...input(true), desired: { ...desired, spec } }))).toBe('Refused: GateFailed')
  })

  it.each(['Restart', 'Drift'] as const)(
    'is none where it serves, though a %s of it failed; that is said, and it is not tried again',
    (why) => {
      const controller = served()
      const { last } = controller
      if (last === undefined) throw new Error('no rollout')
      const spec = {
        ...last.spec,
        why,
        number: 2,
        from: last.spec.to,
        to: { side: 'blue' },
      } as typeof last.spec
      const status = {
        phase: 'RolledBack',
        outcome: 'RolledBack',
        reason: 'GateFailed',
        message: 'status 500',
      } as const
      const again = {
        name: 'prod-web-2',
        spec: { ...spec, from: { side: 'green', taskDefinition: last.spec.taskDefinition } },
        status,
      } as typeof last
      const failed = [
        {
          digest: last.spec.digest,
          rollout: 'prod-web-2',
          reason: 'GateFailed',
          message: 'status 500',
          at: timestamp(0),
        },
      ]
      const input = inputOf(controller, {
        last: again,
        nextNumber: 3,
        status: { ...controller.status, failed },
      })
      expect(planRelease(input)).toEqual({
        kind: 'Converged',
        lookAgainMs: undefined,
        message: 'the wanted version serves; rollout prod-web-2 of the same version failed (status 500)',
      })
      controller.world.setService('green', { taskDefinition: 'arn:td/other' })
      const moved = inputOf(controller, {
        last: again,
        nextNumber: 3,
        status: { ...controller.status, failed },
      })
      expect(line(planRelease(moved))).toBe('Refused: GateFailed')
      const restart = { id: timestamp(9), by: 'bob' }
      expect(line(planRelease({ ...input, requests: { restart, retry: undefined } }))).toBe(
        'start to blue because of Restart',
      )
    },
  )

  it('says how it failed, and what to do', () => {
    const controller = served()
    const refused = (failed: object): Decision => {
      const content = { digest: 'content-2', reason: 'GateFailed', at: timestamp(0), ...failed }
      const status = { ...controller.status, failed: [content] }
      return planRelease(inputOf(controller, { desired: desiredRelease({ version: '2' }), status }))
    }
    expect(refused({})).toEqual({
      kind: 'Refused',
      reason: 'GateFailed',
      message: 'this version failed (GateFailed); push a new one, or run steersman retry prod/web',
    })
    expect(refused({ rollout: 'prod-web-2', message: 'status 500' })).toMatchObject({
      message:
        'this version failed in rollout prod-web-2 (status 500); push a new one, or run steersman retry prod/web',
    })
  })
})
