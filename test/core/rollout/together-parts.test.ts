import { describe, expect, it } from 'vitest'

import type { Partner, PhaseResult, RolloutState, StepInput } from '../../../controller/core/rollout/state.ts'
import {
  apartTooLong,
  endTogether,
  fateOfGroup,
  heldToWord,
  isUnmovedGroup,
  peopleOfGroupMs,
  stepTogether,
  succeedsWithLeader,
} from '../../../controller/core/rollout/together.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { NOW, rolloutIn, spec } from './only.ts'

const LEADER = 'prod-api-4'
const members = [
  { release: 'api', digest: 'api-2', number: 4 },
  { release: 'mailer', digest: 'd2', number: 2 },
]
const at = (ms: number): string => new Date(NOW - ms).toISOString()

/** The rollout of mailer, a member of the group that api leads. */
const member = (status: RolloutStatus, leader = LEADER): RolloutState => ({
  ...rolloutIn('Shifting', {}, spec({ to: { side: 'blue' }, group: { name: 'shop', leader, members } })),
  status,
})
const api = (status: RolloutStatus | undefined, mayBegin = true): Partner => ({
  release: 'api',
  mayBegin,
  said: 'api: waits for its image',
  rollout: status === undefined ? undefined : { ...member(status), name: LEADER },
})
const input = (rollout: RolloutState, ...partners: readonly Partner[]): StepInput => ({
  rollout,
  partners,
  observation: blankObservation,
  wantedDigest: 'd2',
  writes: {},
  now: NOW,
  mayWrite: true,
  pollMs: 1_000,
  stalenessBoundMs: 60_000,
})
const alone = (status: RolloutStatus): StepInput => {
  const { partners: _none, ...rest } = input(rolloutIn('Baking', status))
  return rest
}
const said = (result: PhaseResult | undefined): string | undefined =>
  result?.kind === 'Wait' ? `${result.reason}: ${result.message}` : result?.kind

describe('a rollout without a group', () => {
  it('waits for nobody, and nobody decides for it', () => {
    const own = alone({ phase: 'Baking' })
    expect(stepTogether(own, 1)).toBeUndefined()
    expect(endTogether(own)).toBeUndefined()
    expect(fateOfGroup(own)).toBe(own.rollout.status)
    expect(isUnmovedGroup(own)).toBe(false)
    expect(succeedsWithLeader(own)).toBe(false)
    expect(peopleOfGroupMs(own)).toBe(0)
  })

  it('is never apart from others, and turns back at its own word', () => {
    const { shiftedAt: _none, ...status } = alone({}).rollout.status
    const own = { ...alone({}), rollout: { ...alone({}).rollout, status } }
    expect(apartTooLong(own, 'no')).toBeUndefined()
    const back: PhaseResult = { kind: 'Again', status: { phase: 'RollingBack' } }
    expect(heldToWord(own, back)).toBe(back)
  })
})

