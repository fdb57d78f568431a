import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { RunningApply, TerraformEvent, TerraformProcess } from '../../ports/terraform.ts'
import { followLines } from './follow-lines.ts'
import { parseLogLine } from './log-lines.ts'
import { describeProcess, fateOf } from './processes.ts'
import { endProcesses } from './run-processes.ts'
import { applyOf, isRunDirectory, ownerOf } from './run-records.ts'

const LOOK_MS = 500

export interface FollowRequest {
  /** Outside of it nothing is read, ended or removed, whatever was stored. */
  readonly base: string
  readonly running: RunningApply
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TerraformEvent) => void) | undefined
}

/**
 * Waits until that process is gone, and passes on what its log says, from the beginning; no warnings, because the secrets that they may quote are
 * not known any more. What is left of its run is then ended and removed, unless another controller that still runs has it. Throws PortError
 * `TerraformAborted`; the apply goes on then.
 */
export async function followApply(request: FollowRequest): Promise<'Ended' | 'Elsewhere'> {
  const { running, clock, signal } = request
  if (fateOf(running.process) === 'Elsewhere') return 'Elsewhere'
  const directory = await directoryOf(request)
  const passOn = directory === undefined ? nothing : passOnEvents(directory, request)
  while (fateOf(running.process) === 'Running') {
    await passOn()
    await clock.sleep(LOOK_MS, signal).catch((cause: unknown) => {
      throw goesOn(cause)
    })
  }
  await passOn()
  if (directory !== undefined && (await isOurs(directory))) await remove(directory, clock)
  return 'Ended'
}

/** Undefined where the stored directory is none of a run, or this apply was not begun in it. */
async function directoryOf({ base, running }: FollowRequest): Promise<string | undefined> {
  const { directory } = running
  if (!(await isRunDirectory(base, directory))) return undefined
  const apply = await applyOf(directory)
  return apply !== undefined && isSame(apply, running.process) ? directory : undefined
}

function isSame(one: TerraformProcess, other: TerraformProcess): boolean {
  return (
    one.host === other.host &&
    one.boot === other.boot &&
    one.pid === other.pid &&
    one.startTime === other.startTime
  )
}

function passOnEvents(directory: string, { onEvent }: FollowRequest): () => Promise<void> {
  const logs = join(directory, 'logs')
  const read = followLines((line) => {
    const entry = parseLogLine(line)
    if (entry?.kind === 'event') onEvent?.(entry.event)
  })
  let file: string | undefined
  return async () => {
    file ??= await lastApplyLog(logs)
    // What can't be read tells nothing; the process is what counts.
    if (file !== undefined) await read(join(logs, file)).catch(() => undefined)
  }
}

async function lastApplyLog(logs: string): Promise<string | undefined> {
  const names = await readdir(logs).catch(() => [])
  return names
    .filter((name) => /^\d+-apply\.out$/.test(name))
    .toSorted((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10))
    .at(-1)
}

async function isOurs(directory: string): Promise<boolean> {
  const owner = await ownerOf(directory)
  return owner === undefined || isSame(owner, describeProcess(process.pid)) || fateOf(owner) === 'Ended'
}

async function remove(directory: string, clock: Clock): Promise<void> {
  if (await endProcesses(directory, { clock, graceMs: 0 }))
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

function goesOn(cause: unknown): PortError {
  return new PortError('terraform apply is not followed any more, and goes on', {
    code: 'TerraformAborted',
    handling: 'retry',
    cause,
  })
}

const nothing = (): Promise<void> => Promise.resolve()
