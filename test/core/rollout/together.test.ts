import { describe, expect, it } from 'vitest'
import type { Partner, RolloutState, StepInput } from '../../../controller/core/rollout/state.ts'
import { nextStep } from '../../../controller/core/rollout/transition.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { blank } from '../../support/release-controller.ts'
import { all, line, ready, said, toBlue } from './ready.ts'

const members = [
  { release: 'api', digest: 'api-2', number: 4 },
  { release: 'web', digest: 'content-2', number: 2 },
]

/** What web, which is ready on blue, does next; `leader` says whose success is that of all. */
function webWith(
  partner: Partial<RolloutStatus> | undefined,
  {
    status = {},
    leader = 'prod-api-4',
    moved = false,
    mayBegin = true,
    ...change
  }: Partial<Omit<StepInput, 'rollout'>> & {
    readonly status?: RolloutStatus
    readonly leader?: string
    readonly moved?: boolean
    readonly mayBegin?: boolean
  } = {},
) {
  const { controller, rollout } = ready()
  if (moved) {
    toBlue(controller.world)
    controller.world.pointTest('green')
  }
  const now = controller.world.now
  const group = { name: 'shop', leader, members }
  const own: RolloutState = {
    ...rollout,
    spec: { ...rollout.spec, group },
    status: {
      ...rollout.status,
      phase: 'Shifting',
      phaseStartedAt: timestamp(now - 30_000),
      deadlineAt: timestamp(now + 60_000),
      ...status,
    },
  }
  const other: Partner = {
    release: 'api',
    mayBegin,
    said: 'api: waits for its image',
    rollout:
      partner === undefined
        ? undefined
        : { name: 'prod-api-4', spec: { ...own.spec, release: 'api', number: 4 }, status: partner },
  }
  return nextStep({
    rollout: own,
    observation: controller.world.look(blank, all),
    wantedDigest: own.spec.digest,
    partners: [other],
    writes: {},
    now,
    mayWrite: true,
    pollMs: 1_000,
    stalenessBoundMs: 60_000,
    ...change,
  })
}

const shifted: RolloutStatus = { shiftedAt: '2026-11-28T00:00:00.000Z', readyStep: 1, step: 1, steps: 1 }
const baked: RolloutStatus = { ...shifted, phase: 'Baking', readyStep: 2 }

describe('the first weight of a group', () => {
  it('waits for a member that has not begun', () => {
    const step = webWith(undefined)
    expect(said(step)).toBe('GroupNotReady: ready, and waits for api of group shop: api: waits for its image')
    expect(step.status.readyStep).toBe(1)
  })

  it('waits for a member that is not ready', () => {
    expect(said(webWith({ phase: 'Verifying', message: 'gate smoke: no answer yet' }))).toBe(
      'GroupNotReady: ready, and waits for api of group shop: Verifying, gate smoke: no answer yet',
    )
  })

  it.each<readonly [what: string, partner: RolloutStatus]>([
    ['is ready', { phase: 'Shifting', readyStep: 1 }],
    ['has moved already', { ...shifted, phase: 'Baking' }],
  ])('moves when every member %s', (_what, partner) => {
    expect(line(webWith(partner))).toBe('Shifting Act SetWeights')
  })

  it('is not waited for after the deadline', () => {
    const status = { deadlineAt: timestamp(0) }
    expect(webWith({ phase: 'Verifying' }, { status }).status).toMatchObject({
      phase: 'RollingBack',
      reason: 'DeadlineExceeded',
      message: expect.stringContaining('waits for api of group shop: Verifying') as string,
    })
  })

  it('makes way for a newer version as long as nobody has moved', () => {
    const wantedDigest = 'content-3'
    const waiting = webWith({ phase: 'Shifting', readyStep: 1 }, { wantedDigest })
    expect(waiting.status).toMatchObject({ phase: 'RollingBack', outcome: 'Superseded' })
    expect(webWith({ ...shifted, phase: 'Baking' }, { wantedDigest }).status.phase).toBe('Shifting')
  })

  it('makes way where the commit wants another version of a member that has not begun', () => {
    expect(webWith(undefined, { mayBegin: false }).status).toMatchObject({
      phase: 'RollingBack',
      outcome: 'Superseded',
      message: 'the environment wants another version of api of group shop now',
    })
  })
})

describe('members that come apart', () => {
  const movedAgo = (ms: number): RolloutStatus => ({
    ...shifted,
    phase: 'Baking',
    shiftedAt: timestamp(ready().controller.world.now - ms),
  })
  const unfit = (ms: number) => {
    const { controller } = ready()
    controller.world.kill('blue', 1)
    return webWith(movedAgo(ms), { observation: controller.world.look(blank, all) })
  }

  it('are waited for as long as the one that is late may become whole', () => {
    expect(line(unfit(59_000))).toBe('Shifting waits: Preflight')
  })

  it('go back when it does not', () => {
    expect(unfit(60_000).status).toMatchObject({
      phase: 'RollingBack',
      reason: 'GroupApart',
      message: expect.stringContaining(
        "api of its group has moved, and this one can't: no weight is moved",
      ) as string,
    })
  })
})

