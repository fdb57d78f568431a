import type { Random } from '../../controller/ports/random.ts'
import type { FuzzTarget } from '../../test/fuzz/target.ts'
import { startCoverage } from './coverage.ts'
import type { Coverage } from './coverage.ts'
import { mutateBytes } from './mutate-bytes.ts'

/** An input that breaks a promise, made as short as was possible. */
export interface Failure {
  readonly input: Uint8Array
  readonly message: string
}

export interface Exploration {
  readonly runs: number
  /** Blocks of the target's code, each times the magnitudes of how often one input ran it. */
  readonly points: number
  /** Inputs that reached what none before had, each with what it reached. */
  readonly inputs: readonly ReachingInput[]
  readonly failure: Failure | undefined
}

interface ReachingInput {
  readonly input: Uint8Array
  readonly points: ReadonlySet<string>
}

interface Options {
  readonly target: FuzzTarget
  /** Run first, after the target's seeds. */
  readonly corpus: readonly Uint8Array[]
  readonly random: Random
  readonly hasTime: () => boolean
  /** Told of each input before it runs, so that one that never ends is known. */
  readonly onRun: (input: Uint8Array) => void
}

/** Taking the coverage costs about a millisecond, so inputs share one; only where it shows news is each run again alone. */
const INPUTS_A_LOOK = 16

/** Runs the target on inputs made from those that reached most, until time is up or a promise is broken. */
export async function explore(options: Options): Promise<Exploration> {
  const { target, corpus, random, hasTime } = options
  const search: Search = {
    ...options,
    coverage: startCoverage(target.covers),
    runs: 0,
    inputs: [],
    seen: new Set(),
    seenTogether: new Set(),
  }
  const first = [...target.seeds, ...corpus]
  let failure: Failure | undefined
  try {
    for (let start = 0; failure === undefined && start < first.length; start += INPUTS_A_LOOK)
      failure = await look(search, first.slice(start, start + INPUTS_A_LOOK))
    while (failure === undefined && hasTime())
      failure = await look(
        search,
        Array.from({ length: INPUTS_A_LOOK }, () => newInput(search, random)),
      )
  } finally {
    search.coverage.stop()
  }
  return { runs: search.runs, points: search.seen.size, inputs: search.inputs, failure }
}

interface Search extends Options {
  readonly coverage: Coverage
  runs: number
  readonly inputs: ReachingInput[]
  /** Points that single inputs reached. */
  readonly seen: Set<string>
  /** Points that looks at several inputs showed: their counts are sums. */
  readonly seenTogether: Set<string>
}

function newInput({ inputs, target }: Search, random: Random): Uint8Array {
  const one = (): Uint8Array => inputs[Math.floor(random.next() * inputs.length)]?.input ?? new Uint8Array()
  return mutateBytes(one(), { random, words: target.words, other: one() })
}

async function look(search: Search, inputs: readonly Uint8Array[]): Promise<Failure | undefined> {
  for (const input of inputs) {
    const message = await run(search, input)
    if (message !== undefined) return shortened(search, { input, message })
  }
  if (!addAll(search.seenTogether, search.coverage.take())) return undefined
  for (const input of inputs) {
    await run(search, input)
    const points = search.coverage.take()
    if (addAll(search.seen, points)) search.inputs.push({ input, points })
  }
  return undefined
}

/** What was promised and not kept, or undefined. */
async function run(search: Search, input: Uint8Array): Promise<string | undefined> {
  search.runs += 1
  search.onRun(input)
  try {
    await search.target.run(input)
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

function addAll(known: Set<string>, points: ReadonlySet<string>): boolean {
  const before = known.size
  for (const point of points) known.add(point)
  return known.size > before
}

const MAX_SHORTENINGS = 400

/** Leaves out part after part as long as a promise stays broken. */
async function shortened(search: Search, failure: Failure): Promise<Failure> {
  let shortest = failure
  let attempts = 0
  for (
    let size = Math.ceil(failure.input.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < shortest.input.length && attempts < MAX_SHORTENINGS; attempts += 1) {
      const { input } = shortest
      const shorter = Uint8Array.from(Buffer.concat([input.subarray(0, start), input.subarray(start + size)]))
      const message = await run(search, shorter)
      if (message === undefined) start += size
      else shortest = { input: shorter, message }
    }
  }
  return shortest
}
