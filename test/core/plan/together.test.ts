import { describe, expect, it } from 'vitest'
import { planRelease } from '../../../controller/core/plan.ts'
import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import type { Relative } from '../../../controller/core/relations.ts'
import type { RolloutGroup } from '../../../controller/resources/generated/rollout.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf } from './planning.ts'

const second = desiredRelease({ version: '2' })
const web = { release: 'web', digest: second.digest, number: 2 }

/** A running or finished rollout of another member. */
function rolloutOf(name: string, digest: string, group?: RolloutGroup): RolloutState {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  const spec = { ...last.spec, digest, ...(group === undefined ? {} : { group }) }
  return { name, spec, status: { phase: 'Pending' } }
}

const member = (release: string, change: Partial<Relative> = {}): Relative => ({
  release,
  wanted: `${release}-2`,
  status: {},
  active: undefined,
  lastSucceeded: rolloutOf(`prod-${release}-1`, `${release}-1`),
  newest: 1,
  ...change,
})

/** The member has everything for its rollout, and says so. */
const asking = (release: string, number = 2): Relative =>
  member(release, {
    status: {
      waiting: { reason: 'GroupNotReady', message: '', asks: { digest: `${release}-2`, number } },
    },
  })

const unchanged = (release: string): Relative =>
  member(release, { lastSucceeded: rolloutOf(`prod-${release}-1`, `${release}-2`) })

function planned(others: readonly Relative[], change: Partial<PlanInput> = {}): Decision {
  const relations = { dependsOn: [], group: { name: 'shop', others } }
  return planRelease(inputOf(served(), { desired: second, relations, ...change }))
}

const groupOf = (decision: Decision): RolloutGroup | undefined =>
  decision.kind === 'Start' ? decision.spec.group : undefined
const waitsFor = (decision: Decision): string =>
  decision.kind === 'Blocked' ? decision.message : decision.kind

describe('a member of a group', () => {
  it('asks the others first', () => {
    expect(planned([member('api')])).toEqual({
      kind: 'Blocked',
      reason: 'GroupNotReady',
      message: 'waits for group shop; api: not begun yet',
      lookAgainMs: 1_000,
      asks: { digest: second.digest, number: 2 },
    })
  })

  it('leads when all have spoken and it is the first by name', () => {
    expect(groupOf(planned([asking('worker'), unchanged('zoo')]))).toEqual({
      name: 'shop',
      leader: 'prod-web-2',
      members: [web, { release: 'worker', digest: 'worker-2', number: 2 }],
    })
  })

  it('waits for the one that leads', () => {
    expect(waitsFor(planned([asking('api')]))).toBe('waits for group shop; api begins first')
  })

  it('joins the one that leads', () => {
    const group = { name: 'shop', leader: 'prod-api-7', members: [web] }
    const active = rolloutOf('prod-api-7', 'api-2', group)
    expect(groupOf(planned([member('api', { active, newest: 7 })]))).toEqual(group)
  })

  it.each<readonly [what: string, change: Partial<typeof web>]>([
    ['another version', { digest: 'content-3' }],
    ['another rollout of it', { number: 1 }],
  ])('does not join a rollout that names %s', (_what, change) => {
    const group = { name: 'shop', leader: 'prod-api-7', members: [{ ...web, ...change }] }
    const active = rolloutOf('prod-api-7', 'api-2', group)
    expect(waitsFor(planned([member('api', { active, newest: 7 })]))).toBe(
      'waits for group shop; rollout prod-api-7 has to end first',
    )
  })

  it('moves alone when the commit changes no other', () => {
    expect(groupOf(planned([unchanged('api'), unchanged('worker')]))).toEqual({
      name: 'shop',
      leader: 'prod-web-2',
      members: [web],
    })
  })

  it('takes no word for another version, or for a rollout that has begun', () => {
    const older = { ...asking('worker'), wanted: 'worker-3' }
    expect(waitsFor(planned([older]))).toContain('worker: not begun yet')
    expect(waitsFor(planned([{ ...asking('worker'), newest: 2 }]))).toContain('worker: not begun yet')
  })

  it('has no part in a pin, a restart or a way back at once', () => {
    for (const why of ['Pin', 'Failback'] as const) {
      const decision = planned([member('api')], { desired: { ...second, why } })
      expect(decision.kind).toBe('Start')
      expect(groupOf(decision)).toBeUndefined()
    }
  })

  it('goes back with the others when the tag is moved', () => {
    const desired = { ...second, why: 'Tag' as const, goesBack: true as const }
    expect(waitsFor(planned([member('api')], { desired }))).toContain('api: not begun yet')
  })

  it('tries again with the others after another member failed', () => {
    const last = {
      ...rolloutOf('prod-web-1', second.digest),
      status: { phase: 'RolledBack', outcome: 'RolledBack', reason: 'GroupMemberFailed' },
    } as const
    expect(groupOf(planned([asking('worker')], { last }))?.members).toHaveLength(2)
  })
})
