import type { Random } from '../../../controller/ports/random.ts'
import { clientException } from '../../../controller/sandbox/kernel/error.ts'
import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import { between, oneOf } from '../time/randomness.ts'
import { CALL_TIMEOUT_MS } from '../process/life.ts'
import type { Simulation } from '../run/simulation.ts'
import { ask } from './asking.ts'
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
  ...(['reads', 'writes'] as const).map((which): HappeningKind => ({
    name: `server errors of ${which}`,
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({ rate: oneOf(random, [0.5, 1]), forMs: between(random, 1_000, 45_000) }),
    apply(simulation, { rate, forMs }) {
      for (const { service, operation } of operationsThat(simulation, which))
        simulation.awsFault(
          { service, operation, error: 'ServerException', rate: Number(rate) },
          Number(forMs),
        )
    },
  })),
  {
    name: 'a greedy neighbour',
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({ forMs: between(random, 5_000, 90_000), everyMs: oneOf(random, [250, 1_000]) }),
    apply: (simulation, { forMs, everyMs }) =>
      eatBuckets(simulation, { forMs: Number(forMs), everyMs: Number(everyMs) }),
  },
  {
    name: 'late writes',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({
      probability: oneOf(random, [0.2, 0.5]),
      mostMs: between(random, 3_000, 20_000),
      forMs: between(random, 1_000, 60_000),
    }),
    apply(simulation, { probability, mostMs, forMs }) {
      const late = { probability: Number(probability), mostMs: Number(mostMs) }
      simulation.aws.late = late
      simulation.later(Number(forMs), () => {
        if (simulation.aws.late === late) simulation.aws.late = undefined
      })
    },
  },
  {
    name: 'gates unanswered',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 5_000, 120_000) }),
    apply(simulation, { forMs }) {
      const { gates } = simulation.aws
      gates.areAnswered = false
      const strike = simulation.strikes.later()
      gates.struck = () => {
        simulation.checkers?.disturbed()
        strike()
      }
      simulation.later(Number(forMs), () => {
        gates.areAnswered = true
      })
    },
  },
  {
    name: 'one lost answer',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({ of: oneOf(random, Object.keys(LOST)) }),
    apply(simulation, { of }) {
      const service = LOST[String(of)] ?? 'ecs'
      simulation.awsFault(
        { service, operation: String(of), error: 'TimeoutAfterWrite', count: 1 },
        LOST_WITHIN_MS,
      )
    },
  },
  {
    name: 'a move held up',
    group: 'aws',
    severity: 'harsh',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      // Around a call's timeout, or long after it: whether it comes through is not known meanwhile.
      forMs: between(random, CALL_TIMEOUT_MS - 1_000, CALL_TIMEOUT_MS + oneOf(random, [1_500, 15_000])),
      abortedAfterMs: oneOf(random, [0, between(random, 1_000, 6_000)]),
    }),
    apply(simulation, { release, forMs, abortedAfterMs }) {
      const strike = simulation.strikes.later()
      const abort = (): void => ask(simulation, { verb: 'abort', release: String(release) })
      const onHeld = (): void => {
        strike()
        simulation.later(Number(forMs), () => undefined)
        if (Number(abortedAfterMs) > 0) simulation.later(Number(abortedAfterMs), abort)
      }
      simulation.aws.heldUp = { forMs: Number(forMs), onHeld }
    },
  },
  {
    name: 'a refusal that quotes',
    group: 'aws',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 5_000, 60_000) }),
    apply: (simulation, { forMs }) => refuseQuoting(simulation, Number(forMs)),
  },
]

/** Writes that an answer may be lost of, and their services. */
const LOST: Readonly<Record<string, string>> = {
  RegisterTaskDefinition: 'ecs',
  CreateService: 'ecs',
  UpdateService: 'ecs',
  ModifyListener: 'elasticloadbalancing',
}
/** The next one within this time, in milliseconds. */
const LOST_WITHIN_MS = 120_000

interface Container {
  readonly environment?: readonly { readonly name: string; readonly value: string }[]
}

/** For so long ECS takes no variable, and says what it does not like about it. */
function refuseQuoting(simulation: Simulation, forMs: number): void {
  const { aws } = simulation
  const strike = simulation.strikes.later()
  aws.refusal = ({ who, operation, input }) => {
    if (who === 'people' || operation !== 'RegisterTaskDefinition') return undefined
    const containers = input['containerDefinitions'] as readonly Container[]
    const [variable] = containers.flatMap(({ environment = [] }) => environment)
    if (variable === undefined) return undefined
    strike()
    return clientException(`The value '${variable.value}' of ${variable.name} is not valid at the moment.`)
  }
  simulation.later(forMs, () => {
    aws.refusal = () => undefined
  })
}

const SERVICES_USED = ['ecs', 'elasticloadbalancing', 'ecr'] as const

function* operationsThat(
  { aws: { world } }: Simulation,
  which: 'reads' | 'writes',
): Generator<{ readonly service: string; readonly operation: string }> {
  for (const service of SERVICES_USED)
    for (const [operation, { writes }] of Object.entries(world.models.get(service)?.operations ?? {}))
      if (writes === (which === 'writes')) yield { service, operation }
}

/** More calls at once are in no bucket. */
const DEEPEST_BUCKET = 100
/** One call for each bucket that matters here. */
const EATEN: readonly (readonly [service: string, operation: string])[] = [
  ['ecs', 'DescribeServices'],
  ['ecs', 'DescribeTasks'],
  ['ecs', 'UpdateService'],
  ['ecs', 'DescribeTaskDefinition'],
  ['elasticloadbalancing', 'DescribeListeners'],
  ['elasticloadbalancing', 'DescribeTargetHealth'],
  ['elasticloadbalancing', 'ModifyListener'],
]

/** Another program of the same account takes all of AWS's documented buckets as soon as there is something in them. */
function eatBuckets(
  simulation: Simulation,
  { forMs, everyMs }: { readonly forMs: number; readonly everyMs: number },
): void {
  const { world } = simulation.aws
  for (const [service, operation] of EATEN)
    for (let call = 0; call < DEEPEST_BUCKET; call += 1)
      if (world.attempt({ service, operation, input: {} }).error?.code.startsWith('Throttling') === true)
        break
  if (forMs > everyMs)
    simulation.later(everyMs, () => eatBuckets(simulation, { forMs: forMs - everyMs, everyMs }))
}
