import type { Scenario } from './scenario.ts'

/** Hands in the console, and wishes by the CLI. */
export const people: Scenario = {
  name: 'people',
  says: 'people edit weights, counts, services and rules by hand, and ask for retries, restarts and aborts',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 10_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'fails-gate', 'never-healthy'],
  faults: [
    'weights by hand',
    'count by hand',
    'test rule by hand',
    'task definition by hand',
    'service deleted by hand',
    'steersman retry',
    'steersman restart',
    'steersman abort',
    'steersman pause',
    'pin',
    'another count',
    'stale reads',
    'slow answers',
    'kill',
    'store conflicts',
    'everybody at once',
    'everybody at once',
  ],
}
