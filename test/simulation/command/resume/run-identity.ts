import type { Job } from '../request.ts'

/** What makes a run the same run: which program plays which seeds, and how. */
export interface RunIdentity {
  /** As `currentCommit` gives it. */
  readonly commit: string
  readonly job: Job
  readonly from: number
  /** Undefined: as many as fit into the time. */
  readonly seeds: number | undefined
}

/** Refuses a run of a program that nobody can tell from another by its commit. */
export function assertClean({ commit }: RunIdentity): void {
  if (commit === 'unknown')
    throw new Error('--resume needs a clone, whose commit says which program plays: leave it out here')
  if (commit.endsWith('+'))
    throw new Error(
      '--resume needs a commit that says which program plays, and controller/ or test/ has changes: commit or stash them, or leave it out',
    )
}

/** Refuses to go on with another run than the one that is asked for. */
export function assertSame(file: string, kept: RunIdentity, asked: RunIdentity): void {
  if (kept.commit !== asked.commit)
    throw new Error(
      `${file} is a run of commit ${kept.commit}, and ${asked.commit} is checked out: check out ${kept.commit} to go on with it, or give another file`,
    )
  const [before, now] = [optionsOf(kept), optionsOf(asked)]
  if (before !== now)
    throw new Error(
      `${file} is a run with ${before}, and asked for is one with ${now}: ask for the same to go on with it, or give another file`,
    )
}

/** As the command line has them. */
function optionsOf({ job: { scenario, level, depth }, from, seeds }: RunIdentity): string {
  const chosen = scenario === undefined ? '' : ` --scenario ${scenario}`
  const count = seeds === undefined ? '' : ` --seeds ${seeds}`
  return `--faults ${level} --depth ${depth}${chosen} --from ${from}${count}`
}
