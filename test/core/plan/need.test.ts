import { describe, expect, it } from 'vitest'

import type { Side } from '../../../controller/core/observation.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { pursuedDigest, restoreLastGood } from '../../../controller/core/plan/last-good.ts'
import { hasTaken } from '../../../controller/core/plan/live.ts'
import { failureOf, openRetry, rolloutNeeded } from '../../../controller/core/plan/need.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { FailedContent } from '../../../controller/resources/generated/release.ts'
import type { RolloutSpec, RolloutStatus } from '../../../controller/resources/types.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { inputOf } from './planning.ts'

/** The rollout that brought version 1 to green, otherwise ended or about other content. */
function ended(status: RolloutStatus, spec: Partial<RolloutSpec> = {}): RolloutState {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  return { ...last, spec: { ...last.spec, ...spec } as RolloutState['spec'], status }
}

const failed = (digest: string, at = 1_000): FailedContent => ({
  digest,
  rollout: 'prod-web-7',
  reason: 'GateFailed',
  at: timestamp(at),
})

describe('how this very content failed', () => {
  const desired = desiredRelease()
  const same = { digest: 'content-1' }

  it.each<readonly [title: string, input: Partial<PlanInput>, expected: FailedContent | undefined]>([
    ['is what the status remembers', { status: { failed: [failed('content-1')] } }, failed('content-1')],
    [
      'is not what the status remembers of other content',
      { status: { failed: [failed('content-9')] } },
      undefined,
    ],
    ['is nothing where nothing failed', {}, undefined],
  ])('%s', (_title, input, expected) => {
    expect(failureOf({ status: {}, last: undefined, desired, ...input })).toEqual(expected)
  })

  it.each<readonly [title: string, status: RolloutStatus, expected: Partial<FailedContent> | undefined]>([
    [
      'is that of the last rollout, with its reason and time',
      { outcome: 'RolledBack', reason: 'GateTimedOut', message: 'late', finishedAt: timestamp(5) },
      {
        digest: 'content-1',
        rollout: 'prod-web-1',
        reason: 'GateTimedOut',
        at: timestamp(5),
        message: 'late',
      },
    ],
    ['is told even where the rollout says little', { outcome: 'Aborted' }, { reason: 'RolledBack', at: '' }],
    ['is over once the last rollout brought it to the traffic', { outcome: 'Succeeded' }, undefined],
    [
      'stays what it was where the last rollout was overtaken',
      { outcome: 'Superseded' },
      failed('content-1'),
    ],
  ])('%s', (_title, status, expected) => {
    const found = failureOf({ status: { failed: [failed('content-1')] }, last: ended(status, same), desired })
    if (expected === undefined) expect(found).toBeUndefined()
    else expect(found).toMatchObject(expected)
  })

  it('is that of the status where the last rollout was about other content', () => {
    const last = ended({ outcome: 'RolledBack', reason: 'Other' }, { digest: 'content-9' })
    expect(failureOf({ status: { failed: [failed('content-1')] }, last, desired })).toEqual(
      failed('content-1'),
    )
  })

  it('has no message where the rollout had none', () => {
    const found = failureOf({ status: {}, last: ended({ outcome: 'Aborted' }, same), desired })
    expect(Object.keys(found ?? {})).not.toContain('message')
  })
})

describe("a person's wish for another try", () => {
  const ask = (at: number | undefined, status = { failed: [failed('content-1', 1_000)] }): unknown =>
    openRetry({
      status,
      last: undefined,
      desired: desiredRelease(),
      requests: {
        restart: undefined,
        retry: at === undefined ? undefined : { id: timestamp(at), by: 'ada' },
      },
    })

  it.each<readonly [when: string, at: number, isOpen: boolean]>([
    ['after it failed', 1_001, true],
    ['as it failed', 1_000, true],
    ['before it failed', 999, false],
  ])('counts where it was made %s', (_when, at, isOpen) => {
    expect(ask(at)).toEqual(isOpen ? { id: timestamp(at), by: 'ada' } : undefined)
  })

  it('is nothing where nothing failed, or nobody asked', () => {
    expect([ask(2_000, { failed: [] }), ask(undefined)]).toEqual([undefined, undefined])
  })
})

