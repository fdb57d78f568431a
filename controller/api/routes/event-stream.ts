import type { ServerResponse } from 'node:http'
import type { Clock } from '../../ports/clock.ts'

const HEARTBEAT_MS = 15_000

/** A client that takes nothing for so long is not reading. */
const STUCK_MS = 30_000

export interface EventStream {
  /** Resolves when there is room for the next; to false when the client is gone or reads too slowly, and was cut off. */
  send(message: { readonly id?: string; readonly event: string; readonly data: string }): Promise<boolean>
  close(): void
}

/** Writes server-sent events (HTML Standard, section 9.2) and a comment every 15 seconds, so that proxies and clients see life. */
export function openEventStream(
  response: ServerResponse,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): EventStream {
  let stopHeart = (): void => undefined
  beat()
  return {
    async send({ id, event, data }) {
      const head = id === undefined ? '' : `id: ${id}\n`
      const hasRoom = response.write(`${head}event: ${event}\ndata: ${data}\n\n`)
      return hasRoom || drained(response, clock, signal)
    },
    close() {
      stopHeart()
      response.end()
    },
  }

  function beat(): void {
    if (!response.writableNeedDrain) response.write(': alive\n\n')
    stopHeart = clock.setTimer(HEARTBEAT_MS, beat)
  }
}

function drained(response: ServerResponse, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const takeNext = (): void => resolve(true)
  const giveUp = (): void => resolve(false)
  const cancel = clock.setTimer(STUCK_MS, () => {
    response.destroy()
    resolve(false)
  })
  response.once('drain', takeNext)
  response.once('close', giveUp)
  signal.addEventListener('abort', giveUp, { once: true })
  return promise.finally(() => {
    cancel()
    response.off('drain', takeNext)
    response.off('close', giveUp)
    signal.removeEventListener('abort', giveUp)
  })
}
