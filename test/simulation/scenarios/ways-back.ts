import type { Scenario } from './scenario.ts'

/** Errors show after the traffic has moved, and nobody waits for git. */
export const waysBack: Scenario = {
  name: 'ways-back',
  says: 'people go back at once while versions start, move and bake, hold, resume, merge and pin',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 40_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  phases: ['Provisioning', 'Shifting', 'Baking', 'RollingBack'],
  faults: [
    'steersman rollback --now',
    'steersman rollback --now',
    'steersman rollback --now',
    'steersman rollback --now',
    'steersman rollback --now',
    'pin',
    'tag moved back',
    'steersman abort',
    'steersman restart',
    'steersman retry',
    'steersman pause',
    'freeze',
    'forge away',
    'broken manifest',
    'one lost answer',
    'stale reads',
    'kill',
    'pause',
    'store conflicts',
  ],
}
