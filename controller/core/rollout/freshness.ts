import type { RecentWrite } from '../../resources/generated/release.ts'
import type { RolloutIntent, RolloutStatus } from '../../resources/generated/rollout.ts'
import { scalingValue, scheduleObject, serviceValue, weightsValue } from '../action.ts'
import type { Part, Place, ReleaseObservation, ServiceFacts, Side, SideObservation } from '../observation.ts'
import { places, seenAt, sides } from '../observation.ts'
import type { Settling } from '../time.ts'
import { fromTimestamp, mayNotShow } from '../time.ts'
import { unansweredValues, valuesBeforeWrite } from './recent-writes.ts'
import { testPointsOnlyAt, weightsOf } from './traffic.ts'

interface Reading extends Settling {
  readonly observation: ReleaseObservation
  readonly writes: Readonly<Record<string, RecentWrite>>
  /** Whether writes without an answer count, too. */
  readonly isUnansweredMeant?: boolean
}

/**
 * Whether some of the parts show what stood there before a write of ours that AWS has answered: such a reading may be older than the write, so nothing is
 * concluded from it until the bound has passed.
 */
export function isOlderThanWrites(reading: Reading, parts: readonly Part[]): boolean {
  return (
    (parts.includes('rules') && rulesAreOld(reading)) ||
    (parts.includes('codeDeploy') && codeDeployIsOld(reading)) ||
    (parts.includes('services') && places.some((place) => serviceIsOld(reading, place))) ||
    (parts.includes('scaling') && sides.some((side) => scalingIsOld(reading, side))) ||
    (parts.includes('schedules') && schedulesAreOld(reading)) ||
    places.some((place) => parts.includes(place) && membersAreOld(reading, place))
  )
}

/**
 * Whether some of the parts show what stood there before a write of ours, answered or not: what that was to change, and does not show, was changed by nobody
 * else.
 */
export const mayLagBehindWrites = (reading: Reading, parts: readonly Part[]): boolean =>
  isOlderThanWrites({ ...reading, isUnansweredMeant: true }, parts)

/** Whether the value stood before a write of ours to this object that got no answer, and may still come to light. */
export function stoodBeforeUnanswered(
  reading: Omit<Reading, 'observation'>,
  { object, value }: { readonly object: string; readonly value: string },
): boolean {
  const write = reading.writes[object]
  if (write?.ambiguous !== true || !mayNotShow(write.at, reading)) return false
  return valuesBeforeWrite(write).includes(value)
}

/** Whether a write that gave traffic to the side got no answer, and may still come to light. */
export function mayHaveTraffic(reading: Reading, side: Side, intent: RolloutIntent | undefined): boolean {
  const weights = intent?.arguments?.['weights'] as Partial<Record<Side, number>> | undefined
  const isIntended =
    intent !== undefined && mayNotShow(intent.startedAt, reading) && (weights?.[side] ?? 0) > 0
  const isUnclear = reading.observation.production.some(
    (rule) =>
      rule !== null &&
      unansweredValues(reading.writes, `rule/${rule.arn}`, reading).some(
        (value) => !value.includes(`${side} 0`),
      ),
  )
  return isIntended || isUnclear
}

/** Whether a write that points the test rule elsewhere got no answer, and may still come to light. */
export const mayStillPoint = (reading: Omit<Reading, 'observation'>, side: Side): boolean =>
  unansweredValues(reading.writes, 'test-rule', reading).some((value) => value !== side)

/** Whether a change of the side's service to anything but what is wanted got no answer, and may still come to light: it would come over the wanted. */
export function mayStillChange(
  reading: Omit<Reading, 'observation'>,
  side: Place,
  { taskDefinition, count }: { readonly taskDefinition: string; readonly count: number },
): boolean {
  const harmless = new Set([serviceValue(taskDefinition), serviceValue(taskDefinition, count), String(count)])
  return unansweredValues(reading.writes, `service/${side}`, reading).some((value) => !harmless.has(value))
}

/**
 * Whether a side that took traffic when it was whole may just be shown as it was before that: a read may be so old, and it shows nothing that came later,
 * such as a failed health check or a task that replaces another. Tasks are compared by AWS's clock alone. Targets of which none is any task's may be those
 * of the version before, read from before its tasks went, and where there are none while the tasks that were found ready still run, they may not have been
 * registered yet: what is newer among the tasks, such as those that autoscaling adds, says nothing about them.
 */
export function mayBeFromBefore(
  { now, stalenessBoundMs }: Pick<Reading, 'now' | 'stalenessBoundMs'>,
  { members }: SideObservation,
  { shiftedAt, newestTaskAt }: Pick<RolloutStatus, 'shiftedAt' | 'newestTaskAt'>,
): boolean {
  if (shiftedAt === undefined || now - fromTimestamp(shiftedAt) >= stalenessBoundMs) return false
  const newestMs = fromTimestamp(newestTaskAt ?? shiftedAt)
  const failed = members?.targets.some(({ state }) => state === 'unhealthy') ?? false
  const replaced = members?.tasks.some(({ createdAt }) => createdAt > newestMs) ?? false
  return (!failed && !replaced) || (members !== undefined && isOfAnotherTime(members, newestMs))
}

