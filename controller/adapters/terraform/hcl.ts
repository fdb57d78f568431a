import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { TerraformFile } from '../../ports/terraform.ts'
import { startHclWorker } from './hcl-worker.ts'
import type { HclAnswer, HclQuestion } from './hcl-worker.ts'

/** The blocks of one HCL file, by HashiCorp's own parser; nothing of it is evaluated. Throws PortError `TerraformInvalid`. */
export type HclParser = (file: TerraformFile) => Promise<Readonly<Record<string, unknown>>>

export interface HclLimits {
  /** Of one file. */
  readonly parseMs: number
  /** How long the thread, and its memory, is kept for the next file. */
  readonly idleMs: number
}

/** A file of 1 MiB takes some seconds. */
const USUAL_LIMITS: HclLimits = { parseMs: 20_000, idleMs: 500 }

/** Parses in a thread that is started when it is needed, so that no file can hold the program up, and ended when it no longer is. */
export function createHclParser(clock: Clock, limits: HclLimits = USUAL_LIMITS): HclParser {
  let worker: Worker | undefined
  let cancelIdle = (): void => undefined
  let number = 0
  const waiting = new Map<number, (answer: HclAnswer) => void>()

  return async (file) => {
    cancelIdle()
    number += 1
    const answer = await ask({ id: number, ...file })
    if (waiting.size === 0) cancelIdle = clock.setTimer(limits.idleMs, end)
    if ('blocks' in answer) return answer.blocks
    throw invalid(file.path, answer.message)
  }

  function ask(question: HclQuestion): Promise<HclAnswer> {
    worker ??= started()
    const asked = worker
    return new Promise((resolve) => {
      const { id } = question
      const cancelTimeout = clock.setTimer(limits.parseMs, () => fail('it takes too long to read'))
      waiting.set(id, (answer) => {
        cancelTimeout()
        waiting.delete(id)
        resolve(answer)
      })
      asked.postMessage(question, [])
    })
  }

  function started(): Worker {
    const made = startHclWorker()
    // Nothing waits for a thread that nobody asks.
    made.unref()
    made.on('message', (answer: HclAnswer) => waiting.get(answer.id)?.(answer))
    made.once('error', ({ message }) => fail(`the parser gave up: ${message}`))
    return made
  }

  /** The thread is of no more use; whoever waits for it is told. */
  function fail(message: string): void {
    end()
    for (const [id, tell] of waiting) tell({ id, message })
  }

  function end(): void {
    const ended = worker
    worker = undefined
    ended?.terminate().catch(() => undefined)
  }
}

/** Longer messages name every following line of a file that is broken at one place. */
const LONGEST_MESSAGE = 500

function invalid(path: string, message: string): PortError {
  const what = message.replace(/^parse config: \[/, '').replace(/\]$/, '')
  return new PortError(`${path} is not valid HCL: ${what.slice(0, LONGEST_MESSAGE)}`, {
    code: 'TerraformInvalid',
    handling: 'stall',
    remedy: 'Correct the file; `terraform validate` says the same.',
  })
}
