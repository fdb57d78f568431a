import type { Simulation } from '../run/simulation.ts'
import { between, oneOf } from '../time/randomness.ts'
import type { HappeningKind } from './kind.ts'

/** What becomes of controllers and of the machine that they are on. */
export const controllerKinds: readonly HappeningKind[] = [
  {
    name: 'kill',
    group: 'controller',
    severity: 'mild',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      downMs: between(random, 0, 30_000),
    }),
    apply: (simulation, { seat, downMs }) => simulation.seat(Number(seat)).kill(Number(downMs)),
  },
  {
    name: 'pause',
    group: 'controller',
    severity: 'mild',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      forMs: between(random, 500, 60_000),
    }),
    apply: (simulation, { seat, forMs }) => simulation.seat(Number(seat)).pause(Number(forMs)),
  },
  {
    name: 'a renewal is answered late',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 15_000, 60_000) }),
    apply: (simulation, { forMs }) => pauseAtRenewal(simulation, Number(forMs)),
  },
  {
    name: 'clock jump',
    group: 'clock',
    severity: 'harsh',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      byMs: between(random, -20_000, 20_000),
    }),
    apply: (simulation, { seat, byMs }) => simulation.seat(Number(seat)).process?.jumpWall(Number(byMs)),
  },
  {
    name: 'clock leap',
    group: 'clock',
    severity: 'harsh',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      byHours: oneOf(random, [-5, -2, -1, 1, 2, 5]),
      forMs: between(random, 1_000, 120_000),
    }),
    apply(simulation, { seat, byHours, forMs }) {
      const { process } = simulation.seat(Number(seat))
      process?.jumpWall(Number(byHours) * 3_600_000)
      simulation.later(Number(forMs), () => process?.jumpWall(-Number(byHours) * 3_600_000))
    },
  },
  {
    name: 'network split',
    group: 'controller',
    severity: 'harsh',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      forMs: between(random, 1_000, 60_000),
    }),
    apply(simulation, { seat, forMs }) {
      const { process } = simulation.seat(Number(seat))
      process?.cutOff()
      // A version may fail by a gate that gets no answer.
      simulation.aws.gates.lost = () => simulation.checkers?.disturbed()
      simulation.later(Number(forMs), () => process?.reconnect())
    },
  },
]

/** The next controller that has just written a lease stands still before it knows. */
function pauseAtRenewal(simulation: Simulation, forMs: number): void {
  const strike = simulation.strikes.later()
  let isOver = false
  simulation.machine.disk.onRename = (path, process) => {
    if (isOver || !path.startsWith('/data/leases/')) return
    isOver = true
    strike()
    process.pause()
    simulation.later(forMs, () => process.resume())
  }
}
