import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import { versionOf } from './failures.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** Causes by which a rollout brings what a commit wants. */
const BY_COMMIT: ReadonlySet<string> = new Set(['Commit', 'Retry'])

/** The order of a commit: a release's rollout begins only when what it depends on serves what the commit wants of it, or has come through with it since. */
export function checkOrder({ simulation, report }: CheckerParts): Checker {
  const { story, machine, branch, aws } = simulation
  if (story.relations !== 'ordered') return {}
  return {
    told(event) {
      if (event.type !== 'RolloutStarted' || !BY_COMMIT.has(event.why)) return
      const before = story.releases[story.releases.indexOf(event.release) - 1]
      const wanted = before === undefined ? undefined : branch.saidBy(event.commit).releases.get(before)
      if (before === undefined || wanted === undefined || wanted.pin !== undefined) return
      const last = storedRollouts(machine, before).findLast(({ status }) => status.outcome === 'Succeeded')
      const serving = servedBy(before)
      if (versionOf(last) === wanted.version || serving === wanted.version) return
      report(
        'order',
        `${event.rollout} begins while ${before}, which it depends on, serves ${serving}, and the commit wants ${wanted.version}`,
      )
    },
  }

  function servedBy(release: string): string {
    const seen = seeRelease(aws, simulation.pairOf(release))
    const live = sideNames.filter((side) => (seen.weights?.[side] ?? 0) > 0)
    const versions = live.flatMap((side) => healthyTargets(seen.sides[side]).map(({ version }) => version))
    return [...new Set(versions)].join(' and ') || 'nothing'
  }
}
