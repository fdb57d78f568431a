import type { Scenario } from './scenario.ts'

/** Merges are faster than the build, and there is not always room for new tasks. Nothing of it is any version's fault. */
export const imagesLate: Scenario = {
  name: 'images-late',
  says: 'commits whose images come later, no room for tasks for a while, throttling',
  releases: [1, 1, 2],
  launchType: 'EC2',
  seats: 1,
  mostPushes: 6,
  pause: { fromMs: 5_000, toMs: 200_000 },
  versions: ['good', 'good', 'slow'],
  faults: [
    'late image',
    'late image',
    'late image',
    'no capacity',
    'no capacity',
    'hasty pushes',
    'another count',
    'a greedy neighbour',
    'throttling',
    'server errors of reads',
    'kill',
  ],
}
