import { PortError } from '../../ports/error.ts'
import type { GateAttempt } from '../../ports/gate.ts'

/** What an attempt is whose facts could not be read: the adapter of AWS has classed why, and says how to mend it. Throws what is no PortError. */
export function notRead(what: string, error: unknown): GateAttempt {
  if (!(error instanceof PortError)) throw error
  const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`
  return { result: 'Inconclusive', message: `${what} could not be read: ${error.message}.${remedy}` }
}