describe('a member of a group', () => {
  it('does nothing where nothing is known of the others', () => {
    const { partners: _none, ...unknown } = input(member({ phase: 'Shifting', readyStep: 1 }))
    expect(() => stepTogether(unknown, 1)).toThrow('nothing is known of the group of rollout prod-mailer-2')
  })

  it('says first that it is ready, and that its bake is over', () => {
    expect(stepTogether(input(member({ phase: 'Shifting' }), api(undefined)), 1)).toEqual({
      kind: 'Again',
      status: { phase: 'Shifting', readyStep: 1 },
    })
    expect(endTogether(input(member({ phase: 'Baking' }), api({ phase: 'Baking' })))).toEqual({
      kind: 'Again',
      status: { phase: 'Baking', readyStep: 2 },
    })
  })

  it.each<readonly [title: string, partner: Partner, expected: string | undefined]>([
    ['has only begun', api({}), 'GroupNotReady: ready, and waits for api of group shop: Pending'],
    [
      'has no rollout yet',
      api(undefined),
      'GroupNotReady: ready, and waits for api of group shop: api: waits for its image',
    ],
    ['has succeeded', api({ phase: 'Succeeded' }), undefined],
  ])('waits with its step for another one that %s, unless that is past it', (_title, partner, expected) => {
    const own = input(member({ phase: 'Shifting', readyStep: 1 }), partner)
    expect(said(stepTogether(own, 1))).toBe(expected)
  })

  it('that follows waits at its end for the leader alone', () => {
    const own = member({ phase: 'Baking', readyStep: 2 })
    const other: Partner = { ...api(undefined), release: 'worker' }
    expect(said(endTogether(input(own, other, api({ phase: 'Baking', message: 'asks' }))))).toBe(
      'GroupNotReady: baked, and waits for api of group shop: Baking, asks',
    )
    expect(endTogether(input(own, other, api({ outcome: 'Succeeded' })))).toBeUndefined()
  })

  it('that leads waits at its end for everybody', () => {
    const own = member({ phase: 'Baking', readyStep: 2 }, 'prod-mailer-2')
    const baked = api({ phase: 'Baking', readyStep: 2 })
    expect(endTogether(input(own, baked))).toBeUndefined()
    expect(said(endTogether(input(own, baked, api(undefined))))).toContain('baked, and waits for api')
    expect(said(endTogether(input(own, api({ phase: 'Baking' }))))).toContain('baked, and waits for api')
  })

  it('is apart from others only before it has moved itself, and only once they have for a minute', () => {
    const moved = api({ phase: 'Baking', shiftedAt: at(60_000) })
    const waiting = member({ phase: 'Shifting' })
    expect(apartTooLong(input(waiting, api(undefined), moved), 'no')?.status).toMatchObject({
      phase: 'RollingBack',
      reason: 'GroupApart',
      message: "api of its group has moved, and this one can't: no",
    })
    expect(apartTooLong(input(waiting, api({ shiftedAt: at(59_999) })), 'no')).toBeUndefined()
    expect(apartTooLong(input(waiting, api({}), api(undefined)), 'no')).toBeUndefined()
    expect(apartTooLong(input(member({ shiftedAt: at(0) }), moved), 'no')).toBeUndefined()
  })

  it('is given the time that others waited for people longer than it did', () => {
    const asks = { gate: 'sign-off', since: at(4_000), until: at(-4_000) }
    const own = member({ waitSeconds: 3 })
    expect(peopleOfGroupMs(input(own, api(undefined)))).toBe(0)
    expect(peopleOfGroupMs(input(own, api({ waitSeconds: 2, awaiting: asks })))).toBe(3_000)
    expect(peopleOfGroupMs(input(own, api({ awaiting: { ...asks, since: at(-9_000) } })))).toBe(0)
  })

  it('is of an unmoved group until anybody has moved', () => {
    const own = member({ phase: 'Shifting' })
    expect(isUnmovedGroup(input(own, api(undefined), api({})))).toBe(true)
    expect(isUnmovedGroup(input(own, api({ shiftedAt: at(0) })))).toBe(false)
    expect(isUnmovedGroup(input(member({ shiftedAt: at(0) }), api({})))).toBe(false)
  })
})

