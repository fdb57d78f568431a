import { between } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What becomes of the data directory. */
export const diskKinds: readonly HappeningKind[] = [
  {
    name: 'full disk',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 500, 40_000) }),
    apply: (simulation, { forMs }) => simulation.fullDisk(Number(forMs)),
  },
  {
    name: 'power loss',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ downMs: between(random, 1_000, 30_000) }),
    apply: (simulation, { downMs }) => simulation.powerLoss(Number(downMs)),
  },
]
