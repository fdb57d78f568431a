import type { Scenario } from './scenario.ts'

/** AWS tells of what is changed; whatever is not told is seen minutes later. */
export const woken: Scenario = {
  name: 'woken',
  says: 'releases that are looked at every three minutes, and as soon as a queue of events tells of them, with people who change what they see',
  news: 'queue',
  releases: [1, 2, 2],
  seats: 1,
  mostPushes: 4,
  pause: { fromMs: 30_000, toMs: 200_000 },
  versions: ['good', 'good', 'good', 'slow', 'fails-gate', 'crashes'],
  depth: 'full',
  always: ['weights by hand', 'count by hand'],
  faults: [
    'weights by hand',
    'count by hand',
    'test rule by hand',
    'idle side by hand',
    'a task dies',
    'late image',
    'throttling',
    'server errors',
    'connection resets',
    'lost answers',
    'stale reads',
    'kill',
    'pause',
  ],
}
