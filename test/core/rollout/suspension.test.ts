import { describe, expect, it } from 'vitest'

import { goOn } from '../../../controller/core/rollout/suspension.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

/** A rollout of version 2 that has come to its gates. */
function verifying(): ReleaseController {
  const gates = [smokeGate]
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates }))
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  controller.desired = desiredRelease({ gates, version: '2' })
  controller.runInto('Verifying')
  return controller
}

describe('a suspension', () => {
  it('longer than the deadline does not fail the rollout that stood still', () => {
    const controller = verifying()
    controller.mayWrite = false
    controller.turn()
    controller.world.pass(24 * 3_600_000)
    controller.turn()
    controller.mayWrite = true
    controller.run()
    expect(controller.lastSucceeded?.spec.number).toBe(2)
    expect(controller.lastSucceeded?.status.waitSeconds).toBeGreaterThanOrEqual(24 * 3600)
  })

  it('moves the deadline by its length and lets unfinished gates begin anew', () => {
    const controller = verifying()
    const rollout = controller.active
    if (rollout === undefined) throw new Error('no rollout runs')
    const now = controller.world.now
    const status = {
      ...rollout.status,
      deadlineAt: timestamp(now + 1_000),
      suspendedSince: timestamp(now - 60_000),
      gates: [
        { name: 'done', when: 'Verify' as const, result: 'Passed' as const },
        { name: 'open', when: 'Verify' as const, attempts: 2 },
      ],
    }
    const after = goOn({ rollout: { ...rollout, status }, now })
    expect(after).toMatchObject({ deadlineAt: timestamp(now + 61_000), waitSeconds: 60 })
    expect(after.gates?.map((gate) => gate.name)).toEqual(['done'])
    expect(after).not.toHaveProperty('suspendedSince')
  })

  it.each([
    ['counts for nothing where its task runs', { token: 'mine', arn: 'arn:task/f00' }, 60],
    ['is left to the next look, which counts it, where its task was not started', { token: 'mine' }, 0],
  ])('of a gate %s', (_what, task, unaskedSeconds) => {
    const controller = verifying()
    const rollout = controller.active
    if (rollout === undefined) throw new Error('no rollout runs')
    const now = controller.world.now
    const gates = [{ name: 'migrate', when: 'BeforeProvision' as const, task }]
    const status = { ...rollout.status, suspendedSince: timestamp(now - 60_000), gates }
    const [after] = goOn({ rollout: { ...rollout, status }, now }).gates ?? []
    expect(after?.unaskedSeconds ?? 0).toBe(unaskedSeconds)
  })

  it('that never was leaves the status as it is', () => {
    const controller = verifying()
    const rollout = controller.active
    if (rollout === undefined) throw new Error('no rollout runs')
    expect(goOn({ rollout, now: controller.world.now })).toBe(rollout.status)
  })
})
