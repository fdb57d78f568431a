import { readFileSync } from 'node:fs'

/** What proc_pid_stat(5) tells of a process's use of processors. */
export interface CpuUse {
  /** User and system time since it started, in milliseconds. */
  readonly cpuMs: number
  /** It has a processor, or waits for one. */
  readonly isRunnable: boolean
}

/** USER_HZ is 100 on each architecture that Node runs on. */
const MS_PER_TICK = 10

/** Undefined without `/proc` (no Linux), and for a process that is gone. */
export function cpuUseOf(pid: number | undefined): CpuUse | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param status - the line of `/proc/<pid>/stat` */
export function parseStatus(status: string): CpuUse {
  // The name before the third field may hold spaces and brackets.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK, isRunnable: fields[0] === 'R' }
}

/**
 * Whether a process that was silent for so long only wants for a processor: it can go on, and was given less than half of the time. One that waits for
 * something else, or that has computed all the while, hangs.
 */
export function isStarved(before: CpuUse | undefined, now: CpuUse | undefined, silenceMs: number): boolean {
  if (before === undefined || now === undefined) return false
  return now.isRunnable && now.cpuMs - before.cpuMs < silenceMs / 2
}