describe('what the others make of a member', () => {
  const own = member({ phase: 'Shifting' })

  it.each<readonly [title: string, partners: readonly Partner[]]>([
    ['all goes on', [api({ phase: 'Shifting' })]],
    ['one ended well', [api({ phase: 'Succeeded', outcome: 'Succeeded' })]],
    ['one goes back and does not say as what yet', [api({ phase: 'RollingBack' })]],
    ['one has not begun, and may', [api(undefined)]],
  ])('is nothing while %s', (_title, partners) => {
    expect(fateOfGroup(input(own, ...partners))).toBe(own.status)
  })

  it.each<readonly [title: string, status: RolloutStatus, message: string]>([
    [
      'goes back without a word',
      { phase: 'RollingBack', outcome: 'RolledBack' },
      'api of group shop failed (RolledBack): ',
    ],
    [
      'wants the group to go back',
      { phase: 'Baking', refusal: { outcome: 'RolledBack', reason: 'GateFailed', message: 'no' } },
      'api of group shop failed (GateFailed): no',
    ],
  ])('is the way back as soon as another one %s', (_title, status, message) => {
    expect(fateOfGroup(input(own, api(status)))).toMatchObject({
      phase: 'RollingBack',
      outcome: 'RolledBack',
      reason: 'GroupMemberFailed',
      message,
    })
  })

  it('is told by the one that began it, and else by whoever follows', () => {
    const follower = api({
      phase: 'RollingBack',
      outcome: 'RolledBack',
      reason: 'GroupMemberFailed',
      message: 'web of group shop failed (GateFailed): no',
    })
    const culprit: Partner = {
      ...api({ phase: 'RolledBack', outcome: 'RolledBack', reason: 'GateFailed', message: 'no' }),
      release: 'web',
    }
    const told = 'web of group shop failed (GateFailed): no'
    expect(fateOfGroup(input(own, follower, culprit)).message).toBe(told)
    expect(fateOfGroup(input(own, follower)).message).toBe(told)
  })
})

describe('a member that has given its word', () => {
  const baked: RolloutStatus = { phase: 'Baking', readyStep: 2 }
  const turned = (status: RolloutStatus): PhaseResult => ({
    kind: 'Again',
    status: { ...baked, phase: 'RollingBack', ...status },
  })

  it.each<readonly [title: string, status: RolloutStatus, refusal: RolloutStatus['refusal']]>([
    [
      'as what it would have ended as',
      { outcome: 'Aborted', reason: 'Aborted', message: 'by ada' },
      { outcome: 'Aborted', reason: 'Aborted', message: 'by ada' },
    ],
    [
      'as rolled back where nothing was said',
      {},
      { outcome: 'RolledBack', reason: 'RolledBack', message: '' },
    ],
    [
      'never as a success',
      { outcome: 'Succeeded', reason: 'GateFailed', message: 'no' },
      { outcome: 'RolledBack', reason: 'GateFailed', message: 'no' },
    ],
  ])('wants to go back %s, and waits for the leader', (_title, status, refusal) => {
    const held = heldToWord(input(member(baked), api({ phase: 'Baking' })), turned(status))
    expect(held).toMatchObject({
      kind: 'Wait',
      reason: 'GroupNotReady',
      status: { phase: 'Baking', refusal },
    })
  })

  it('keeps the first reason for which it wanted to', () => {
    const refusal = { outcome: 'RolledBack', reason: 'GateFailed', message: 'no' } as const
    const own = input(member({ ...baked, refusal }), api({ phase: 'Baking' }))
    const held = heldToWord(own, turned({ outcome: 'Aborted', reason: 'Aborted', message: 'by ada' }))
    expect(held.status).toMatchObject({ phase: 'Baking', refusal })
  })

  it.each<readonly [title: string, rollout: RolloutState]>([
    ['has not said yet that its bake is over', member({ phase: 'Baking' })],
    ['leads', member(baked, 'prod-mailer-2')],
    ['does not bake any more', member({ phase: 'Shifting', readyStep: 2 })],
  ])('goes back by itself where it %s', (_title, rollout) => {
    const back = turned({ outcome: 'RolledBack' })
    expect(heldToWord(input(rollout, api({ phase: 'Baking' })), back)).toBe(back)
  })

  it('succeeds with its leader, whatever becomes of the others', () => {
    const failed: Partner = { ...api({ phase: 'RolledBack', outcome: 'RolledBack' }), release: 'web' }
    const worker = { ...failed, rollout: { ...member({ phase: 'RolledBack', outcome: 'RolledBack' }) } }
    const own = input(member(baked), api(undefined), worker, api({ outcome: 'Succeeded' }))
    expect(succeedsWithLeader(own)).toBe(true)
    expect(fateOfGroup(own)).toBe(own.rollout.status)
    expect(succeedsWithLeader(input(member(baked), worker))).toBe(false)
  })
})
