import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'
import type { LeaseHolder } from '../../ports/store.ts'

const run = promisify(execFile)

/** The Linux kernel gives the first process namespace this fixed number (PROC_PID_INIT_INO). */
const firstNamespace = 'pid:[4026531836]'

/**
 * Who this process is, for its leases. On Linux a container's host name gets its process namespace added: two containers may share name and
 * process number, and must not judge each other.
 */
export async function processFacts(instance: string): Promise<LeaseHolder> {
  const startedAt = await startOf(process.pid)
  return {
    host: await hostFacts(),
    bootId: await bootId(),
    pid: process.pid,
    processStartedAt: typeof startedAt === 'number' ? startedAt : 0,
    instance,
  }
}

/** Whether the holder's process still runs: undefined when it can't be told from here (another host, or an unknown platform). */
export async function isAlive(holder: LeaseHolder): Promise<boolean | undefined> {
  if (holder.host !== (await hostFacts())) return undefined
  const boot = await bootId()
  if (boot === '' || holder.bootId === '') return undefined
  if (holder.bootId !== boot) return false
  const startedAt = await startOf(holder.pid)
  if (startedAt === 'unknown' || holder.processStartedAt === 0) return undefined
  return startedAt === holder.processStartedAt
}

async function hostFacts(): Promise<string> {
  if (process.platform !== 'linux') return hostname()
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  return namespace === firstNamespace ? hostname() : `${hostname()}/${namespace}`
}

/** Empty where the platform does not tell it. */
async function bootId(): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim()
  }
  if (process.platform === 'darwin') return (await output('sysctl', ['-n', 'kern.bootsessionuuid'])) ?? ''
  return ''
}

/**
 * When a process started, in milliseconds: since boot on Linux (where no jump of the clock can change it), since the epoch by `ps`
 * elsewhere. Undefined when no such process runs.
 */
async function startOf(pid: number): Promise<number | undefined | 'unknown'> {
  if (process.platform === 'linux') return startOnLinux(pid)
  if (process.platform === 'win32') return 'unknown'
  const answer = await output('ps', ['-o', 'lstart=', '-p', String(pid)])
  if (answer === undefined || answer === '') return isGone(pid) ? undefined : 'unknown'
  const startedAt = Date.parse(answer)
  return Number.isNaN(startedAt) ? 'unknown' : startedAt
}

/** Signal 0 only asks; EPERM means that the process exists and belongs to somebody else. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/** Fields 3 (state) and 22 (start in ticks of 10 ms) of proc_pid_stat(5); the name before them may hold spaces and brackets. */
async function startOnLinux(pid: number): Promise<number | undefined | 'unknown'> {
  let text: string
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'ENOENT' || code === 'ESRCH' ? undefined : 'unknown'
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  const ticks = Number(fields[19])
  return Number.isInteger(ticks) ? ticks * 10 : 'unknown'
}

async function output(command: string, options: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, [...options], {
      timeout: 5_000,
      maxBuffer: 64 * 1024,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    })
    return stdout.trim()
  } catch {
    return undefined
  }
}
