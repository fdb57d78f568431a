import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** Errors of the language, and of assertions: no program of ours may run into one, even where it goes on afterwards. */
const OURS: ReadonlySet<string> = new Set([
  'InvariantViolation',
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'Unknown',
])

/** A reconcile may fail by what is outside, and by nothing of our own. */
export const checkDefects = ({ report }: CheckerParts): Checker => ({
  told(event) {
    if (event.type === 'ReconcileFailed' && OURS.has(event.code))
      report('defect', `${event.key} fails with ${event.code}: ${event.message}`)
  },
})
