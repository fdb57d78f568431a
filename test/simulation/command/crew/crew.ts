import type { Played } from '../played.ts'
import { brokenOff } from '../played.ts'
import type { Job } from '../request.ts'
import { storyOf } from '../request.ts'
import type { Program } from './member.ts'
import { Member } from './member.ts'
import type { Seeds } from './seeds.ts'

/** After being told to stop a seed may go on for so long. */
const PATIENCE_MS = 10_000
/** A process is replaced after so many seeds, or when it takes so much memory, so that a leak of the tests' own never ends a long run. */
const MOST_SEEDS = { full: 1_000, core: 100_000 } as const
const MOST_RSS_BYTES = 1_500 * 2 ** 20
/** After so many lost processes something is wrong with all of them. */
const MOST_DEATHS = 5
/** How many seeds a process is given at a time, at most. */
const CHUNK = { full: 4, core: 100 } as const

export interface CrewPlan {
  readonly job: Job
  readonly seeds: Seeds
  readonly workers: number
  /** When it comes, every process stops after the seed that it plays. */
  readonly stop: AbortSignal
  /** A seed at which a process ended or hung counts as played, with a defect. */
  readonly onPlayed: (played: Played) => void
  /** Added to the environment of the processes. */
  readonly environment?: Readonly<Record<string, string>>
  /** What the processes run; the one that plays stories, unless a test brings another. */
  readonly program?: Program
}

/** What the processes were like. */
export interface CrewFacts {
  readonly mostRssBytes: number
  readonly processes: number
}

/** Plays seeds in as many processes as asked for; what goes wrong with one is a violation of its seed. */
export async function playSeeds(plan: CrewPlan): Promise<CrewFacts> {
  const crew = new Crew(plan)
  await Promise.all(Array.from({ length: plan.workers }, () => crew.work()))
  return crew.facts
}

class Crew {
  readonly #plan: CrewPlan
  #mostRssBytes = 0
  #processes = 0
  #deaths = 0

  constructor(plan: CrewPlan) {
    this.#plan = plan
  }

  get facts(): CrewFacts {
    return { mostRssBytes: this.#mostRssBytes, processes: this.#processes }
  }

  /** One process after the other, until no seeds are left. */
  async work(): Promise<void> {
    while (this.#goesOn && this.#plan.seeds.left > 0) await this.#life()
  }

  get #goesOn(): boolean {
    return !this.#plan.stop.aborted && this.#deaths < MOST_DEATHS
  }

  /** Smaller towards the end, so that no process waits for another. */
  get #chunk(): number {
    const { seeds, workers, job } = this.#plan
    return Math.min(CHUNK[job.depth], Math.ceil(seeds.left / (4 * workers)))
  }

  /** What one process plays before it is replaced. */
  async #life(): Promise<void> {
    const { job, seeds, stop, onPlayed, environment = {}, program } = this.#plan
    const member = new Member(environment, program)
    this.#processes += 1
    const release = stopWith(stop, member)
    try {
      while (this.#goesOn && member.played < MOST_SEEDS[job.depth] && member.rssBytes < MOST_RSS_BYTES) {
        const chunk = seeds.take(this.#chunk)
        if (chunk.length === 0) break
        const { left, gone } = await member.play(job, chunk, onPlayed)
        this.#mostRssBytes = Math.max(this.#mostRssBytes, member.rssBytes)
        if (gone === undefined) continue
        this.#lost(left, gone)
        break
      }
    } finally {
      release()
      await member.end()
    }
  }

  #lost([seed, ...rest]: readonly number[], why: string): void {
    if (this.#plan.stop.aborted) return
    this.#deaths += 1
    this.#plan.seeds.giveBack(rest)
    if (seed !== undefined) this.#plan.onPlayed(brokenOff(storyOf(this.#plan.job, seed), why))
  }
}

function stopWith(stop: AbortSignal, member: Member): () => void {
  let force: NodeJS.Timeout | undefined
  const end = (): void => {
    member.stop()
    force = setTimeout(() => member.kill(), PATIENCE_MS)
  }
  stop.addEventListener('abort', end, { once: true })
  return () => {
    stop.removeEventListener('abort', end)
    clearTimeout(force)
  }
}
