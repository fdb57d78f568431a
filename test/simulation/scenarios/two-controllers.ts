import type { Scenario } from './scenario.ts'

/** A standby waits for the lease of the first, which often stands still for longer than the lease. */
export const twoControllers: Scenario = {
  name: 'two-controllers',
  says: 'two controllers on one data directory, with pauses longer than the lease',
  releases: [1],
  seats: 2,
  mostPushes: 4,
  pause: { fromMs: 5_000, toMs: 120_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  faults: [
    'pause',
    'pause',
    'pause',
    'stands still before a write',
    'kill',
    'kill',
    'slow disk',
    'slow disk',
    'clock jump',
    'clock set forward during a stop',
    'clock set forward during a stop',
    'lost answers',
    'slow answers',
    'stale reads',
    'power loss',
  ],
}
