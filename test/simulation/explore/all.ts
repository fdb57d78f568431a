import type { Violation } from '../checkers/checker.ts'
import type { Story } from '../run/story.ts'
import { walker } from '../walker/all.ts'
import type { FoundViolation } from './crash.ts'
import { exploreCrashes } from './crash.ts'
import { withObservers } from './observers.ts'
import { unexplored } from './operations.ts'
import { crashTable, staleTable } from './report.ts'
import { exploreStaleness } from './stale.ts'
import { exploredStories } from './stories.ts'

/** A broken promise, and where it was seen. */
interface ExplorerViolation extends Omit<Violation, 'atMs'> {
  readonly where: string
  /** What plays it again; left out where a seed and a step say it all. */
  readonly story?: Story
}

interface ExplorerOptions {
  readonly onProgress: (done: number, total: number, what: string) => void
  /** How many threads play at a time; walks are few, and played in this one. */
  readonly workers: number
}

/** Something that goes everywhere, instead of where chance leads. */
export interface Explorer {
  /** One sentence for people. */
  readonly says: string
  run(options: ExplorerOptions): Promise<{
    /** Markdown. */
    readonly table: string
    readonly runs: number
    readonly violations: readonly ExplorerViolation[]
  }>
}

/** Every explorer, by name. */
export const explorers: ReadonlyMap<string, Explorer> = new Map<string, Explorer>([
  [
    'crashes',
    {
      says: 'every story, once per write with a crash right before and right after it, and short ones with two',
      async run({ onProgress, workers }) {
        const found = await withObservers(workers, (observer) =>
          exploreCrashes(exploredStories, { observer, onProgress }),
        )
        const gaps = unexplored(found.kinds).map((message) => gap(message))
        return { table: crashTable(found), runs: found.runs, violations: [...found.violations, ...gaps] }
      },
    },
  ],
  [
    'stale',
    {
      says: 'every story, once per read and earlier state that AWS could still have shown, and once per read from which the controller slept',
      async run({ onProgress, workers }) {
        const found = await withObservers(workers, (observer) =>
          exploreStaleness(exploredStories, { observer, onProgress }),
        )
        return { table: staleTable(found), runs: found.runs, violations: found.violations }
      },
    },
  ],
  [
    'walker',
    {
      says: walker.says,
      async run({ onProgress }) {
        const { table, runs, violations } = await walker.run({ onProgress })
        const found = violations.map(({ seed, step, message }) => ({
          promise: 'walk',
          message,
          where: `seed ${seed}, step ${step}`,
        }))
        return { table, runs, violations: found }
      },
    },
  ],
])

function gap(message: string): FoundViolation {
  const [first] = exploredStories
  if (first === undefined) throw new Error('there are no stories to explore')
  return { promise: 'defect', message, atMs: 0, where: 'what the explorer knows', story: first.story }
}
