import type { ProcessResult } from './process.ts'
import { nothing } from './process.ts'

interface Turn {
  /** Resolves when the program has ended, however. */
  readonly ended: Promise<void>
  /** What begins then, for all who have asked meanwhile. */
  next: Promise<ProcessResult> | undefined
}

const turns = new Map<string, Turn>()

/**
 * One program at a time for each key. Whoever asks while it runs waits for one more run, together with all others who wait: nobody is given an answer that was begun before the question.
 * Many environments of one repository so ask it twice at most, however slow it is, and the controller starts so many processes less.
 */
export function together(key: string, run: () => Promise<ProcessResult>): Promise<ProcessResult> {
  const turn = turns.get(key)
  if (turn === undefined) return begin(key, run)
  turn.next ??= turn.ended.then(() => begin(key, run))
  return turn.next
}

function begin(key: string, run: () => Promise<ProcessResult>): Promise<ProcessResult> {
  const result = run()
  const over = (): void => {
    if (turn.next === undefined) turns.delete(key)
  }
  const turn: Turn = { ended: result.then(over, over), next: undefined }
  turns.set(key, turn)
  return result
}

/** Somebody else's run, as long as one's own patience lasts. */
export function unlessAborted(
  result: Promise<ProcessResult>,
  signal: AbortSignal | undefined,
): Promise<ProcessResult> {
  if (signal === undefined) return result
  if (signal.aborted) return Promise.resolve(nothing('aborted'))
  const { promise, resolve } = Promise.withResolvers<ProcessResult>()
  const abort = (): void => resolve(nothing('aborted'))
  signal.addEventListener('abort', abort, { once: true })
  const first = Promise.race([result, promise])
  return first.finally(() => signal.removeEventListener('abort', abort))
}
