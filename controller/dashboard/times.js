/** @type {readonly (readonly [number, string])[]} Seconds and the letter of each unit, the greatest first. */
const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/**
 * A length of time in its two greatest units, as `4 min 10 s`.
 *
 * @param {number} durationMs
 * @returns {string}
 */
export function lengthOf(durationMs) {
  let left = Math.max(0, Math.round(durationMs / 1_000))
  if (left === 0) return durationMs >= 100 ? `${(durationMs / 1_000).toFixed(1)} s` : '0 s'
  /** @type {string[]} */
  const parts = []
  for (const [seconds, letter] of units) {
    if (left >= seconds && parts.length < 2) parts.push(`${Math.floor(left / seconds)} ${letter}`)
    left %= seconds
  }
  return parts.join(' ')
}

/**
 * How long ago something was, in one unit; clocks that differ a little make no future.
 *
 * @param {string} timestamp RFC 3339.
 * @param {number} now Milliseconds since the epoch.
 * @returns {string}
 */
export function ago(timestamp, now) {
  const seconds = Math.round((now - Date.parse(timestamp)) / 1_000)
  if (seconds < 10) return 'just now'
  const [size, letter] = units.find(([unit]) => seconds >= unit) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${letter} ago`
}

/**
 * How long something took; undefined while it has not ended.
 *
 * @param {string | undefined} from
 * @param {string | undefined} to
 * @returns {string | undefined}
 */
export const between = (from, to) =>
  from === undefined || to === undefined ? undefined : lengthOf(Date.parse(to) - Date.parse(from))
