import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { FuzzTarget } from '../target.ts'

const corpus = join(import.meta.dirname, '../corpus')

/** How often each target runs; STEERSMAN_FUZZ_RUNS for more, STEERSMAN_FUZZ_SEED for others. */
const fuzzSettings = {
  seed: Number(process.env['STEERSMAN_FUZZ_SEED'] ?? 1),
  runs: (few: number): number => Number(process.env['STEERSMAN_FUZZ_RUNS'] ?? few),
}

/** The inputs that the fuzzer found interesting, by file name. */
export function corpusOf({ name }: FuzzTarget): { readonly file: string; readonly input: Uint8Array }[] {
  const folder = join(corpus, name)
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ file, input: readFileSync(join(folder, file)) }))
}

/** Runs the target over bytes of every kind, and over its seeds and its corpus with parts of them changed. */
export async function checkTarget(target: FuzzTarget, few: number): Promise<void> {
  const known = [...target.seeds, ...corpusOf(target).map(({ input }) => input)]
  const changed = fc
    .tuple(
      fc.constantFrom(...known),
      fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat(8))),
    )
    .map(([input, edits]) => edits.reduce(spliced, input))
  const bytes = fc.uint8Array({ maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, changed), async (input) => {
      await target.run(input)
    }),
    { seed: fuzzSettings.seed, numRuns: fuzzSettings.runs(few) },
  )
}

function spliced(
  input: Uint8Array,
  [offset, part, removed]: readonly [number, Uint8Array, number],
): Uint8Array {
  const start = offset % (input.length + 1)
  return Buffer.concat([input.subarray(0, start), part, input.subarray(start + removed)])
}
