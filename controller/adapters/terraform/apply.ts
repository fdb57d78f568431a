import { rm } from 'node:fs/promises'
import type { ApplyResult } from '../../ports/terraform.ts'
import type { Commands, TerraformLimits } from './commands.ts'
import { lockTimeout } from './lock-timeout.ts'
import { digestOf, otherPlan } from './saved-plan.ts'
import { heldLock } from './state-lock.ts'

/** Applies the saved plan if it is still the one that was judged. A plan is applied at most once. */
export async function applySavedPlan(request: {
  readonly digest: string
  readonly lockTimeoutMs: number
  readonly commands: Commands
  readonly limits: TerraformLimits
  readonly planFile: string
}): Promise<ApplyResult> {
  const { commands, limits, planFile } = request
  if ((await digestOf(planFile)) !== request.digest) throw otherPlan()
  const ran = await commands.run('apply', {
    args: ['apply', '-input=false', '-json', lockTimeout(request.lockTimeoutMs), planFile],
    timeoutMs: limits.applyMs,
  })
  const lock = heldLock(ran.diagnostics)
  if (lock !== undefined) return { result: 'StateLocked', lock }
  await rm(planFile, { force: true })
  if (ran.result.exitCode !== 0) throw commands.failure('apply', ran)
  return { result: 'Applied' }
}
