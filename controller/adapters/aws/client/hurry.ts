/** The hurry of all who wait for one answer. */
export interface Hurry {
  /** Fires once one of them is in a hurry. */
  readonly signal: AbortSignal
  readonly join: (hurry: AbortSignal | undefined) => void
  /** The answer is there: lets go of all of them, and of whoever joins later. */
  readonly end: () => void
}

export function createHurry(): Hurry {
  const common = new AbortController()
  const joined = new Set<AbortSignal>()
  let hasEnded = false
  const fire = (): void => common.abort()
  return {
    signal: common.signal,
    join: (hurry) => {
      if (hurry === undefined || hasEnded) return
      if (hurry.aborted) return fire()
      hurry.addEventListener('abort', fire, { once: true })
      joined.add(hurry)
    },
    // One by one: a signal that ended them all would make an error with its stack for each answer.
    end: () => {
      hasEnded = true
      for (const hurry of joined) hurry.removeEventListener('abort', fire)
      joined.clear()
    },
  }
}
