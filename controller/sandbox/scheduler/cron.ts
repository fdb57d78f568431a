import { daysIn, epochOf, localTime, weekdayOf, type LocalTime } from './local-time.ts'

/** When a cron expression of EventBridge Scheduler is due: the days by a question, hours and minutes in order. */
export interface Cron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  isDay(day: Pick<LocalTime, 'year' | 'month' | 'day'>): boolean
  readonly lastYear: number
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
/** The fewest days within which every date of the calendar comes by: a leap day, over a year that has none. */
const MOST_DAYS = 366 * 8 + 1

interface Field {
  readonly from: number
  readonly to: number
  readonly names?: readonly string[]
}

const FIELDS = {
  minute: { from: 0, to: 59 },
  hour: { from: 0, to: 23 },
  day: { from: 1, to: 31 },
  month: { from: 1, to: 12, names: MONTHS },
  weekday: { from: 1, to: 7, names: WEEKDAYS },
  year: { from: 1970, to: 2199 },
} as const satisfies Record<string, Field>

/**
 * Reads `minutes hours day-of-month month day-of-week year`; undefined for what AWS, or the sandbox (which has no `W`), does not take.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function readCron(text: string): Cron | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields
  if (fields.length !== 6 || (day === '?') === (weekday === '?')) return undefined
  const minutes = valuesOf(minute, FIELDS.minute)
  const hours = valuesOf(hour, FIELDS.hour)
  const months = valuesOf(month, FIELDS.month)
  const years = valuesOf(year, FIELDS.year)
  const isDay = day === '?' ? weekdayTest(weekday) : dayTest(day)
  if (minutes === undefined || hours === undefined || months === undefined || years === undefined)
    return undefined
  if (isDay === undefined) return undefined
  const [allMonths, allYears] = [new Set(months), new Set(years)]
  return {
    minutes,
    hours,
    lastYear: years.at(-1) ?? 0,
    isDay: (date) => allYears.has(date.year) && allMonths.has(date.month) && isDay(date),
  }
}

/** The first time after a moment, in epoch milliseconds; undefined where there is none any more. */
export function nextOfCron(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  const start = localTime(afterMs, timeZone)
  const firstDay = Date.UTC(start.year, start.month - 1, start.day)
  for (let index = 0; index < MOST_DAYS; index += 1) {
    const at = new Date(firstDay + index * 86_400_000)
    const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
    if (date.year > cron.lastYear) return undefined
    if (!cron.isDay(date)) continue
    for (const hour of cron.hours)
      for (const minute of cron.minutes) {
        const due = epochOf({ ...date, hour, minute, second: 0 }, timeZone)
        if (due > afterMs) return due
      }
  }
  return undefined
}

type DayTest = (date: Pick<LocalTime, 'year' | 'month' | 'day'>) => boolean

function dayTest(text: string): DayTest | undefined {
  if (text === 'L') return ({ year, month, day }) => day === daysIn(year, month)
  const days = valuesOf(text, FIELDS.day)
  return days && (({ day }) => days.includes(day))
}

function weekdayTest(text: string): DayTest | undefined {
  const [, name = '', which] = /^(\w+)(?:#([1-5])|L)$/.exec(text) ?? []
  const only = valueOf(name, FIELDS.weekday)
  if (text === 'L') return (date) => weekdayOf(date) === 6
  if (only !== undefined)
    return (date) =>
      weekdayOf(date) + 1 === only &&
      (which === undefined
        ? date.day + 7 > daysIn(date.year, date.month)
        : Math.ceil(date.day / 7) === Number(which))
  const weekdays = valuesOf(text, FIELDS.weekday)
  return weekdays && ((date) => weekdays.includes(weekdayOf(date) + 1))
}

/** Values of a list of values, ranges and steps, in order; undefined where a part of it is none. */
function valuesOf(text: string, field: Field): readonly number[] | undefined {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? []
    const bounds = boundsOf(range, field, step !== undefined)
    const by = Number(step ?? 1)
    if (bounds === undefined || by < 1) return undefined
    for (let value = bounds[0]; value <= bounds[1]; value += by) found.add(value)
  }
  return [...found].toSorted((one, other) => one - other)
}

function boundsOf(range: string, field: Field, hasStep: boolean): readonly [number, number] | undefined {
  if (range === '*') return [field.from, field.to]
  const [first = '', last, more] = range.split('-')
  const from = valueOf(first, field)
  const to = last === undefined ? (hasStep ? field.to : from) : valueOf(last, field)
  if (from === undefined || to === undefined || more !== undefined || to < from) return undefined
  return [from, to]
}

function valueOf(text: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(text) ?? -1
  if (named >= 0) return named + from
  const value = /^\d+$/.test(text) ? Number(text) : undefined
  return value !== undefined && value >= from && value <= to ? value : undefined
}
