import type { Scenario } from './scenario.ts'

const faults = [
  'hasty pushes',
  'revert',
  'another count',
  'late image',
  'broken manifest',
  'throttling',
  'lost answers',
  'stale reads',
  'a task dies',
  'store conflicts',
  'steersman abort',
  'steersman pause',
  'suspend',
  'kill',
  'kill',
  'pause',
]

/** Releases of which each depends on the one before it. */
export const ordered: Scenario = {
  name: 'ordered',
  says: 'releases that wait for one another, versions that fail in the middle of the order, and commits that change all of them',
  releases: [2, 3],
  relations: 'ordered',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 50_000, toMs: 180_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  faults: [...faults, ...Array.from({ length: 6 }, () => 'one commit for all')],
}

/** Releases whose traffic moves together. */
export const together: Scenario = {
  name: 'together',
  says: 'releases whose traffic moves together or not at all, while processes end between the moves and one of them fails, also when all have moved',
  releases: [2, 3],
  relations: 'together',
  watched: 'strictly',
  seats: 1,
  mostPushes: 4,
  pause: { fromMs: 20_000, toMs: 240_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  always: ['one commit for all', 'one commit for all'],
  phases: ['Provisioning', 'Shifting', 'Shifting', 'Baking', 'Baking', 'RollingBack'],
  faults: [...faults, 'an alarm goes red', 'an alarm goes red', 'an alarm goes red', 'errors are measured'],
}
