import type { RecentWrite } from '../../resources/generated/release.ts'
import type { Side } from '../observation.ts'
import { fromTimestamp } from '../time.ts'

type Writes = Readonly<Record<string, RecentWrite>>

/** As the schema of a Release has it. */
const MOST_EARLIER = 8

/**
 * What is kept of our writes, to know a reading from before them: each until the next one to the same object, or to the whole that it is a part of. For a
 * service, values that stood before writes which are no older than a read may be are kept along; not for weights, which people set to and fro.
 */
export function rememberWrite(
  writes: Writes | undefined,
  {
    object,
    write,
    stalenessBoundMs,
  }: { readonly object: string; readonly write: RecentWrite; readonly stalenessBoundMs: number },
): Record<string, RecentWrite> {
  const recent = (known: string): RecentWrite | undefined => {
    const found = writes?.[known]
    const isRecent =
      found !== undefined && fromTimestamp(write.at) - fromTimestamp(found.at) < stalenessBoundMs
    return isRecent ? found : undefined
  }
  const values = new Set(
    object.startsWith('service/')
      ? [...valuesBefore(recent(object), write), ...countsBefore(recent(`${object}/count`), write)]
      : [],
  )
  values.delete(write.after)
  values.delete(write.before)
  const earlier = [...values].slice(0, MOST_EARLIER)
  const kept: Record<string, RecentWrite> = {}
  for (const [known, other] of Object.entries(writes ?? {}))
    if (known !== object && !isPart(known, object)) kept[known] = other
  kept[object] = earlier.length === 0 ? write : { ...write, earlier }
  const service = /^service\/[^/]+/.exec(object)?.[0]
  if (service === undefined) return kept
  const unanswered = unansweredOf(writes ?? {}, { object, write, service, recent })
  return unanswered === undefined ? kept : { ...kept, [unansweredName(service)]: unanswered }
}

/** Where earlier changes of a side's service are kept that got no answer, since the newest one takes their place. */
const unansweredName = (service: string): string => `${service}/unanswered`

/** What of a side's service may have been asked for without an answer. */
export const unansweredNames = (side: Side): readonly string[] => [
  `service/${side}`,
  `service/${side}/count`,
  unansweredName(`service/${side}`),
]

/** All that was asked for without an answer and is kept in one. */
export const valuesUnanswered = ({ after, earlier = [] }: RecentWrite): readonly string[] => [
  after,
  ...earlier,
]

/** An intent takes the place of what was tried before it. The answer to it takes its own intent's. */
function unansweredOf(
  writes: Writes,
  {
    object,
    write,
    service,
    recent,
  }: {
    readonly object: string
    readonly write: RecentWrite
    readonly service: string
    readonly recent: (known: string) => RecentWrite | undefined
  },
): RecentWrite | undefined {
  const known = recent(unansweredName(service))
  const replaced = [service, `${service}/count`].flatMap((name) => {
    const other = name === object || isPart(name, object) ? recent(name) : undefined
    return other?.ambiguous === true && write.ambiguous === true ? [other] : []
  })
  const lost = [...replaced, ...(known === undefined ? [] : [known])].toSorted((one, other) =>
    one.at < other.at ? 1 : -1,
  )
  const [newest] = lost
  if (newest === undefined) return undefined
  const values = new Set([
    ...replaced.map(({ after }) => after),
    ...(known === undefined ? [] : valuesUnanswered(known)),
  ])
  values.delete(newest.after)
  const others = [...values].slice(0, MOST_EARLIER)
  const { after, at } = newest
  return { before: '', after, at, ambiguous: true, ...(others.length === 0 ? {} : { earlier: others }) }
}

/** Every value that stood before the write, the newest first. */
export const valuesBeforeWrite = ({ before, earlier = [] }: RecentWrite): readonly string[] => [
  before,
  ...earlier,
]

/** The answer to an intent is the same write once more: it adds nothing of its own. */
function valuesBefore(last: RecentWrite | undefined, write: RecentWrite): readonly string[] {
  if (last === undefined) return []
  const isSame = last.before === write.before && last.after === write.after
  return isSame ? (last.earlier ?? []) : valuesBeforeWrite(last)
}

/** A service's values before its count was changed, as those of the whole service: `<task definition> x <count>`. */
function countsBefore(count: RecentWrite | undefined, write: RecentWrite): readonly string[] {
  const at = write.before.lastIndexOf(' x ')
  if (count === undefined || at < 0) return []
  return valuesBeforeWrite(count).map((value) => `${write.before.slice(0, at)} x ${value}`)
}

const isPart = (part: string, whole: string): boolean => part.startsWith(`${whole}/`)
