import type { GateVerdict } from '../../../controller/resources/generated/rollout.ts'
import { PUSHER } from '../run/people.ts'
import { between, oneOf } from '../time/randomness.ts'
import { decide } from './deciding.ts'
import type { HappeningKind } from './kind.ts'

/** Somebody decides at a gate, right or wrong. */
const decision = (
  name: string,
  given: {
    readonly verdict: GateVerdict
    readonly by: string
    readonly gate?: string
    readonly isOfBefore?: true
  },
): HappeningKind => ({
  name,
  group: 'people',
  severity: 'mild',
  draw: (random, { releases }) => ({ release: oneOf(random, releases) }),
  apply: (simulation, { release }) => decide(simulation, String(release), given),
})

/** What people do where a rollout asks them. */
export const gateKinds: readonly HappeningKind[] = [
  decision('approval at once', { verdict: 'Approved', by: 'lead' }),
  decision('rejection', { verdict: 'Rejected', by: 'lead' }),
  decision('a gate asked again', { verdict: 'Retried', by: 'ops' }),
  decision('approval by the pusher', { verdict: 'Approved', by: PUSHER }),
  decision('approval by a stranger', { verdict: 'Approved', by: 'guest' }),
  decision('approval of the wrong gate', { verdict: 'Approved', by: 'ops', gate: 'undo' }),
  decision('approval of the rollout before', { verdict: 'Approved', by: 'ops', isOfBefore: true }),
  {
    name: 'nobody at the gates',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 60_000, 420_000) }),
    apply: (simulation, { forMs }) => simulation.leaveGates(Number(forMs)),
  },
]
