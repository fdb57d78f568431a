import type { Clock } from '../../ports/clock.ts'

/** Node fires a timer at once when its delay does not fit 32 bits, so longer ones are cut into pieces. */
const longestTimerMs = 2_147_483_647

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
  setTimer,
}

function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(asError(signal.reason))
    const cancel = setTimer(durationMs, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    function abort(): void {
      cancel()
      reject(asError(signal?.reason))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

function setTimer(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const pieceMs = Math.min(Math.max(0, leftMs), longestTimerMs)
    timer = setTimeout(() => (leftMs > pieceMs ? arm(leftMs - pieceMs) : callback()), pieceMs)
  }
  arm(delayMs)
  return () => clearTimeout(timer)
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason })
}
