import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../checks/sources.ts'

/** A program to run to its end, and the bounds it has. */
export interface BoundedCommand {
  command: readonly [string, ...string[]]
  timeLimitMs: number
  /** Names added to the environment. */
  environment?: Readonly<Record<string, string>>
  /** Also keep standard output, for programs that answer with JSON; it is shown in any case. */
  keepOutput?: boolean
}

/** How it ended: `exitCode` is undefined when it was ended for its time limit or by a signal. */
export interface BoundedResult {
  exitCode: number | undefined
  timedOut: boolean
  /** Whether processes that it started outlived it and had to be ended. */
  leftBehind: boolean
  output: string
}

const OUTPUT_LIMIT_CHARACTERS = 16 * 1024 * 1024
const GRACE_MS = 5_000

/**
 * Runs a program as the head of a process group of its own, without standard input, and shows its output as it comes.
 * When its time is over, or when it ends and leaves processes behind, the whole group is ended: first asked, then killed.
 */
export async function runBounded(command: BoundedCommand): Promise<BoundedResult> {
  const child = start(command)
  const output = collectOutput(child, command.keepOutput === true)
  const ended = once(child, 'close')
  const limit = new AbortController()
  const timedOut = await Promise.race([
    ended.then(() => false),
    sleep(command.timeLimitMs, true, { signal: limit.signal }).catch(() => false),
  ])
  limit.abort()
  const leftBehind = await endGroup(child)
  await ended
  return {
    exitCode: timedOut ? undefined : (child.exitCode ?? undefined),
    timedOut,
    leftBehind,
    output: output(),
  }
}

function start({ command: [program, ...parameters], environment, keepOutput }: BoundedCommand): ChildProcess {
  return spawn(program, parameters, {
    cwd: root,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', keepOutput === true ? 'pipe' : 'inherit', 'inherit'],
  })
}

function collectOutput(child: ChildProcess, keep: boolean): () => string {
  let text = ''
  if (keep) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      process.stdout.write(chunk)
      if (text.length < OUTPUT_LIMIT_CHARACTERS) text += chunk
    })
  }
  return () => text
}

/** Ends what is left of the child's process group; true if anything was. */
async function endGroup(child: ChildProcess): Promise<boolean> {
  const group = child.pid
  if (group === undefined || !signalGroup(group, 0)) return false
  signalGroup(group, 'SIGTERM')
  const end = performance.now() + GRACE_MS
  while (performance.now() < end) {
    if (!signalGroup(group, 0)) return true
    await sleep(50)
  }
  signalGroup(group, 'SIGKILL')
  return true
}

/** Sends a signal to a process group; false when nobody is in it any more. Signal 0 only asks. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}
