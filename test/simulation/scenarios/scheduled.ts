import type { Scenario } from './scenario.ts'

/** Versions come and go, and schedules follow those that succeed. */
export const scheduled: Scenario = {
  name: 'scheduled',
  says: 'releases with two schedules each, which run the version that succeeded last whatever people and bad luck do',
  releases: [1, 1, 2],
  schedules: 'named',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 10_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'crashes'],
  phases: ['Provisioning', 'Shifting', 'Baking', 'Succeeded', 'RollingBack'],
  always: ['schedule by hand'],
  faults: [
    'schedule by hand',
    'schedule by hand',
    'lost answers',
    'lost answers',
    'stale reads',
    'stale reads',
    'server errors',
    'throttling',
    'weights by hand',
    'steersman abort',
    'pin',
    'kill',
    'kill',
    'pause',
  ],
}
