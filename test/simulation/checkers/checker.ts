import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { Reply } from '../../../controller/sandbox/world.ts'
import type { SideName } from '../aws/names.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Asked } from '../run/asked.ts'
import type { TerraformAct } from '../terraform/simulated-terraform.ts'

/** A promise that was broken. */
export interface Violation {
  /** `I1` to `I12`, `traffic`, `infrastructure`, `steps`, `order`, `together`, `store`, `news`, or `defect` for what no program may do. */
  readonly promise: string
  readonly message: string
  /** Virtual milliseconds since the start. */
  readonly atMs: number
}

/** Whom bad luck or a person struck: left out means everybody, or both sides. */
export interface Disturbance {
  readonly release?: string
  readonly side?: SideName
}

/** What is told to whoever judges a run. */
export interface CheckerEvents {
  beforeCall(call: AwsCall): void
  afterCall(call: AwsCall, reply: Reply, happened: boolean): void
  /** A controller begins a write to something outside: `aws UpdateService`, `git pushTags`, `store rename`. */
  sent(write: { readonly who: string; readonly what: string }): void
  /** A developer pushed. */
  pushed(push: { readonly release: string; readonly version: string; readonly commit: string }): void
  told(event: SteersmanEvent, who: string): void
  /** Bad luck or a person changed what nobody could know of at once. */
  disturbed(what?: Disturbance): void
  /** A person asks for something by the CLI; what gets no answer may have been taken all the same. */
  asking(asked: Asked): void
  /** A controller took what a person asked for by the CLI. */
  asked(asked: Asked): void
  /** Something happened around the state of the infrastructure. */
  terraform(act: TerraformAct): void
  defect(message: string): void
  /** Everything that was due at a moment has run. */
  stepped(): void
  /** The run has come to rest. */
  rested(): void
}

/** One promise, watched on the world itself; a checker takes part in what it needs. */
export type Checker = Partial<Omit<CheckerEvents, 'defect'>>

/** Tells that a promise was broken. */
export type Report = (promise: string, message: string) => void
