import type { HookAnswer } from '../aws/simulated-aws.ts'
import { between } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** Hooks answer so for a while, and agree again after it. */
const hook = (name: string, answer: HookAnswer, mostMs: number): HappeningKind => ({
  name,
  group: 'aws',
  severity: 'mild',
  draw: (random) => ({ forMs: between(random, 2_000, mostMs) }),
  apply(simulation, { forMs }) {
    if (simulation.story.gates !== 'outside') return simulation.strikes.missed()
    const { gates } = simulation.aws
    gates.hook = answer
    simulation.later(Number(forMs), () => {
      if (gates.hook === answer) gates.hook = 'SUCCEEDED'
    })
  },
})

/** What others say whom gates ask. */
export const outsideKinds: readonly HappeningKind[] = [
  hook('a hook says no', 'FAILED', 120_000),
  hook('a hook has not decided', 'IN_PROGRESS', 90_000),
  hook('a hook fails', 'error', 90_000),
]

/** Their names: a version may fail for any of them. */
export const ASKED_OUTSIDE: ReadonlySet<string> = new Set(outsideKinds.map(({ name }) => name))
