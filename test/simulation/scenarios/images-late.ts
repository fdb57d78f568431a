import type { Scenario } from './scenario.ts'

/** Merges are faster than the build and than the scan of what it made, some of which may not run, and there is not always room for new tasks. Nothing of it is any version's fault. */
export const imagesLate: Scenario = {
  name: 'images-late',
  says: 'commits whose images or scans come later or have findings, no room for tasks for a while, throttling',
  releases: [1, 1, 2],
  launchType: 'EC2',
  seats: 1,
  mostPushes: 6,
  pause: { fromMs: 5_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'slow', 'slow', 'vulnerable'],
  scans: 'required',
  faults: [
    'late image',
    'late image',
    'late scan',
    'late scan',
    'no scan',
    'later findings',
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
