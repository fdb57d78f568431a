/** What a checker has to see: a promise of the program, requests that users lose, or a state that is never left. */
export type Broken =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I11'
  | 'I12'
  | 'traffic'
  | 'infrastructure'
  | 'steps'
  | 'order'
  | 'together'
  | 'store'
  | 'news'
  | 'I5 liveness'

/** `full` runs engine and adapters too; `core` only the decisions, so only bugs of the core show there. */
export type Depth = 'full' | 'core'

/** One mistake that somebody could have made, as a change of text in one file; the simulation must notice it. */
export interface PlantedBug {
  readonly name: string
  readonly breaks: Broken
  /** What goes wrong, in one sentence. */
  readonly story: string
  /** Below the repository's root. */
  readonly file: `controller/${string}.ts`
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** Where it can show, the one at which a seed costs least last. */
  readonly depths: readonly [Depth, ...Depth[]]
  /** The only kind of day on which it can show, or on which it shows soonest; left out: any. */
  readonly scenario?: string
}
