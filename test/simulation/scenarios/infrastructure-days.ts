import type { Scenario } from './scenario.ts'

/** Terraform goes first, as it does on most days: without trouble of its own. */
export const infrastructureDays: Scenario = {
  name: 'infrastructure-days',
  says: 'Terraform makes the infrastructure and the task definitions before each rollout',
  depth: 'full',
  infrastructure: 'outputs',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 10_000, toMs: 240_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'never-healthy'],
  faults: [
    'infrastructure is changed',
    'infrastructure is changed',
    'infrastructure by hand',
    'late image',
    'revert',
    'another count',
    'pin',
    'steersman restart',
    'steersman retry',
    'suspend',
    'stale reads',
    'lost answers',
    'throttling',
    'weights by hand',
    'a task dies',
    'forge away',
    'kill',
    'pause',
  ],
}
