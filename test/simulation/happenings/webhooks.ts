import { between } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What becomes of what the forge tells: keys that are asked for late, often, for nothing, or not at all. */
export const webhookKinds: readonly HappeningKind[] = [
  {
    name: 'webhooks are lost',
    group: 'git',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 10_000, 200_000) }),
    apply: (simulation, { forMs }) =>
      simulation.later(Number(forMs), simulation.webhooks.lose(simulation.strikes.later())),
  },
  {
    name: 'webhooks of others',
    group: 'git',
    severity: 'mild',
    draw: (random) => ({ count: between(random, 1, 20), apartMs: between(random, 0, 3_000) }),
    apply(simulation, { count, apartMs }) {
      for (let index = 0; index < Number(count); index += 1)
        simulation.later(index * Number(apartMs), () => simulation.webhooks.ofOthers())
    },
  },
]
