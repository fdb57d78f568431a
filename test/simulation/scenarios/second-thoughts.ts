import type { Scenario } from './scenario.ts'

/** Versions have the traffic already when people, or what they see, send them back. */
export const secondThoughts: Scenario = {
  name: 'second-thoughts',
  says: 'rollouts are aborted while they move and bake, and somebody works on the side to go back to',
  releases: [1, 1, 2],
  pace: 'careful',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 60_000, toMs: 200_000 },
  versions: ['good', 'good', 'slow'],
  phases: ['Shifting', 'Baking', 'Baking', 'RollingBack'],
  faults: [
    'steersman abort',
    'steersman abort',
    'steersman abort',
    'steersman abort',
    'idle side by hand',
    'idle side by hand',
    'idle side by hand',
    'a move held up',
    'one lost answer',
    'stale reads',
    'throttling',
    'steersman retry',
    'kill',
  ],
}
