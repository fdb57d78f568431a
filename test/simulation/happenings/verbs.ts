import type { Random } from '../../../controller/ports/random.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import { ask } from './asking.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

/** What people ask of Steersman itself: by the CLI, by YAML, or by its configuration. */
export const verbKinds: readonly HappeningKind[] = [
  {
    name: 'steersman pause',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: suspension(random) }),
    apply(simulation, { forMs }) {
      const resume = (): void => ask(simulation, { verb: 'resume' })
      ask(simulation, { verb: 'pause' }, { afterwards: () => simulation.later(Number(forMs), resume) })
    },
  },
  {
    name: 'suspend',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: suspension(random) }),
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
    name: 'steersman rollback --now',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      resumedAfterMs: oneOf(random, [0, between(random, 2_000, 240_000)]),
    }),
    apply(simulation, { release, resumedAfterMs }) {
      const resume = (): void => ask(simulation, { verb: 'resume' })
      const afterwards = (): void =>
        Number(resumedAfterMs) > 0 ? simulation.later(Number(resumedAfterMs), resume) : undefined
      ask(simulation, { verb: 'rollback-now', release: String(release) }, { afterwards })
    },
  },
  {
    name: 'everybody at once',
    group: 'people',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      verb: oneOf(random, ['pause', 'restart']),
      mostMs: between(random, 300, 1_500),
      askedAfterMs: between(random, 0, 6_000),
    }),
    apply: everybodyAtOnce,
  },
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

/** For so long the disk is slow, so that what people ask meets what the controller just stores. */
const BUSY_MS = 20_000

/** How long hands are kept off, in milliseconds: now and then for longer than a rollout's deadline. */
const suspension = (random: Random): number =>
  oneOf(random, [
    between(random, 5_000, 240_000),
    between(random, 5_000, 240_000),
    between(random, 270_000, 400_000),
  ])

/** Somebody merges, the platform team changes the environment, and somebody asks for something, on a busy disk. */
function everybodyAtOnce(
  simulation: Simulation,
  { release, verb, mostMs, askedAfterMs }: HappeningArguments,
): void {
  const { disk } = simulation.machine
  disk.mostMs = Number(mostMs)
  simulation.branch.push(String(release), { desiredCount: 2 })
  simulation.configure({ freeze: [] })
  simulation.later(Number(askedAfterMs), () => {
    if (verb === 'restart') return ask(simulation, { verb, release: String(release) })
    const resume = (): void => ask(simulation, { verb: 'resume' })
    ask(simulation, { verb: 'pause' }, { afterwards: () => simulation.later(BUSY_MS, resume) })
  })
  simulation.later(BUSY_MS, () => {
    disk.mostMs = 0
    simulation.configure({ freeze: undefined })
  })
}
