import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'

/** One request of a load: when it was sent and answered (milliseconds, monotonic), and what came. */
export interface Answer {
  readonly sentAt: number
  readonly answeredAt: number
  /** 0 when there was no answer at all. */
  readonly status: number
  readonly version: string | undefined
  readonly error: string | undefined
}

export interface Load {
  /** Every request so far, in the order of their answers. */
  readonly answers: readonly Answer[]
  /** Answers that were not 200, each told in one line. */
  failures(): string[]
  /** Versions that answered requests sent at or after the moment. */
  versionsSince(moment: number): string[]
  /** Every version that ever answered. */
  versions(): string[]
  /** Resolves when so many more requests were answered than now. */
  more(requests: number): Promise<void>
  /** Ends it and resolves when the last answer is in. */
  stop(): Promise<void>
}

/** Connections that ask at the same time. */
const WORKERS = 4
/** Between two requests of one connection: enough to see every moment, little enough for a small machine. */
const PAUSE_MS = 8
const MAXIMUM_REQUESTS = 200_000
const MAXIMUM_MS = 180_000

/** Asks a listener over kept-alive connections, as users would, until it is stopped; bounded in count and time. */
export function startLoad(url: string): Load {
  const pool = new Pool(url, { connections: WORKERS, pipelining: 1, keepAliveTimeout: 30_000 })
  const answers: Answer[] = []
  const watchers = new Set<() => void>()
  const endAt = performance.now() + MAXIMUM_MS
  let running = true
  const worker = async (): Promise<void> => {
    while (running && answers.length < MAXIMUM_REQUESTS && performance.now() < endAt) {
      answers.push(await ask(pool))
      for (const watcher of watchers) watcher()
      await pause(PAUSE_MS)
    }
  }
  const workers = Array.from({ length: WORKERS }, worker)
  const versionsOf = (chosen: readonly Answer[]): string[] =>
    [...new Set(chosen.flatMap(({ version }) => version ?? []))].toSorted()
  return {
    answers,
    failures: () => answers.filter(({ status }) => status !== 200).map(told),
    versionsSince: (moment) => versionsOf(answers.filter(({ sentAt }) => sentAt >= moment)),
    versions: () => versionsOf(answers),
    more(requests) {
      const wanted = answers.length + requests
      return new Promise((resolve) => {
        const look = (): void => {
          if (answers.length < wanted) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
      })
    },
    async stop() {
      running = false
      await Promise.all(workers)
      await pool.destroy()
    },
  }
}

const REQUEST_TIMEOUT_MS = 10_000

async function ask(pool: Pool): Promise<Answer> {
  const sentAt = performance.now()
  try {
    const { statusCode, body } = await pool.request({
      path: '/',
      method: 'GET',
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout: REQUEST_TIMEOUT_MS,
    })
    const text = await body.text()
    const answeredAt = performance.now()
    return { sentAt, answeredAt, status: statusCode, version: versionIn(text), error: undefined }
  } catch (error) {
    const answeredAt = performance.now()
    return { sentAt, answeredAt, status: 0, version: undefined, error: String(error) }
  }
}

/** The version that a task of the sandbox tells in its answer; other bodies stand for themselves. */
export function versionIn(text: string): string {
  return /"version":"([^"]*)"/.exec(text)?.[1] ?? text.slice(0, 100)
}

const told = ({ sentAt, status, error, version }: Answer): string =>
  `at ${Math.round(sentAt)}: ${status} ${error ?? version ?? ''}`
