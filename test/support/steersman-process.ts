import type { ChildProcessByStdio } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const MAIN = new URL('../../controller/main.ts', import.meta.url).pathname
/** The Node that runs the tests comes first, as npm puts its own first for `npx steersman`. */
const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`
/** Lines that are kept of one process; more than any test makes. */
const MAXIMUM_LINES = 20_000
const PATIENCE_MS = 40_000

/** One line of a process's log, or of its output. */
export type Line = Readonly<Record<string, unknown>> & { readonly text: string }

/** A real process of the program; end it with {@link SteersmanProcess.kill} or {@link SteersmanProcess.end}. */
export interface SteersmanProcess {
  readonly lines: readonly Line[]
  readonly pid: number
  /** The first line, past or to come, for which it holds. */
  line(holds: (line: Line) => boolean, what: string): Promise<Line>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves to the exit code. */
  end(): Promise<number | null>
  exited(): Promise<number | null>
}

/**
 * Starts `steersman` with the arguments, as a program, so that its own first line says how Node runs it, or by another `command`, such as the image's; its log
 * is read as it comes, so that a test can act on the very line.
 */
export function startSteersman(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  [program, ...before]: readonly [string, ...string[]] = [MAIN],
): SteersmanProcess {
  const child = spawn(program, [...before, ...words], {
    env: { ...process.env, PATH: path, STEERSMAN_LOG_FORMAT: 'json', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const lines: Line[] = []
  const watchers = new Set<(line: Line) => void>()
  collect(child, (line) => {
    if (lines.length < MAXIMUM_LINES) lines.push(line)
    for (const watcher of watchers) watcher(line)
  })
  return {
    lines,
    pid: child.pid ?? 0,
    line(holds, what) {
      const known = lines.find(holds)
      if (known !== undefined) return Promise.resolve(known)
      return waitForLine(holds, { what, watchers, lines, exit })
    },
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
    async end() {
      if (child.exitCode === null) child.kill('SIGTERM')
      return exit
    },
    exited: () => exit,
  }
}

function collect(child: ChildProcessByStdio<null, Readable, Readable>, take: (line: Line) => void): void {
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (text) => take({ ...fieldsOf(text), text }))
}

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function waitForLine(
  holds: (line: Line) => boolean,
  from: {
    readonly what: string
    readonly watchers: Set<(line: Line) => void>
    readonly lines: readonly Line[]
    readonly exit: Promise<unknown>
  },
): Promise<Line> {
  const { what, watchers, lines, exit } = from
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      watchers.delete(watch)
      clearTimeout(timer)
      act()
    }
    const told = (why: string): Error =>
      new Error(
        `${what}: ${why}; its last lines:\n${lines
          .slice(-15)
          .map(({ text }) => text)
          .join('\n')}`,
      )
    const watch = (line: Line): void => {
      if (holds(line)) settle(() => resolve(line))
    }
    const timer = setTimeout(() => settle(() => reject(told(`not within ${PATIENCE_MS} ms`))), PATIENCE_MS)
    watchers.add(watch)
    exit.then(
      () => settle(() => reject(told('the process ended before'))),
      (cause: unknown) => settle(() => reject(new Error(what, { cause }))),
    )
  })
}
