import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { PortError } from '../../ports/error.ts'

/** `sha256:…` of a saved plan. Throws PortError `SavedPlanStale` when it can't be read. */
export async function digestOf(planFile: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(planFile), hash)
  } catch (cause) {
    throw otherPlan(cause)
  }
  return `sha256:${hash.digest('hex')}`
}

/** What is applied must be what was judged. */
export function otherPlan(cause?: unknown): PortError {
  return new PortError('the saved plan is not the one that was judged', {
    code: 'SavedPlanStale',
    handling: 'retry',
    remedy: 'Nothing: it is planned again.',
    cause,
  })
}
