import type { Change } from '../diff.ts'
import { matchesGlob } from '../glob.ts'

/** What a manifest may hold in place of text until a run knows it (RESOURCES: substitution). */
const placeholders = /\$\{(?:commit|imageTag|environment|region|account)\}/g

/** Whether the only difference is a placeholder that nobody could fill in offline. */
export function isUnresolved(change: Change): boolean {
  return matches(change.wanted, change.live)
}

function matches(wanted: unknown, live: unknown): boolean {
  if (typeof wanted === 'string' && typeof live === 'string') {
    const glob = wanted.replaceAll(placeholders, '*')
    return wanted === live || (glob !== wanted && matchesGlob(glob, live))
  }
  if (Array.isArray(wanted) && Array.isArray(live)) {
    return wanted.length === live.length && wanted.every((element, index) => matches(element, live[index]))
  }
  return false
}
