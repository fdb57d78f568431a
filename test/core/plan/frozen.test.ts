import { describe, expect, it } from 'vitest'
import { planRelease } from '../../../controller/core/plan.ts'
import type { Freeze } from '../../../controller/core/freeze.ts'
import type { DesiredRelease } from '../../../controller/core/desired.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { served } from '../../support/release-controller.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'
import { inputOf, line } from './planning.ts'

const freeze: Freeze = {
  until: Date.parse('2026-11-30T07:00:00Z'),
  allowsRollback: true,
  allowsCorrection: false,
  windows: ['"0 16 * * FRI" for 64h (Europe/Berlin)'],
}
const until = 'frozen by "0 16 * * FRI" for 64h (Europe/Berlin) until 2026-11-30T07:00:00.000Z'

const planned = (controller: ReleaseController, change: Partial<PlanInput> = {}): string =>
  line(planRelease(inputOf(controller, { freeze, ...change })))

const second = desiredRelease({ version: '2' })
const pinned: DesiredRelease = { ...second, why: 'Pin', goesBack: true }

describe('a new version in a freeze', () => {
  it('waits for its end', () => {
    const decision = planRelease(inputOf(served(), { desired: second, freeze }))
    expect(decision).toEqual({
      kind: 'Frozen',
      message: `the new version waits; a person may go back to one that served; ${until}`,
      until: freeze.until,
    })
  })

  it('is not registered either', () => {
    const desired = {
      ...second,
      version: { taskDefinition: undefined, document: { family: 'prod-web', digest: 'd' } },
    }
    expect(planned(served(), { desired })).toContain('the new version waits')
  })

  it('waits also where a person asks for fresh tasks', () => {
    const requests = { restart: { id: '2026-11-28T00:00:00Z', by: 'ann' }, retry: undefined }
    expect(planned(served(), { requests })).toBe(`Frozen: the restart waits; ${until}`)
  })

  it('waits also where a person asks for another try', () => {
    const controller = served()
    const failed = [{ digest: second.digest, reason: 'GateFailed', at: '2026-11-27T00:00:00Z' }]
    const requests = { restart: undefined, retry: { id: '2026-11-28T00:00:00Z', by: 'ann' } }
    const status = { ...controller.status, failed }
    expect(planned(controller, { desired: second, requests, status })).toBe(
      `Frozen: another try waits; ${until}`,
    )
  })

  it('changes no count in place', () => {
    const controller = served()
    const { desired } = controller
    const more = {
      ...desired,
      commit: 'another',
      spec: { ...desired.spec, service: { ...desired.spec.service, desiredCount: 5 } },
    }
    expect(line(planRelease(inputOf(controller, { desired: more })))).toContain('scale the green side to 5')
    expect(planned(controller, { desired: more })).toContain('the new version waits')
  })
})

describe('a way back in a freeze', () => {
  it('is open to a person by a pin', () => {
    expect(planned(served(), { desired: pinned })).toBe('start to blue because of Pin')
  })

  it('is open by the tag to what a rollout has brought before', () => {
    const desired: DesiredRelease = { ...second, why: 'Tag' }
    expect(planned(served(), { desired, served: new Set([second.digest]) })).toBe(
      'start to blue because of Tag',
    )
    expect(planned(served(), { desired })).toContain('the new version waits')
  })

  it('is no pin to what never served here', () => {
    const { goesBack: _never, ...desired } = pinned
    expect(planned(served(), { desired })).toContain('the new version waits')
  })

  it('is closed where a window does not allow it', () => {
    const closed = { ...freeze, allowsRollback: false }
    expect(planned(served(), { desired: pinned, freeze: closed })).toBe(
      `Frozen: no open window allows the way back; ${until}`,
    )
  })
})

describe('what somebody changed in a freeze', () => {
  const changes: readonly (readonly [string, (world: ReleaseWorld) => void, string, string])[] = [
    [
      'the weights',
      (world) => world.setWeights('arn:rule/1', { blue: 30, green: 70 }),
      `Frozen: the weights were changed by hand, and not all of the traffic goes to the green side; it is left for now; set them back, or set allowCorrection; ${until}`,
      'mend: set the weights of rule 1 to blue 0, green 100',
    ],
    [
      'the count',
      (world) => world.setService('green', { desiredCount: 5 }),
      'converged',
      'mend: scale the green side to 2 tasks',
    ],
  ]

  it.each(changes)('is only told: %s', (_what, change, told) => {
    const controller = served()
    change(controller.world)
    expect(planned(controller)).toBe(told)
  })

  it.each(changes)('is put right where the windows allow it: %s', (_what, change, _told, mended) => {
    const controller = served()
    change(controller.world)
    expect(planned(controller, { freeze: { ...freeze, allowsCorrection: true } })).toBe(mended)
  })
})

describe('what a rollout left to do', () => {
  it('is done in a freeze: the old side goes to zero when its time is over, also while a new version waits', () => {
    const controller = served()
    controller.desired = second
    controller.run()
    controller.world.pass(31 * 60_000)
    expect(planned(controller, { desired: desiredRelease({ version: '3' }) })).toBe(
      'do: scale the green side to 0 tasks',
    )
  })
})
