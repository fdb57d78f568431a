import { describe, expect, it } from 'vitest'

import type { ServiceFacts, SideObservation, TargetState } from '../../../controller/core/observation.ts'
import { canCarry, carryRest, originCount } from '../../../controller/core/rollout/phases/shifting-origin.ts'
import type { RolloutState, StepInput } from '../../../controller/core/rollout/state.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import { NEW, NOW, OLD, rolloutIn, service, spec } from './only.ts'

const at = (ms: number): string => new Date(NOW - ms).toISOString()
const task = (taskDefinition: string, id: string) => ({
  arn: `arn:task/${id}`,
  taskDefinition,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: NOW - 900_000,
  targetIds: [id],
})
const target = (id: string, state: TargetState) => ({ id, port: 80, state, reason: undefined })

/** A side with a target in each of the states. */
const side = (
  found: ServiceFacts | null,
  states: readonly TargetState[] = ['healthy', 'healthy'],
  taskDefinition = OLD,
): SideObservation => ({
  service: found,
  targetGroup: null,
  members: {
    tasks: states.map((_, index) => task(taskDefinition, String(index))),
    targets: states.map((state, index) => target(String(index), state)),
  },
})

/** With the target of one more task, which is too new for the reading of the tasks. */
const growing = (seen: SideObservation): SideObservation => ({
  ...seen,
  members: {
    tasks: seen.members?.tasks ?? [],
    targets: [...(seen.members?.targets ?? []), target('newer', 'healthy')],
  },
})

/** A shift of a pair from green to blue in two steps. */
const strategy = { ...spec().strategy, type: 'Canary', steps: [{ weight: 10, for: '1m' }] } as const
const shift = (
  green: SideObservation,
  status: RolloutState['status'] = {},
  change: Parameters<typeof spec>[0] = {},
): StepInput => ({
  rollout: rolloutIn(
    'Shifting',
    { step: 1, steps: 2, originCount: 2, startedAt: at(600_000), ...status },
    spec({ to: { side: 'blue' }, strategy: { ...strategy, steps: [...strategy.steps] }, ...change }),
  ),
  observation: { ...blankObservation, sides: { ...blankObservation.sides, green } },
  wantedDigest: 'd2',
  writes: {},
  now: NOW,
  mayWrite: true,
  pollMs: 1_000,
  stalenessBoundMs: 60_000,
})

describe('the count of the old side', () => {
  it.each([
    ['is what it has as the shift begins', service({ desiredCount: 5 }), 5],
    ['is what is wanted where it was emptied', service({ desiredCount: 0 }), 2],
    ['is what is wanted where it is gone', null, 2],
  ])('%s', (_title, found, expected) => {
    expect(originCount(shift(side(found)))).toEqual({ originCount: expected })
  })
})

describe('the old side', () => {
  it.each<readonly [title: string, expected: boolean, of: Parameters<typeof shift>]>([
    ['carries the rest while it answers', true, [side(service())]],
    ['carries the rest while one of it answers', true, [side(service(), ['healthy', 'unhealthy'])]],
    ['carries the rest while a task is seen as a target alone', true, [growing(side(service()))]],
    ['carries nothing where all that answers is nobody known', false, [growing(side(service(), []))]],
    ['carries nothing where nothing served before', false, [side(service()), {}, { from: {} }]],
    ['carries nothing without a service', false, [side(null)]],
    ['carries nothing while it is deleted', false, [side(service({ status: 'DRAINING' }))]],
    ['carries nothing where it gets another version', false, [side(service({ taskDefinition: NEW }))]],
    ['carries nothing where nothing of it answers', false, [side(service(), ['initial'])]],
    ['carries nothing where its targets are of another version', false, [side(service(), ['healthy'], NEW)]],
  ])('%s', (_title, expected, of) => {
    expect(canCarry(shift(...of))).toBe(expected)
    if (expected) expect(carryRest(shift(...of))).toBeUndefined()
  })

  it('gets back the tasks that somebody took from it', () => {
    expect(carryRest(shift(side(service({ desiredCount: 1 }))))).toMatchObject({
      kind: 'Act',
      action: { kind: 'ScaleService', side: 'green', desiredCount: 2 },
      before: '1',
    })
  })

  it('is left with its tasks where no count was remembered, or it runs something else', () => {
    const { originCount: _none, ...status } = shift(side(service())).rollout.status
    const forgotten = shift(side(service({ desiredCount: 1 })))
    expect(carryRest({ ...forgotten, rollout: { ...forgotten.rollout, status } })).toBeUndefined()
    const other = carryRest(shift(side(service({ desiredCount: 1, taskDefinition: NEW }))))
    expect(other).toMatchObject({ kind: 'Again', status: { reason: 'OriginLost' } })
  })
})

describe('an old side that carries nothing any more', () => {
  const young = { startedAt: at(59_000) }
  const message = "the green side can't carry the rest of the traffic"

  it('is taken for an old reading as long as the rollout is young', () => {
    expect(carryRest(shift(side(service(), []), young))).toMatchObject({
      kind: 'Wait',
      reason: 'ReadBack',
      message: `${message}; this may be an old reading`,
    })
    const unseen = { ...side(service()), members: undefined }
    expect(carryRest(shift(unseen, young))).toMatchObject({ kind: 'Wait', reason: 'ReadBack' })
  })

  it.each<readonly [title: string, of: Parameters<typeof shift>]>([
    ['after that', [side(service(), [])]],
    ['at once where a target has failed since', [side(service(), ['unhealthy']), young]],
  ])('gives all the traffic to the new version %s', (_title, of) => {
    expect(carryRest(shift(...of))).toMatchObject({
      kind: 'Again',
      status: { phase: 'Shifting', step: 2, reason: 'OriginLost', message },
    })
  })

  it('is no old reading where nobody knows when the rollout began', () => {
    const { startedAt: _none, ...status } = shift(side(null)).rollout.status
    const lost = shift(side(null))
    expect(carryRest({ ...lost, rollout: { ...lost.rollout, status } })).toMatchObject({
      kind: 'Again',
      status: { reason: 'OriginLost' },
    })
  })
})
