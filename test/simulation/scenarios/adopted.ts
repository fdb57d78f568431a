import type { Scenario } from './scenario.ts'

/** The first days after `steersman adopt`. */
export const adopted: Scenario = {
  name: 'adopted',
  says: 'services that served before Steersman came, adopted as they run; then new versions, some of them bad',
  releases: [1, 1, 2],
  adopted: true,
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'never-healthy'],
  faults: [
    'throttling',
    'lost answers',
    'server errors',
    'stale reads',
    'a task dies',
    'weights by hand',
    'count by hand',
    'test rule by hand',
    'kill',
    'pause',
    'power loss',
    'forge away',
  ],
}
