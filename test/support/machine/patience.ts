import type { EventuallyOptions } from '../eventually.ts'
import { eventually } from '../eventually.ts'

/** For how long a story waits for what a whole controller does: five stories run at once, and their machine may be busy with more. */
export const PATIENCE = { withinMs: 60_000, everyMs: 15 }

/** {@link eventually} for stories. */
export function patiently<T>(
  look: () => T | Promise<T>,
  isDone: (seen: T) => boolean,
  options: EventuallyOptions = {},
): Promise<T> {
  return eventually(look, isDone, { ...PATIENCE, ...options })
}
