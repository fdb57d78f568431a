import type { Scenario } from './scenario.ts'

/** The usual day. */
export const deploys: Scenario = {
  name: 'deploys',
  says: 'one controller, merges one after the other, some of them bad',
  releases: [1, 1, 1, 2],
  seats: 1,
  mostPushes: 6,
  pause: { fromMs: 5_000, toMs: 240_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'never-healthy', 'crashes'],
  faults: [
    'throttling',
    'server errors',
    'connection resets',
    'lost answers',
    'expired credentials',
    'access denied',
    'slow answers',
    'stale reads',
    'a task dies',
    'weights by hand',
    'count by hand',
    'kill',
    'pause',
    'clock jump',
    'full disk',
    'power loss',
    'forge away',
    'forge forgets answers',
  ],
}
