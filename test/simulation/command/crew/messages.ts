import type { Played } from '../played.ts'
import type { Job } from '../request.ts'

/** What a crew tells its members. */
export type Order =
  | { readonly type: 'play'; readonly job: Job; readonly seeds: readonly number[] }
  /** Leave the rest of the seeds when the one under way is done. */
  | { readonly type: 'stop' }

/** What a member tells its crew. */
export type Answer =
  /** Everything is loaded. */
  | { readonly type: 'ready' }
  | { readonly type: 'played'; readonly played: Played }
  /** The seeds are done, or it was told to stop. */
  | { readonly type: 'done'; readonly rssBytes: number }
