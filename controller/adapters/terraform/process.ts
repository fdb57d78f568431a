import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import type { ChildUser } from './users.ts'

export interface ProcessRequest {
  /** Absolute; no shell is in between. */
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly user: ChildUser | undefined
  /** Where `<name>.out` and `<name>.err` are written. */
  readonly logs: string
  readonly name: string
  readonly timeoutMs: number
  /** Between the interrupt, after which Terraform saves its state and frees its lock, and the kill. */
  readonly graceMs: number
  /** Where it is given, one that is aborted is never killed: if it does not heed the interrupt within this time, it is left running. */
  readonly leaveAfterMs?: number | undefined
  /** Of standard output, standard error and each grown file. */
  readonly maxOutputBytes: number
  /** Files that the program writes, whose size is watched too. */
  readonly grownFiles: readonly string[]
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
  /** Called as soon as it is there, in the same turn of the event loop: its number can't have been given to another. */
  readonly onSpawned?: ((pid: number) => void) | undefined
  /** Called now and then while it runs, and once at the end, with the file of standard output. */
  readonly onOutput?: ((outputFile: string) => Promise<void>) | undefined
}

export interface ProcessResult {
  readonly ended: 'exited' | 'timedOut' | 'tooLarge' | 'aborted' | 'leftRunning' | 'notStarted'
  /** Undefined when a signal ended it or it never started. */
  readonly exitCode: number | undefined
  readonly outputFile: string
  readonly errorFile: string
}

/** How often sizes are looked at: a program can write some hundred megabytes in that time, and no more than the disk holds. */
const LOOK_MS = 100

/**
 * Runs a program as the leader of a session of its own with its output in files, never pipes: Terraform whose pipe lost its
 * reader dies with the lock held and nothing saved. It outlives us; what it started in that session ends with it.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const outputFile = join(request.logs, `${request.name}.out`)
  const errorFile = join(request.logs, `${request.name}.err`)
  const files = { outputFile, errorFile }
  if (request.signal?.aborted === true) return { ended: 'aborted', exitCode: undefined, ...files }
  const output = await open(outputFile, 'wx', 0o600)
  const error = await open(errorFile, 'wx', 0o600)
  const child = start(request, [output.fd, error.fd])
  if (child.pid !== undefined) request.onSpawned?.(child.pid)
  const over = untilEnd(child, request, [outputFile, errorFile, ...request.grownFiles])
  await Promise.all([output.close(), error.close()])
  const { ended, exitCode } = await over
  if (ended !== 'leftRunning') signalGroup(child, 'SIGKILL')
  await request.onOutput?.(outputFile)
  return { ended, exitCode, ...files }
}

function start(
  { command, args, environment, workingDirectory, user }: ProcessRequest,
  [output, error]: readonly [number, number],
): ChildProcess {
  return spawn(command, [...args], {
    cwd: workingDirectory,
    env: { ...environment },
    detached: true,
    shell: false,
    windowsHide: true,
    stdio: ['ignore', output, error],
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  })
}

function untilEnd(
  child: ChildProcess,
  request: ProcessRequest,
  watched: readonly string[],
): Promise<Pick<ProcessResult, 'ended' | 'exitCode'>> {
  const { clock, signal, timeoutMs, graceMs, leaveAfterMs } = request
  return new Promise((resolve) => {
    let ended: ProcessResult['ended'] = 'exited'
    let isOver = false
    let cancelGrace = (): void => undefined
    let cancelLook = (): void => undefined
    let cancelLeave = (): void => undefined
    const end = (why: ProcessResult['ended']): void => {
      if (ended !== 'exited' || isOver) return
      ended = why
      child.kill('SIGINT')
      if (why === 'aborted' && leaveAfterMs !== undefined) return
      cancelGrace = clock.setTimer(graceMs, () => signalGroup(child, 'SIGKILL'))
    }
    const leave = (): void => {
      child.unref()
      finish({ ended: 'leftRunning', exitCode: undefined })
    }
    const abort = (): void => {
      end('aborted')
      if (leaveAfterMs !== undefined) cancelLeave = clock.setTimer(leaveAfterMs, leave)
    }
    const cancelTimeout = clock.setTimer(timeoutMs, () => end('timedOut'))
    const look = async (): Promise<void> => {
      await request.onOutput?.(String(watched[0]))
      if (await isAnyLarger(watched, request.maxOutputBytes)) end('tooLarge')
    }
    const lookLater = (): void => {
      cancelLook = clock.setTimer(LOOK_MS, () => {
        look()
          // What can't be read now is read at the end.
          .catch(() => undefined)
          .finally(() => (isOver ? undefined : lookLater()))
      })
    }
    const finish = (result: Pick<ProcessResult, 'ended' | 'exitCode'>): void => {
      isOver = true
      for (const cancel of [cancelTimeout, cancelGrace, cancelLook, cancelLeave]) cancel()
      signal?.removeEventListener('abort', abort)
      resolve(result)
    }
    signal?.addEventListener('abort', abort, { once: true })
    child.once('error', () => finish({ ended: 'notStarted', exitCode: undefined }))
    child.once('exit', (code) => finish({ ended, exitCode: code ?? undefined }))
    lookLater()
  })
}

async function isAnyLarger(files: readonly string[], maxBytes: number): Promise<boolean> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.some((size) => size > maxBytes)
}

/** Providers are of Terraform's group; once their leader is gone they have nothing left to do. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody of the group is left.
  }
}
