import { pointByHand, revisionArn, schedulesOf } from '../aws/schedules.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What people do to schedules by hand. */
export const scheduleKinds: readonly HappeningKind[] = [
  {
    name: 'schedule by hand',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      which: between(random, 0, 1),
      revision: between(random, 1, 4),
    }),
    apply(simulation, { release, which, revision }) {
      const schedule = schedulesOf(String(release))[Number(which)]
      if (simulation.story.schedules === undefined || schedule === undefined)
        return simulation.strikes.missed()
      pointByHand(
        simulation.aws,
        schedule,
        revisionArn(`${ENVIRONMENT}-${String(release)}`, Number(revision)),
      )
    },
  },
]
