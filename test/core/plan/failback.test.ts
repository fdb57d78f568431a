import { describe, expect, it } from 'vitest'
import { planRelease } from '../../../controller/core/plan.ts'
import { abortedFor, failbackRelease, lastGoodBefore } from '../../../controller/core/plan/failback.ts'
import type { Failback } from '../../../controller/core/plan/failback.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { served } from '../../support/release-controller.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf, line } from './planning.ts'

const gate = {
  name: 'smoke',
  when: 'Verify',
  http: {
    path: '/',
    method: 'GET',
    expect: { status: 200 },
    successes: 1,
    interval: '1s',
    requestTimeout: '1s',
  },
  timeout: '1m',
  failureLimit: 0,
  onFailure: 'Rollback',
  dryRun: false,
} as const

const failback: Failback = { id: '2026-11-29T12:00:00Z', by: 'ann', reason: 'errors', to: 1 }

/** Version 1 served, version 2 serves, and the old side is warm. */
function swapped(): {
  readonly controller: ReleaseController
  readonly first: RolloutState
  readonly second: RolloutState
} {
  const controller = served({ gates: [gate] })
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  controller.log.length = 0
  const [first, second] = controller.rollouts
  if (first === undefined || second === undefined) throw new Error('both versions have served')
  return { controller, first, second }
}

describe('going back at once', () => {
  it('starts the version of that rollout, without gates and without baking', () => {
    const { controller, first, second } = swapped()
    const { spec } = controller.desired
    const desired = failbackRelease(failback, { target: first, newest: second, spec, recorded: undefined })
    const decision = planRelease(inputOf(controller, { desired }))
    expect(line(decision)).toBe('start to green because of Failback')
    expect(decision).toMatchObject({
      spec: {
        who: 'ann',
        reason: 'back at once to what rollout 1 served: errors',
        taskDefinition: first.spec.taskDefinition,
        gates: [],
        strategy: { type: 'BlueGreen', bake: '0s' },
      },
    })
  })

  it('is one write to the production rule where the old side is warm', () => {
    const { controller, first, second } = swapped()
    const { spec } = controller.desired
    controller.desired = failbackRelease(failback, {
      target: first,
      newest: second,
      spec,
      recorded: undefined,
    })
    controller.run()
    expect(controller.log.filter((entry) => entry.includes('weights'))).toEqual([
      expect.stringContaining('set the weights of rule 1 to blue 0, green 100'),
    ])
    expect(controller.log.filter((entry) => entry.includes('update'))).toEqual([])
  })

  it('has a content of its own for each wish, so that one more is one more try', () => {
    const { controller, first, second } = swapped()
    const given = { target: first, newest: second, spec: controller.desired.spec, recorded: undefined }
    const again = { ...failback, id: '2026-11-29T13:00:00Z' }
    expect(failbackRelease(failback, given).digest).toBe(failbackRelease(failback, given).digest)
    expect(failbackRelease(again, given).digest).not.toBe(failbackRelease(failback, given).digest)
  })
})

describe('a running rollout', () => {
  it('is aborted for it, unless it brings that very version, has ended, or is aborted already', () => {
    const { first, second } = swapped()
    const { finishedAt: _over, outcome: _good, ...status } = second.status
    const running: RolloutState = { ...second, status: { ...status, phase: 'Baking' } }
    expect(abortedFor(failback, running, first).status.abortRequested).toEqual({
      by: 'ann',
      at: failback.id,
      reason: 'back at once to what rollout 1 served: errors',
    })
    expect(abortedFor(failback, second, first)).toBe(second)
    expect(abortedFor(failback, running, second)).toBe(running)
    const aborted = abortedFor(failback, running, first)
    expect(abortedFor({ ...failback, by: 'bob' }, aborted, first)).toBe(aborted)
  })
})

describe('the last good version before the newest', () => {
  const rollout = (number: number, taskDefinition: string, outcome: string | undefined) => ({
    number,
    taskDefinition,
    outcome,
  })

  it.each([
    ['nothing has run', [], undefined],
    ['one version has served', [rollout(1, 'a', 'Succeeded')], undefined],
    ['two have', [rollout(1, 'a', 'Succeeded'), rollout(2, 'b', 'Succeeded')], 1],
    ['the newest runs', [rollout(1, 'a', 'Succeeded'), rollout(2, 'b', undefined)], 1],
    [
      'the newest failed',
      [rollout(1, 'a', 'Succeeded'), rollout(2, 'b', 'Succeeded'), rollout(3, 'c', 'RolledBack')],
      1,
    ],
    [
      'the newest was a restart',
      [rollout(1, 'a', 'Succeeded'), rollout(2, 'b', 'Succeeded'), rollout(3, 'b', 'Succeeded')],
      1,
    ],
    [
      'a restart runs',
      [rollout(1, 'a', 'Succeeded'), rollout(2, 'b', 'Succeeded'), rollout(3, 'b', undefined)],
      1,
    ],
  ] as const)('where %s', (_what, rollouts, expected) => {
    expect(lastGoodBefore(rollouts)).toBe(expected)
  })
})
