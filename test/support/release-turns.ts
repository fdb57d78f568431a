/** The process ends between two instructions: all that is not stored is lost. */
export class Crash extends Error {}

export type CrashPoint = 'before the write' | 'after the write'

/** How a turn ended. */
export interface TurnEnd {
  readonly kind: 'Progressing' | 'Waiting' | 'Stalled' | 'Failed' | 'Converged' | 'Crashed'
  readonly reason: string
  readonly message: string
}
