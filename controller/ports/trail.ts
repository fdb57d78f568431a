/** A call that changed something, as the account's trail has it; without the address that it came from. */
export interface TrailEvent {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly name: string
  /** Name of a user, or of a role's session; empty where the trail has none. */
  readonly user: string
  /** Whether this very program has made it. */
  readonly isOwn: boolean
  /** A service of AWS on somebody's behalf, such as `ecs.application-autoscaling.amazonaws.com`. */
  readonly invokedBy: string | undefined
  readonly failed: boolean
  /** What was asked for, as the trail has it: only names are looked for in it. */
  readonly request: Readonly<Record<string, unknown>>
}

/** What an account remembers of the calls that were made in it. Rejects with PortErrors. */
export interface Trail {
  /** Calls since then that name the resource, or are of that name, the newest first, up to 50. Minutes behind. */
  lookup(asked: {
    readonly by: 'ResourceName' | 'EventName'
    readonly value: string
    readonly since: number
  }): Promise<readonly TrailEvent[]>
}
