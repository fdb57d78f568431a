import type { Scenario } from './scenario.ts'

/** Hosts fail, AWS has trouble, and so has the machine. */
export const badDays: Scenario = {
  name: 'bad-days',
  says: 'zones are lost, tasks flap and get stuck, AWS errs and throttles, the machine loses power',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 200_000 },
  versions: ['good', 'good', 'slow', 'crashes-later', 'never-starts'],
  lastVersion: 'good',
  faults: [
    'a task dies',
    'a side dies',
    'a zone is lost',
    'a side flaps',
    'draining gets stuck',
    'server errors of reads',
    'server errors of writes',
    'a greedy neighbour',
    'late writes',
    'lost answers',
    'stale reads',
    'torn write',
    'power loss',
    'full disk',
    'clock leap',
    'network split',
    'kill',
  ],
}
