import type { StateLock } from '../../ports/terraform.ts'
import type { Diagnostic } from './log-lines.ts'

/**
 * Who holds the state's lock, from the error that says so: `Error acquiring the state lock` with a block `Lock Info`, the same
 * for every backend; undefined for any other error.
 */
export function heldLock(diagnostics: readonly Diagnostic[]): StateLock | undefined {
  const found = diagnostics.find(
    ({ severity, summary }) => severity === 'error' && summary === 'Error acquiring the state lock',
  )
  return found === undefined ? undefined : lockInfo(found.detail)
}

/** The block `Lock Info` of a text; undefined where there is none. */
export function lockInfo(text: string): StateLock | undefined {
  const field = (name: string): string =>
    new RegExp(`^\\s*${name}:[^\\S\\n]*(\\S.*)?$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const id = field('ID')
  // Without a holder the backend could not be asked: that is a failure like any other.
  if (id === '') return undefined
  return {
    id,
    who: field('Who'),
    operation: field('Operation'),
    since: timeOf(field('Created')),
    path: field('Path'),
  }
}

/** Go prints `2026-11-29 01:58:46.318566403 +0000 UTC`, always in UTC here. */
function timeOf(text: string): number | undefined {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? \+0000 UTC/.exec(text) ?? []
  if (day === undefined || time === undefined) return undefined
  const since = Date.parse(`${day}T${time}Z`)
  return Number.isNaN(since) ? undefined : since
}
