import { createRequire } from 'node:module'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { TerraformFile } from '../../ports/terraform.ts'

/** What the thread tells: the file's blocks; what is wrong with the file; or that the parser itself did not get through. */
export type HclAnswer =
  | { readonly blocks: Readonly<Record<string, unknown>> }
  | { readonly message: string }
  | { readonly isBroken: true; readonly message: string }

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
  parentPort?.on('message', (file: TerraformFile) => void answer(parse, file))
}

/** How the parser begins what it says of a file, and not of itself. */
const OF_THE_FILE = 'parse config: '

async function answer(parse: Parse, { path, text }: TerraformFile): Promise<void> {
  const told = await parse(path, text).then(
    (blocks): HclAnswer => ({ blocks }),
    (error: unknown): HclAnswer => {
      const message = error instanceof Error ? error.message : String(error)
      return message.startsWith(OF_THE_FILE)
        ? { message: message.slice(OF_THE_FILE.length) }
        : { isBroken: true, message }
    },
  )
  parentPort?.postMessage(told, [])
}
