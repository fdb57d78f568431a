import { rm } from 'node:fs/promises'
import type { ApplyResult, RunningApply } from '../../ports/terraform.ts'
import type { CommandContext, Commands, Ran } from './commands.ts'
import { lockTimeout } from './lock-timeout.ts'
import { describeProcess } from './processes.ts'
import { digestOf, otherPlan } from './saved-plan.ts'
import { heldLock } from './state-lock.ts'
import { tellOfApply } from './tell-of-apply.ts'

interface ApplyRequest {
  readonly digest: string
  readonly lockTimeoutMs: number
  readonly onRunning?: ((running: RunningApply) => Promise<void>) | undefined
  readonly commands: Commands
  readonly context: CommandContext
  readonly planFile: string
  /** Of the run. */
  readonly directory: string
}

/**
 * Applies the saved plan if it is still the one that was judged. A plan is applied at most once. One that is aborted is never killed: it would leave
 * its lock, and of a first apply no state.
 */
export async function applySavedPlan(request: ApplyRequest): Promise<ApplyResult> {
  const { commands, planFile } = request
  if ((await digestOf(planFile)) !== request.digest) throw otherPlan()
  const ran = await runApply(request)
  const lock = heldLock(ran.diagnostics)
  if (lock !== undefined) return { result: 'StateLocked', lock }
  await rm(planFile, { force: true })
  if (ran.result.exitCode !== 0) throw commands.failure('apply', ran)
  return { result: 'Applied' }
}

/** Tells `onRunning` meanwhile; its failure interrupts the apply, and counts more than what becomes of it. */
async function runApply(request: ApplyRequest): Promise<Ran> {
  const { commands, context, directory, onRunning, lockTimeoutMs, planFile } = request
  const { applyMs, graceMs, applyGraceMs } = context.limits
  const refused = new AbortController()
  const over = new AbortController()
  let isUnderWay = false
  let told = Promise.resolve()
  try {
    return await commands.run('apply', {
      args: ['apply', '-input=false', '-json', lockTimeout(lockTimeoutMs), planFile],
      timeoutMs: applyMs,
      graceMs: applyGraceMs,
      leaveAfterMs: graceMs,
      signal: refused.signal,
      onEvent: () => {
        isUnderWay = true
      },
      onSpawned: (pid) => {
        if (onRunning === undefined) return
        const running = { process: describeProcess(pid), directory, lockId: undefined }
        told = tellOfApply({
          running,
          onRunning,
          commands,
          context,
          isUnderWay: () => isUnderWay,
          over: over.signal,
        })
        told.catch((reason: unknown) => refused.abort(reason))
      },
    })
  } finally {
    over.abort()
    await told
  }
}
