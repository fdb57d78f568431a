import { annotations } from '../../../controller/resources/annotations.ts'
import type { StoredObject } from '../../../controller/ports/store.ts'
import type { ControllerSeat } from '../process/seat.ts'
import type { Checker } from './checker.ts'
import { hasLateWrites } from './late.ts'
import type { CheckerParts } from './parts.ts'
import { environmentMark, storedEnvironment, storedRollouts } from './stored.ts'

/** From a decision to what it begins: a few writes to a slow disk, under a lease that lasts 15 s. */
const DECIDED_MS = 16_000
/** A correction takes a call to AWS as well, which may be held up. */
const CALLED_MS = 12_000
const LATE_MS = 20_000

const MINUTE_MS = 60_000

/** A window as the stored Environment has it: open for so long from each minute of the hour on that the schedule's step divides. */
interface Window {
  readonly everyMs: number
  readonly openMs: number
  readonly allowRollback: boolean
  readonly allowCorrection: boolean
}

/** I7: in a freeze no rollout starts but a person's way back where the window allows it, and nothing is put right unless it allows that. */
export function checkFrozen({ simulation, report }: CheckerParts): Checker {
  const { machine, time, story } = simulation
  const lateMs = hasLateWrites(story) ? LATE_MS : 0
  let seen: unknown
  let windows: readonly Window[] = []
  let knownSince = 0
  let overriddenAt = Number.NEGATIVE_INFINITY
  let offsets: readonly number[] = []
  let setAt = Number.NEGATIVE_INFINITY

  /** How far the controllers' clocks are off. */
  const offsetOf = ({ process }: ControllerSeat): number => (process?.clock.now() ?? 0) - time.now()
  const areSet = (): boolean => simulation.seats.some((seat, index) => offsetOf(seat) !== offsets[index])

  /** Windows that were known and open during all of the last `graceMs` by the clock of whoever acts, unless that was set meanwhile. */
  const open = (who: string, graceMs: number): readonly Window[] => {
    const now = simulation.seats.find(({ name }) => who.startsWith(name))?.process?.clock.now()
    if (now === undefined || areSet() || time.elapsed() - Math.max(knownSince, setAt) < graceMs) return []
    return windows.filter(({ everyMs, openMs }) => {
      const start = Math.floor(now / everyMs) * everyMs
      return start <= now - graceMs && now < start + openMs && start > overriddenAt
    })
  }

  const isServedBefore = (release: string, name: string): boolean => {
    const rollouts = storedRollouts(machine, release)
    const begun = rollouts.find((rollout) => rollout.name === name)
    return rollouts.some(
      ({ spec, status }) =>
        status.outcome === 'Succeeded' && spec.taskDefinition === begun?.spec.taskDefinition,
    )
  }

  return {
    stepped() {
      if (areSet()) {
        setAt = time.elapsed()
        offsets = simulation.seats.map(offsetOf)
      }
      const mark = environmentMark(machine)
      if (mark === seen) return
      seen = mark
      const object = storedEnvironment(machine)
      const read = windowsOf(object)
      if (JSON.stringify(read) !== JSON.stringify(windows)) knownSince = time.elapsed()
      windows = read
      overriddenAt =
        Date.parse(object?.metadata.annotations?.[annotations.freezeOverridden] ?? '') || -Infinity
    },
    told(event, who) {
      if (event.type === 'RolloutStarted') {
        const { rollout, release, why } = event
        const closed = open(who, DECIDED_MS).filter(
          ({ allowRollback, allowCorrection }) =>
            !(why === 'Drift' && allowCorrection) &&
            !(WAYS_BACK.has(why) && allowRollback && (why === 'Tag' || isServedBefore(release, rollout))),
        )
        if (closed.length > 0) report('I7', `${rollout} starts because of ${why} in a freeze`)
      }
      if (event.type === 'DriftCorrected') {
        const closed = open(who, DECIDED_MS + CALLED_MS + lateMs).filter(
          ({ allowCorrection }) => !allowCorrection,
        )
        if (closed.length > 0) report('I7', `${event.release}: ${event.action} in a freeze`)
      }
    },
  }
}

/** Why a rollout of a version that served before may start; another try of a way back is one, too. */
const WAYS_BACK: ReadonlySet<string> = new Set(['Pin', 'Tag', 'Retry', 'Failback'])

function windowsOf(object: StoredObject | undefined): readonly Window[] {
  const written = (object?.spec['freeze'] ?? []) as readonly {
    readonly schedule: string
    readonly duration: string
    readonly allowRollback: boolean
    readonly allowCorrection: boolean
  }[]
  return written.map(({ schedule, duration, allowRollback, allowCorrection }) => ({
    everyMs: Number(/^\*\/(\d+) \* \* \* \*$/.exec(schedule)?.[1]) * MINUTE_MS,
    openMs: Number(/^(\d+)s$/.exec(duration)?.[1]) * 1_000,
    allowRollback,
    allowCorrection,
  }))
}
