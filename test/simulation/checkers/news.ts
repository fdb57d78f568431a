import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { EnvironmentSpec } from '../../../controller/resources/generated/environment.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { messagesIn } from '../aws/event-queue.ts'
import { MARK } from '../aws/made-up-events.ts'
import type { Machine } from '../process/machine.ts'
import { intervalSeconds } from '../run/interval.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Checker } from './checker.ts'
import { isChangeOf, isLookAt, isNamedIn } from './news-names.ts'
import type { CheckerParts } from './parts.ts'
import { environmentMark, storedEnvironment, storedReleases } from './stored.ts'

/** From the arrival of a message to the look at what it names: a second in which more is awaited, and slow answers on the way. */
const SEEN_WITHIN_MS = 10_000
/** After trouble: a poll whose answer is lost lasts 25 s, and what it was given comes again half a minute after it was. */
const AFTER_TROUBLE_MS = 60_000
/** A tenth of jitter, and slow answers. */
const SWEPT_WITHIN = { factor: 1.1, slackMs: 20_000 }

/**
 * ADR 0039: what a message names is looked at within moments, what somebody has changed is looked at within the interval whatever became of its message, and no
 * message stays in the queue.
 */
export function checkNews({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story, time } = simulation
  if (story.news === undefined) return {}
  const told = new Owed(SEEN_WITHIN_MS)
  const swept = new Owed(intervalSeconds(story) * 1000 * SWEPT_WITHIN.factor + SWEPT_WITHIN.slackMs)
  const trouble = new Trouble(simulation)
  const isNamed = queueNamed(machine)
  /** Nothing is looked at of a release while what is wanted of it is not there yet. */
  const isAwaited = (release: string): boolean => storedReleases(machine).get(release)?.waiting !== undefined
  const late = (owed: Owed, how: string): void => {
    for (const [release, sinceMs] of owed.late(time.elapsed()))
      if (!isAwaited(release))
        report(
          'news',
          `${release} was ${how} ${inSeconds(time.elapsed() - sinceMs)} ago, and is not looked at`,
        )
  }
  /** A rollout that runs looks at what its phase needs each time, such as targets and tasks, and not at the services. */
  const rolling = new Map<string, string>()
  const payRolling = (key: string): void => {
    for (const release of rolling.values()) if (key.endsWith(`/${release}`)) told.pay(release)
  }
  aws.news.listen((message) => {
    for (const { release } of pairs.filter((pair) => isNamedIn(message, pair)))
      told.owe(release, time.elapsed())
  })
  return {
    beforeCall(call) {
      for (const { release } of pairs.filter((pair) => isLookAt(call, pair))) {
        told.pay(release)
        swept.pay(release)
      }
    },
    afterCall(call, reply, happened) {
      if (call.who !== 'people' && reply.error !== undefined) trouble.lasts()
      // What was in the queue is gone with it.
      if (call.operation === 'DeleteQueue') told.forgive()
      if (!happened) return
      for (const { release } of pairs.filter((pair) => isChangeOf(call, pair)))
        swept.owe(release, time.elapsed())
    },
    told(event, who) {
      trouble.told(event, who)
      if (event.type === 'RolloutStarted') rolling.set(event.rollout, event.release)
      if (event.type === 'RolloutFinished') rolling.delete(event.rollout)
      if (event.type === 'Reconciled' && event.kind === 'Release') payRolling(event.key)
      if (JSON.stringify(event).includes(MARK)) report('news', `the text of a message is in a ${event.type}`)
    },
    stepped() {
      if (!isNamed()) trouble.lasts()
      if (!trouble.isOver()) return
      late(told, 'told of')
      late(swept, 'changed')
    },
    rested() {
      const left = messagesIn(aws) + aws.news.underWay
      if (left > 0) report('news', `${left} messages are left in the queue`)
      const { conditions = [] } = (storedEnvironment(machine)?.status ?? {}) as EnvironmentStatus
      if (conditions.some(({ type, status }) => type === 'EventsUnavailable' && status === 'True'))
        report('news', 'at rest the Environment says that its queue is not heard')
    },
  }
}

/** Whether the stored Environment names a queue; it is read again where it has changed. */
function queueNamed(machine: Machine): () => boolean {
  let seen: unknown
  let isNamed = false
  return () => {
    const mark = environmentMark(machine)
    if (mark !== seen) {
      seen = mark
      const { aws } = (storedEnvironment(machine)?.spec ?? {}) as Partial<EnvironmentSpec>
      isNamed = aws?.events !== undefined
    }
    return isNamed
  }
}

/** Looks that have to come, by release: since when. */
class Owed {
  readonly #withinMs: number
  readonly #since = new Map<string, number>()

  constructor(withinMs: number) {
    this.#withinMs = withinMs
  }

  owe(release: string, nowMs: number): void {
    if (!this.#since.has(release)) this.#since.set(release, nowMs)
  }

  forgive(): void {
    this.#since.clear()
  }

  pay(release: string): void {
    this.#since.delete(release)
  }

  /** Those that are late by now, each once. */
  *late(nowMs: number): Generator<readonly [release: string, sinceMs: number]> {
    for (const [release, sinceMs] of this.#since) {
      if (nowMs - sinceMs <= this.#withinMs) continue
      this.#since.delete(release)
      yield [release, sinceMs]
    }
  }
}

/** What keeps a controller from looking, and from hearing. */
class Trouble {
  readonly #simulation: Simulation
  #untilMs = 0
  /** Who has tried to listen last and could not: whoever leads anew still waits until it tries again. */
  readonly #deaf = new Set<string>()
  #isDeaf = false

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  /** It is there now, and its traces for a while; longer where somebody waits before trying again. */
  lasts(waitsMs = 0): void {
    const now = this.#simulation.time.elapsed()
    this.#untilMs = Math.max(this.#untilMs, now + waitsMs + AFTER_TROUBLE_MS)
  }

  told(event: SteersmanEvent, who: string): void {
    if (event.type === 'ReconcileFailed') this.lasts(event.retryMs)
    if (event.type === 'AwsThrottled') this.lasts()
    if (event.type === 'ListeningChanged') this.#hears(who, event.listens)
    if (event.type !== 'LeaseChanged') return
    this.lasts()
    if (event.held) this.#isDeaf = this.#deaf.has(who)
  }

  #hears(who: string, listens: boolean): void {
    if (listens) this.#deaf.delete(who)
    else this.#deaf.add(who)
    this.#isDeaf = !listens
  }

  isOver(): boolean {
    if (this.#isDeaf || !isWell(this.#simulation)) this.lasts()
    return this.#simulation.time.elapsed() > this.#untilMs
  }
}

/** Whether every controller runs, has read what it leads, and is answered. */
const isWell = ({ seats, isCalm, isStoreThere }: Simulation): boolean =>
  isCalm &&
  isStoreThere &&
  seats.every(({ process, isReady }) => process?.isRunning === true && !process.isCutOff && isReady)

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
