import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'

import type { CrewFacts } from '../crew/crew.ts'
import type { Played } from '../played.ts'
import type { RunIdentity } from './run-identity.ts'
import { assertClean, assertSame } from './run-identity.ts'

/** A line of the file; the first one says whose run it is. */
type Line =
  | { readonly run: RunIdentity }
  /** `seconds`: of all that was played so far, earlier times included. */
  | { readonly played: Played; readonly seconds: number }
  /** The processes of one time, when they are gone. */
  | { readonly crew: CrewFacts; readonly seconds: number }

/** A run on disk: what each of its seeds came to, a line each as soon as it is played, so that a run that was ended at any moment goes on later. */
export class KeptRun {
  readonly #file: string
  /** What was played before, each seed once. */
  readonly played: readonly Played[]
  /** Real time that was spent on it before. */
  readonly seconds: number
  readonly #crew: CrewFacts

  private constructor(file: string, lines: readonly Line[]) {
    this.#file = file
    const played = lines.flatMap((line) => ('played' in line ? [line.played] : []))
    this.played = [...new Map(played.map((one) => [one.seed, one])).values()]
    const last = lines.at(-1)
    this.seconds = last !== undefined && 'seconds' in last ? last.seconds : 0
    this.#crew = lines.reduce((sum, line) => ('crew' in line ? together(sum, line.crew) : sum), NO_CREW)
  }

  /** Begins the file, or reads what is in it; throws, saying what to do, where that is another run's or could not be gone on with. */
  static open(file: string, run: RunIdentity): KeptRun {
    assertClean(run)
    if (!existsSync(file)) {
      writeFileSync(file, textOf({ run }))
      return new KeptRun(file, [])
    }
    const text = readFileSync(file, 'utf8')
    // A last line that is not whole was being written when the run was ended: its seed is played again.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    const [first, ...lines] = linesOf(whole)
    if (first === undefined || !('run' in first) || lines.some((line) => !('seconds' in line)))
      throw new Error(`${file} holds no run: give another file, or remove it and begin anew`)
    assertSame(file, first.run, run)
    if (whole !== text) truncateSync(file, Buffer.byteLength(whole))
    return new KeptRun(file, lines)
  }

  /** Keeps a seed; `seconds` is the real time of the run so far, what was before included. */
  add(played: Played, seconds: number): void {
    appendFileSync(this.#file, textOf({ played, seconds }))
  }

  /** Keeps the processes of this time, and resolves to those of all times. */
  end(crew: CrewFacts, seconds: number): CrewFacts {
    appendFileSync(this.#file, textOf({ crew, seconds }))
    return together(this.#crew, crew)
  }
}

const NO_CREW: CrewFacts = { processes: 0, mostRssBytes: 0 }

const together = (one: CrewFacts, other: CrewFacts): CrewFacts => ({
  processes: one.processes + other.processes,
  mostRssBytes: Math.max(one.mostRssBytes, other.mostRssBytes),
})

const textOf = (line: Line): string => `${JSON.stringify(line)}\n`

/** None where one of them is no line of ours. */
function linesOf(text: string): readonly Line[] {
  try {
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line))
    return lines.every((line) => typeof line === 'object' && line !== null) ? (lines as Line[]) : []
  } catch {
    return []
  }
}
