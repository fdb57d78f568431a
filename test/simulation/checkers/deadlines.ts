import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { isPausedBy } from '../../../controller/resources/annotations.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { environmentMark, storedEnvironment } from './stored.ts'

/** What each release of the stories says. */
const DEADLINE_MS = 5 * 60_000
/** Steersman learns of a suspension and of its end by turns, and may be away when they come. */
const SLACK_MS = 150_000
const CLOCKS: ReadonlySet<string> = new Set(['clock jump', 'clock leap', 'clock set forward during a stop'])

/** For how long rollouts have waited for people, by what was told. */
class PeopleAsked {
  readonly #since = new Map<string, number>()
  readonly #lasted = new Map<string, number>()

  told(event: SteersmanEvent, nowMs: number): void {
    if (!('rollout' in event)) return
    const since = this.#since.get(event.rollout)
    if (since !== undefined) {
      this.#since.delete(event.rollout)
      this.#lasted.set(event.rollout, this.lasted(event.rollout) + nowMs - since)
    }
    if (event.type === 'DecisionAwaited') this.#since.set(event.rollout, nowMs)
  }

  lasted(rollout: string): number {
    return this.#lasted.get(rollout) ?? 0
  }
}

/** When a rollout began, in milliseconds of the story: how long the environment had been suspended, and how often it had been taken over. */
interface Start {
  readonly atMs: number
  readonly offMs: number
  readonly takeOvers: number
}

/** I8: the time in which an environment was suspended or paused, or people were asked, is not the version's, so its deadline leaves it out. */
export function checkDeadlines({ simulation, report }: CheckerParts): Checker {
  const { machine, time, story } = simulation
  // Who takes a rollout over reads a deadline that another clock has stored, and can't know how far off that was.
  const hasOddClock = story.happenings.some(({ kind }) => CLOCKS.has(kind))
  let takeOvers = 0
  const started = new Map<string, Start>()
  const asking = new PeopleAsked()
  let seen: unknown
  let offSince: number | undefined
  let offBefore = 0
  const offMs = (): number => offBefore + (offSince === undefined ? 0 : time.elapsed() - offSince)
  return {
    stepped() {
      const mark = environmentMark(machine)
      if (mark === seen) return
      seen = mark
      const { metadata, spec } = storedEnvironment(machine) ?? {}
      const isOff = spec?.['suspend'] === true || isPausedBy(metadata?.annotations)
      if (isOff) offSince ??= time.elapsed()
      else {
        offBefore = offMs()
        offSince = undefined
      }
    },
    told(event) {
      asking.told(event, time.elapsed() - offMs())
      if (event.type === 'LeaseChanged' && event.held) takeOvers += 1
      if (event.type === 'RolloutStarted')
        started.set(event.rollout, { atMs: time.elapsed(), offMs: offMs(), takeOvers })
      if (event.type !== 'RolloutFinished' || event.reason !== 'DeadlineExceeded') return
      const start = started.get(event.rollout)
      if (start === undefined || (hasOddClock && start.takeOvers < takeOvers)) return
      const askedMs = asking.lasted(event.rollout)
      const workedMs = time.elapsed() - start.atMs - (offMs() - start.offMs) - askedMs
      if (workedMs < DEADLINE_MS - SLACK_MS)
        report(
          'I8',
          `${event.rollout} failed by its deadline after ${Math.round(workedMs / 1000)} s in which it was not suspended and asked nobody`,
        )
    },
  }
}
