import type { RecentWrite } from '../../resources/generated/release.ts'
import { plainObject } from '../plain-object.ts'
import type { Settling } from '../time.ts'
import { fromTimestamp, mayNotShow } from '../time.ts'

type Writes = Readonly<Record<string, RecentWrite>>

/** As the schema of a Release has it. */
const MOST_EARLIER = 8

/**
 * What is kept of our writes, to know a reading from before them: each until the next one to the same object, or to the whole that it is a part of. For a
 * service and its autoscaling, values that stood before writes which are no older than a read may be are kept along; for weights and schedules, which people set to and fro, only those of writes
 * that came one right after the other, as the steps of a shift do.
 */
export function rememberWrite(
  writes: Writes | undefined,
  {
    object,
    write,
    ...settling
  }: { readonly object: string; readonly write: RecentWrite } & Omit<Settling, 'now'>,
): Record<string, RecentWrite> {
  const now = fromTimestamp(write.at)
  const recent = (known: string): RecentWrite | undefined => {
    const found = writes?.[known]
    return found !== undefined && mayNotShow(found.at, { ...settling, now }) ? found : undefined
  }
  const values = new Set(
    object.startsWith('service/')
      ? [...valuesBefore(recent(object), write), ...countsBefore(recent(`${object}/count`), write)]
      : object.startsWith('scaling/')
        ? valuesBefore(recent(object), write)
        : object.startsWith('rule/') || object.startsWith('schedule/')
          ? stepsBefore(recent(object), write)
          : [],
  )
  values.delete(write.after)
  values.delete(write.before)
  const earlier = [...values].slice(0, MOST_EARLIER)
  const others = Object.entries(writes ?? {}).filter(([known]) => known !== object && !isPart(known, object))
  const kept = [...others, [object, earlier.length === 0 ? write : { ...write, earlier }] as const]
  const whole = wholeOf(object)
  if (whole === undefined) return plainObject(kept)
  const unanswered = unansweredOf(writes ?? {}, { object, write, whole, recent })
  return plainObject(unanswered === undefined ? kept : [...kept, [unansweredName(whole), unanswered]])
}

/** What is kept once AWS has refused a write: it never happened, so all that its intent took the place of counts again, the counts that are a part of a service too. */
export function takeBackWrite(
  writes: Writes | undefined,
  { object, before }: { readonly object: string; readonly before: Writes | undefined },
): Record<string, RecentWrite> {
  const isTouched = ([known]: readonly [string, RecentWrite]): boolean =>
    known === object || isPart(known, object) || known === unansweredName(wholeOf(object) ?? object)
  const others = Object.entries(writes ?? {}).filter((entry) => !isTouched(entry))
  return plainObject([...others, ...Object.entries(before ?? {}).filter((entry) => isTouched(entry))])
}

/** The service or the rule that an object is, or is a part of; undefined for others. */
const wholeOf = (object: string): string | undefined =>
  /^(?:service\/[^/]+|rule\/.+|test-rule$)/.exec(object)?.[0]

/** Where earlier changes of a service or rule are kept that got no answer, since the newest one takes their place. */
const unansweredName = (whole: string): string => `${whole}/unanswered`

/** All that a service or a rule may have been asked for without an answer that is no older than the bound, as it was written. */
export function unansweredValues(writes: Writes, whole: string, settling: Settling): readonly string[] {
  const open = (name: string): RecentWrite | undefined => {
    const write = writes[name]
    return write?.ambiguous === true && mayNotShow(write.at, settling) ? write : undefined
  }
  const newest = [whole, `${whole}/count`].flatMap((name) => open(name)?.after ?? [])
  const earlier = open(unansweredName(whole))
  return earlier === undefined ? newest : [...newest, ...asked(earlier)]
}

/** All that was asked for without an answer and is kept in one. */
const asked = ({ after, earlier = [] }: RecentWrite): readonly string[] => [after, ...earlier]

/** An intent takes the place of what was tried before it. The answer to it takes its own intent's. */
function unansweredOf(
  writes: Writes,
  {
    object,
    write,
    whole,
    recent,
  }: {
    readonly object: string
    readonly write: RecentWrite
    /** The service or the rule that the object is, or is a part of. */
    readonly whole: string
    readonly recent: (known: string) => RecentWrite | undefined
  },
): RecentWrite | undefined {
  const known = recent(unansweredName(whole))
  const before = known === undefined ? [] : asked(known)
  const replaced = [whole, `${whole}/count`].flatMap((name) => {
    const other = name === object || isPart(name, object) ? recent(name) : undefined
    if (other?.ambiguous !== true || write.ambiguous !== true) return []
    // What was tried once and has been seen since can't come again.
    const isSeen = write.before === other.after || write.before.endsWith(` x ${other.after}`)
    return isSeen && !before.includes(other.after) ? [] : [other]
  })
  const [newest] = [...replaced, ...(known === undefined ? [] : [known])].toSorted((one, other) =>
    one.at < other.at ? 1 : -1,
  )
  if (newest === undefined) return undefined
  const { after, at } = newest
  const values = new Set([...replaced.map((other) => other.after), ...before])
  values.delete(after)
  const others = [...values].slice(0, MOST_EARLIER)
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

/** The weights before a write of ours that this one goes on from: nobody else set others in between. */
function stepsBefore(last: RecentWrite | undefined, write: RecentWrite): readonly string[] {
  const goesOn = last?.after === write.before || (last?.before === write.before && last.after === write.after)
  return goesOn ? valuesBefore(last, write) : []
}

/** A service's values before its count was changed, as those of the whole service: `<task definition> x <count>`. */
function countsBefore(count: RecentWrite | undefined, write: RecentWrite): readonly string[] {
  const at = write.before.lastIndexOf(' x ')
  if (count === undefined || at < 0) return []
  return valuesBeforeWrite(count).map((value) => `${write.before.slice(0, at)} x ${value}`)
}

const isPart = (part: string, whole: string): boolean => part.startsWith(`${whole}/`)
