import { load } from '../aws/scaling.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What autoscaling does, which is nobody's mistake. */
export const scalingKinds: readonly HappeningKind[] = [
  {
    name: 'the load changes',
    group: 'aws',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases), wanted: between(random, 0, 7) }),
    apply(simulation, { release, wanted }) {
      if (simulation.story.scaling === undefined) return simulation.strikes.missed()
      load(simulation.aws, simulation.pairOf(String(release)), Number(wanted))
    },
  },
]
