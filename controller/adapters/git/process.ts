import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'

import type { Clock } from '../../ports/clock.ts'

export interface ProcessRequest {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly input?: Buffer | string
  readonly timeoutMs: number
  /** Of standard output and standard error together. */
  readonly maxOutputBytes: number
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

export interface ProcessResult {
  readonly ended: 'exited' | 'timedOut' | 'tooLarge' | 'aborted' | 'notStarted'
  /** Undefined when the process was ended by a signal or never started. */
  readonly exitCode: number | undefined
  readonly stdout: Buffer
  readonly stderr: string
}

/** The most that one git command may answer. */
export const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** Time that a process group has to remove its lock files before it is killed. */
const GRACE_MS = 2_000

/**
 * Runs a program as the leader of its own process group and ends the whole group when time, output or the caller's patience is used up. git's transport
 * helpers (`git-remote-https`, `ssh`) outlive a git that alone is signalled, and keep its pipes open.
 */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  if (request.signal?.aborted === true) return Promise.resolve(nothing('aborted'))
  const child = spawn(request.command, request.args, {
    cwd: request.workingDirectory,
    env: { ...request.environment },
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return new Promise((resolve) => {
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 }
    let ended: ProcessResult['ended'] = 'exited'
    let cancelGrace = (): void => undefined
    const end = (why: ProcessResult['ended']): void => {
      if (ended !== 'exited') return
      ended = why
      signalGroup(child, 'SIGTERM')
      cancelGrace = request.clock.setTimer(GRACE_MS, () => {
        signalGroup(child, 'SIGKILL')
        child.stdout.destroy()
        child.stderr.destroy()
      })
    }
    const collect = (parts: Buffer[]) => (chunk: Buffer) => {
      output.bytes += chunk.length
      if (output.bytes > request.maxOutputBytes) end('tooLarge')
      else parts.push(chunk)
    }
    const abort = (): void => end('aborted')
    const cancelTimeout = request.clock.setTimer(request.timeoutMs, () => end('timedOut'))
    const finish = (result: ProcessResult): void => {
      cancelTimeout()
      cancelGrace()
      request.signal?.removeEventListener('abort', abort)
      resolve(result)
    }
    request.signal?.addEventListener('abort', abort, { once: true })
    child.stdout.on('data', collect(output.stdout))
    child.stderr.on('data', collect(output.stderr))
    child.once('error', (error) => finish({ ...nothing('notStarted'), stderr: String(error) }))
    child.once('close', (code) =>
      finish({
        ended,
        exitCode: code ?? undefined,
        stdout: Buffer.concat(output.stdout),
        stderr: Buffer.concat(output.stderr).toString('utf8'),
      }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(request.input ?? '')
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal)
  }
}

/** The result of a program of which nothing was heard. */
export function nothing(ended: ProcessResult['ended']): ProcessResult {
  return { ended, exitCode: undefined, stdout: Buffer.alloc(0), stderr: '' }
}
