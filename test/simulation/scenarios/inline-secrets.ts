import type { Scenario } from './scenario.ts'

/** What people put into a document in spite of every warning must not come out anywhere else. */
export const inlineSecrets: Scenario = {
  name: 'inline-secrets',
  says: 'task definitions inline with a secret in them, and AWS quotes what it refuses',
  releases: [1, 2],
  content: 'inline',
  seats: 1,
  mostPushes: 5,
  pause: { fromMs: 5_000, toMs: 150_000 },
  versions: ['good', 'good', 'good', 'fails-gate', 'crashes'],
  faults: [
    'a refusal that quotes',
    'a refusal that quotes',
    'task definition by hand',
    'idle side by hand',
    'service deleted by hand',
    'broken manifest',
    'steersman restart',
    'server errors of writes',
    'lost answers',
    'store conflicts',
    'forge forgets answers',
    'kill',
  ],
}
