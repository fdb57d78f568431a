import { storedRollouts } from '../checkers/stored.ts'
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
    apply: (simulation, { forMs }) => pauseAt(simulation, { forMs: Number(forMs), isSuch: isRenewal }),
  },
  {
    name: 'stands still before a write',
    group: 'disk',
    severity: 'harsh',
    draw: (random) => ({ forMs: between(random, 15_000, 60_000) }),
    apply: (simulation, { forMs }) =>
      pauseAt(simulation, { forMs: Number(forMs), isSuch: isIntentOf(simulation) }),
  },
  {
    name: 'two stops in one lease',
    group: 'disk',
    severity: 'harsh',
    // Together longer than the lease, and the first one ends while the lease before its renewal still holds.
    draw: (random) => ({ forMs: between(random, 7_000, 9_800), againMs: between(random, 5_000, 11_000) }),
    apply: (simulation, { forMs, againMs }) =>
      pauseAt(simulation, {
        forMs: Number(forMs),
        isSuch: isRenewal,
        onResume: () => pauseAt(simulation, { forMs: Number(againMs), isSuch: isIntentOf(simulation) }),
      }),
  },
  {
    name: 'clock set forward during a stop',
    group: 'clock',
    severity: 'harsh',
    // Shorter than the lease: whoever stands still keeps it, although it looks run out by the clock.
    draw: (random) => ({ forMs: between(random, 4_000, 9_000), byMs: between(random, 10_000, 20_000) }),
    apply: (simulation, { forMs, byMs }) =>
      pauseAt(simulation, {
        forMs: Number(forMs),
        isSuch: isIntentOf(simulation),
        onPause: () => setClock(simulation, Number(byMs)),
      }),
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

/** The clock of the machine that all controllers are on, also of those that are started later. */
function setClock({ machine, seats }: Simulation, byMs: number): void {
  machine.wallOffsetMs += byMs
  for (const { process } of seats) process?.jumpWall(byMs)
}

type Done = Parameters<Simulation['machine']['disk']['onDone']>[0]

const isRenewal = ({ method, path }: Done): boolean =>
  (method === 'rename' && path.startsWith('/data/leases/')) ||
  ((method === 'PutItem' || method === 'PUT') && path.startsWith('lease/'))

/** Whether a rollout's intent has reached the disk, so that the next thing is the write itself. */
const isIntentOf =
  ({ machine }: Simulation) =>
  ({ method, path }: Done): boolean =>
    ((method === 'syncDirectory' && path.endsWith('/rollout')) ||
      ((method === 'TransactWriteItems' || method === 'PUT') && path.startsWith('Rollout/'))) &&
    storedRollouts(machine).some(({ status }) => status.intent !== undefined)

/** The next controller that has just done such a thing on the disk stands still before it knows. */
function pauseAt(
  simulation: Simulation,
  {
    forMs,
    isSuch,
    onPause = () => undefined,
    onResume = () => undefined,
  }: {
    readonly forMs: number
    readonly isSuch: (done: Done) => boolean
    readonly onPause?: () => void
    readonly onResume?: () => void
  },
): void {
  const strike = simulation.strikes.later()
  const { disk } = simulation.machine
  const { onDone } = disk
  let isOver = false
  disk.onDone = (done, process) => {
    onDone(done, process)
    if (isOver || process.isPaused || !isSuch(done)) return
    isOver = true
    strike()
    process.pause()
    onPause()
    simulation.later(forMs, () => {
      process.resume()
      onResume()
    })
  }
}
