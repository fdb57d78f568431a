import type { Simulation } from '../run/simulation.ts'
import { between } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What becomes of the watches by which controllers follow a cluster. */
export const clusterWatchKinds: readonly HappeningKind[] = [
  {
    name: 'watches break',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({ times: between(random, 1, 8), everyMs: between(random, 100, 5_000) }),
    apply(simulation, { times, everyMs }) {
      for (let time = 0; time < Number(times); time += 1)
        simulation.later(time * Number(everyMs), () => simulation.machine.cluster?.cutWatches())
    },
  },
  {
    name: 'watches expire',
    group: 'disk',
    severity: 'harsh',
    // They break, and by the time that they are asked for again nobody knows any more what has happened: 410, at once or as a line.
    draw: (random) => ({ afterMs: between(random, 0, 30_000) }),
    apply(simulation, { afterMs }) {
      simulation.machine.cluster?.cutWatches()
      simulation.later(Number(afterMs), () => {
        simulation.machine.cluster?.server.compact()
        simulation.machine.cluster?.cutWatches()
      })
    },
  },
  {
    name: 'watches are late',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ latenessMs: between(random, 500, 20_000), forMs: between(random, 5_000, 90_000) }),
    apply: (simulation, { latenessMs, forMs }) =>
      forAWhile(simulation, Number(forMs), (cluster, isOn) => {
        cluster.watchLatenessMs = isOn ? Number(latenessMs) : 0
      }),
  },
  {
    name: 'watches fall silent',
    group: 'disk',
    severity: 'harsh',
    // Those that had anything to say meanwhile say nothing for good, and nobody tells that their connection is gone.
    draw: (random) => ({ forMs: between(random, 1_000, 70_000) }),
    apply: (simulation, { forMs }) =>
      forAWhile(simulation, Number(forMs), (cluster, isOn) => {
        cluster.isSilent = isOn
      }),
  },
]

type Cluster = NonNullable<Simulation['machine']['cluster']>

function forAWhile(
  simulation: Simulation,
  forMs: number,
  turn: (cluster: Cluster, isOn: boolean) => void,
): void {
  const { cluster } = simulation.machine
  if (cluster === undefined) return simulation.strikes.missed()
  turn(cluster, true)
  simulation.later(forMs, () => turn(cluster, false))
}
