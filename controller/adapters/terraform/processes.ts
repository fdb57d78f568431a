import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { TerraformProcess } from '../../ports/terraform.ts'

/** The first process namespace of the Linux kernel has this fixed number (PROC_PID_INIT_INO). */
const FIRST_NAMESPACE = 'pid:[4026531836]'

/** What proc_pid_stat(5) tells of a process. */
export interface ProcessStatus {
  /** A zombie has ended; only its number is still taken. */
  readonly isRunning: boolean
  /** Number of the leader of its session. */
  readonly session: number
  /** Ticks since boot. */
  readonly startTime: string
}

/** How to find this process again. Without `/proc` (no Linux) boot and start time are empty, and it can't be. */
export function describeProcess(pid: number): TerraformProcess {
  const status = statusOf(pid)
  const startTime = typeof status === 'object' ? status.startTime : ''
  return { host: hostname(), boot: thisBoot(), pid, startTime }
}

/**
 * Whether that very process still runs. `Elsewhere`: on another host, in another container of this one, or on a machine
 * without `/proc`: its number says nothing here.
 */
export function fateOf({ host, boot, pid, startTime }: TerraformProcess): 'Running' | 'Ended' | 'Elsewhere' {
  const here = thisBoot()
  if (host !== hostname() || here === '' || boot === '' || startTime === '') return 'Elsewhere'
  if (machineOf(boot) !== machineOf(here)) return 'Ended'
  if (boot !== here) return 'Elsewhere'
  const status = statusOf(pid)
  if (status === 'unreadable') return 'Running'
  return status?.isRunning === true && status.startTime === startTime ? 'Running' : 'Ended'
}

/** Undefined when no process has this number. */
export function statusOf(pid: number): ProcessStatus | 'unreadable' | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ESRCH' ? undefined : 'unreadable'
  }
  // The name before the third field may hold spaces and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  return {
    isRunning: state !== 'Z' && state !== 'X',
    session: Number(fields[3]),
    startTime: fields[19] ?? '',
  }
}

/** The real user: the owner of `/proc/<pid>` is another as soon as a program such as `su` takes that one on. */
export function userOf(pid: number): number | undefined {
  try {
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return uid === undefined ? undefined : Number(uid)
  } catch {
    return undefined
  }
}

/** The boot of the machine, and in a container its process namespace: two containers of one name must not judge each other. */
function thisBoot(): string {
  if (process.platform !== 'linux') return ''
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const namespace = readlinkSync('/proc/self/ns/pid')
    return namespace === FIRST_NAMESPACE ? boot : `${boot}/${namespace}`
  } catch {
    return ''
  }
}

function machineOf(boot: string): string {
  return boot.split('/')[0] ?? ''
}
