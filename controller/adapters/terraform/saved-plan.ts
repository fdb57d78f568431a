import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { PortError } from '../../ports/error.ts'

/** `sha256:…` of a saved plan. Throws PortError `SavedPlanStale` when it can't be read. */
export async function digestOf(planFile: string): Promise<string> {
  const hash = createHash('sha256')
  const plan = await openPlan(planFile)
  await pipeline(plan.createReadStream(), hash)
  return `sha256:${hash.digest('hex')}`
}

/** Nobody but its user may read a saved plan: it holds secrets. Throws as {@link digestOf}. */
export async function makePrivate(planFile: string): Promise<void> {
  const plan = await openPlan(planFile)
  try {
    await plan.chmod(0o600)
  } finally {
    await plan.close()
  }
}

/** What a root makes Terraform run may put a link to a file of ours, or a pipe that nobody writes to, where the plan is expected. */
async function openPlan(planFile: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const plan = await open(planFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw otherPlan(cause)
  })
  if ((await plan.stat()).isFile()) return plan
  await plan.close()
  throw otherPlan()
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
