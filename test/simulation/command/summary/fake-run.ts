import type { Played } from '../played.ts'
import type { Run } from './summary.ts'
import { Tally } from './tally.ts'

/** A seed that shows enough and breaks nothing, but for the given members. */
export const fakePlayed = (members: Partial<Played> = {}): Played => ({
  seed: 1,
  scenario: 'deploys',
  pushes: 3,
  drawn: { kill: 2, throttling: 2 },
  fired: { kill: 2, throttling: 1 },
  firedByPhase: { Verifying: { kill: 1, throttling: 1 }, 'no rollout': { kill: 1 } },
  measured: { rollouts: { Succeeded: 2, RolledBack: 1 }, commitToTrafficMs: 9_000, handOverMs: 0 },
  sdkCalls: 100,
  writes: 10,
  crashes: 2,
  virtualMs: 600_000,
  restMs: 30_000,
  traceHash: '0123abcd',
  violations: [],
  ...members,
})

/** A run of those seeds. */
export function fakeRun(all: readonly Played[]): Run {
  const tally = new Tally({ hasFaults: true })
  for (const played of all) tally.add(played)
  return {
    job: { scenario: undefined, level: 'harsh', depth: 'full' },
    from: 1,
    tally,
    crew: { processes: 2, mostRssBytes: 200 * 2 ** 20 },
    seconds: 10,
    commit: '0123abc',
  }
}
