/** The user that one Terraform runs as. */
export interface ChildUser {
  readonly uid: number
  readonly gid: number
}

/** How a session's user is chosen and given back. */
export interface ChildUsers {
  /** Undefined: as ourselves, because only root may choose. */
  take(): ChildUser | undefined
  giveBack(user: ChildUser | undefined): void
}

/** systemd's range for users that exist only while something runs (https://systemd.io/UIDS-GIDS/). */
const FIRST_UID = 61_184
const LAST_UID = 65_519

/**
 * Users without a name, one for each session that is open: neither the controller's memory and files nor another environment's
 * can be read by what a root makes Terraform do.
 */
export function createChildUsers(isRoot: boolean): ChildUsers {
  const taken = new Set<number>()
  return {
    take: () => {
      if (!isRoot) return undefined
      for (let uid = FIRST_UID; uid <= LAST_UID; uid += 1) {
        if (taken.has(uid)) continue
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
