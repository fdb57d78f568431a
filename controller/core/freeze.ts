import { Cron } from 'croner'
import type { DefaultedFreezeWindow } from '../resources/generated/environment.ts'
import { durationMs } from '../resources/duration.ts'

/** What holds while at least one window is open. */
export interface Freeze {
  /** Milliseconds since the epoch at which no window is open any more; undefined where a window can't be read. */
  readonly until: number | undefined
  /** Whether a person may go back to an earlier version: every open window must allow it. */
  readonly allowsRollback: boolean
  /** Whether what people changed by hand is put right: every open window must allow it. */
  readonly allowsCorrection: boolean
  /** The open windows in words. */
  readonly windows: readonly string[]
}

/** When a freeze is asked about, and when an admin set aside the windows that were open then. Both in milliseconds since the epoch. */
export interface FreezeTime {
  readonly now: number
  readonly overriddenAt: number | undefined
}

/**
 * The freeze at a moment, by the wall clock; undefined without one. A window that can't be read is always open, and no override sets it aside: what somebody
 * wanted to keep still is not set in motion by a slip of the pen.
 */
export function freezeAt(windows: readonly DefaultedFreezeWindow[], time: FreezeTime): Freeze | undefined {
  const open = windows.flatMap((window) => {
    const until = openUntil(window, time)
    return until === 'closed' ? [] : [{ window, until }]
  })
  if (open.length === 0) return undefined
  return {
    until: endOf(windows, time, open),
    allowsRollback: open.every(({ window }) => window.allowRollback),
    allowsCorrection: open.every(({ window }) => window.allowCorrection),
    windows: open.map(({ window }) => nameOf(window)),
  }
}

/** A window in words: `"0 16 * * FRI" for 64h (Europe/Berlin)`. */
const nameOf = ({ schedule, duration, timeZone }: DefaultedFreezeWindow): string =>
  `${JSON.stringify(schedule)} for ${duration} (${timeZone})`

/** Windows that follow one another without a gap are told as one, up to so many. */
const MOST_JOINED = 100

function endOf(
  windows: readonly DefaultedFreezeWindow[],
  { overriddenAt }: FreezeTime,
  open: readonly { readonly until: number | undefined }[],
): number | undefined {
  let ends = open.map(({ until }) => until)
  let end = latest(ends)
  for (let joined = 0; joined < MOST_JOINED && end !== undefined; joined += 1) {
    const now = end
    ends = windows.flatMap((window) => {
      const until = openUntil(window, { now, overriddenAt })
      return until === 'closed' ? [] : [until]
    })
    if (ends.length === 0) break
    end = latest(ends)
  }
  return end
}

const latest = (ends: readonly (number | undefined)[]): number | undefined =>
  ends.reduce<number | undefined>(
    (last, end) => (last === undefined || end === undefined ? undefined : Math.max(last, end)),
    Number.NEGATIVE_INFINITY,
  )

/** Until when the window is open; undefined for one that can't be read. */
function openUntil(
  window: DefaultedFreezeWindow,
  { now, overriddenAt }: FreezeTime,
): number | undefined | 'closed' {
  const start = lastStart(window, now)
  if (start === 'unreadable') return undefined
  if (start === undefined) return 'closed'
  const until = start + durationMs(window.duration)
  const isSetAside = overriddenAt !== undefined && start <= overriddenAt
  return now < until && !isSetAside ? until : 'closed'
}

const MINUTE_MS = 60_000
/** Each look asks for the same few windows in the same minute, so that what the library said is kept. */
const starts = new Map<string, number | undefined | 'unreadable'>()
const MOST_STARTS = 1_000

/** The newest beginning up to now; undefined where there was none. Windows begin with a minute. */
function lastStart(window: DefaultedFreezeWindow, now: number): number | undefined | 'unreadable' {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const key = `${minute} ${nameOf(window)}`
  if (starts.has(key)) return starts.get(key)
  const start = readStart(window, minute)
  if (starts.size >= MOST_STARTS) starts.clear()
  starts.set(key, start)
  return start
}

function readStart(window: DefaultedFreezeWindow, minute: number): number | undefined | 'unreadable' {
  if (problemOf(window) !== undefined) return 'unreadable'
  return cronOf(window)
    .previousRuns(1, new Date(minute + 1_000))
    .at(0)
    ?.getTime()
}

/** Five fields, so neither seconds and years nor nicknames such as `@daily`, which the library reads too. */
const FIVE_FIELDS = /^[^\s@]+(?:[ \t]+[^\s@]+){4}$/

const cronOf = ({ schedule, timeZone }: Pick<DefaultedFreezeWindow, 'schedule' | 'timeZone'>): Cron =>
  new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true })

/** What is wrong with a window that the schema lets through, and in which of its fields; undefined for one that can be read. */
export function problemOf(
  window: DefaultedFreezeWindow,
): { readonly field: 'schedule' | 'duration' | 'timeZone'; readonly message: string } | undefined {
  const { schedule, duration, timeZone } = window
  if (!isTimeZone(timeZone))
    return {
      field: 'timeZone',
      message: `${JSON.stringify(timeZone)} is no time zone; expected an IANA name such as Europe/Berlin`,
    }
  if (!FIVE_FIELDS.test(schedule) || !isSchedule(window))
    return {
      field: 'schedule',
      message: `${JSON.stringify(schedule)} is no schedule, or never comes; expected five cron fields such as "0 16 * * FRI"`,
    }
  if (!(durationMs(duration) >= MINUTE_MS))
    return { field: 'duration', message: `${JSON.stringify(duration)} is too short; expected at least 1m` }
  return undefined
}

function isTimeZone(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A day on which every schedule that ever comes has a next time. */
const ANY_DAY = new Date('2026-01-01T00:00:00Z')

function isSchedule(window: DefaultedFreezeWindow): boolean {
  try {
    return cronOf(window).nextRun(ANY_DAY) !== null
  } catch {
    return false
  }
}
