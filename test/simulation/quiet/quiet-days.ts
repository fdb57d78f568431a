import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { CheckerEvents } from '../checkers/checker.ts'
import { storedReleases } from '../checkers/stored.ts'
import { kindNamed } from '../run/draw-story.ts'
import { Simulation } from '../run/simulation.ts'
import type { Happening } from '../run/story.ts'
import { settle } from '../time/virtual-time.ts'
import type { QuietDays } from './quiet-story.ts'
import { quietStory } from './quiet-story.ts'

/** From the last thing that happens to the end: what it led to is seen by then. */
const AFTERWARDS_MS = 20 * 60_000
/** Examples that are kept for people. */
const MOST_EXAMPLES = 20

/** What was told of quiet days. */
export interface QuietFigures {
  /** Virtual hours. */
  readonly hours: number
  readonly releases: number
  /** Releases whose version took the traffic, however often. */
  readonly rollouts: number
  /** By outcome. */
  readonly outcomes: Readonly<Record<string, number>>
  /** By kind, what truly happened. */
  readonly happened: Readonly<Record<string, number>>
  /** Changes of a service's count that autoscaling made. */
  readonly scaled: number
  readonly calls: number
  /** Reconciles of releases, those included of which nothing had changed. */
  readonly looks: number
  /** Drifted fields that were told, by class; every one of them is false. */
  readonly drifted: Readonly<Record<string, number>>
  /** What was put back although nobody had touched it, and rollouts that drift began. */
  readonly corrected: number
  readonly defects: number
  /** The first of what was told. */
  readonly examples: readonly string[]
}

/**
 * Lets the real controller keep so many releases for so long in virtual time, and counts what it takes for drift. `also` are happenings beside those of quiet
 * days: a hand that must be found.
 */
export async function playQuietDays(
  days: QuietDays,
  also: readonly Happening[] = [],
  progress: (hours: number) => void = () => {},
): Promise<QuietFigures> {
  const story = quietStory(days)
  const simulation = new Simulation(story)
  const tally = new Tally(simulation)
  const { time } = simulation
  try {
    for (const happening of [...story.happenings, ...also])
      time.after(happening.atMs, () => tally.happen(happening))
    simulation.configure({ source: { interval: days.interval } })
    simulation.start()
    const lastMs = (story.happenings.at(-1)?.atMs ?? 0) + AFTERWARDS_MS
    let told = 0
    while (time.elapsed() < lastMs && time.hasNext()) {
      await time.step()
      if (time.elapsed() < (told + 1) * 3_600_000) continue
      told = Math.floor(time.elapsed() / 3_600_000)
      progress(told)
    }
    return tally.figures()
  } finally {
    simulation.end()
    await settle()
  }
}

/** Counts what the controller tells; promises have checkers of their own elsewhere. */
class Tally {
  readonly #simulation: Simulation
  readonly #drifted = new Map<string, number>()
  readonly #outcomes = new Map<string, number>()
  readonly #examples: string[] = []
  #corrected = 0
  #defects = 0
  #calls = 0
  #looks = 0
  #scaled = 0

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    simulation.checkers = this.#listener()
    simulation.aws.listen({
      afterCall: ({ who }) => {
        if (who !== 'people') this.#calls += 1
      },
    })
  }

  happen({ kind, with: given }: Happening): void {
    const before = this.#counts()
    this.#simulation.strikes.happen(kind, () => kindNamed(kind).apply(this.#simulation, given))
    // What a load asks for is there at once.
    if (kind === 'the load changes' && this.#counts() !== before) this.#scaled += 1
  }

  #counts(): string {
    return this.#simulation.aws.ecs.tables.services
      .list()
      .map((service) => service.desiredCount)
      .join()
  }

  figures(): QuietFigures {
    const { story, time, strikes, machine } = this.#simulation
    const left = [...storedReleases(machine)].flatMap(([release, { drift = [] }]) =>
      drift.map((field) => `${release} ends drifted: ${field.path} (${field.class})`),
    )
    return {
      hours: time.elapsed() / 3_600_000,
      releases: story.releases.length,
      rollouts: this.#outcomes.get('Succeeded') ?? 0,
      outcomes: Object.fromEntries(this.#outcomes),
      happened: strikes.fired,
      scaled: this.#scaled,
      calls: this.#calls,
      looks: this.#looks,
      drifted: Object.fromEntries(this.#drifted),
      corrected: this.#corrected,
      defects: this.#defects,
      examples: [...this.#examples, ...left],
    }
  }

  #listener(): CheckerEvents {
    const nothing = (): void => undefined
    return {
      beforeCall: nothing,
      afterCall: nothing,
      sent: nothing,
      pushed: nothing,
      told: (event) => this.#told(event),
      disturbed: nothing,
      asking: nothing,
      asked: nothing,
      terraform: nothing,
      defect: (message) => {
        this.#defects += 1
        this.#keep(message)
      },
      stepped: nothing,
      rested: nothing,
    }
  }

  #told(event: SteersmanEvent): void {
    if (event.type === 'Reconciled' && event.kind === 'Release') this.#looks += 1
    if (event.type === 'ReleasesAtRest') this.#looks += event.releases.length
    if (event.type === 'RolloutFinished') add(this.#outcomes, event.outcome)
    if (event.type === 'DriftFound') {
      add(this.#drifted, event.fieldClass)
      this.#keep(`${event.release}${event.path}: ${event.live} instead of ${event.wanted}`)
    }
    if (event.type === 'DriftCorrected') {
      this.#corrected += 1
      this.#keep(`${event.release}: ${event.action}, ${event.message}`)
    }
    if (event.type === 'RolloutStarted' && event.why === 'Drift') {
      this.#corrected += 1
      this.#keep(`${event.release}: a rollout because of drift`)
    }
  }

  #keep(example: string): void {
    if (this.#examples.length >= MOST_EXAMPLES) return
    const minutes = (this.#simulation.time.elapsed() / 60_000).toFixed(2)
    this.#examples.push(`minute ${minutes}: ${example}`)
  }
}

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
