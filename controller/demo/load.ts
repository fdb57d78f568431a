import { Agent, request } from 'undici'

export interface LoadCounts {
  readonly requests: number
  /** Answers that were not 200 or never came, and answers of a version that should not serve. */
  readonly failed: number
  readonly byVersion: Readonly<Record<string, number>>
}

/** Stands for every version: what a person plays with is not judged, only whether users get an answer. */
export const ANY_VERSION = '*'

/** Live traffic: a few users who ask all the time, and know which versions may answer. */
export interface Load {
  /** From now on these versions may answer; with none, nobody asks. */
  expect(...versions: string[]): void
  counts(): LoadCounts
  firstFailure(): string | undefined
  stop(): Promise<void>
}

const USERS = 8
const PAUSE_MS = 10

/** Starts users against the listener; they wait until somebody may answer. */
export function startLoad(url: string): Load {
  const agent = new Agent({ connections: USERS, keepAliveTimeout: 5_000 })
  const byVersion: Record<string, number> = {}
  let expected: readonly string[] = []
  let requests = 0
  let failed = 0
  let firstFailure: string | undefined
  let running = true

  async function ask(): Promise<void> {
    const before = expected
    const answer = await answerOf(url, agent)
    requests++
    byVersion[answer.version] = (byVersion[answer.version] ?? 0) + 1
    if (
      answer.ok &&
      [...before, ...expected].some((version) => version === ANY_VERSION || version === answer.version)
    )
      return
    failed++
    firstFailure ??= `${answer.detail} (expected ${[...new Set([...before, ...expected])].join(' or ')})`
  }

  async function user(): Promise<void> {
    while (running) {
      if (expected.length > 0) await ask()
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  const users = Array.from({ length: USERS }, user)
  return {
    expect: (...versions) => {
      expected = versions
    },
    counts: () => ({ requests, failed, byVersion: { ...byVersion } }),
    firstFailure: () => firstFailure,
    stop: async () => {
      running = false
      await Promise.all(users)
      await agent.close()
    },
  }
}

interface Answer {
  readonly ok: boolean
  readonly version: string
  readonly detail: string
}

async function answerOf(url: string, dispatcher: Agent): Promise<Answer> {
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      headersTimeout: 10_000,
      bodyTimeout: 10_000,
    })
    const text = await body.text()
    const version = /"version":"([^"]*)"/.exec(text)?.[1] ?? 'unknown'
    return { ok: statusCode === 200, version, detail: `status ${statusCode}, version ${version}` }
  } catch (error) {
    return { ok: false, version: 'none', detail: error instanceof Error ? error.message : String(error) }
  }
}