function isOfAnotherTime(
  { tasks, targets }: NonNullable<SideObservation['members']>,
  newestMs: number,
): boolean {
  if (targets.length === 0)
    return tasks.some(({ createdAt, desiredStatus }) => createdAt <= newestMs && desiredStatus === 'RUNNING')
  const own = new Set(tasks.flatMap(({ targetIds }) => targetIds))
  return tasks.length > 0 && targets.every(({ id, port }) => !own.has(id) && !own.has(`${id}:${port}`))
}

function rulesAreOld(reading: Reading): boolean {
  const { observation } = reading
  const isOld = observation.production.some((rule) => {
    if (rule === null) return false
    const seen = weightsValue(weightsOf(rule, observation).weights)
    const write = recent(reading, `rule/${rule.arn}`)
    return write !== undefined && showsBefore(write, seen)
  })
  return isOld || testIsOld(reading)
}

/** A deployment that was just begun is not the newest yet, or not even what stood there before it shows. */
function codeDeployIsOld(reading: Reading): boolean {
  const write = recent(reading, 'code-deploy')
  if (write === undefined) return false
  const ids = reading.observation.codeDeploy?.deployments.map(({ id }) => id) ?? []
  return (ids[0] ?? 'none') === write.before || (write.before !== 'none' && !ids.includes(write.before))
}

function testIsOld(reading: Reading): boolean {
  const { observation } = reading
  const write = recent(reading, 'test-rule')
  if (write === undefined || observation.test === null) return false
  const isAsWritten = sides.some((side) => side === write.after && testPointsOnlyAt(observation, side))
  return !isAsWritten && weightsValue(weightsOf(observation.test, observation).weights) === write.before
}

function serviceIsOld(reading: Reading, side: Place): boolean {
  const { service } = seenAt(reading.observation, side)
  const whole = recent(reading, `service/${side}`)
  const part = recent(reading, `service/${side}/count`)
  const seen = service === null ? 'none' : seenAs(service, whole)
  const count = service === null ? 'none' : String(service.desiredCount)
  const isPartNewer = part !== undefined && (whole === undefined || part.at >= whole.at)
  return (
    (isPartNewer && showsBefore(part, count)) ||
    (whole !== undefined && showsBefore(whole, seen)) ||
    tagsAreOld(reading, side)
  )
}

/** What the service shows of what the write gave it: its revision alone where that left the count as it was. */
const seenAs = ({ taskDefinition, desiredCount }: ServiceFacts, write: RecentWrite | undefined): string =>
  write === undefined || / x \d+$/.test(write.after)
    ? serviceValue(taskDefinition, desiredCount)
    : serviceValue(taskDefinition)

function scalingIsOld(reading: Reading, side: Side): boolean {
  const { scaling } = reading.observation.sides[side]
  const write = recent(reading, `scaling/${side}`)
  if (write === undefined || scaling === undefined || scaling === null) return false
  return showsBefore(write, scalingValue(scaling))
}

function schedulesAreOld(reading: Reading): boolean {
  return (reading.observation.schedules ?? []).some((schedule) => {
    const write = schedule === null ? undefined : recent(reading, scheduleObject(schedule))
    return write !== undefined && showsBefore(write, schedule?.taskDefinition ?? '')
  })
}

/** Tags that were just given are missing, or ones that were just taken are there. */
function tagsAreOld(reading: Reading, side: Place): boolean {
  const write = recent(reading, `service/${side}/tags`)
  const { service } = seenAt(reading.observation, side)
  if (write === undefined || service === null) return false
  const value = JSON.parse(write.after) as readonly string[] | Readonly<Record<string, string>>
  return Array.isArray(value)
    ? value.some((key: string) => Object.hasOwn(service.tags, key))
    : Object.entries(value).some(([key, wanted]) => service.tags[key] !== wanted)
}

const showsBefore = (write: RecentWrite, seen: string): boolean =>
  seen !== write.after && valuesBeforeWrite(write).includes(seen)

/** AWS's clock and ours may differ by so much. */
const CLOCK_SKEW_MS = 5_000

/** After a side was raised from zero, tasks from before are those that it was rid of. */
function membersAreOld(reading: Reading, side: Place): boolean {
  const write = recent(reading, `service/${side}`)
  if (write === undefined || !(write.before === 'none' || write.before.endsWith(' x 0'))) return false
  const tasks = seenAt(reading.observation, side).members?.tasks ?? []
  return tasks.some((task) => task.createdAt < fromTimestamp(write.at) - CLOCK_SKEW_MS)
}

function recent(reading: Reading, object: string): RecentWrite | undefined {
  const { writes, isUnansweredMeant = false } = reading
  const write = writes[object]
  if (write === undefined || (write.ambiguous === true && !isUnansweredMeant)) return undefined
  return mayNotShow(write.at, reading) ? write : undefined
}
