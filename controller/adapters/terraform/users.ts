import { readdir, stat } from 'node:fs/promises'

/** The user that one Terraform runs as. */
export interface ChildUser {
  readonly uid: number
  readonly gid: number
}

/** How a session's user is chosen and given back. */
export interface ChildUsers {
  /** Undefined: as ourselves, because only root may choose. */
  take(): Promise<ChildUser | undefined>
  giveBack(user: ChildUser | undefined): void
}

/** systemd's range for users that exist only while something runs (https://systemd.io/UIDS-GIDS/). */
const FIRST_UID = 61_184
const LAST_UID = 65_519

/**
 * Users without a name, one for each session that is open: neither the controller's memory and files nor another environment's
 * can be read by what a root makes Terraform do. What it left running under an earlier session's user keeps that user from being taken again.
 */
export function createChildUsers(
  isRoot: boolean,
  usersOfProcesses: () => Promise<ReadonlySet<number>> = readUsersOfProcesses,
): ChildUsers {
  const taken = new Set<number>()
  return {
    take: async () => {
      if (!isRoot) return undefined
      const busy = await usersOfProcesses()
      for (let uid = FIRST_UID; uid <= LAST_UID; uid += 1) {
        if (taken.has(uid) || busy.has(uid)) continue
        taken.add(uid)
        return { uid, gid: uid }
      }
      throw new RangeError(`more than ${LAST_UID - FIRST_UID + 1} sessions are open`)
    },
    giveBack: (user) => {
      if (user !== undefined) taken.delete(user.uid)
    },
  }
}

/** As Linux tells them; elsewhere none are known. */
async function readUsersOfProcesses(): Promise<ReadonlySet<number>> {
  const names = await readdir('/proc').catch(() => [])
  const users = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      // One that has just ended has no user any more.
      .map((pid) =>
        stat(`/proc/${pid}`).then(
          ({ uid }) => uid,
          () => undefined,
        ),
      ),
  )
  return new Set(users.filter((uid) => uid !== undefined))
}
