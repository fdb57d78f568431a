import { readFile, stat } from 'node:fs/promises'
import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { TerraformEvent } from '../../ports/terraform.ts'
import { describeDiagnostic, terraformFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { followLines } from './follow-lines.ts'
import { parseErrorText, parseLogLine } from './log-lines.ts'
import type { Diagnostic } from './log-lines.ts'
import { runProcess } from './process.ts'
import type { ProcessResult } from './process.ts'
import type { ChildUser } from './users.ts'

/** How long, and how much. Times in milliseconds. */
export interface TerraformLimits {
  readonly initMs: number
  readonly planMs: number
  readonly applyMs: number
  /** Of the commands that only read. */
  readonly readMs: number
  /** Between interrupt and kill: time to save the state and to free the lock. */
  readonly graceMs: number
  /** The same for an apply that took too long; a kill may lose what it made. */
  readonly applyGraceMs: number
  /** Of each file that a command writes: output, plan, the plan as JSON. */
  readonly outputBytes: number
}

/** What all commands of a session share. */
export interface CommandContext {
  readonly binary: string
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly logs: string
  readonly user: ChildUser | undefined
  readonly limits: TerraformLimits
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ((event: TerraformEvent) => void) | undefined
  readonly redact: (text: string) => string
}

export interface Ran {
  readonly result: ProcessResult
  readonly diagnostics: readonly Diagnostic[]
}

const MOST_DIAGNOSTICS = 1_000

/** Runs the commands of one session, each with log files of its own. */
export interface Commands {
  /** Resolves with any exit code; rejects when the command did not come to its end. */
  run(command: Failure['command'], options: RunOptions): Promise<Ran>
  /** Rejects for any exit code but 0. */
  succeed(command: Failure['command'], options: RunOptions): Promise<Ran>
  /** What a command that ended with 0 printed, as JSON. */
  json(command: Failure['command'], options: RunOptions): Promise<unknown>
  failure(command: Failure['command'], ran: Ran): PortError
  /** Whether one of them was left running. */
  readonly isLeftRunning: () => boolean
}

export function createCommands(context: CommandContext): Commands {
  let number = 0
  let isLeftRunning = false

  async function run(command: Failure['command'], options: RunOptions): Promise<Ran> {
    number += 1
    const { limits } = context
    const diagnostics: Diagnostic[] = []
    const result = await runProcess({
      command: context.binary,
      args: options.args,
      environment: context.environment,
      workingDirectory: context.workingDirectory,
      user: context.user,
      logs: context.logs,
      name: `${number}-${command}`,
      timeoutMs: options.timeoutMs,
      graceMs: options.graceMs ?? limits.graceMs,
      leaveAfterMs: options.leaveAfterMs,
      maxOutputBytes: limits.outputBytes,
      grownFiles: options.grownFiles ?? [],
      clock: context.clock,
      signal: eitherOf(context.signal, options.signal),
      onSpawned: options.onSpawned,
      onOutput: followLines((line) => take(line, { context, diagnostics, onEvent: options.onEvent })),
    })
    isLeftRunning ||= result.ended === 'leftRunning'
    const isExplained = diagnostics.some(({ severity }) => severity === 'error')
    const ran = {
      result,
      diagnostics: isExplained ? diagnostics : [...diagnostics, ...(await errorsOf(result))],
    }
    if (result.ended !== 'exited') throw failure(command, ran)
    return ran
  }

  async function succeed(command: Failure['command'], options: RunOptions): Promise<Ran> {
    const ran = await run(command, options)
    if (ran.result.exitCode !== 0) throw failure(command, ran)
    return ran
  }

  async function json(command: Failure['command'], options: RunOptions): Promise<unknown> {
    const ran = await succeed(command, options)
    if ((await stat(ran.result.outputFile)).size > context.limits.outputBytes)
      throw failure(command, { ...ran, result: { ...ran.result, ended: 'tooLarge' } })
    try {
      return JSON.parse(await readFile(ran.result.outputFile, 'utf8')) as unknown
    } catch (cause) {
      throw new PortError(`terraform ${command} printed no JSON`, {
        code: 'TerraformUnsupported',
        handling: 'stall',
        cause,
      })
    }
  }

  function failure(command: Failure['command'], { result, diagnostics }: Ran): PortError {
    return terraformFailure({ command, ended: result.ended, diagnostics, redact: context.redact })
  }

  return { run, succeed, json, failure, isLeftRunning: () => isLeftRunning }
}

/** Passes an event on, and keeps a diagnostic. */
function take(
  line: string,
  {
    context,
    diagnostics,
    onEvent,
  }: {
    readonly context: CommandContext
    readonly diagnostics: Diagnostic[]
    readonly onEvent: RunOptions['onEvent']
  },
): void {
  const entry = parseLogLine(line)
  if (entry?.kind === 'event') {
    onEvent?.(entry.event)
    context.onEvent?.(entry.event)
  }
  if (entry?.kind !== 'diagnostic') return
  if (diagnostics.length < MOST_DIAGNOSTICS) diagnostics.push(entry.diagnostic)
  if (entry.diagnostic.severity === 'warning')
    context.onEvent?.({ type: 'Warning', message: describeDiagnostic(entry.diagnostic, context.redact) })
}

export interface RunOptions {
  readonly args: readonly string[]
  readonly timeoutMs: number
  readonly grownFiles?: readonly string[]
  /** Instead of the usual one. */
  readonly graceMs?: number
  readonly leaveAfterMs?: number
  /** Interrupts this command alone; the session's own signal does too. */
  readonly signal?: AbortSignal
  readonly onSpawned?: (pid: number) => void
  /** Told before the session's own listener is. */
  readonly onEvent?: (event: TerraformEvent) => void
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other])
}

const MOST_ERROR_BYTES = 64 * 1024

/** Commands without `-json` tell their errors on standard error. */
async function errorsOf({ errorFile, ended, exitCode }: ProcessResult): Promise<readonly Diagnostic[]> {
  if (ended !== 'exited' || exitCode === 0) return []
  const text = await readFile(errorFile)
  return parseErrorText(text.subarray(0, MOST_ERROR_BYTES).toString('utf8'))
}
