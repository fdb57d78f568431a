import type { StartRequest } from '../resources/generated/release.ts'

/** What a reconcile may end as. Waiting and stalling always say why. */
export type Outcome =
  /** The wanted version serves; the message is there where more is to be said. */
  | { readonly kind: 'Converged'; readonly lookAgainMs: number | undefined; readonly message?: string }
  /** Working towards what is wanted. */
  | {
      readonly kind: 'Progressing'
      readonly reason: string
      readonly message: string
      readonly lookAgainMs: number
    }
  /** Nothing is wrong, something is not there yet. */
  | {
      readonly kind: 'Waiting'
      readonly reason: string
      readonly message: string
      readonly until: number | undefined
      readonly lookAgainMs: number | undefined
      /** What would begin, for the other members of the release's group. */
      readonly asks?: StartRequest
    }
  /** Only a person can mend it. */
  | { readonly kind: 'Stalled'; readonly reason: string; readonly message: string }
  /** The wanted version was tried and refused; what ran before serves. */
  | { readonly kind: 'Failed'; readonly reason: string; readonly message: string }
  /** Pruned: nothing of it runs any more, and its object is gone. */
  | { readonly kind: 'Gone' }
