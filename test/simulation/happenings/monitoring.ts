import type { AlarmState } from '../aws/alarms.ts'
import { setAlarm } from '../aws/alarms.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** An alarm of a release that gets into a state and is OK again after a while; other alarms may have struck meanwhile. */
const alarm = (name: string, state: AlarmState): HappeningKind => ({
  name,
  group: 'aws',
  severity: 'mild',
  draw: (random, { releases }) => ({
    release: oneOf(random, releases),
    forMs: between(random, 2_000, 240_000),
  }),
  apply(simulation, { release, forMs }) {
    if (simulation.story.watched === undefined) return simulation.strikes.missed()
    setAlarm(simulation.aws, String(release), state)
    simulation.later(Number(forMs), () => setAlarm(simulation.aws, String(release), 'OK'))
  },
})

/** What those see who watch the releases while they bake. */
export const monitoringKinds: readonly HappeningKind[] = [
  alarm('an alarm goes red', 'ALARM'),
  alarm('an alarm has no data', 'INSUFFICIENT_DATA'),
  {
    name: 'errors are measured',
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({ percent: between(random, 2, 90), forMs: between(random, 2_000, 240_000) }),
    apply(simulation, { percent, forMs }) {
      simulation.aws.gates.measured = Number(percent) / 100
      simulation.later(Number(forMs), () => {
        simulation.aws.gates.measured = 0
      })
    },
  },
]

/** Their names. */
export const MONITORED: ReadonlySet<string> = new Set(monitoringKinds.map(({ name }) => name))
