import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { TerraformFile } from '../../ports/terraform.ts'
import { startHclWorker } from './hcl-worker.ts'
import type { HclAnswer } from './hcl-worker.ts'

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

/**
 * Parses in a thread that is started when it is needed, so that no file can hold the program up, and ended when it no longer is. One
 * file at a time: what a hostile one breaks is its own answer.
 */
export function createHclParser(clock: Clock, limits: HclLimits = USUAL_LIMITS): HclParser {
  let worker: Worker | undefined
  let cancelIdle = (): void => undefined
  let last: Promise<unknown> = Promise.resolve()

  return (file) => {
    const blocks = last.then(() => parse(file))
    last = blocks.catch(() => undefined)
    return blocks
  }

  async function parse(file: TerraformFile): Promise<Readonly<Record<string, unknown>>> {
    cancelIdle()
    worker ??= started()
    const answer = await ask(worker, file)
    // After an overflow of its stack the parser may answer the next file wrongly, or never.
    if ('isBroken' in answer) end()
    else cancelIdle = clock.setTimer(limits.idleMs, end)
    if ('blocks' in answer) return answer.blocks
    throw invalid(file.path, answer.message)
  }

  function ask(asked: Worker, file: TerraformFile): Promise<HclAnswer | GivenUp> {
    return new Promise((resolve) => {
      const settle = (answer: HclAnswer | GivenUp): void => {
        cancelTimeout()
        asked.off('message', settle).off('error', giveUp)
        resolve(answer)
      }
      const giveUp = ({ message }: Error): void =>
        settle({ isBroken: true, message: `the parser gave up: ${message}` })
      const cancelTimeout = clock.setTimer(limits.parseMs, () =>
        settle({ isBroken: true, message: 'it takes too long to read' }),
      )
      asked.once('message', settle).once('error', giveUp)
      asked.postMessage(file, [])
    })
  }

  /** An error between two files ends the thread; the next file starts another. */
  function started(): Worker {
    const made = startHclWorker()
    made.on('error', () => {
      if (worker === made) worker = undefined
    })
    return made
  }

  function end(): void {
    const ended = worker
    worker = undefined
    ended?.terminate().catch(() => undefined)
  }
}

interface GivenUp {
  readonly isBroken: true
  readonly message: string
}

/** Longer messages name every following line of a file that is broken at one place. */
const LONGEST_MESSAGE = 500

function invalid(path: string, message: string): PortError {
  const what = message.replace(/^\[/, '').replace(/\]$/, '')
  return new PortError(`${path} is not valid HCL: ${what.slice(0, LONGEST_MESSAGE)}`, {
    code: 'TerraformInvalid',
    handling: 'stall',
    remedy: 'Correct the file; `terraform validate` says the same.',
  })
}
