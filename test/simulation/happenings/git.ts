import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What developers and the forge do. */
export const gitKinds: readonly HappeningKind[] = [
  {
    name: 'push',
    group: 'push',
    severity: 'mild',
    draw: (random, { releases }) => ({ release: oneOf(random, releases), version: 'v9-good' }),
    apply: (simulation, { release, version }) => simulation.push(String(release), String(version)),
  },
  {
    name: 'forge away',
    group: 'git',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 1_000, 90_000) }),
    apply: (simulation, { forMs }) => simulation.forgeIs('Away', Number(forMs)),
  },
  {
    name: 'forge forgets answers',
    group: 'git',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 1_000, 60_000) }),
    apply: (simulation, { forMs }) => simulation.forgeIs('Forgetful', Number(forMs)),
  },
]
