/** Milliseconds of each unit that Go's time.ParseDuration knows. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** Milliseconds of a duration in Go's form (`1h30m`), or undefined when the text is not one; negative ones are not taken. */
export function parseDurationMs(text: string): number | undefined {
  const known = read.get(text)
  if (known !== undefined) return known
  const durationInMs = parse(text)
  if (durationInMs !== undefined && read.size < MOST_PARSED) read.set(text, durationInMs)
  return durationInMs
}

/** Durations come from settings: they are few, and each is read again at every step. */
const read = new Map<string, number>()
const MOST_PARSED = 1_000

function parse(text: string): number | undefined {
  if (text.length > 32 || !/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let totalMs = 0
  for (const [, amount, unit] of text.matchAll(/([0-9.]+)([a-zµ]+)/g)) {
    totalMs += Number(amount) * (UNITS.get(unit ?? '') ?? Number.NaN)
  }
  return totalMs
}

/** Milliseconds of a duration that a schema has checked before; throws on anything else. */
export function durationMs(text: string): number {
  const parsed = parseDurationMs(text)
  if (parsed === undefined) throw new TypeError(`not a duration: ${JSON.stringify(text)}`)
  return parsed
}

/** Writes milliseconds in Go's form, without units that are zero: 5400000 is `1h30m`, 0 is `0s`. */
export function formatDuration(durationInMs: number): string {
  const wholeMs = Math.max(0, Math.round(durationInMs))
  if (wholeMs === 0) return '0s'
  if (wholeMs < 1000) return `${wholeMs}ms`
  const hours = Math.floor(wholeMs / 3_600_000)
  const minutes = Math.floor((wholeMs % 3_600_000) / 60_000)
  const seconds = (wholeMs % 60_000) / 1000
  const parts = [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${seconds}s` : '',
  ]
  return parts.join('')
}
