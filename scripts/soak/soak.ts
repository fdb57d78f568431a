import type { Random } from '../../controller/ports/random.ts'
import { Closers } from '../bench/closers.ts'
import type { Good, Stage, WayBack } from './play.ts'
import { play, playFirst } from './play.ts'
import { Served } from './served.ts'
import type { Ending } from './stories.ts'
import { drawStories } from './stories.ts'
import { openTown } from './town.ts'
import { startUsers } from './users.ts'

/** What was seen. */
export interface Soaked {
  readonly swaps: number
  readonly sticky: number
  readonly endings: Readonly<Partial<Record<Ending, number>>>
  readonly requests: number
  readonly requestsPerSecond: number
  readonly failed: number
  readonly refusedServed: number
  readonly waysBack: readonly WayBack[]
  /** Swaps that ended otherwise than they have to, and the first requests that went wrong, in a line each. */
  readonly problems: readonly string[]
  readonly seconds: number
}

interface SoakOptions {
  readonly random: Random
  readonly swaps: number
  /** No swap begins later, in milliseconds. */
  readonly limitMs: number
  readonly isStopped: () => boolean
  readonly say: (line: string) => void
}

const REQUESTS_PER_SECOND = 200
const MOST_REQUESTS = 2_000_000
/** Requests for which the last version is watched after the last swap. */
const LAST_LOOK = 200

/** Plays swaps one after the other under load until there are as many as asked for, the time is over, or one goes wrong. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const closers = new Closers()
  const startedAt = performance.now()
  try {
    const town = await openTown(closers)
    const served = new Served()
    const stage: Stage = { town, served }
    const good = await playFirst(stage, {
      version: 'first',
      strategy: { type: 'BlueGreen' },
      ending: 'Succeeds',
      sticky: false,
    })
    const users = startUsers({
      url: town.productionUrl,
      perSecond: REQUESTS_PER_SECOND,
      atMost: MOST_REQUESTS,
      take: (answer) => served.add(answer),
    })
    closers.add(() => users.stop())
    const played = await playAll(stage, good, { ...options, startedAt })
    await lastLook(served)
    await users.stop()
    const { requests, failed, refusedServed, complaints } = served
    return {
      ...played,
      requests,
      requestsPerSecond: requests / (users.askedMs() / 1_000),
      failed,
      refusedServed,
      problems: [...played.problems, ...complaints],
      seconds: (performance.now() - startedAt) / 1_000,
    }
  } finally {
    await closers.close()
  }
}

async function playAll(
  stage: Stage,
  first: Good,
  { random, swaps, limitMs, isStopped, say, startedAt }: SoakOptions & { readonly startedAt: number },
): Promise<Pick<Soaked, 'swaps' | 'sticky' | 'endings' | 'waysBack' | 'problems'>> {
  const endings: Partial<Record<Ending, number>> = {}
  const waysBack: WayBack[] = []
  const problems: string[] = []
  let good = first
  let count = 0
  let sticky = 0
  for (const story of drawStories(random, swaps)) {
    if (isStopped() || performance.now() - startedAt > limitMs) break
    try {
      const played = await play(stage, story, good)
      good = played.good
      if (played.wayBack !== undefined) waysBack.push(played.wayBack)
    } catch (error) {
      problems.push(
        `${story.version}, ${story.strategy.type}, ${story.ending}${story.sticky ? ', sticky' : ''}: ${String(error)}`,
      )
      break
    }
    count++
    endings[story.ending] = (endings[story.ending] ?? 0) + 1
    if (story.sticky) sticky++
    if (count % SAY_EVERY === 0) say(progress(stage.served, { count, swaps }))
  }
  return { swaps: count, sticky, endings, waysBack, problems }
}

const SAY_EVERY = 5

const progress = (
  { requests, failed, refusedServed }: Served,
  { count, swaps }: { readonly count: number; readonly swaps: number },
): string =>
  `${count} of ${swaps} swaps, ${requests} requests, ${failed} failed, ${refusedServed} of a refused version`

async function lastLook(served: Served): Promise<void> {
  const until = served.requests + LAST_LOOK
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const endAt = performance.now() + LAST_LOOK_MS
  const timer = setInterval(() => {
    if (served.requests >= until || performance.now() > endAt) resolve(undefined)
  }, 20)
  await promise
  clearInterval(timer)
}

const LAST_LOOK_MS = 10_000
