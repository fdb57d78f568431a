import type { ReleaseStatus, SeenSchedule } from '../../resources/generated/release.ts'
import { scheduleObject, scheduleText } from '../action.ts'
import type { DesiredRelease } from '../desired.ts'
import type { Change } from '../diff/change.ts'
import { changeAt, pointer } from '../diff/change.ts'
import { isIgnored, withoutIgnored } from '../ignore.ts'
import type { ReleaseObservation, ScheduleFacts, ScheduleName } from '../observation.ts'
import { mayLagBehindWrites } from '../rollout/freshness.ts'
import type { RolloutState } from '../rollout/state.ts'
import { fromTimestamp, STALENESS_BOUND_MS, timestamp } from '../time.ts'
import type { Decision, PlanInput } from './decision.ts'
import { unseen } from './decision.ts'
import { made } from './made.ts'

/** How old the last look at a schedule may be that runs what it should: each look is one call. */
export const SCHEDULES_LOOK_MS = 300_000
/** For so long after a rollout has succeeded its schedules come before the next rollout: no longer, for a schedule that can't be written must not hold up versions. */
const FIRST_MS = 60_000

/** What schedules shall run: the version that succeeded last, or the one of git's record. Undefined where no version ever did. */
export const succeededTaskDefinition = ({
  lastSucceeded,
  desired,
}: {
  readonly lastSucceeded: RolloutState | undefined
  readonly desired: Pick<DesiredRelease, 'recorded'> | undefined
}): string | undefined => lastSucceeded?.spec.taskDefinition ?? desired?.recorded?.taskDefinition

/**
 * Points each of the release's schedules at the version that succeeded last, one write each. They are looked at when one of them was not seen there yet, and
 * now and then; undefined when all is as it should be.
 */
export function pointSchedules(input: PlanInput): Decision | undefined {
  const wanted = succeededTaskDefinition(input)
  const { spec } = input.desired
  const named = spec.schedules ?? []
  if (named.length === 0 || wanted === undefined) return undefined
  const isSeen = input.observation.seen.includes('schedules')
  if (!isSeen && named.every((schedule) => isKnownRight(input, schedule, wanted))) return undefined
  const look = unseen(input, ['schedules'])
  if (look !== undefined) return look
  const facts = input.observation.schedules ?? []
  for (const schedule of facts) {
    const change = schedule === null ? undefined : changeOf(input, schedule, wanted)
    if (change !== undefined) return change
  }
  return problemOf(named, facts)
}

/** What begins, or before it the schedules' part of a success that was just reached. */
export function schedulesFirst(input: PlanInput, begin: Decision): Decision {
  const { last, now, desired } = input
  const { outcome, finishedAt } = last?.status ?? {}
  const isNew = finishedAt !== undefined && now - fromTimestamp(finishedAt) < FIRST_MS
  if (begin.kind !== 'Start' || desired.goesBack === true || outcome !== 'Succeeded' || !isNew) return begin
  const decision = pointSchedules(input)
  return decision === undefined || decision.kind === 'Stall' ? begin : decision
}

function isKnownRight(input: PlanInput, schedule: ScheduleName, wanted: string): boolean {
  const seen = seenBefore(input.status, schedule)
  if (seen?.taskDefinition === undefined || seen.pointed !== wanted) return false
  const isRight = seen.taskDefinition === wanted || isLeft(input, schedule)
  return isRight && input.now - fromTimestamp(seen.seenAt) < SCHEDULES_LOOK_MS
}

/** Whether a change that somebody made is left there. */
const isLeft = ({ drift, desired }: PlanInput, schedule: ScheduleName): boolean =>
  drift.service !== 'Correct' || isIgnored(pathOf(schedule), desired.spec.ignore)

function changeOf(input: PlanInput, schedule: ScheduleFacts, wanted: string): Decision | undefined {
  const { name, group, taskDefinition } = schedule
  if (taskDefinition === undefined || taskDefinition === wanted) return undefined
  if (isIgnored(pathOf(schedule), input.desired.spec.ignore)) return undefined
  const drift = seenBefore(input.status, schedule)?.pointed === wanted
  if (drift && isLeft(input, schedule)) return undefined
  return made(input, {
    action: { kind: 'PointSchedule', name, group, taskDefinition: wanted },
    before: taskDefinition,
    drift,
  })
}

