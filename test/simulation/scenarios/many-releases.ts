import type { Scenario } from './scenario.ts'

/** Several releases of one environment, each at its own pace. */
export const manyReleases: Scenario = {
  name: 'many-releases',
  says: 'three releases with hasty merges, reverts and other counts',
  releases: [3],
  seats: 1,
  mostPushes: 9,
  pause: { fromMs: 500, toMs: 90_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  faults: [
    'hasty pushes',
    'revert',
    'another count',
    'broken manifest',
    'throttling',
    'a greedy neighbour',
    'lost answers',
    'a task dies',
    'kill',
    'pause',
  ],
}
