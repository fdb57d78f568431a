import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Caller } from './caller.ts'
import { ApiError, isConnectionRefused, perhapsTaken } from './error.ts'

/** A controller that was killed needs a moment to be back. */
const AGAIN_MS = 500

/** Posts to a verb that may be sent again where the connection is lost before the answer: it carries a token, and is done once. */
export async function postOnce<Answer>(
  { post, timeoutMs }: Pick<Caller, 'post' | 'timeoutMs'>,
  path: readonly string[],
  more: object = {},
): Promise<Answer> {
  const body = { ...more, clientToken: randomUUID() }
  const untilMs = performance.now() + timeoutMs
  let isPerhapsTaken = false
  for (;;) {
    try {
      return await post<Answer>(path, body)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      isPerhapsTaken ||=
        error.code === 'Timeout' || (error.code === 'Unreachable' && !isConnectionRefused(error))
      if (!isPerhapsTaken || error.status !== undefined) throw error
      if (performance.now() + AGAIN_MS > untilMs) throw perhapsTaken(error)
    }
    await setTimeout(AGAIN_MS)
  }
}
