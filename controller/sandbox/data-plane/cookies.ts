import type { Clock } from '../kernel/clock.ts'

/** A stickiness cookie says what was chosen and until when; AWS's are opaque too. */

/** The `Set-Cookie` value of a stickiness cookie that holds for `seconds`. */
export function stickyCookie(
  clock: Pick<Clock, 'now'>,
  cookie: { name: string; chosen: string; seconds: number; speed: number },
): string {
  const until = clock.now() + (cookie.seconds * 1000) / cookie.speed
  const value = Buffer.from(`${until}|${cookie.chosen}`).toString('base64url')
  const expires = new Date(clock.now() + cookie.seconds * 1000).toUTCString()
  return `${cookie.name}=${value}; Expires=${expires}; Path=/`
}

/** What a stickiness cookie says was chosen; undefined once it has run out, or when it is not one of ours. */
export function chosenBy(clock: Pick<Clock, 'now'>, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const decoded = Buffer.from(value, 'base64url').toString('utf8')
  const bar = decoded.indexOf('|')
  const until = Number(decoded.slice(0, Math.max(0, bar)))
  return bar > 0 && until > clock.now() ? decoded.slice(bar + 1) : undefined
}

/** The cookies of a request's `Cookie` header. */
export function readCookies(header: string | undefined): Record<string, string> {
  if (header === undefined) return {}
  const pairs = header.split(';').flatMap((part) => {
    const equals = part.indexOf('=')
    return equals > 0 ? [[part.slice(0, equals).trim(), part.slice(equals + 1).trim()] as const] : []
  })
  return Object.fromEntries(pairs)
}
