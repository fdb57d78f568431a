import { PortError } from '../../ports/error.ts'

/** Lets a few at once, and has the others wait fairly. */
export interface Turns {
  /** Resolves when it is this name's turn, to the function that ends the turn. Throws PortError `TerraformAborted`. */
  take(name: string, signal?: AbortSignal): Promise<() => void>
}

/**
 * At most `limit` turns at once. Who waits under one name waits in order; the names take turns among each other, so that one
 * with many roots does not keep another waiting.
 */
export function createTurns(limit: number): Turns {
  let running = 0
  /** Names in the order in which they are served; a name that was served goes to the end. */
  const waiting = new Map<string, (() => void)[]>()

  return {
    take: (name, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(abortedWaiting())
        const start = (): void => {
          signal?.removeEventListener('abort', abort)
          running += 1
          resolve(endOnce())
        }
        const abort = (): void => {
          leave(name, start)
          reject(abortedWaiting())
        }
        signal?.addEventListener('abort', abort, { once: true })
        waiting.set(name, [...(waiting.get(name) ?? []), start])
        serve()
      }),
  }

  function serve(): void {
    while (running < limit) {
      const [next] = waiting
      if (next === undefined) return
      const [name, [start, ...rest]] = next
      waiting.delete(name)
      if (rest.length > 0) waiting.set(name, rest)
      start?.()
    }
  }

  function endOnce(): () => void {
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      running -= 1
      serve()
    }
  }

  function leave(name: string, start: () => void): void {
    const rest = (waiting.get(name) ?? []).filter((each) => each !== start)
    if (rest.length > 0) waiting.set(name, rest)
    else waiting.delete(name)
  }
}

function abortedWaiting(): PortError {
  return new PortError('terraform was not started: it is not wanted any more', {
    code: 'TerraformAborted',
    handling: 'retry',
  })
}
