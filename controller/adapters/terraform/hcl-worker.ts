import { createRequire } from 'node:module'
import { parentPort, Worker, workerData } from 'node:worker_threads'

/** What goes to the thread. */
export interface HclQuestion {
  readonly id: number
  readonly path: string
  readonly text: string
}

/** What comes back: blocks, or the parser's message. */
export type HclAnswer =
  | { readonly id: number; readonly blocks: Readonly<Record<string, unknown>> }
  | { readonly id: number; readonly message: string }

/** Tells a thread that was started here from any other that loads this file. */
const MARK = 'steersman-hcl'

/**
 * Starts this file as a thread that parses HCL: the parser is WebAssembly, takes some 80 MB, and can't be stopped in the middle. It
 * sees no environment variable.
 */
export function startHclWorker(): Worker {
  return new Worker(new URL(import.meta.url), { workerData: MARK, env: {}, execArgv: [] })
}

type Parse = (fileName: string, text: string) => Promise<Readonly<Record<string, unknown>>>

if (workerData === MARK) {
  // The package's own types would bring the browser's globals into every file of the program.
  const require = createRequire(import.meta.url)
  const { parse } = require('@cdktn/hcl2json') as { readonly parse: Parse }
  parentPort?.on('message', (question: HclQuestion) => void answer(parse, question))
}

async function answer(parse: Parse, { id, path, text }: HclQuestion): Promise<void> {
  const told: HclAnswer = await parse(path, text).then(
    (blocks) => ({ id, blocks }),
    (error: unknown) => ({ id, message: error instanceof Error ? error.message : String(error) }),
  )
  parentPort?.postMessage(told, [])
}
