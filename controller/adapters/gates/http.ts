import { errors } from 'undici'
import type { Dispatcher } from 'undici'

import type { Clock } from '../../ports/clock.ts'
import type { GateAttempt, HttpProbe } from '../../ports/gate.ts'
import { RefusedAddress } from './connect.ts'
import { errorCode } from './error-code.ts'
import type { ListenerOptions } from './open-listener.ts'
import { HostNotAllowed, openListener } from './open-listener.ts'
import { readBody } from './read-body.ts'

export interface HttpGateOptions extends ListenerOptions {
  readonly clock: Clock
}

const bodyLimitBytes = 65_536

/**
 * Asks over HTTP, once per call, on a fresh connection. An answer that came and is wrong is a Failure; no whole answer (refused, reset,
 * timed out, no such host, a bad certificate, a forbidden address) is Inconclusive. Redirects are answers like others and are not followed.
 */
export function createHttpGateRunner(options: HttpGateOptions): {
  probe(probe: HttpProbe, signal: AbortSignal): Promise<GateAttempt>
} {
  return {
    probe: async (probe, signal) => {
      if (signal.aborted) return inconclusive(probe, 'it was stopped')
      const limit = new AbortController()
      const cancelTimer = options.clock.setTimer(probe.timeoutMs, () => limit.abort())
      try {
        return await ask(probe, options, AbortSignal.any([signal, limit.signal]))
      } catch (error) {
        if (signal.aborted) return inconclusive(probe, 'it was stopped')
        if (limit.signal.aborted) return inconclusive(probe, `no whole answer within ${probe.timeoutMs} ms`)
        return judgeError(probe, error)
      } finally {
        cancelTimer()
      }
    },
  }
}

async function ask(probe: HttpProbe, options: HttpGateOptions, signal: AbortSignal): Promise<GateAttempt> {
  const connect = await openListener(probe, options, signal)
  const client = connect()
  try {
    const answer = await client.request({
      path: probe.path,
      method: probe.method,
      headers: probe.host === undefined ? probe.headers : { ...probe.headers, host: probe.host },
      signal,
    })
    return await judgeAnswer(probe, answer)
  } finally {
    await client.destroy()
  }
}

/** Words for people: what was expected, and the status that came; nothing else of the answer. */
async function judgeAnswer(probe: HttpProbe, answer: Dispatcher.ResponseData): Promise<GateAttempt> {
  const { status, body } = probe.expect
  if (answer.statusCode !== status) {
    return {
      result: 'Failure',
      message: `${question(probe)} answered ${answer.statusCode}, expected ${status}`,
    }
  }
  if (body === undefined) {
    return { result: 'Success', message: `${question(probe)} answered ${status}, as expected` }
  }
  const read = await readBody(answer.body, bodyLimitBytes)
  if (read.text.includes(body)) {
    return { result: 'Success', message: `${question(probe)} answered ${status} with the expected text` }
  }
  const where = read.isWhole ? 'its body' : `the first ${bodyLimitBytes / 1024} KiB of its body`
  return {
    result: 'Failure',
    message: `${question(probe)} answered ${status}, but ${where} does not contain the expected text ${shortened(body)}`,
  }
}

function judgeError(probe: HttpProbe, error: unknown): GateAttempt {
  if (error instanceof RefusedAddress || error instanceof HostNotAllowed)
    return inconclusive(probe, error.message)
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    return { result: 'Failure', message: `${question(probe)} answered something that is not HTTP` }
  }
  return inconclusive(probe, `no answer (${errorCode(error)})`)
}

function inconclusive(probe: HttpProbe, why: string): GateAttempt {
  return { result: 'Inconclusive', message: `${question(probe)} could not be asked: ${why}` }
}

function question(probe: HttpProbe): string {
  const [path = ''] = probe.path.split('?')
  return `${probe.method} ${shortened(path)} at port ${probe.port} of ${probe.loadBalancer.name}`
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
