import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What people do with a console or the AWS CLI, in the middle of everything. */
export const peopleKinds: readonly HappeningKind[] = [
  {
    name: 'weights by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      blue: oneOf(random, [0, 1, 50, 100]),
      green: oneOf(random, [1, 50, 100]),
    }),
    apply: (simulation, given) =>
      simulation.setWeights(String(given['release']), Number(given['blue']), Number(given['green'])),
  },
  {
    name: 'count by hand',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      side: oneOf(random, ['blue', 'green']),
      desiredCount: between(random, 0, 4),
    }),
    apply: (simulation, given) =>
      simulation.setDesiredCount(
        String(given['release']),
        String(given['side']),
        Number(given['desiredCount']),
      ),
  },
]
