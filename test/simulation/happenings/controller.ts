import { between } from '../time/randomness.ts'
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
    name: 'clock jump',
    group: 'clock',
    severity: 'harsh',
    draw: (random, { seats }) => ({
      seat: between(random, 0, seats - 1),
      byMs: between(random, -20_000, 20_000),
    }),
    apply: (simulation, { seat, byMs }) => simulation.seat(Number(seat)).process?.jumpWall(Number(byMs)),
  },
]
