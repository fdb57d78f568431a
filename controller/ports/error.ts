/**
 * What to do about an error of the outside world. Each adapter classes its errors once, here and nowhere else.
 *
 * - `retry`: passing trouble (network, 5xx, throttling): try again with backoff.
 * - `wait`: nothing is wrong, something is not there yet or is held by another: look again later, without blame.
 * - `stall`: only a person can mend it (permissions, bad configuration): report it and look again at the usual interval.
 */
export type Handling = 'retry' | 'wait' | 'stall'

export interface PortErrorDetails {
  /** Stable, CamelCase, usable as a condition's reason, for example `AccessDenied` or `Throttled`. */
  readonly code: string
  readonly handling: Handling
  /** How to mend it, as one sentence; shown to people. */
  readonly remedy?: string
  /** True when a write may have happened although no answer arrived: look before writing again. */
  readonly ambiguous?: boolean
  readonly cause?: unknown
}

/** The one error type that crosses a port. */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly code: string
  readonly handling: Handling
  readonly remedy: string | undefined
  readonly ambiguous: boolean

  constructor(message: string, details: PortErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.handling = details.handling
    this.remedy = details.remedy
    this.ambiguous = details.ambiguous ?? false
  }
}
