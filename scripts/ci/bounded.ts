import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
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
  /** The command lines of processes that it started, that outlived it, and that had to be ended. */
  leftBehind: string[]
  output: string
}

const OUTPUT_LIMIT_CHARACTERS = 16 * 1024 * 1024
const GRACE_MS = 5_000
/** The last git of a controller that a test killed ends by itself, but not always before the test's own process does. */
const LAST_BREATH_MS = 2_000

/**
 * Runs a program as the head of a process group of its own, without standard input, and shows its output as it comes.
 * When its time is over, or when it ends and leaves processes behind for longer than a moment, the whole group is ended: first asked, then killed.
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
  const leftBehind = timedOut ? [] : await whoStays(child)
  await endGroup(child)
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

/** Who is still in the child's process group after {@link LAST_BREATH_MS}. */
async function whoStays(child: ChildProcess): Promise<string[]> {
  const group = child.pid
  if (group === undefined) return []
  const end = performance.now() + LAST_BREATH_MS
  while (performance.now() < end) {
    if (!signalGroup(group, 0)) return []
    await sleep(50)
  }
  return signalGroup(group, 0) ? membersOf(group) : []
}

function membersOf(group: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // The program's name may hold spaces and parentheses; after the last one: state, parent, process group.
        const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
        if (Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[2]) !== group) return []
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || `process ${pid}`]
      } catch {
        return [] // it ended between the two looks
      }
    })
}

async function endGroup(child: ChildProcess): Promise<void> {
  const group = child.pid
  if (group === undefined || !signalGroup(group, 'SIGTERM')) return
  const end = performance.now() + GRACE_MS
  while (performance.now() < end) {
    if (!signalGroup(group, 0)) return
    await sleep(50)
  }
  signalGroup(group, 'SIGKILL')
}

/** Sends a signal to a process group; false when nobody is in it any more. Signal 0 only asks. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}
