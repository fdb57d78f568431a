import { caseFiles, diffCase, readCases } from './corpus.ts'
import { defaultCases, pathsOf } from './default-cases.ts'

/** How the diff does over all (git, live) pairs of test/fixtures/drift. */
export interface CorpusFigures {
  readonly cases: number
  /** Paths that came out although nothing of theirs had changed. */
  readonly falsePositives: number
  /** Paths that did not come out although somebody had changed them. */
  readonly falseNegatives: number
}

/** Counted path by path, so that a drift told at the wrong place is both. */
export function corpusFigures(): CorpusFigures {
  const pairs = [
    ...caseFiles.flatMap(readCases).map((each) => ({
      expected: each.changes.map(({ path }) => path),
      found: diffCase(each).map(({ path }) => path),
    })),
    ...defaultCases().map((each) => ({ expected: each.paths, found: pathsOf(each) })),
  ]
  const missing = (from: readonly string[], among: readonly string[]): number =>
    from.filter((path) => !among.includes(path)).length
  const sum = (count: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + count(pair), 0)
  return {
    cases: pairs.length,
    falsePositives: sum(({ expected, found }) => missing(found, expected)),
    falseNegatives: sum(({ expected, found }) => missing(expected, found)),
  }
}
