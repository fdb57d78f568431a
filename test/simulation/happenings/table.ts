import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

const WRITES = ['PutItem', 'TransactWriteItems'] as const
const OPERATIONS = ['*', 'PutItem', 'TransactWriteItems', 'GetItem', 'Query'] as const

/** What becomes of the table that controllers share. */
export const tableKinds: readonly HappeningKind[] = [
  {
    name: 'table away',
    group: 'disk',
    severity: 'harsh',
    // Longer than the lease, and often longer than anything that is in memory is given out.
    draw: (random) => ({
      how: oneOf(random, ['ConnectionReset', 'InternalServerError']),
      forMs: between(random, 5_000, 90_000),
    }),
    apply: (simulation, { how, ...given }) =>
      strikes(simulation, { ...given, operation: '*', error: String(how) }),
  },
  {
    name: 'table errors',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({
      how: oneOf(random, [
        'ThrottlingException',
        'ProvisionedThroughputExceededException',
        'ServiceUnavailable',
      ]),
      ...window(random, 60_000),
    }),
    apply: (simulation, { how, ...given }) => strikes(simulation, { ...given, error: String(how) }),
  },
  {
    name: 'table throttles',
    group: 'disk',
    severity: 'harsh',
    // Longer than the lease and than what is in memory is given out, and refused each time: nothing of it has happened.
    draw: (random) => ({
      how: oneOf(random, ['ThrottlingException', 'ProvisionedThroughputExceededException']),
      rate: oneOf(random, [0.5, 0.9, 1]),
      forMs: 60_000,
    }),
    apply: (simulation, { how, ...given }) =>
      strikes(simulation, { ...given, operation: '*', error: String(how) }),
  },
  {
    name: 'stops in a transaction',
    group: 'disk',
    severity: 'harsh',
    // Others have taken the lease by the time that the transaction arrives, or that its machine is back, or both.
    draw: (random) => ({ lateMs: between(random, 8_000, 60_000), forMs: between(random, 8_000, 60_000) }),
    apply(simulation, { lateMs, forMs }) {
      const { table } = simulation.machine
      if (table === undefined) return simulation.strikes.missed()
      const strike = simulation.strikes.later()
      const onHeld = (process: SimulatedProcess): void => {
        strike()
        process.pause()
        simulation.later(Number(forMs), () => process.resume())
        simulation.later(Number(lateMs), () => undefined)
      }
      table.heldUp = { forMs: Number(lateMs), onHeld }
    },
  },
  {
    name: 'table forgets answers',
    group: 'disk',
    severity: 'harsh',
    // What it is asked to write is written, and whoever asked hears of nothing.
    draw: (random) => ({
      operation: oneOf(random, [...WRITES, '*']),
      rate: oneOf(random, [0.2, 0.5, 1]),
      forMs: between(random, 1_000, 30_000),
    }),
    apply: (simulation, given) => strikes(simulation, { ...given, error: 'TimeoutAfterWrite' }),
  },
  {
    name: 'table is slow',
    group: 'disk',
    severity: 'mild',
    // Around the timeout of a call, so that some answers come too late.
    draw: (random) => ({ ...window(random, 45_000), latencyMs: between(random, 200, 2_500) }),
    apply: (simulation, given) => strikes(simulation, given),
  },
  {
    name: 'transactions seen in part',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({
      withinMs: oneOf(random, [20, 100, 400, 2_000]),
      rate: oneOf(random, [0.3, 1]),
      forMs: between(random, 5_000, 120_000),
    }),
    apply(simulation, { withinMs, rate, forMs }) {
      const { table } = simulation.machine
      const strike = simulation.strikes.later()
      table?.showInPart({ withinMs: Number(withinMs), rate: Number(rate), strike })
      simulation.later(Number(forMs), () => table?.showInPart(undefined))
    },
  },
]

const window = (random: Random, mostMs: number): HappeningArguments => ({
  operation: oneOf(random, OPERATIONS),
  rate: oneOf(random, [0.3, 0.7, 1]),
  forMs: between(random, 1_000, mostMs),
})

function strikes(
  simulation: Simulation,
  { operation, rate = 1, forMs, error, latencyMs }: Partial<HappeningArguments>,
): void {
  const rule: FaultRule = {
    service: 'dynamodb',
    operation: String(operation),
    rate: Number(rate),
    ...(error === undefined ? {} : { error: String(error) }),
    ...(latencyMs === undefined ? {} : { latencyMs: Number(latencyMs) }),
  }
  simulation.storeFault(rule, Number(forMs))
}
