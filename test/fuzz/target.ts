/** Something that takes what comes from outside, as a function of a fuzzer's bytes. */
export interface FuzzTarget {
  readonly name: string
  /** Folders whose coverage guides the search, from the repository's root. */
  readonly covers: readonly string[]
  /** Inputs to begin with: each leads somewhere else. */
  readonly seeds: readonly Uint8Array[]
  /** Texts that mean something to the code behind the target; put into inputs as they are. */
  readonly words: readonly string[]
  /** Throws, or rejects, when a promise was broken. The same input does the same. */
  run(input: Uint8Array): void | Promise<void>
}
