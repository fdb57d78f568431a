import { rm } from 'node:fs/promises'
import { sensitiveTexts } from '../../core/infrastructure/sensitive-texts.ts'
import type { PlanResult } from '../../ports/terraform.ts'
import type { Commands, TerraformLimits } from './commands.ts'
import { lockTimeout } from './lock-timeout.ts'
import { digestOf, makePrivate } from './saved-plan.ts'
import { heldLock } from './state-lock.ts'

/** Plans, saves the plan to a file that only its user may read, and reads it back as JSON. */
export async function savePlan(request: {
  readonly isRefreshOnly: boolean
  readonly lockTimeoutMs: number | undefined
  readonly commands: Commands
  readonly limits: TerraformLimits
  readonly planFile: string
  /** Absolute, in order. */
  readonly variableFiles: readonly string[]
  readonly hide: (secrets: readonly string[]) => void
}): Promise<PlanResult> {
  const { commands, limits, planFile, lockTimeoutMs } = request
  await rm(planFile, { force: true })
  const ran = await commands.run('plan', {
    args: [
      'plan',
      '-input=false',
      '-json',
      `-out=${planFile}`,
      '-detailed-exitcode',
      lockTimeoutMs === undefined ? '-lock=false' : lockTimeout(lockTimeoutMs),
      ...(request.isRefreshOnly ? ['-refresh-only'] : []),
      ...request.variableFiles.map((file) => `-var-file=${file}`),
    ],
    timeoutMs: limits.planMs,
    grownFiles: [planFile],
  })
  const lock = heldLock(ran.diagnostics)
  if (lock !== undefined) return { result: 'StateLocked', lock }
  const { exitCode } = ran.result
  if (exitCode !== 0 && exitCode !== 2) throw commands.failure('plan', ran)
  await makePrivate(planFile)
  const json = await commands.json('show', {
    args: ['show', '-json', '-no-color', planFile],
    timeoutMs: limits.readMs,
  })
  request.hide(sensitiveTexts(json))
  return { result: 'Planned', hasChanges: exitCode === 2, json, digest: await digestOf(planFile) }
}
