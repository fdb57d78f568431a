import type { Scenario } from './scenario.ts'

/** The lease alone says who acts: none of the two sees whether the other one's process is there. */
export const twoContainers: Scenario = {
  name: 'two-containers',
  says: 'two controllers in containers on one volume, which stand still in the middle of their work',
  releases: [1, 2],
  seats: 2,
  apart: true,
  pace: 'careful',
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 90_000 },
  versions: ['good', 'good', 'good', 'fails-gate'],
  phases: ['Provisioning', 'Verifying', 'Shifting', 'Baking'],
  faults: [
    'pause',
    'pause',
    'pause',
    'slow disk',
    'slow disk',
    'a renewal is answered late',
    'a renewal is answered late',
    'stands still before a write',
    'stands still before a write',
    'two stops in one lease',
    'two stops in one lease',
    'two stops in one lease',
    'kill',
    'lost answers',
    'slow answers',
    'stale reads',
    'hasty pushes',
  ],
}
