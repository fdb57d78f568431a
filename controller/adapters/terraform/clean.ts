import { rm, stat } from 'node:fs/promises'
import type { Clock } from '../../ports/clock.ts'
import { fateOf } from './processes.ts'
import { endProcesses, processesOf } from './run-processes.ts'
import { ownerOf, runDirectories } from './run-records.ts'

/** A controller says whose a directory is right after it made it: one that did not in this time is gone. */
const SAID_WITHIN_MS = 600_000

/**
 * Ends what controllers that are gone left running below `base`, and removes their directories. An apply that still runs stays, and so does
 * whatever may be another's: of another host, or of another container that shares the base. All are tried, then the first failure is thrown.
 */
export async function cleanRuns(request: {
  readonly base: string
  readonly clock: Clock
  readonly graceMs: number
}): Promise<void> {
  const runs = await runDirectories(request.base)
  const outcomes = await Promise.allSettled(runs.map((directory) => cleanRun(directory, request)))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/** Ends whatever runs below `base`, an apply too, and leaves the directories: for what can't go on without whoever started it. */
export async function endRuns({
  base,
  ...ending
}: {
  readonly base: string
  readonly clock: Clock
  readonly graceMs: number
}): Promise<void> {
  await Promise.all((await runDirectories(base)).map((directory) => endProcesses(directory, ending)))
}

async function cleanRun(
  directory: string,
  { clock, graceMs }: { readonly clock: Clock; readonly graceMs: number },
): Promise<void> {
  if (!(await isAbandoned(directory, clock))) return
  const running = await processesOf(directory)
  if (running.some(({ isApply }) => isApply)) return
  if (await endProcesses(directory, { clock, graceMs })) await rm(directory, { recursive: true, force: true })
}

async function isAbandoned(directory: string, clock: Clock): Promise<boolean> {
  const owner = await ownerOf(directory)
  if (owner !== undefined) return fateOf(owner) === 'Ended'
  const { mtimeMs } = await stat(directory)
  return clock.now() - mtimeMs > SAID_WITHIN_MS
}
