import type { Scenario } from './scenario.ts'

/** A client that came back for its basket is sent to the side that it knows, whatever the weights say. */
export const stickyClients: Scenario = {
  name: 'sticky-clients',
  says: 'versions get their traffic in steps from sticky rules, fail, and are left by every way back',
  releases: [1, 1, 2],
  seats: 1,
  sticky: true,
  strategy: 'canary',
  mostPushes: 5,
  pause: { fromMs: 40_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'crashes-later'],
  lastVersion: 'good',
  phases: ['Provisioning', 'Shifting', 'Shifting', 'Baking', 'RollingBack'],
  always: ['steersman abort'],
  faults: [
    'steersman rollback --now',
    'steersman rollback --now',
    'steersman abort',
    'steersman abort',
    'pin',
    'revert',
    'tag moved back',
    'a task dies',
    'a side dies',
    'one lost answer',
    'stale reads',
    'kill',
    'pause',
    'store conflicts',
  ],
}
