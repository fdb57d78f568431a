import type { Scenario } from './scenario.ts'

/** Steersman is told to keep its hands off, and later to go on. */
export const suspended: Scenario = {
  name: 'suspended',
  says: 'the environment is suspended, paused and set to alert only, while people merge and edit by hand',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  faults: [
    'suspend',
    'suspend',
    'steersman pause',
    'steersman pause',
    'alert only',
    'alert only',
    'alert only',
    'weights by hand',
    'weights by hand',
    'weights by hand',
    'count by hand',
    'test rule by hand',
    'a task dies',
    'steersman restart',
    'kill',
    'pause',
    'slow answers',
    'store conflicts',
    'everybody at once',
    'everybody at once',
  ],
}
