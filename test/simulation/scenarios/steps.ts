import type { Scenario } from './scenario.ts'

const trouble: Pick<Scenario, 'pause' | 'phases' | 'faults'> = {
  pause: { fromMs: 20_000, toMs: 200_000 },
  phases: ['Provisioning', 'Verifying', 'Shifting', 'Shifting', 'Shifting', 'Baking', 'RollingBack'],
  faults: [
    'weights by hand',
    'weights by hand',
    'idle side by hand',
    'count by hand',
    'a task dies',
    'a task dies',
    'a side dies',
    'task definition by hand',
    'service deleted by hand',
    'undone by hand',
    'suspend',
    'steersman pause',
    'steersman abort',
    'steersman abort',
    'steersman retry',
    'steersman restart',
    'revert',
    'another count',
    'throttling',
    'lost answers',
    'one lost answer',
    'one lost answer',
    'a move held up',
    'a move held up',
    'late writes',
    'stale reads',
    'stale reads',
    'store conflicts',
    'kill',
    'kill',
    'pause',
  ],
}

/** A part of the users sees each version first, and the rest is carried by the one before. */
export const canaryDays: Scenario = {
  name: 'canary-days',
  says: 'versions get a tenth of the traffic, then half of it, with trouble while a step is held',
  strategy: 'canary',
  releases: [1, 1, 2],
  seats: 1,
  mostPushes: 5,
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'crashes', 'crashes-later'],
  lastVersion: 'good',
  ...trouble,
}

/** Every new version cuts in, so that shifts are turned back at each of their steps; two controllers share the work. */
export const linearDays: Scenario = {
  name: 'linear-days',
  says: 'linear shifts of several rules that newer versions always cut short, with two controllers',
  strategy: 'linear',
  supersede: 'Always',
  rules: 'named',
  releases: [1, 1, 2],
  seats: 2,
  mostPushes: 6,
  versions: ['good', 'good', 'good', 'slow', 'fails-gate'],
  ...trouble,
  pause: { fromMs: 10_000, toMs: 120_000 },
  faults: [...trouble.faults, 'one rule by hand', 'stands still before a write', 'pause', 'power loss'],
}
