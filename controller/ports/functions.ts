/** What a function answered. */
export interface FunctionAnswer {
  /** JSON as a rule, up to 6 MB; may hold secrets. */
  readonly payload: string
  /** Set where the function failed: `Handled`, or `Unhandled` for one that threw, ran out of time or memory. */
  readonly functionError: string | undefined
}

/** The Lambda functions that the environment's role may invoke. */
export interface Functions {
  /** Invokes it once and waits for its answer. Rejects with PortErrors. */
  invoke(request: { readonly function: string; readonly payload: string }): Promise<FunctionAnswer>
}
