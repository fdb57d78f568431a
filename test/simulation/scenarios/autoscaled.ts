import type { Scenario } from './scenario.ts'

const load = (times: number): string[] => Array.from({ length: times }, () => 'the load changes')

/** Autoscaling changes counts while versions come and go. */
export const autoscaled: Scenario = {
  name: 'autoscaled',
  says: 'releases with two images whose counts are autoscaling’s, which change at any moment of a rollout',
  releases: [1, 1, 2],
  scaling: 'tracked',
  content: 'sidecars',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 10_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  phases: ['Provisioning', 'Verifying', 'Shifting', 'Baking', 'RollingBack'],
  always: load(6),
  faults: [
    ...load(4),
    'lost answers',
    'stale reads',
    'server errors',
    'throttling',
    'a task dies',
    'weights by hand',
    'steersman abort',
    'pin',
    'kill',
    'kill',
    'pause',
  ],
}

/** The same in steps: both sides take traffic, and both are scaled. */
export const autoscaledSteps: Scenario = {
  ...autoscaled,
  name: 'autoscaled-steps',
  says: 'the same in steps, while both sides take traffic and both are scaled',
  strategy: 'canary',
  phases: ['Provisioning', 'Shifting', 'Shifting', 'Shifting', 'RollingBack'],
}
