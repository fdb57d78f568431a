import type { Clock } from '../../../ports/clock.ts'
import type { Clients } from './clients.ts'
import type { Sender } from './sender.ts'

/** What the ports' implementations share. */
export interface AwsTools {
  readonly clients: Clients
  readonly send: Sender
  readonly clock: Clock
  /** How many writes have ended: a read begun before the latest one is not shared. */
  readonly epoch: () => number
  readonly accountId: string
}
