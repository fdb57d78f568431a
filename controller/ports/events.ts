/** A message that waits in a queue. Its body may be anything. */
export interface EventMessage {
  readonly body: string
  /** What it is put away by. */
  readonly receipt: string
}

/** The queue through which an account tells that something may have changed. Rejects with PortErrors. */
export interface Events {
  /** Waits up to 20 seconds for messages; empty where none came. They come again after a while unless they are put away. */
  receive(): Promise<readonly EventMessage[]>
  /** Takes messages off the queue; those that could not be taken off come again. */
  remove(messages: readonly EventMessage[]): Promise<void>
  /** Whoever asks from now on is not given the answer to what somebody else asked before. */
  outdate(): void
}
