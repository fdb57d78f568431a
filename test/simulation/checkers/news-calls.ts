import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Checker } from './checker.ts'
import { isLookAt, isNamedIn, servicesOf } from './news-names.ts'
import type { CheckerParts } from './parts.ts'

/** Looks are counted over so long. */
const WINDOW_MS = 10_000
/** One a second, as messages may cause, and what else comes in between. */
const MOST_LOOKS = 14
/** What comes without any message: the look of a start or of a sweep, what it finds, and a second try. */
const MOST_UNTOLD = 5
/** Whoever asks for an environment has all of its releases looked at together, and each again by itself. */
const LOOKS_A_SWEEP = 2
/** So long after it came a message may have its release looked at; longer where its queue was away, or it was given to somebody who could not put it away. */
const HEARD_WITHIN_MS = { usually: 15_000, afterTrouble: 150_000 }
/** So long after a rollout, a write or trouble, more is looked at than messages ask for. */
const BUSY_MS = 15_000

const TROUBLE: ReadonlySet<SteersmanEvent['type']> = new Set([
  'LeaseChanged',
  'ReconcileFailed',
  'ListeningChanged',
])

/** ADR 0039: messages have a release looked at once a second at most, and none that they are not about. */
export function checkNewsCalls({ simulation, report }: CheckerParts): Checker {
  const { aws, pairs, story, time } = simulation
  if (story.news === undefined) return {}
  const looks = new Map<string, number[]>(pairs.map(({ release }) => [release, []]))
  const namedMs = new Map<string, number>()
  const running = new Map<string, string>()
  const busyMs = new Map<string, number>()
  let sweeps: readonly number[] = []
  let troubleMs = -Infinity
  aws.news.listen((message) => {
    for (const pair of pairs) if (isNamedIn(message, pair)) namedMs.set(pair.release, time.elapsed())
  })
  const isBusy = (release: string): boolean =>
    [...running.values()].includes(release) ||
    time.elapsed() - Math.max(troubleMs, busyMs.get(release) ?? 0) < BUSY_MS
  const judge = (release: string): void => {
    const now = time.elapsed()
    const recent = isBusy(release) ? [] : [...(looks.get(release) ?? []), now]
    const counted = recent.filter((at) => now - at < WINDOW_MS)
    sweeps = sweeps.filter((at) => now - at < WINDOW_MS)
    const { usually, afterTrouble } = HEARD_WITHIN_MS
    const heardWithinMs = now - troubleMs < afterTrouble ? afterTrouble : usually
    const isTold = now - (namedMs.get(release) ?? -Infinity) < heardWithinMs
    const most = (isTold ? MOST_LOOKS : MOST_UNTOLD) + LOOKS_A_SWEEP * sweeps.length
    looks.set(release, counted)
    if (counted.length <= most) return
    looks.set(release, [])
    const how = isTold ? 'on account of messages' : 'though no message is about it'
    report('news', `${release} is looked at ${counted.length} times in ${WINDOW_MS / 1000} s ${how}`)
  }
  return {
    beforeCall(call) {
      if (!simulation.isCalm) troubleMs = time.elapsed()
      if (call.who === 'people') return
      for (const pair of pairs) {
        if (call.writes && isAbout(call, servicesOf(pair))) busyMs.set(pair.release, time.elapsed())
        if (isLookAt(call, pair)) judge(pair.release)
      }
    },
    afterCall({ who }, reply) {
      if (who !== 'people' && reply.error !== undefined) troubleMs = time.elapsed()
    },
    told(event) {
      if (event.type === 'RolloutStarted') running.set(event.rollout, event.release)
      if (event.type === 'RolloutFinished') {
        running.delete(event.rollout)
        busyMs.set(event.release, time.elapsed())
      }
      if (event.type === 'Reconciled' && event.kind === 'Environment') sweeps = [...sweeps, time.elapsed()]
      if (TROUBLE.has(event.type)) troubleMs = time.elapsed()
    },
  }
}

const isAbout = ({ input }: AwsCall, services: readonly string[]): boolean => {
  const text = JSON.stringify(input)
  return services.some((name) => text.includes(name))
}
