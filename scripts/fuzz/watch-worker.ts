import { Worker } from 'node:worker_threads'
import type { Failure } from './explore.ts'
import { MAX_INPUT_BYTES } from './mutate-bytes.ts'

export interface WorkerOrder {
  readonly name: string
  readonly seconds: number
  readonly seed: number
  /** Two 32-bit numbers (how many runs were begun, the input's length), then the input that runs now. */
  readonly current: SharedArrayBuffer
}

export interface WorkerAnswer {
  readonly runs: number
  readonly points: number
  readonly failure: Failure | undefined
  /** What the corpus should be from now on. */
  readonly corpus: readonly Uint8Array[]
}

/** One input that runs as long as this never ends. */
const MAX_RUN_MS = 20_000

/** Explores a target in a thread of its own; an input that never ends is a failure, and the thread is ended. */
export async function watchWorker(order: Omit<WorkerOrder, 'current'>): Promise<WorkerAnswer> {
  const current = new SharedArrayBuffer(8 + MAX_INPUT_BYTES)
  const position = new Int32Array(current, 0, 2)
  const workerData: WorkerOrder = { ...order, current }
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
  const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>()
  const runsBegun = (): number => Atomics.load(position, 0)
  let last = { runs: 0, at: performance.now() }
  const watch = setInterval(() => {
    if (runsBegun() !== last.runs || runsBegun() === 0) last = { runs: runsBegun(), at: performance.now() }
    if (performance.now() - last.at < MAX_RUN_MS) return
    const input = new Uint8Array(current, 8).slice(0, Atomics.load(position, 1))
    const message = `no end after ${MAX_RUN_MS / 1_000} s`
    resolve({ runs: last.runs, points: 0, failure: { input, message }, corpus: [] })
  }, 1_000)
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the thread of ${order.name} ended with ${code}`)))
  try {
    return await promise
  } finally {
    clearInterval(watch)
    await worker.terminate()
  }
}
