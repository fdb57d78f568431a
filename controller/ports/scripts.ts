/** How a run of a program ended. `NotStarted`: there is none, or it may not be run; `why` says so. */
export type ScriptEnd =
  | { readonly kind: 'Exited'; readonly exitCode: number; readonly output: string }
  | { readonly kind: 'Signalled'; readonly signal: string; readonly output: string }
  | { readonly kind: 'TimedOut'; readonly output: string }
  | { readonly kind: 'NotStarted'; readonly why: string }

/** Programs beside the controller's configuration. */
export interface Scripts {
  /** Runs one to its end. What it wrote last is given without secrets. */
  run(
    request: {
      readonly command: readonly string[]
      readonly facts: Readonly<Record<string, string>>
      readonly timeoutMs: number
    },
    signal: AbortSignal,
  ): Promise<ScriptEnd>
}
