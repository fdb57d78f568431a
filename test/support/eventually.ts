import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

/** How long and how often {@link eventually} looks, and what it calls the thing it waits for. */
export interface EventuallyOptions {
  what?: string
  withinMs?: number
  everyMs?: number
}

/**
 * Looks again and again until `isDone` holds, and returns what it saw. A look that throws counts as not yet. When the
 * time is over it throws with the last value, or the last error as `cause`. For real processes only: where there is an
 * event, or a clock that the test turns, wait for that.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  isDone: (seen: T) => boolean,
  { what = 'what the test waits for', withinMs = 10_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const end = performance.now() + withinMs
  let last: { seen: T } | { error: unknown }
  do {
    last = await tryToSee(look)
    if ('seen' in last && isDone(last.seen)) return last.seen
    await sleep(everyMs)
  } while (performance.now() < end)
  const tail =
    'seen' in last ? `last seen: ${inspect(last.seen, { depth: 6 })}` : `last error: ${String(last.error)}`
  throw new Error(
    `${what} did not come within ${withinMs} ms; ${tail}`,
    'error' in last ? { cause: last.error } : {},
  )
}

async function tryToSee<T>(look: () => T | Promise<T>): Promise<{ seen: T } | { error: unknown }> {
  try {
    return { seen: await look() }
  } catch (error) {
    return { error }
  }
}
