import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { Reply } from '../../../controller/sandbox/world.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'

/** A promise that was broken. */
export interface Violation {
  /** `I1` to `I11`, `traffic`, or `defect` for what no program may do. */
  readonly promise: string
  readonly message: string
  /** Virtual milliseconds since the start. */
  readonly atMs: number
}

/** What is told to whoever judges a run. */
export interface CheckerEvents {
  beforeCall(call: AwsCall): void
  afterCall(call: AwsCall, reply: Reply, happened: boolean): void
  /** A developer pushed. */
  pushed(push: { readonly release: string; readonly version: string; readonly commit: string }): void
  told(event: SteersmanEvent, who: string): void
  /** Bad luck or a person changed what nobody could know of at once. */
  disturbed(): void
  defect(message: string): void
  /** Everything that was due at a moment has run. */
  stepped(): void
  /** The run has come to rest. */
  rested(): void
}

/** One promise, watched on the world itself; a checker takes part in what it needs. */
export type Checker = Partial<Omit<CheckerEvents, 'disturbed' | 'defect'>>

/** Tells that a promise was broken. */
export type Report = (promise: string, message: string) => void
