import type { Scenario } from './scenario.ts'

/** People and the forge in the middle of it: the branch and the tags move by other hands than ours. */
export const tags: Scenario = {
  name: 'tags',
  says: 'tags moved, deleted and raced, the branch force-pushed and deleted, while merges go on',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 6,
  pause: { fromMs: 20_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'good', 'fails-gate'],
  faults: [
    'tag moved back',
    'tag moved back',
    'tag moved back',
    'tag moved off the branch',
    'tag deleted',
    'tag moved while ours is pushed',
    'force-push',
    'branch deleted',
    'revert',
    'broken manifest',
    'forge away',
    'forge forgets answers',
    'kill',
    'store conflicts',
  ],
}
