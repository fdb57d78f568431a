import type { Scenario } from './scenario.ts'

/** What is red already is to be mended by the next version. */
export const redAlready: Scenario = {
  name: 'red-already',
  says: 'two controllers, and alarms that are red before a version comes which is to mend that',
  releases: [1, 2],
  pace: 'careful',
  watched: 'but for what was red',
  seats: 2,
  mostPushes: 5,
  pause: { fromMs: 20_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'fails-gate', 'slow'],
  phases: ['Pending', 'Verifying', 'Baking', 'Succeeded'],
  faults: [
    'an alarm goes red',
    'an alarm goes red',
    'an alarm goes red',
    'an alarm has no data',
    'errors are measured',
    'steersman retry',
    'revert',
    'throttling',
    'one lost answer',
    'a task dies',
    'kill',
    'kill',
    'pause',
  ],
}
