import { between, oneOf } from '../time/randomness.ts'
import { ask } from './asking.ts'
import type { HappeningKind } from './kind.ts'

/** The platform team's freeze windows, and what admins do about them. */
export const freezeKinds: readonly HappeningKind[] = [
  {
    name: 'freeze',
    group: 'people',
    severity: 'mild',
    draw: (random) => {
      const minutes = oneOf(random, [2, 3, 4, 5])
      return {
        minutes,
        seconds: between(random, 60, minutes * 60 - 15),
        allowRollback: between(random, 0, 1),
        allowCorrection: oneOf(random, [0, 0, 1]),
        forMs: between(random, 120_000, 500_000),
      }
    },
    apply(simulation, { minutes, seconds, allowRollback, allowCorrection, forMs }) {
      simulation.configure({
        freeze: [
          {
            schedule: `*/${minutes} * * * *`,
            duration: `${seconds}s`,
            timeZone: 'UTC',
            allowRollback: allowRollback === 1,
            allowCorrection: allowCorrection === 1,
          },
        ],
      })
      simulation.trace.add('people', `freeze ${seconds} s of every ${minutes} minutes`)
      simulation.later(Number(forMs), () => simulation.configure({ freeze: undefined }))
    },
  },
  {
    name: 'steersman override-freeze',
    group: 'people',
    severity: 'mild',
    draw: () => ({}),
    apply: (simulation) => ask(simulation, { verb: 'override-freeze' }),
  },
]
