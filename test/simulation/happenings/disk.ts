import { mark } from '../../../controller/api/marks.ts'
import type { Store } from '../../../controller/ports/store.ts'
import type { Simulation } from '../run/simulation.ts'
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
    name: 'slow disk',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({ mostMs: between(random, 200, 2_000), forMs: between(random, 5_000, 60_000) }),
    apply(simulation, { mostMs, forMs }) {
      const { disk } = simulation.machine
      disk.mostMs = Number(mostMs)
      disk.struck = simulation.strikes.later()
      simulation.later(Number(forMs), () => {
        disk.mostMs = 0
      })
    },
  },
  {
    name: 'power loss',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ downMs: between(random, 1_000, 30_000) }),
    apply: (simulation, { downMs }) => simulation.powerLoss(Number(downMs)),
  },
  {
    name: 'torn write',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ afterWrites: between(random, 1, 40) }),
    apply({ machine: { fileSystem } }, { afterWrites }) {
      fileSystem.crashAt(fileSystem.calls + Number(afterWrites))
    },
  },
  {
    name: 'store conflicts',
    group: 'disk',
    severity: 'mild',
    draw: (random) => ({ times: between(random, 2, 12), everyMs: between(random, 20, 900) }),
    apply(simulation, { times, everyMs }) {
      for (let time = 0; time < Number(times); time += 1)
        simulation.later(time * Number(everyMs), () => touchAll(simulation))
    },
  },
]

/** Somebody writes an annotation of their own on every object, between whatever the controller reads and writes. */
function touchAll(simulation: Simulation): void {
  for (const { life, process } of simulation.seats) {
    if (life?.controller.ready().ready !== true) continue
    process?.deliver(() => void touch(life.store, simulation.time.now()).catch(() => undefined))
  }
}

async function touch(store: Store, at: number): Promise<void> {
  for (const kind of ['Environment', 'Release', 'Rollout'] as const) {
    const { items } = await store.list(kind)
    for (const { metadata } of items.slice(-3))
      await mark(store, { kind, name: metadata.name }, () => ({ 'example.com/touched': String(at) }))
  }
}
