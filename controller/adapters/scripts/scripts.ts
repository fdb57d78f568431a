import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import type { ScriptEnd, Scripts } from '../../ports/scripts.ts'
import { findProgram } from './find.ts'

export interface ScriptUser {
  readonly uid: number
  readonly gid: number
}

export interface ScriptsOptions {
  /** Of the controller's configuration. Absolute. */
  readonly directory: string
  readonly clock: Clock
  /** Takes secrets out of what a program wrote. */
  readonly redact: (text: string) => string
  /** A user for each run; undefined: as ourselves, because only root may choose. */
  readonly users: {
    take(): Promise<ScriptUser | undefined>
    giveBack(user: ScriptUser | undefined): void
  }
}

/** The last so many characters of what a program writes are kept. */
const KEPT = 4_096

/** Programs are looked for here, and nowhere that the controller's own environment names. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Runs programs beside the configuration, each in an empty directory of its own, as a user of its own where we are root, with nothing of our environment, and as the leader of a process
 * group that ends with it.
 */
export function createScripts({ directory, clock, redact, users }: ScriptsOptions): Scripts {
  return {
    async run({ command: [name = '', ...args], facts, timeoutMs }, signal) {
      const found = await findProgram(directory, name)
      if ('why' in found) return { kind: 'NotStarted', why: found.why }
      if (signal.aborted) return { kind: 'NotStarted', why: 'it was stopped' }
      const user = await users.take()
      const empty = await mkdtemp(join(tmpdir(), 'steersman-script-'))
      try {
        if (user !== undefined) await chown(empty, user.uid, user.gid)
        const child = spawn(found.path, args, {
          cwd: empty,
          env: { PATH, HOME: empty, TMPDIR: empty, LC_ALL: 'C', ...facts },
          detached: true,
          shell: false,
          stdio: ['ignore', 'pipe', 'pipe'],
          ...user,
        })
        return await untilEnd(child, { clock, redact, timeoutMs, signal })
      } finally {
        await rm(empty, { recursive: true, force: true })
        users.giveBack(user)
      }
    },
  }
}

function untilEnd(
  child: ChildProcess,
  {
    clock,
    redact,
    timeoutMs,
    signal,
  }: {
    readonly clock: Clock
    readonly redact: (text: string) => string
    readonly timeoutMs: number
    readonly signal: AbortSignal
  },
): Promise<ScriptEnd> {
  let output = ''
  let isOver = false
  const hear = (chunk: string): void => {
    output = `${output}${chunk}`.slice(-2 * KEPT)
  }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear)
  const kill = (): void => killGroup(child)
  const cancelTimer = clock.setTimer(timeoutMs, () => {
    isOver = true
    kill()
  })
  signal.addEventListener('abort', kill, { once: true })
  return new Promise<ScriptEnd>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'NotStarted', why: codeOf(error) }))
    // Whoever of its group has its output open is ended first, so that the streams end.
    child.once('exit', kill)
    child.once('close', (exitCode, ended) => {
      const said = redact(output).slice(-KEPT)
      if (isOver) resolve({ kind: 'TimedOut', output: said })
      else if (exitCode === null) resolve({ kind: 'Signalled', signal: ended ?? 'a signal', output: said })
      else resolve({ kind: 'Exited', exitCode, output: said })
    })
  }).finally(() => {
    cancelTimer()
    signal.removeEventListener('abort', kill)
    child.stdout?.destroy()
    child.stderr?.destroy()
  })
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name
