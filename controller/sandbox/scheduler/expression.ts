import { nextOfCron, readCron, type Cron } from './cron.ts'
import { epochOf } from './local-time.ts'

/** What a schedule expression says. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export type Expression =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** Reads an expression; undefined where it is none. */
export function readExpression(text: string, timeZone: string): Expression | undefined {
  const [, kind, inner = ''] = /^(at|rate|cron)\((.*)\)$/.exec(text.trim()) ?? []
  if (kind === 'at') return readAt(inner, timeZone)
  if (kind === 'rate') return readRate(inner)
  const cron = kind === 'cron' ? readCron(inner) : undefined
  return cron && { kind: 'cron', cron }
}

/** The first time after a moment at which it is due; undefined where there is none any more. A rate counts from `anchorMs`. */
export function nextDue(
  expression: Expression,
  {
    afterMs,
    anchorMs,
    timeZone,
  }: { readonly afterMs: number; readonly anchorMs: number; readonly timeZone: string },
): number | undefined {
  switch (expression.kind) {
    case 'at':
      return expression.atMs > afterMs ? expression.atMs : undefined
    case 'rate': {
      const passed = Math.max(0, Math.floor((afterMs - anchorMs) / expression.everyMs))
      return anchorMs + (passed + 1) * expression.everyMs
    }
    case 'cron':
      return nextOfCron(expression.cron, afterMs, timeZone)
  }
}

function readAt(text: string, timeZone: string): Expression | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(text)
  if (found === null || Number.isNaN(Date.parse(`${text}Z`))) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number)
  return { kind: 'at', atMs: epochOf({ year, month, day, hour, minute, second }, timeZone) }
}

/** One of something is written without an s, and several with it. */
function readRate(text: string): Expression | undefined {
  const [, value = '', unit = '', plural = ''] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(text) ?? []
  const unitMs = UNITS_MS[unit]
  if (unitMs === undefined || (value === '1') !== (plural === '')) return undefined
  return { kind: 'rate', everyMs: Number(value) * unitMs }
}
