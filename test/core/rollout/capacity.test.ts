import { describe, expect, it } from 'vitest'

import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import type { Step } from '../../../controller/core/rollout/state.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import { fromTimestamp, timestamp } from '../../../controller/core/time.ts'
import { blank, ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'

const noCapacity =
  '(service web-green) was unable to place a task. Reason: Capacity is unavailable at this time.'
const started = '(service web-green) has started 2 tasks.'

/** What the first rollout does, whose tasks do not come up, with these words of ECS, newest first, one second before its deadline. */
function beforeDeadline(words: readonly string[]): { readonly step: Step; readonly deadline: number } {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ version: '4' }))
  controller.world.behaves('4', { becomesHealthy: false })
  controller.runInto('Provisioning')
  controller.turn()
  const rollout = controller.active
  if (rollout === undefined) throw new Error('no rollout runs')
  const deadline = fromTimestamp(rollout.status.deadlineAt ?? '')
  const now = deadline - 1_000
  const seen = controller.world.look(blank, ['services', 'rules', 'blue', 'green'])
  const step = nextStep({
    rollout,
    observation: withEvents(
      seen,
      words.map((message) => ({ at: now, message })),
    ),
    wantedDigest: rollout.spec.digest,
    writes: {},
    now,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
  })
  return { step, deadline }
}

function withEvents(
  seen: ReleaseObservation,
  events: readonly { readonly at: number; readonly message: string }[],
): ReleaseObservation {
  const { service } = seen.sides.green
  if (service === null) throw new Error('the green service does not exist')
  return {
    ...seen,
    sides: { ...seen.sides, green: { ...seen.sides.green, service: { ...service, events } } },
  }
}

describe('a lack of capacity', () => {
  it('is waited for: the deadline begins anew as long as ECS says so', () => {
    const { step, deadline } = beforeDeadline([noCapacity, started])
    expect(step).toMatchObject({ kind: 'Wait', reason: 'CapacityUnavailable' })
    expect(step.status.deadlineAt).toBe(timestamp(deadline - 1_000 + 5 * 60_000))
  })

  it('is over when ECS has started tasks since, and the deadline counts again', () => {
    const { step, deadline } = beforeDeadline([started, noCapacity])
    expect(step).toMatchObject({ kind: 'Wait', reason: 'Starting' })
    expect(step.status.deadlineAt).toBe(timestamp(deadline))
  })
})
