import type { Scenario } from './scenario.ts'

/** Each version migrates the database by a task, once, before anything of it is there. */
export const migrations: Scenario = {
  name: 'migrations',
  says: 'a task migrates the database before each version, fails, hangs or dies, while answers get lost and controllers die',
  releases: [1, 1, 2],
  gates: 'task',
  seats: 1,
  mostPushes: 4,
  pause: { fromMs: 20_000, toMs: 240_000 },
  versions: ['good', 'good', 'slow-migration', 'slow-migration', 'fails-migration', 'never-migrated'],
  lastVersion: 'good',
  phases: ['Pending', 'Pending', 'Pending', 'Pending', 'Provisioning', 'Shifting'],
  faults: [
    'a migration dies',
    'one lost answer',
    'one lost answer',
    'one lost answer',
    'store conflicts',
    'suspend',
    'steersman pause',
    'steersman abort',
    'steersman retry',
    'steersman restart',
    'no capacity',
    'kill',
    'kill',
    'kill',
  ],
}
