import type { Scenario } from './scenario.ts'

/** Each release has several rules of its own on listeners that belong to everybody. */
export const namedRules: Scenario = {
  name: 'named-rules',
  says: 'several rules by host and path for each release, moved together, between rules of other teams',
  releases: [1, 1, 2],
  rules: 'named',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  phases: ['Verifying', 'Shifting', 'Baking', 'RollingBack'],
  faults: [
    'one rule by hand',
    'one rule by hand',
    'weights by hand',
    'test rule by hand',
    'neighbours reorder rules',
    'neighbours reorder rules',
    'steersman abort',
    'throttling',
    'lost answers',
    'server errors of writes',
    'stale reads',
    'a task dies',
    'kill',
    'pause',
  ],
}