describe('a member that waits for people', () => {
  const status = { deadlineAt: timestamp(0) }
  const since = (ms: number): string => timestamp(ready().controller.world.now - ms)

  it('holds up the deadline of the others', () => {
    const late = timestamp(ready().controller.world.now - 5_000)
    const awaiting = { gate: 'sign-off', since: since(10_000), until: since(-60_000) }
    const asked = webWith({ phase: 'AwaitingApproval', awaiting }, { status: { deadlineAt: late } })
    expect(line(asked)).toBe('Shifting waits: GroupNotReady')
    const decided = webWith({ phase: 'Verifying', waitSeconds: 10 }, { status: { deadlineAt: late } })
    expect(line(decided)).toBe('Shifting waits: GroupNotReady')
  })

  it('does so for no longer than it waits', () => {
    const late = webWith({ phase: 'Verifying', waitSeconds: 10 }, { status })
    expect(late.status).toMatchObject({ phase: 'RollingBack', reason: 'DeadlineExceeded' })
  })
})

describe('a group of which a member goes back', () => {
  const failed: RolloutStatus = {
    phase: 'RollingBack',
    outcome: 'RolledBack',
    reason: 'GateFailed',
    message: 'gate smoke ended as Failed',
  }

  it.each<readonly [what: string, partner: RolloutStatus, expected: Partial<RolloutStatus>]>([
    [
      'because it failed',
      failed,
      {
        outcome: 'RolledBack',
        reason: 'GroupMemberFailed',
        message: 'api of group shop failed (GateFailed): gate smoke ended as Failed',
      },
    ],
    [
      'because a person aborted it',
      { phase: 'Aborted', outcome: 'Aborted', reason: 'Aborted', message: 'by ada' },
      {
        outcome: 'RolledBack',
        reason: 'GroupMemberFailed',
        message: 'api of group shop was aborted (Aborted): by ada',
      },
    ],
    [
      'because it follows another one',
      { ...failed, reason: 'GroupMemberFailed', message: 'worker of group shop failed (GateFailed): no' },
      { reason: 'GroupMemberFailed', message: 'worker of group shop failed (GateFailed): no' },
    ],
    [
      'because a newer version is wanted',
      { phase: 'Superseded', outcome: 'Superseded', reason: 'NewerVersion', message: 'another version' },
      { outcome: 'Superseded', reason: 'NewerVersion', message: 'api of group shop: another version' },
    ],
  ])('goes back as a whole %s', (_what, partner, expected) => {
    expect(webWith(partner).status).toMatchObject({ phase: 'RollingBack', ...expected })
  })

  it('gives the traffic back with one write for each rule', () => {
    const step = webWith(failed, { status: { ...shifted, phase: 'Baking' }, moved: true })
    expect(line(step)).toBe('RollingBack Act SetWeights')
  })
})

describe('the success of a group', () => {
  it('is the leader’s when all have baked', () => {
    const status = baked
    const led = { status, leader: 'prod-web-2', moved: true }
    expect(said(webWith({ ...shifted, phase: 'Baking' }, led))).toBe(
      'GroupNotReady: baked, and waits for api of group shop: Baking',
    )
    expect(webWith(baked, led)).toMatchObject({ kind: 'Finished', status: { outcome: 'Succeeded' } })
  })

  it('is everybody’s at once', () => {
    const succeeded: RolloutStatus = { ...baked, phase: 'Succeeded', outcome: 'Succeeded' }
    const step = webWith(succeeded, { status: baked, moved: true })
    expect(step).toMatchObject({ kind: 'Finished', status: { outcome: 'Succeeded' } })
  })

  it('comes even where a person aborts too late', () => {
    const succeeded: RolloutStatus = { ...baked, phase: 'Succeeded', outcome: 'Succeeded' }
    const abortRequested = { by: 'ada', at: timestamp(0) }
    const step = webWith(succeeded, { status: { ...baked, abortRequested }, moved: true })
    expect(step).toMatchObject({ kind: 'Finished', status: { outcome: 'Succeeded' } })
  })

  it('is for the leader to refuse once a member’s bake is over', () => {
    const abortRequested = { by: 'ada', at: timestamp(0) }
    const asked = webWith(
      { ...shifted, phase: 'Baking' },
      { status: { ...baked, abortRequested }, moved: true },
    )
    expect(asked.kind).toBe('Wait')
    expect(asked.status).toMatchObject({ phase: 'Baking', refusal: { outcome: 'Aborted' } })
    const led = { leader: 'prod-web-2', status: { ...shifted, phase: 'Baking' as const }, moved: true }
    expect(webWith(asked.status, led).status).toMatchObject({
      phase: 'RollingBack',
      reason: 'GroupMemberFailed',
    })
    const back: RolloutStatus = { ...shifted, phase: 'RollingBack', outcome: 'RolledBack' }
    const follows = webWith({ ...back, reason: 'GroupMemberFailed' }, { status: asked.status, moved: true })
    expect(follows.status).toMatchObject({ phase: 'RollingBack', outcome: 'Aborted' })
  })
})
