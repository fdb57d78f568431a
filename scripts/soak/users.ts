import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import { versionIn } from '../../test/support/load.ts'
import type { Answer } from './served.ts'

/** Live traffic at a steady rate. */
export interface Users {
  /** Ends it and resolves when the last answer is in. */
  stop(): Promise<void>
  /** How long they have asked, in milliseconds. */
  askedMs(): number
}

interface UsersOptions {
  readonly url: string
  readonly perSecond: number
  /** After so many requests nobody asks any more. */
  readonly atMost: number
  readonly take: (answer: Answer) => void
}

const USERS = 40
const CONNECTIONS = 32
/** More at a time means that the machine can't keep up: the rate drops then, and no memory is filled. */
const MOST_AT_ONCE = 256
const TICK_MS = 5
const REQUEST_TIMEOUT_MS = 10_000

/** Starts users who take turns; every other one keeps the cookies that it is given. */
export function startUsers({ url, perSecond, atMost, take }: UsersOptions): Users {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1, keepAliveTimeout: 30_000 })
  const jars = Array.from({ length: USERS }, (_, index) =>
    index % 2 === 0 ? new CookieJar(index) : undefined,
  )
  const startedAt = performance.now()
  const inFlight = new Set<Promise<void>>()
  let sent = 0
  let running = true
  let stoppedAt: number | undefined
  const ask = async (jar: CookieJar | undefined): Promise<void> => take(await answerTo(pool, jar))
  async function run(): Promise<void> {
    let due = 0
    let last = performance.now()
    while (running && sent < atMost) {
      const now = performance.now()
      // What a machine that stood still owes is not asked all at once.
      due += Math.min(now - last, 1_000) * (perSecond / 1_000)
      last = now
      for (; due >= 1 && inFlight.size < MOST_AT_ONCE && sent < atMost; due--) {
        const asked: Promise<void> = ask(jars[sent++ % USERS]).finally(() => inFlight.delete(asked))
        inFlight.add(asked)
      }
      await pause(TICK_MS)
    }
  }
  const asking = run()
  return {
    askedMs: () => (stoppedAt ?? performance.now()) - startedAt,
    async stop() {
      running = false
      stoppedAt ??= performance.now()
      await asking
      await Promise.all(inFlight)
      await pool.destroy()
    },
  }
}

/** After so many requests somebody else takes a user's place, who has no cookies yet: there are always sticky clients of every version that may answer. */
const REQUESTS_PER_JAR = 10

/** A user's cookies by name, without their attributes. */
class CookieJar {
  readonly #cookies = new Map<string, string>()
  #requests: number

  constructor(requests: number) {
    this.#requests = requests
  }

  header(): Record<string, string> {
    if (this.#requests++ % REQUESTS_PER_JAR === 0) this.#cookies.clear()
    if (this.#cookies.size === 0) return {}
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  keep(given: string | string[] | undefined): void {
    for (const line of given === undefined ? [] : [given].flat()) {
      const [pair = ''] = line.split(';')
      const equals = pair.indexOf('=')
      if (equals > 0) this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
  }
}

async function answerTo(pool: Pool, jar: CookieJar | undefined): Promise<Answer> {
  const sentAt = performance.now()
  try {
    const { statusCode, headers, body } = await pool.request({
      path: '/',
      method: 'GET',
      headers: jar?.header() ?? {},
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: REQUEST_TIMEOUT_MS,
    })
    const version = versionIn(await body.text())
    jar?.keep(headers['set-cookie'])
    return { sentAt, answeredAt: performance.now(), status: statusCode, version, error: undefined }
  } catch (error) {
    const answeredAt = performance.now()
    return { sentAt, answeredAt, status: 0, version: undefined, error: String(error) }
  }
}