/** What only a person can mend: Terraform makes the schedules. */
function problemOf(
  named: readonly ScheduleName[],
  facts: readonly (ScheduleFacts | null)[],
): Decision | undefined {
  for (const [index, schedule] of named.entries()) {
    const seen = facts[index] ?? null
    const text = scheduleText(schedule)
    if (seen === null)
      return {
        kind: 'Stall',
        reason: 'ScheduleMissing',
        message: `the schedule ${text} does not exist; create it (Terraform owns it), or correct spec.schedules`,
      }
    if (seen.taskDefinition === undefined)
      return {
        kind: 'Stall',
        reason: 'ScheduleTarget',
        message: `the target of the schedule ${text} is none of Amazon ECS; give it a cluster and EcsParameters`,
      }
  }
  return undefined
}

/** Schedules that somebody pointed elsewhere after they were seen to run what they should; those that no look shows now, as they were seen last. */
export function scheduleChanges({
  desired,
  lastSucceeded,
  observation,
  status,
}: Pick<PlanInput, 'desired' | 'lastSucceeded' | 'observation'> & {
  readonly status: Pick<ReleaseStatus, 'schedules'>
}): readonly Change[] {
  const wanted = succeededTaskDefinition({ lastSucceeded, desired })
  const changes = (desired.spec.schedules ?? []).flatMap((schedule, index) => {
    const known = seenBefore(status, schedule)
    if (known === undefined || known.pointed !== wanted) return []
    const live = observation.seen.includes('schedules') ? observation.schedules?.[index] : known
    if (live?.taskDefinition === wanted) return []
    const values = { wanted, live: live?.taskDefinition }
    return [changeAt('schedules', segmentsOf(schedule), { ...values, owner: 'Steersman', class: 'service' })]
  })
  return withoutIgnored(changes, desired.spec.ignore)
}

/** What the status keeps of the schedules after a reconcile: what was seen, but for a look that may be older than a write of ours. */
export function seenSchedules({
  previous,
  observation,
  desired,
  lastSucceeded,
  now,
}: {
  readonly previous: ReleaseStatus
  readonly observation: ReleaseObservation
  readonly desired: DesiredRelease | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly now: number
}): Pick<ReleaseStatus, 'schedules'> {
  if (desired === undefined) return previous.schedules === undefined ? {} : { schedules: previous.schedules }
  const wanted = succeededTaskDefinition({ lastSucceeded, desired })
  const reading = { observation, writes: previous.writes ?? {}, now, stalenessBoundMs: STALENESS_BOUND_MS }
  const isSeen = observation.seen.includes('schedules') && !mayLagBehindWrites(reading, ['schedules'])
  const schedules = (desired.spec.schedules ?? []).flatMap((schedule, index): SeenSchedule[] => {
    const known = seenBefore(previous, schedule)
    if (!isSeen) return known === undefined ? [] : [known]
    const taskDefinition = observation.schedules?.[index]?.taskDefinition
    const pointed = taskDefinition === wanted ? taskDefinition : known?.pointed
    return [
      {
        name: schedule.name,
        group: schedule.group,
        ...(taskDefinition === undefined ? {} : { taskDefinition }),
        ...(pointed === undefined ? {} : { pointed }),
        seenAt: timestamp(now),
      },
    ]
  })
  return schedules.length === 0 ? {} : { schedules }
}

const seenBefore = (
  { schedules }: Pick<ReleaseStatus, 'schedules'>,
  schedule: ScheduleName,
): SeenSchedule | undefined => schedules?.find((seen) => scheduleObject(seen) === scheduleObject(schedule))

const segmentsOf = ({ group, name }: ScheduleName): readonly string[] => [group, name, 'taskDefinition']

const pathOf = (schedule: ScheduleName): string => pointer(['schedules', ...segmentsOf(schedule)])
