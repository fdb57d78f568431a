/** What a caller may say of a call to AWS beside what it asks for. */
export interface Asked {
  /**
   * Fires once the answer is needed at once, which may be while the call waits for its turn below AWS's request rate: it then goes before those of all others.
   * For the traffic's way back, and for nothing that goes on and on.
   */
  readonly hurry?: AbortSignal | undefined
}
