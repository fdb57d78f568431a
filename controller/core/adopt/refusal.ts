/** Why a service can't be adopted as it is, and how to mend it. */
export interface Refusal {
  /** Stable, CamelCase. */
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** The refusal where the condition holds, else none. */
export const when = (holds: boolean, code: string, message: string, remedy: string): readonly Refusal[] =>
  holds ? [{ code, message, remedy }] : []
