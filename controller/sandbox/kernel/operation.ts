import type { Table, TableView } from './table.ts'
import type { BucketName } from './throttle.ts'

/** A point in time inside an answer: epoch seconds on the JSON wire, ISO 8601 in XML. */
export class Timestamp {
  readonly epochMs: number

  constructor(epochMs: number) {
    this.epochMs = epochMs
  }
}

/** Marks epoch milliseconds in an operation's output as a time. */
export function timestamp(epochMs: number): Timestamp {
  return new Timestamp(epochMs)
}

/** What an operation knows of the call it answers. */
export interface CallContext {
  /** Epoch milliseconds. */
  readonly now: number
  readonly region: string
  readonly accountId: string
  /** The present of a table or, under a staleness fault, an earlier view of it: describe and list read through this. For a write it is the present always. */
  read<T>(table: Table<T>): TableView<T>
  /** The caller's access key id, where the request was signed. */
  readonly principal?: string
  /** Host and port that the request was sent to: URLs of the sandbox's own begin with it. */
  readonly host?: string
}

/** A call that may be answered later than it came, such as one that waits for a message. */
export interface Hold {
  /** Real milliseconds after which it is answered in any case. */
  readonly withinMs: number
  /** Calls back once what is waited for may be there; the returned function ends that. */
  onReady(run: () => void): () => void
}

/** A call that was carried out, or refused by its service. */
export interface DoneCall {
  readonly service: string
  readonly operation: string
  readonly input: Members
  readonly context: CallContext
  readonly userAgent: string | undefined
  readonly output?: Members
  readonly error?: { readonly code: string; readonly message: string }
}

export type Members = Record<string, unknown>

/** One operation of a service: synchronous, and pure but for the tables and timers that its model owns. */
export interface Operation {
  readonly writes: boolean
  readonly bucket: BucketName
  /** Input and output carry the SDK model's member names; times in the output are `timestamp(ms)`. Throws AwsError. */
  handle(input: Members, context: CallContext): Members
  /** Asked first: what the call waits for, or undefined where it is carried out at once. */
  hold?(input: Members, context: CallContext): Hold | undefined
}

/** The services whose names the sandbox knows (as in a request's credential scope). */
export type ServiceName =
  | 'ecs'
  | 'elasticloadbalancing'
  | 'ecr'
  | 'sts'
  | 'iam'
  | 'ec2'
  | 's3'
  | 'logs'
  | 'monitoring'
  | 'application-autoscaling'
  | 'tagging'
  | 'lambda'
  | 'scheduler'
  | 'sqs'
  | 'events'
  | 'cloudtrail'
  | 'dynamodb'
  | 'codedeploy'

/** A resource with its tags. */
export interface Tagged {
  readonly arn: string
  readonly tags: Readonly<Record<string, string>>
}

/** A service: its operations, and its whole state as JSON (`load` arms again the timers that were due). */
export interface ServiceModel {
  readonly service: ServiceName
  readonly operations: Readonly<Record<string, Operation>>
  /** What the tagging API shows of it, in the caller's region. */
  tagged?(context: CallContext): readonly Tagged[]
  /** Undefined where there is nothing to keep. */
  dump(): unknown
  load(state: unknown): void
}
