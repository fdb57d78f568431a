import type { Scenario } from './scenario.ts'

/** What the forge tells can't be relied on, and everything is found all the same. */
export const webhooks: Scenario = {
  name: 'webhooks',
  says: 'webhooks that are lost for minutes, late, doubled or about something else, while the branch moves on',
  releases: [1, 2],
  seats: 1,
  mostPushes: 6,
  pause: { fromMs: 1_000, toMs: 90_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  faults: [
    'webhooks are lost',
    'webhooks are lost',
    'webhooks of others',
    'webhooks of others',
    'hasty pushes',
    'revert',
    'force-push',
    'branch deleted',
    'broken manifest',
    'pin',
    'forge away',
    'kill',
    'pause',
    'stale reads',
  ],
}
