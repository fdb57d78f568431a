import { randomUUID } from 'node:crypto'
import { afterEach } from 'vitest'
import type { FileStore } from '../../controller/adapters/store/file-store.ts'
import { createFileStore } from '../../controller/adapters/store/file-store.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { Api, ApiOptions } from '../../controller/api/create-api.ts'
import { createApi } from '../../controller/api/create-api.ts'
import type { Clock } from '../../controller/ports/clock.ts'
import type { Store } from '../../controller/ports/store.ts'
import type { ReleaseKey } from '../../controller/resources/names.ts'
import { MemoryFileSystem } from '../support/memory-file-system.ts'
import { seededRandom } from '../support/seeded-random.ts'

export { fill } from './objects.ts'

export interface Running {
  readonly api: Api
  readonly url: string
  readonly store: FileStore
  readonly clock: Clock
  /** What the API asked the engine for, in order. */
  readonly asked: (string | ReleaseKey)[]
  /** Releases that it asked for before everything else. */
  readonly atOnce: ReleaseKey[]
  /** Faults that the caller did not get to see. */
  readonly faults: unknown[]
}

const running: Running[] = []

afterEach(async () => {
  for (const { api, store } of running.splice(0)) {
    await api.close()
    await store.close()
  }
})

/** An API on a free loopback port over a store in memory; closed after the test. */
export async function start(
  given: Partial<Omit<ApiOptions, 'store'>> & {
    readonly watchBacklog?: number
    readonly wrap?: (store: Store) => Store
  } = {},
): Promise<Running> {
  const { watchBacklog = 1_000, wrap = (store: Store) => store, ...options } = given
  const clock = options.clock ?? systemClock
  const fileSystem = new MemoryFileSystem(seededRandom(1))
  await fileSystem.makeDirectory('/data')
  const store = createFileStore({
    directory: '/data/store',
    fileSystem,
    clock,
    uid: randomUUID,
    watchBacklog,
  })
  const asked: (string | ReleaseKey)[] = []
  const atOnce: ReleaseKey[] = []
  const faults: unknown[] = []
  const api = await createApi({
    store: wrap(store),
    clock,
    tokens: [],
    metrics: {
      text: async (accept) => ({
        body: `steersman_up 1 ${accept ?? ''}\n`,
        contentType: 'text/plain; version=0.0.4',
      }),
    },
    ready: () => ({ ready: true, reasons: [] }),
    reconcile: (environment) => asked.push(environment),
    reconcileRelease: (key) => asked.push(key),
    reconcileAtOnce: (key) => atOnce.push(key),
    listen: { host: '127.0.0.1', port: 0 },
    version: '1.2.3',
    report: (error) => faults.push(error),
    ...options,
  })
  const started = { api, url: api.url, store, clock, asked, atOnce, faults }
  running.push(started)
  return started
}

/** Sends a request and reads the answer, whatever its status. */
export async function ask(
  url: string,
  request: RequestInit = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers }> {
  const response = await fetch(url, request)
  const text = await response.text()
  return {
    status: response.status,
    body: JSON.parse(text) as Record<string, unknown>,
    headers: response.headers,
  }
}

/** Sends a POST as a program does. */
export const post = (url: string, body: object = {}, headers: Record<string, string> = {}) =>
  ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
