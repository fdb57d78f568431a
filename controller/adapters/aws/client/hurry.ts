/** The hurry of all who wait for one answer. */
export interface Hurry {
  /** Fires once one of them is in a hurry. */
  readonly signal: AbortSignal
  readonly join: (hurry: AbortSignal | undefined) => void
  /** The answer is there: lets go of all of them. */
  readonly end: () => void
}

export function createHurry(): Hurry {
  const common = new AbortController()
  const ended = new AbortController()
  const fire = (): void => common.abort()
  return {
    signal: common.signal,
    join: (hurry) => {
      if (hurry?.aborted === true) fire()
      else hurry?.addEventListener('abort', fire, { once: true, signal: ended.signal })
    },
    end: () => ended.abort(),
  }
}
