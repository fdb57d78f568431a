import { describe, expect, it } from 'vitest'

import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import { endOfWarmSide } from '../../../controller/core/plan/warm-side.ts'
import { releaseStatus } from '../../../controller/core/status.ts'
import type { StatusFacts } from '../../../controller/core/status.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { all, inputOf, line } from './planning.ts'

/** Version 2 serves from blue, and the time of version 1 on green has just ended. */
function due(): PlanInput {
  const controller = served()
  controller.desired = desiredRelease({ version: '2' })
  controller.run()
  const until = Date.parse(controller.last?.status.keepPreviousUntil ?? '')
  controller.world.pass(until - controller.world.now)
  return inputOf(controller, { observation: controller.world.look(blank, all) })
}

const lined = (decision: Decision | undefined): string | undefined =>
  decision === undefined ? undefined : line(decision)

describe('the old side where nobody can say what is wanted', () => {
  it('is looked at when its time is over, and goes to zero', () => {
    const input = due()
    expect(lined(endOfWarmSide({ ...input, observation: blank }))).toBe('look at services, rules')
    expect(lined(endOfWarmSide(input))).toBe('do: scale the green side to 0 tasks')
  })

  it.each<readonly [title: string, change: (input: PlanInput) => Partial<PlanInput>]>([
    ['it is still its time', ({ now }) => ({ now: now - 1_000 })],
    ['nothing may be written', () => ({ mayWrite: false })],
    ['it is known to be cold', () => ({ status: {} })],
    ['nothing was rolled out', () => ({ last: undefined })],
    [
      'a later rollout went back, and took care of it',
      ({ last }) =>
        last === undefined
          ? {}
          : { last: { ...last, status: { phase: 'RolledBack', outcome: 'RolledBack' } } },
    ],
    ['it has no task', ({ observation }) => ({ observation: withGreen(observation, { desiredCount: 0 }) })],
    [
      'it is being deleted',
      ({ observation }) => ({ observation: withGreen(observation, { status: 'DRAINING' }) }),
    ],
    [
      'somebody gave it traffic',
      ({ observation }) => ({
        observation: {
          ...observation,
          production: observation.production.map((rule) =>
            rule === null
              ? null
              : { ...rule, weights: rule.weights.map((entry) => ({ ...entry, weight: 50 })) },
          ),
        },
      }),
    ],
    [
      'the read may be older than the same write',
      ({ now, status }) => ({
        status: {
          ...status,
          writes: { 'service/green/count': { before: '2', after: '0', at: timestamp(now) } },
        },
      }),
    ],
  ])('is left alone where %s', (_title, change) => {
    const input = due()
    expect(endOfWarmSide({ ...input, ...change(input) })).toBeUndefined()
  })

  it('is known to be cold once it was seen so, and looked at no more', () => {
    const input = due()
    const keepPreviousUntil = input.status.keepPreviousUntil ?? ''
    const facts = (count: number, afterMs: number): StatusFacts => ({
      ...input,
      previous: { keepPreviousUntil },
      generation: 1,
      outcome: { kind: 'Stalled', reason: 'BranchRewound', message: 'rewound' },
      desired: undefined,
      observation: withGreen(input.observation, { desiredCount: count }),
      live: undefined,
      drift: undefined,
      held: undefined,
      now: Date.parse(keepPreviousUntil) + afterMs,
    })
    expect(releaseStatus(facts(0, 60_000)).keepPreviousUntil).toBeUndefined()
    expect(releaseStatus(facts(0, 59_000)).keepPreviousUntil).toBe(keepPreviousUntil)
    expect(releaseStatus(facts(2, 60_000)).keepPreviousUntil).toBe(keepPreviousUntil)
  })
})

function withGreen(observation: PlanInput['observation'], change: object): PlanInput['observation'] {
  const { green } = observation.sides
  if (green.service === null) throw new Error('no green service')
  const service = { ...green.service, ...change }
  return { ...observation, sides: { ...observation.sides, green: { ...green, service } } }
}
