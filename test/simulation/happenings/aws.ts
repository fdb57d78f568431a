import type { Random } from '../../../controller/ports/random.ts'
import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

const SERVICES = ['ecs', 'elasticloadbalancing', 'ecr', '*'] as const

/** A time in which calls to AWS go wrong in one way. */
function window(
  name: string,
  fault: { readonly severity: HappeningKind['severity']; readonly mostMs: number },
  ruleOf: (given: HappeningArguments) => Omit<FaultRule, 'service' | 'operation'>,
  more: (random: Random) => HappeningArguments = () => ({}),
): HappeningKind {
  return {
    name,
    group: 'aws',
    severity: fault.severity,
    draw: (random) => ({
      service: oneOf(random, SERVICES),
      rate: oneOf(random, [0.1, 0.3, 0.7, 1]),
      forMs: between(random, 1_000, fault.mostMs),
      ...more(random),
    }),
    apply: (simulation, given) =>
      simulation.awsFault(
        { service: String(given['service']), operation: '*', rate: Number(given['rate']), ...ruleOf(given) },
        Number(given['forMs']),
      ),
  }
}

/** What AWS itself does to its callers. */
export const awsKinds: readonly HappeningKind[] = [
  window('throttling', { severity: 'mild', mostMs: 60_000 }, () => ({ error: 'ThrottlingException' })),
  window('server errors', { severity: 'mild', mostMs: 60_000 }, () => ({ error: 'ServerException' })),
  window('connection resets', { severity: 'mild', mostMs: 30_000 }, () => ({ error: 'ConnectionReset' })),
  window('lost answers', { severity: 'harsh', mostMs: 30_000 }, () => ({ error: 'TimeoutAfterWrite' })),
  window('expired credentials', { severity: 'harsh', mostMs: 30_000 }, () => ({
    error: 'ExpiredTokenException',
  })),
  window('access denied', { severity: 'harsh', mostMs: 30_000 }, () => ({ error: 'AccessDeniedException' })),
  window(
    'slow answers',
    { severity: 'mild', mostMs: 60_000 },
    ({ latencyMs }) => ({ latencyMs: Number(latencyMs) }),
    (random) => ({ latencyMs: between(random, 200, 4_000) }),
  ),
  window(
    'stale reads',
    { severity: 'mild', mostMs: 120_000 },
    ({ staleForMs }) => ({ staleForMs: Number(staleForMs) }),
    (random) => ({ staleForMs: between(random, 500, 30_000) }),
  ),
]
