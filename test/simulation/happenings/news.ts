import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import {
  deleteEventQueue,
  isEventQueueThere,
  makeEventQueue,
  QUEUE_URL,
  sendToEventQueue,
} from '../aws/event-queue.ts'
import type { Detour } from '../aws/event-road.ts'
import { forgedEvents, strangeTexts } from '../aws/made-up-events.ts'
import type { Random } from '../../../controller/ports/random.ts'
import { looksOf } from '../run/interval.ts'
import type { Simulation } from '../run/simulation.ts'
import { between, chance, oneOf } from '../time/randomness.ts'
import type { HappeningArguments, HappeningKind } from './kind.ts'

/** A time in which events fare in one way; `detourOf` makes what becomes of each. */
function onTheWay(
  name: string,
  draw: (random: Random) => HappeningArguments,
  detourOf: (given: HappeningArguments, random: Random) => Detour,
): HappeningKind {
  return {
    name,
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({ ...draw(random), forMs: between(random, 10_000, 150_000) }),
    apply(simulation, given) {
      if (simulation.story.news === undefined) return simulation.strikes.missed()
      const { aws, randomness, strikes } = simulation
      const strike = strikes.later()
      const detour = detourOf(given, randomness.stream('events'))
      const end = aws.news.take((fate) => {
        const changed = detour(fate)
        if (changed.length !== fate.length || changed.some((delayMs, index) => delayMs !== fate[index]))
          strike()
        // No run is over before what is on its way has come.
        for (const delayMs of changed) simulation.later(delayMs, () => undefined)
        return changed
      })
      simulation.later(Number(given['forMs']), end)
    },
  }
}

/** A time in which the queue answers in one way. */
function queueThat(name: string, ruleOf: (random: Random) => Partial<FaultRule>): HappeningKind {
  return {
    name,
    group: 'aws',
    severity: 'mild',
    draw: (random) => ({
      operation: '*',
      rate: 1,
      ...(ruleOf(random) as HappeningArguments),
      forMs: between(random, 5_000, 120_000),
    }),
    apply(simulation, { forMs, ...rule }) {
      if (simulation.story.news === undefined) return simulation.strikes.missed()
      simulation.awsFault({ ...(rule as unknown as FaultRule), service: 'sqs' }, Number(forMs))
    },
  }
}

/** What becomes of events and of the queue that they come to, and what else is found in it. */
export const newsKinds: readonly HappeningKind[] = [
  onTheWay(
    'events are lost',
    (random) => ({ rate: oneOf(random, [0.3, 0.7, 1]) }),
    ({ rate }, random) =>
      (fate) =>
        fate.filter(() => !chance(random, Number(rate))),
  ),
  onTheWay(
    'events are late',
    (random) => ({ rate: oneOf(random, [0.5, 1]), mostMs: oneOf(random, [5_000, 60_000, 240_000]) }),
    ({ rate, mostMs }, random) =>
      (fate) =>
        fate.map((delayMs) =>
          chance(random, Number(rate)) ? delayMs + between(random, 500, Number(mostMs)) : delayMs,
        ),
  ),
  onTheWay(
    'events are doubled',
    (random) => ({ copies: between(random, 2, 5), withinMs: oneOf(random, [0, 2_000, 90_000]) }),
    ({ copies, withinMs }, random) =>
      (fate) =>
        fate.flatMap((delayMs) =>
          Array.from({ length: Number(copies) }, (_, index) =>
            index === 0 ? delayMs : delayMs + between(random, 0, Number(withinMs)),
          ),
        ),
  ),
  queueThat('queue away', (random) => ({
    error: oneOf(random, ['ServiceUnavailable', 'InternalError', 'ConnectionReset']),
  })),
  queueThat('queue denied', () => ({ error: 'AccessDeniedException' })),
  queueThat('queue throttled', (random) => ({
    error: oneOf(random, ['ThrottlingException', 'RequestThrottled']),
    operation: oneOf(random, ['*', 'ReceiveMessage', 'DeleteMessageBatch']),
    rate: oneOf(random, [0.5, 1]),
  })),
  queueThat('queue forgets answers', (random) => ({
    error: 'TimeoutAfterWrite',
    operation: oneOf(random, ['ReceiveMessage', 'DeleteMessageBatch', 'DeleteMessageBatch']),
    rate: oneOf(random, [0.3, 1]),
  })),
  {
    name: 'weights by hand while the queue forgets answers',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      operation: oneOf(random, ['ReceiveMessage', 'DeleteMessageBatch', 'DeleteMessageBatch']),
      forMs: between(random, 20_000, 50_000),
    }),
    apply(simulation, { release, operation, forMs }) {
      if (simulation.story.news === undefined) return simulation.strikes.missed()
      const rule = { service: 'sqs', operation: String(operation), error: 'TimeoutAfterWrite', rate: 1 }
      simulation.awsFault(rule, Number(forMs))
      simulation.setWeights(String(release), 50, 50)
    },
  },
  {
    name: 'another queue for a while',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({
      which: oneOf(random, ['none', 'one that is not there']),
      forMs: between(random, 500, 120_000),
    }),
    apply(simulation, { which, forMs }) {
      const { aws } = looksOf(simulation.story)
      if (aws === undefined) return simulation.strikes.missed()
      const { events: _named, ...rest } = aws as Readonly<Record<string, unknown>>
      const events = which === 'none' ? {} : { events: { queueUrl: `${QUEUE_URL}-of-others` } }
      simulation.configure({ aws: { ...rest, ...events } })
      simulation.later(Number(forMs), () => simulation.configure({ aws }))
    },
  },
  {
    name: 'queue deleted',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ backAfterMs: between(random, 1_000, 150_000) }),
    apply(simulation, { backAfterMs }) {
      const { aws, story, strikes } = simulation
      if (story.news === undefined || !isEventQueueThere(aws)) return strikes.missed()
      deleteEventQueue(aws)
      simulation.later(Number(backAfterMs), () => makeEventQueue(aws))
    },
  },
  {
    name: 'garbage in the queue',
    group: 'people',
    severity: 'mild',
    draw: (random) => ({ first: between(random, 0, 99), count: between(random, 1, 30) }),
    apply: (simulation, { first, count }) => {
      for (let index = 0; index < Number(count); index += 1)
        send(simulation, strangeTexts[(Number(first) + index) % strangeTexts.length] ?? '')
    },
  },
  {
    name: 'a flood of made-up events',
    group: 'people',
    severity: 'mild',
    draw: (random, { releases }) => ({
      release: oneOf(random, releases),
      perSecond: oneOf(random, [2, 10, 30]),
      forMs: between(random, 10_000, 60_000),
    }),
    apply: (simulation, { release, perSecond, forMs }) =>
      flood(simulation, forgedEvents(simulation.pairOf(String(release))), {
        everyMs: 1_000 / Number(perSecond),
        untilMs: simulation.time.elapsed() + Number(forMs),
      }),
  },
]

/** As it comes from whoever may write to the queue. */
function send({ aws, story, strikes }: Simulation, text: string): void {
  if (story.news === undefined) return strikes.missed()
  if (sendToEventQueue(aws, text)) aws.news.arrived(text)
}

function flood(
  simulation: Simulation,
  texts: readonly string[],
  { everyMs, untilMs }: { readonly everyMs: number; readonly untilMs: number },
): void {
  let sent = 0
  const next = (): void => {
    send(simulation, texts[sent % texts.length] ?? '')
    sent += 1
    if (simulation.time.elapsed() < untilMs) simulation.later(everyMs, next)
  }
  next()
}
