import { SCHEDULES_LOOK_MS } from '../../../controller/core/plan/schedules.ts'
import { pointByHand, revisionArn, schedulesOf } from '../aws/schedules.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** A look that is due comes with the next sweep, a slow answer or two later. */
export const SLACK_MS = 90_000

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
      // The next look at a schedule that is known to be right may be a while off; what it finds belongs to the story.
      simulation.later(SCHEDULES_LOOK_MS + SLACK_MS, () => undefined)
    },
  },
]
