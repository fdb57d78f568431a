import { hostname } from 'node:os'
import type { RunningApply, StateLock } from '../../ports/terraform.ts'
import type { CommandContext, Commands } from './commands.ts'
import { askForLock } from './lock-of-backend.ts'
import { fateOf } from './processes.ts'
import { recordApply } from './run-records.ts'

/** The lock is there within a second; an apply that waits for it may take as long as it was allowed. */
const FIRST_LOOK_MS = 250
const LONGEST_PAUSE_MS = 30_000

interface Telling {
  readonly running: RunningApply
  readonly onRunning: (running: RunningApply) => Promise<void>
  readonly commands: Commands
  readonly context: CommandContext
  /** Whether the log shows that it changes something, which it does only while it holds the lock. */
  readonly isUnderWay: () => boolean
  /** Aborted when the apply has ended. */
  readonly over: AbortSignal
}

/** Says that an apply runs, and then by which lock. Rejects as `onRunning` does. */
export async function tellOfApply(telling: Telling): Promise<void> {
  const { running, onRunning, context } = telling
  await recordApply(context.logs, running.process)
  await onRunning(running)
  const lockId = await ownLock(telling)
  if (lockId !== undefined) await onRunning({ ...running, lockId })
}

/** Asks until the lock is shown to be this apply's; undefined when that never happens. */
async function ownLock(telling: Telling): Promise<string | undefined> {
  const { commands, context, over, running } = telling
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const isOver = await context.clock.sleep(pauseMs, over).then(
      () => false,
      () => true,
    )
    if (isOver) return undefined
    const wasUnderWay = telling.isUnderWay()
    const lock = await askForLock({ commands, context, signal: over })
    if (lock === 'NeverShown') return undefined
    const runs = !over.aborted && fateOf(running.process) !== 'Ended'
    if (lock !== undefined && runs && isOwn(lock, { wasUnderWay, context })) return lock.id
  }
}

/**
 * Another's lock, which this apply may wait for, must not be taken for its own. The lock names its holder: the name that only this run has, where its user has none;
 * else any process of this host may be meant, and only while this apply changes things it can be nobody else.
 */
function isOwn(
  { who }: StateLock,
  { wasUnderWay, context }: { readonly wasUnderWay: boolean; readonly context: CommandContext },
): boolean {
  const host = hostname()
  return who === `${context.environment['USER'] ?? ''}@${host}` || (wasUnderWay && who.endsWith(`@${host}`))
}