describe('a rollout', () => {
  const needed = (change: Partial<PlanInput>): unknown => rolloutNeeded(inputOf(served(), change), 'green')
  const drifted = {
    service: 'Alert',
    traffic: 'Correct',
    infrastructure: 'Alert',
    unmanaged: 'Alert',
  } as const
  const settings = { enableExecuteCommand: true }
  const withSettings = (version = '1'): PlanInput['desired'] => {
    const desired = desiredRelease({ version })
    return { ...desired, spec: { ...desired.spec, service: { ...desired.spec.service, settings } } }
  }
  const retry = { restart: undefined, retry: { id: timestamp(2_000), by: 'bob' } }

  it.each<readonly [title: string, change: () => Partial<PlanInput>, expected: unknown]>([
    ['is not needed where the wanted revision serves', () => ({}), undefined],
    [
      'is needed for a restart, in the name of who asked',
      () => ({ requests: { restart: { id: 'now', by: 'bob' }, retry: undefined } }),
      { why: 'Restart', who: 'bob', reason: undefined, requestedAt: 'now' },
    ],
    [
      'is needed for another try, in the name of who asked',
      () => ({ status: { failed: [failed('content-1')] }, last: undefined, requests: retry }),
      { why: 'Retry', who: 'bob', reason: undefined, requestedAt: timestamp(2_000) },
    ],
    [
      'is needed for a new commit, with its reason',
      () => ({ desired: { ...withSettings(), digest: 'other', reason: 'because' } }),
      { why: 'Commit', who: 'ada', reason: 'because' },
    ],
    [
      'is needed where the served revision was never verified',
      () => ({ lastSucceeded: undefined }),
      { why: 'Commit', who: 'ada', reason: undefined },
    ],
    [
      'is needed where settings that replace tasks were changed by hand',
      () => ({ desired: withSettings() }),
      { why: 'Drift', who: 'steersman', reason: 'the live side no longer runs what was rolled out' },
    ],
    [
      'is not needed for that where the environment only tells',
      () => ({ desired: withSettings(), drift: drifted }),
      undefined,
    ],
  ])('%s', (_title, change, expected) => {
    expect(needed(change())).toEqual(expected)
  })

  it('is needed by the commit, not by drift, where the content last served on the other side', () => {
    const lastSucceeded = ended({ outcome: 'Succeeded' }, { to: { side: 'blue' } })
    expect(needed({ desired: withSettings(), lastSucceeded })).toMatchObject({ why: 'Commit' })
  })
})

describe('the content that is worked for', () => {
  const pursued = (change: Partial<Parameters<typeof pursuedDigest>[0]>): string =>
    pursuedDigest({
      desired: desiredRelease({ version: '2' }),
      status: { failed: [failed('content-2')] },
      last: undefined,
      lastSucceeded: ended({ outcome: 'Succeeded' }),
      requests: { restart: undefined, retry: undefined },
      active: undefined,
      ...change,
    })

  it.each<readonly [title: string, change: () => Parameters<typeof pursued>[0], digest: string]>([
    ['is the last good one while the wanted one is refused', () => ({}), 'content-1'],
    ['is the wanted one while nothing is refused', () => ({ status: {} }), 'content-2'],
    ['is the wanted one where there was no good one', () => ({ lastSucceeded: undefined }), 'content-2'],
    [
      'is the wanted one where a person asked for another try',
      () => ({ requests: { restart: undefined, retry: { id: timestamp(2_000), by: 'ada' } } }),
      'content-2',
    ],
    [
      'is the wanted one while a rollout tries it',
      () => ({ active: ended({}, { digest: 'content-2' }) }),
      'content-2',
    ],
    [
      'is not what some other rollout tries',
      () => ({ active: ended({}, { digest: 'content-9' }) }),
      'content-1',
    ],
  ])('%s', (_title, change, digest) => {
    expect(pursued(change())).toBe(digest)
  })
})

