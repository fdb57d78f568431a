import { between, oneOf } from '../time/randomness.ts'
import { ask } from './asking.ts'
import type { HappeningKind } from './kind.ts'

/** What people ask of Steersman itself: by the CLI, by YAML, or by its configuration. */
export const verbKinds: readonly HappeningKind[] = [
  {
    name: 'steersman pause',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 5_000, 240_000) }),
    apply(simulation, { forMs }) {
      const resume = (): void => ask(simulation, { verb: 'resume' })
      ask(simulation, { verb: 'pause' }, { afterwards: () => simulation.later(Number(forMs), resume) })
    },
  },
  {
    name: 'suspend',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 5_000, 240_000) }),
    apply(simulation, { forMs }) {
      simulation.configure({ suspend: true })
      simulation.later(Number(forMs), () => simulation.configure({ suspend: false }))
    },
  },
  {
    name: 'alert only',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 5_000, 240_000) }),
    apply(simulation, { forMs }) {
      simulation.configure({ drift: { service: 'Alert', traffic: 'Alert' } })
      simulation.later(Number(forMs), () =>
        simulation.configure({ drift: { service: 'Correct', traffic: 'Correct' } }),
      )
    },
  },
  ...(['retry', 'restart', 'abort'] as const).map((verb): HappeningKind => ({
    name: `steersman ${verb}`,
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
    apply: (simulation, { release }) => ask(simulation, { verb, release: String(release) }),
  })),
  {
    name: 'pin',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      rollout: between(random, 1, 4),
      endsAfterMs: oneOf(random, [0, between(random, 1_000, 180_000)]),
    }),
    apply(simulation, { release, rollout, endsAfterMs }) {
      simulation.branch.push(String(release), { pin: Number(rollout) })
      if (Number(endsAfterMs) > 0)
        simulation.later(Number(endsAfterMs), () =>
          simulation.branch.push(String(release), { pin: undefined }),
        )
    },
  },
]
