import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What becomes of tasks. */
export const taskKinds: readonly HappeningKind[] = [
  {
    name: 'a task dies',
    group: 'tasks',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      side: oneOf(random, ['blue', 'green']),
      which: between(random, 0, 2),
    }),
    apply: (simulation, given) =>
      simulation.stopTask(String(given['release']), String(given['side']), Number(given['which'])),
  },
]
