import { describe, expect, it } from 'vitest'
import type { ScheduleFacts } from '../../../controller/core/observation.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { assertSafe } from '../../../controller/core/rollout/invariants.ts'
import { rememberWrite } from '../../../controller/core/rollout/recent-writes.ts'
import { SCHEDULES_LOOK_MS, scheduleChanges, seenSchedules } from '../../../controller/core/plan/schedules.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { ReleaseStatus, SeenSchedule } from '../../../controller/resources/types.ts'
import { blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import { all, inputOf, line } from './planning.ts'

const nightly = { name: 'nightly', group: 'default' }
const hourly = { name: 'hourly', group: 'shop' }
const serving = taskDefinitionArn('1')
const other = taskDefinitionArn('0')

const controller = served()
const { now } = controller.world

/** The version 1 serves; the schedules were seen, or not. */
function input(
  seen: readonly (ScheduleFacts | null)[] | undefined,
  change: {
    readonly status?: ReleaseStatus
    readonly input?: Partial<PlanInput>
    readonly ignore?: string[]
  } = {},
): PlanInput {
  const desired = controller.desired
  const { ignore } = change
  const observation = controller.world.look(blank, all)
  return inputOf(controller, {
    desired: {
      ...desired,
      spec: { ...desired.spec, schedules: [nightly, hourly], ...(ignore === undefined ? {} : { ignore }) },
    },
    observation:
      seen === undefined
        ? observation
        : { ...observation, schedules: seen, seen: [...observation.seen, 'schedules'] },
    status: { ...controller.status, ...change.status },
    ...change.input,
  })
}

const runs = (schedule: typeof nightly, taskDefinition: string | undefined): ScheduleFacts => ({
  ...schedule,
  taskDefinition,
})
const right = [runs(nightly, serving), runs(hourly, serving)]
const known = (schedule: typeof nightly, change: Partial<SeenSchedule> = {}): SeenSchedule => ({
  ...schedule,
  taskDefinition: serving,
  pointed: serving,
  seenAt: timestamp(now),
  ...change,
})
const knownRight = { schedules: [known(nightly), known(hourly)] }
const decide = (given: PlanInput): string => line(planRelease(given))

describe('the schedules of a release', () => {
  it('are looked at where nobody has seen them yet, and then only now and then', () => {
    const look = 'look at schedules'
    expect(decide(input(undefined))).toBe(look)
    expect(decide(input(undefined, { status: knownRight }))).toBe('converged')
    const later = { now: now + SCHEDULES_LOOK_MS - 1 }
    expect(decide(input(undefined, { status: knownRight, input: later }))).toBe('converged')
    expect(decide(input(undefined, { status: knownRight, input: { now: now + SCHEDULES_LOOK_MS } }))).toBe(
      look,
    )
  })

  it.each<[string, Partial<SeenSchedule>]>([
    ['ran another version', { pointed: other }],
    ['did not exist', { taskDefinition: undefined as never }],
    ['was pointed elsewhere by hand', { taskDefinition: other }],
  ])('are looked at where one of them %s', (_, change) => {
    const status = { schedules: [known(nightly), known(hourly, change)] }
    expect(decide(input(undefined, { status }))).toBe('look at schedules')
  })

  it('are pointed at the version that has succeeded, one after the other', () => {
    expect(decide(input([runs(nightly, other), runs(hourly, other)]))).toBe(
      'do: point schedule nightly at prod-web:1',
    )
    expect(decide(input([runs(nightly, serving), runs(hourly, other)]))).toBe(
      'do: point schedule shop/hourly at prod-web:1',
    )
    expect(decide(input(right))).toBe('converged')
  })

  it('are left alone while the environment writes nothing, and where no version has succeeded', () => {
    const changed = [runs(nightly, other), runs(hourly, other)]
    expect(decide(input(changed, { input: { mayWrite: false } }))).toBe('Wait: Suspended')
    const none = { lastSucceeded: undefined, last: undefined }
    expect(decide(input(changed, { input: none }))).not.toContain('schedule')
  })

  it('are put back where somebody pointed one elsewhere, as the environment’s policy says', () => {
    const byHand = [runs(nightly, serving), runs(hourly, other)]
    expect(decide(input(byHand, { status: knownRight }))).toBe(
      'mend: point schedule shop/hourly at prod-web:1',
    )
    const drift = { ...controller.drift, service: 'Alert' } as const
    expect(decide(input(byHand, { status: knownRight, input: { drift } }))).toBe('converged')
    const left = {
      status: { schedules: [known(nightly), known(hourly, { taskDefinition: other })] },
      input: { drift },
    }
    expect(decide(input(undefined, left))).toBe('converged')
    const ignore = ['/schedules/shop/hourly']
    expect(decide(input(byHand, { status: knownRight, ignore }))).toBe('converged')
  })

  it('are read back before anything is concluded from them', () => {
    const before = [runs(nightly, other), runs(hourly, serving)]
    const write = { before: other, after: serving, at: timestamp(now) }
    const status = { writes: { 'schedule/default/nightly': write } }
    expect(decide(input(before, { status }))).toBe('Wait: ReadBack')
    expect(decide(input([null, runs(hourly, serving)], { status }))).toBe('Stall: ScheduleMissing')
  })

  it('stall the release where one does not exist or runs no task, once the others are right', () => {
    expect(decide(input([null, runs(hourly, other)]))).toBe('do: point schedule shop/hourly at prod-web:1')
    expect(decide(input([null, runs(hourly, serving)]))).toBe('Stall: ScheduleMissing')
    expect(decide(input([runs(nightly, undefined), runs(hourly, serving)]))).toBe('Stall: ScheduleTarget')
  })
})

describe('a rollout that begins right after another has succeeded', () => {
  const newer = (change: Partial<PlanInput> = {}, seen?: readonly (ScheduleFacts | null)[]): PlanInput => {
    const base = input(seen)
    const { spec } = base.desired
    const desired = {
      ...desiredRelease({ version: '2' }),
      spec: { ...desiredRelease({ version: '2' }).spec, ...spec },
    }
    const last = controller.last && {
      ...controller.last,
      status: { ...controller.last.status, finishedAt: timestamp(now - 1_000) },
    }
    return { ...base, desired, last, ...change }
  }
  const start = 'start to blue because of Commit'

  it('lets its schedules go first', () => {
    expect(decide(newer())).toBe('look at schedules')
    expect(decide(newer({}, [runs(nightly, other), runs(hourly, serving)]))).toBe(
      'do: point schedule nightly at prod-web:1',
    )
    expect(decide(newer({}, right))).toBe(start)
  })

  it('waits for none that is missing, for none after a minute, and for none on a way back', () => {
    expect(decide(newer({}, [null, null]))).toBe(start)
    expect(decide(newer({ now: now + 60_000 }))).toBe(start)
    const given = newer()
    expect(decide({ ...given, desired: { ...given.desired, goesBack: true } })).toBe(start)
  })
})

describe('what is known of schedules', () => {
  const facts = (seen: readonly (ScheduleFacts | null)[] | undefined, previous: ReleaseStatus = {}) => {
    const { desired, observation, lastSucceeded } = input(seen)
    return { desired, observation, lastSucceeded, previous, now }
  }

  it('is what was seen, and what each was last seen to run as it should', () => {
    expect(seenSchedules(facts(right))).toEqual(knownRight)
    const older = { schedules: [known(nightly), known(hourly)] }
    expect(seenSchedules(facts([null, runs(hourly, other)], older))).toEqual({
      schedules: [
        { ...nightly, pointed: serving, seenAt: timestamp(now) },
        known(hourly, { taskDefinition: other }),
      ],
    })
    expect(seenSchedules(facts([runs(nightly, other), null]))).toEqual({
      schedules: [
        { ...nightly, taskDefinition: other, seenAt: timestamp(now) },
        { ...hourly, seenAt: timestamp(now) },
      ],
    })
  })

  it('stays where they were not looked at, or what was seen may be older than a write', () => {
    expect(seenSchedules(facts(undefined))).toEqual({})
    expect(seenSchedules(facts(undefined, { schedules: [known(hourly)] }))).toEqual({
      schedules: [known(hourly)],
    })
    const writes = {
      'schedule/default/nightly': { before: other, after: serving, at: timestamp(now), ambiguous: true },
    }
    const stale = [runs(nightly, other), runs(hourly, serving)]
    expect(seenSchedules(facts(stale, { schedules: [known(nightly)], writes }))).toEqual({
      schedules: [known(nightly)],
    })
  })

  it('stays where nobody can say what is wanted', () => {
    const undesired = { ...facts(right), desired: undefined }
    expect(seenSchedules(undesired)).toEqual({})
    expect(seenSchedules({ ...undesired, previous: knownRight })).toEqual(knownRight)
  })

  it('tells what somebody changed, also while they are not looked at', () => {
    const change = {
      path: '/schedules/shop/hourly/taskDefinition',
      wanted: serving,
      live: other,
      owner: 'Steersman',
      class: 'service',
    }
    const byHand = [runs(nightly, serving), runs(hourly, other)]
    expect(scheduleChanges({ ...input(byHand), status: knownRight })).toEqual([change])
    expect(scheduleChanges({ ...input([runs(nightly, serving), null]), status: knownRight })).toEqual([
      { ...change, live: null },
    ])
    const remembered = { schedules: [known(nightly), known(hourly, { taskDefinition: other })] }
    expect(scheduleChanges({ ...input(undefined), status: remembered })).toEqual([change])
    expect(scheduleChanges({ ...input(byHand), status: {} })).toEqual([])
    expect(scheduleChanges({ ...input(byHand, { ignore: ['/schedules'] }), status: knownRight })).toEqual([])
  })

  it('is nothing for a release without any', () => {
    const { observation, lastSucceeded } = input(undefined)
    const plain = { observation, lastSucceeded, desired: controller.desired, status: {} }
    expect(scheduleChanges(plain)).toEqual([])
    expect(seenSchedules({ ...plain, previous: {}, now })).toEqual({})
  })
})

describe('a write to a schedule', () => {
  const write = { kind: 'PointSchedule', ...nightly, taskDefinition: serving } as const
  const facts = { observation: input(right).observation, expected: {} }

  it('is refused unless its version is the one that succeeded last', () => {
    expect(() => assertSafe(write, { ...facts, succeeded: serving })).not.toThrow()
    expect(() => assertSafe(write, { ...facts, succeeded: other })).toThrow(
      'I12: would point schedule nightly at prod-web:1, but no version with it has succeeded last',
    )
    expect(() => assertSafe(write, facts)).toThrow('I12')
  })

  it('is remembered with what stood before it, and before the one that it follows', () => {
    const first = { before: 'a', after: 'b', at: timestamp(now) }
    const object = 'schedule/default/nightly'
    const next = { before: 'b', after: 'c', at: timestamp(now + 1_000) }
    expect(rememberWrite({ [object]: first }, { object, write: next, stalenessBoundMs: 60_000 })).toEqual({
      [object]: { ...next, earlier: ['a'] },
    })
  })

  it('shows in a world that obeys at once', () => {
    const seen = input([runs(nightly, other), null]).observation
    expect(afterAction(seen, write, undefined).schedules).toEqual([runs(nightly, serving), null])
    expect(afterAction(seen, { ...write, group: 'shop' }, undefined).schedules).toEqual(seen.schedules)
    expect(afterAction(input(undefined).observation, write, undefined)).not.toHaveProperty('schedules')
  })
})
