import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { userOf } from './processes.ts'
import { reserve } from './reservation.ts'
import { runDirectories } from './run-records.ts'

/** The user that one Terraform runs as. */
export interface ChildUser {
  readonly uid: number
  readonly gid: number
}

/** How a session's user is chosen and given back. */
export interface ChildUsers {
  /** Of an environment: the one that it had before, where that is free. Undefined: as ourselves, because only root may choose. */
  take(environment?: string): Promise<ChildUser | undefined>
  giveBack(user: ChildUser | undefined): void
}

/** systemd's range for users that exist only while something runs (https://systemd.io/UIDS-GIDS/). */
const FIRST_UID = 61_184
const LAST_UID = 65_519

/** Whether it is one of them. */
export function isChildUser(uid: number): boolean {
  return uid >= FIRST_UID && uid <= LAST_UID
}

/** The name under which a controller reserves a user on this machine. */
export function reservationOf(uid: number): string {
  return `terraform-user/${uid}`
}

/**
 * Users without a name, one for each session that is open: neither the controller's memory and files nor another environment's
 * can be read by what a root makes Terraform do. A user in use, because something of an
 * earlier session still runs, is not taken again, nor is one of another controller on this machine: all that runs as it is ended with its session.
 * An environment keeps its user as long as we run: a state in a local file belongs to whoever wrote it.
 */
export function createChildUsers(
  isRoot: boolean,
  usersTaken: () => Promise<ReadonlySet<number>> = usersOfProcesses,
  reserveName: typeof reserve = reserve,
): ChildUsers {
  /** How to free each reserved user. */
  const reserved = new Map<number, () => void>()
  const inUse = new Set<number>()
  const kept = new Map<string, number>()
  const isKept = (uid: number): boolean => [...kept.values()].includes(uid)
  const free = (uid: number): void => {
    reserved.get(uid)?.()
    reserved.delete(uid)
  }
  const takeNew = async (busy: ReadonlySet<number>): Promise<number> => {
    for (let uid = FIRST_UID; uid <= LAST_UID; uid += 1) {
      if (reserved.has(uid) || busy.has(uid)) continue
      reserved.set(uid, () => undefined)
      const release = await reserveName(reservationOf(uid))
      if (release === undefined) {
        reserved.delete(uid)
        continue
      }
      reserved.set(uid, release)
      inUse.add(uid)
      return uid
    }
    throw new RangeError(`more than ${LAST_UID - FIRST_UID + 1} sessions are open`)
  }
  const takeFor = async (environment: string | undefined): Promise<number> => {
    const busy = await usersTaken()
    if (environment === undefined) return takeNew(busy)
    const known = kept.get(environment)
    // A second session beside the first one: the environment's user stays the first one's.
    if (known !== undefined && inUse.has(known)) return takeNew(busy)
    if (known === undefined || busy.has(known)) {
      kept.delete(environment)
      if (known !== undefined) free(known)
      const uid = await takeNew(busy)
      kept.set(environment, uid)
      return uid
    }
    inUse.add(known)
    return known
  }
  return {
    take: async (environment) => {
      if (!isRoot) return undefined
      const uid = await takeFor(environment)
      return { uid, gid: uid }
    },
    giveBack: (user) => {
      if (user === undefined) return
      inUse.delete(user.uid)
      if (!isKept(user.uid)) free(user.uid)
    },
  }
}

/** Users of all that runs on this machine, and of all directories of runs: an apply that outlives its controller keeps its own to the end, and after. */
export async function usersInUse(base: string): Promise<ReadonlySet<number>> {
  const running = await usersOfProcesses()
  const owners = await Promise.all((await runDirectories(base)).map(userOfRun))
  return new Set([...running, ...owners.filter((uid) => uid !== undefined)])
}

function userOfRun(directory: string): Promise<number | undefined> {
  return stat(join(directory, 'child')).then(
    ({ uid }) => uid,
    () => undefined,
  )
}

/** As Linux tells them; elsewhere none are known. */
async function usersOfProcesses(): Promise<ReadonlySet<number>> {
  const names = await readdir('/proc').catch(() => [])
  const users = names.filter((name) => /^\d+$/.test(name)).map((pid) => userOf(Number(pid)))
  return new Set(users.filter((uid) => uid !== undefined))
}