describe('the last good version', () => {
  const restore = (
    change: (input: PlanInput) => Partial<PlanInput> = () => ({}),
    {
      taskDefinition = taskDefinitionArn('9'),
      desiredCount = 2,
      live = 'green',
    }: { readonly taskDefinition?: string; readonly desiredCount?: number; readonly live?: Side } = {},
  ): RolloutSpec | undefined => {
    const controller = served()
    controller.world.setService('green', { taskDefinition, desiredCount })
    const input = inputOf(controller)
    return restoreLastGood({ ...input, ...change(input) }, live)
  }

  it('is brought back to the other side, from what serves now', () => {
    expect(restore()).toMatchObject({
      number: 2,
      why: 'Drift',
      who: 'steersman',
      reason: 'the live side no longer runs what was rolled out',
      taskDefinition: taskDefinitionArn('1'),
      from: { side: 'green', taskDefinition: taskDefinitionArn('9'), rollout: 'prod-web-1' },
      to: { side: 'blue' },
    })
  })

  it('is brought back from nothing where nothing runs', () => {
    expect(restore(() => ({}), { desiredCount: 0 })?.from).toEqual({ side: 'none' })
  })

  it('is brought back from itself where nothing runs and a part of the traffic goes elsewhere', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    controller.world.removeService('green')
    expect(restoreLastGood(inputOf(controller), 'green')).toMatchObject({
      from: { side: 'green', taskDefinition: taskDefinitionArn('1'), rollout: 'prod-web-1' },
      to: { side: 'blue' },
    })
  })

  it('is brought back where another version has the traffic, and its service is gone', () => {
    expect(restore(() => ({}), { live: 'blue' })).toMatchObject({
      taskDefinition: taskDefinitionArn('1'),
      from: { side: 'none' },
      to: { side: 'green' },
    })
  })

  it.each<readonly [title: string, given: () => RolloutSpec | undefined]>([
    ['it serves', () => restore(() => ({}), { taskDefinition: taskDefinitionArn('1') })],
    ['there is none', () => restore(() => ({ lastSucceeded: undefined }))],
    ['the environment only tells', () => restore(({ drift }) => ({ drift: { ...drift, service: 'Alert' } }))],
    [
      'the other side is live',
      () =>
        restore(
          ({ observation: { sides, ...seen } }) => ({
            observation: {
              ...seen,
              sides: { ...sides, blue: { ...sides.blue, service: sides.green.service } },
            },
          }),
          { live: 'blue' },
        ),
    ],
    ['it failed when it was tried last', () => restore(() => ({ last: ended({ outcome: 'RolledBack' }) }))],
  ])('is not brought back where %s', (_title, given) => {
    expect(given()).toBeUndefined()
  })

  it('is brought back where something else failed last, or it was overtaken', () => {
    const other = ended({ outcome: 'RolledBack' }, { digest: 'content-2' })
    const overtaken = ended({ outcome: 'Superseded' })
    expect([restore(() => ({ last: other })), restore(() => ({ last: overtaken }))]).not.toContain(undefined)
  })
})

describe('the traffic', () => {
  it.each<readonly [title: string, status: RolloutStatus, expected: boolean]>([
    ['of a rollout that succeeded is with its version', { outcome: 'Succeeded' }, true],
    [
      'of one without a way back is with its version',
      { outcome: 'Aborted', weights: { blue: 0, green: 100 } },
      true,
    ],
    ['of one that went back is not', { outcome: 'RolledBack', weights: { blue: 100, green: 0 } }, false],
    ['of one that never moved it is not', { outcome: 'RolledBack' }, false],
  ])('%s', (_title, status, expected) => {
    expect(hasTaken(ended(status))).toBe(expected)
  })
})
