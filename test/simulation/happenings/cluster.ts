import type { Random } from '../../../controller/ports/random.ts'
import type { ClusterRule, Trouble } from '../cluster/cluster-faults.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

/** What becomes of the API server of the cluster that controllers share, and of the ways to it. */
export const clusterKinds: readonly HappeningKind[] = [
  {
    name: 'cluster away',
    group: 'disk',
    severity: 'harsh',
    // Longer than the lease; connections that are open break with it.
    draw: (random) => ({ of: 'everything', how: 'Refused', rate: 1, forMs: between(random, 2_000, 60_000) }),
    apply(simulation, given) {
      strikes(simulation, given)
      simulation.machine.cluster?.cutWatches()
    },
  },
  {
    name: 'cluster errors',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({
      ...window(random, 60_000),
      how: oneOf(random, ['Unavailable', 'TimedOut', 'Throttled', 'Refused']),
    }),
    apply: strikes,
  },
  {
    name: 'cluster throttles',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({
      of: 'everything',
      how: 'Throttled',
      rate: oneOf(random, [0.5, 0.9, 1]),
      forMs: 60_000,
    }),
    apply: strikes,
  },
  {
    name: 'cluster forgets answers',
    group: 'disk',
    severity: 'harsh',
    // What it is asked to write is written, and whoever asked hears of nothing.
    draw: (random) => ({
      of: oneOf(random, ['writes', 'writes', 'leases']),
      how: oneOf(random, ['Lost', 'Silent', 'TimedOut']),
      rate: oneOf(random, [0.2, 0.5, 1]),
      forMs: between(random, 1_000, 30_000),
    }),
    apply: strikes,
  },
  {
    name: 'cluster is slow',
    group: 'disk',
    severity: 'mild',
    // Around the timeouts of a lease (4 s) and of everything else (10 s), so that some answers, and some writes, come too late.
    draw: (random) => ({ ...window(random, 45_000), latencyMs: between(random, 200, 14_000) }),
    apply: strikes,
  },
  {
    name: 'cluster token runs out',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({
      of: 'everything',
      how: 'Unauthorized',
      rate: 1,
      most: between(random, 1, 3),
      forMs: 30_000,
    }),
    apply: strikes,
  },
  {
    name: 'somebody writes in between',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({
      of: 'writes',
      how: 'Touched',
      rate: oneOf(random, [0.2, 0.5, 0.8]),
      forMs: between(random, 5_000, 60_000),
    }),
    apply: strikes,
  },
  {
    name: 'stops in a request',
    group: 'disk',
    severity: 'harsh',
    // Others have taken the lease by the time that the write arrives, or that its machine is back, or both.
    draw: (random) => ({ lateMs: between(random, 8_000, 60_000), forMs: between(random, 8_000, 60_000) }),
    apply(simulation, { lateMs, forMs }) {
      const { cluster } = simulation.machine
      if (cluster === undefined) return simulation.strikes.missed()
      const strike = simulation.strikes.later()
      const onHeld = (process: SimulatedProcess): void => {
        strike()
        process.pause()
        simulation.later(Number(forMs), () => process.resume())
        simulation.later(Number(lateMs), () => undefined)
      }
      cluster.heldUp = { forMs: Number(lateMs), onHeld }
    },
  },
]

const window = (random: Random, mostMs: number): HappeningArguments => ({
  of: oneOf(random, ['everything', 'writes', 'reads', 'leases']),
  rate: oneOf(random, [0.3, 0.7, 1]),
  forMs: between(random, 1_000, mostMs),
})

/** Requests go wrong by that rule for a while. */
function strikes(simulation: Simulation, given: HappeningArguments): void {
  const { cluster } = simulation.machine
  if (cluster === undefined) return simulation.strikes.missed()
  const { of, how, rate, most, latencyMs, forMs } = given
  const rule: ClusterRule = {
    of: of as ClusterRule['of'],
    rate: Number(rate),
    ...(how === undefined ? {} : { how: how as Trouble }),
    ...(most === undefined ? {} : { most: Number(most) }),
    ...(latencyMs === undefined ? {} : { latencyMs: Number(latencyMs) }),
  }
  const end = cluster.faults.open(rule, simulation.strikes.later())
  simulation.time.after(Number(forMs), end)
}
