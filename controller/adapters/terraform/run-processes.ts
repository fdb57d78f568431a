import { readFile, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../ports/clock.ts'
import { statusOf, userOf } from './processes.ts'
import { reserve } from './reservation.ts'
import { isChildUser, reservationOf } from './users.ts'

/** A process that a run's Terraform is, or has started. */
export interface RunProcess {
  readonly pid: number
  readonly startTime: string
  /** Leads a session of its own, as each program does that we start. */
  readonly isLeader: boolean
  /** Only what we started for an apply has that log for its output. */
  readonly isApply: boolean
}

/**
 * All that runs for this directory, without any record of what was started: whoever has the user that is its own, or the home
 * that it gave. Where there is no `/proc` none are found.
 */
export async function processesOf(directory: string): Promise<readonly RunProcess[]> {
  return allOf(await describeRun(directory))
}

async function allOf(run: Run): Promise<readonly RunProcess[]> {
  const names = await readdir('/proc').catch(() => [])
  const found: RunProcess[] = []
  for (const name of names) {
    const pid = Number(name)
    if (!/^\d+$/.test(name) || pid === process.pid || !(await belongsTo(run, pid))) continue
    const status = statusOf(pid)
    if (typeof status !== 'object' || !status.isRunning) continue
    const isLeader = status.session === pid
    found.push({ pid, startTime: status.startTime, isLeader, isApply: isLeader && (await applies(run, pid)) })
  }
  return found
}

const LOOK_MS = 100
/** A process that a kill does not end within this time waits for the kernel. */
const KILL_MS = 5_000

interface Ending {
  readonly clock: Clock
  readonly graceMs: number
}

/**
 * Interrupts what runs for a directory whose controller is gone, and kills what is left after `graceMs`. False: some of it still runs. Its user went
 * back with its controller: where another controller on this machine has it by now, what runs as that one is not this run's.
 */
export async function endProcesses(directory: string, ending: Ending): Promise<boolean> {
  const run = await describeRun(directory)
  if (run.user === undefined) return endAll(run, ending)
  const release = await reserve(reservationOf(run.user))
  try {
    return await endAll(release === undefined ? { ...run, user: undefined } : run, ending)
  } finally {
    release?.()
  }
}

async function endAll(run: Run, { clock, graceMs }: Ending): Promise<boolean> {
  if (graceMs > 0) {
    const leaders = (await allOf(run)).filter(({ isLeader }) => isLeader)
    for (const leader of leaders) send('SIGINT', leader)
    if (await areGone(run, { clock, withinMs: graceMs })) return true
  }
  return areGone(run, { clock, withinMs: KILL_MS, again: (left) => send('SIGKILL', left) })
}

async function areGone(
  run: Run,
  {
    clock,
    withinMs,
    again = () => undefined,
  }: {
    readonly clock: Clock
    readonly withinMs: number
    readonly again?: (left: RunProcess) => void
  },
): Promise<boolean> {
  const end = clock.monotonic() + withinMs
  for (;;) {
    const left = await allOf(run)
    if (left.length === 0) return true
    if (clock.monotonic() >= end) return false
    for (const each of left) again(each)
    await clock.sleep(LOOK_MS)
  }
}

function send(signal: NodeJS.Signals, { pid, startTime }: RunProcess): void {
  const status = statusOf(pid)
  if (typeof status !== 'object' || status.startTime !== startTime) return
  try {
    process.kill(pid, signal)
  } catch {
    // It has just ended.
  }
}

interface Run {
  readonly homes: readonly string[]
  /** Undefined where it shares ours. */
  readonly user: number | undefined
  readonly logs: string
}

async function describeRun(directory: string): Promise<Run> {
  const real = await realpath(directory).catch(() => directory)
  const user = await stat(join(directory, 'child')).then(
    ({ uid }) => uid,
    () => undefined,
  )
  return {
    homes: [directory, real].map((each) => `HOME=${join(each, 'child', 'home')}`),
    user: user !== undefined && isChildUser(user) ? user : undefined,
    logs: join(real, 'logs'),
  }
}

async function belongsTo({ homes, user }: Run, pid: number): Promise<boolean> {
  if (user !== undefined && userOf(pid) === user) return true
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').some((variable) => homes.includes(variable))
}

/** Its log lies where nobody but us can open it. */
async function applies({ logs }: Run, pid: number): Promise<boolean> {
  const output = await readlink(`/proc/${pid}/fd/1`).catch(() => '')
  return output.startsWith(`${logs}/`) && /^\d+-apply\.out$/.test(output.slice(logs.length + 1))
}
