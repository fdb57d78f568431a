import type { AccountLimits } from './limits.ts'
import { operations } from './operations.ts'
import type { Sender } from './sender.ts'

/** How long a call waits for its turn, in milliseconds: whoever asks slowly asks for few things at once. */
const MAX_WAIT_MS = 120_000

/** Sends only as fast as these limits, which come on top of the sender's own: so what can wait leaves room for what can't. */
export const slowed =
  (
    send: Sender,
    {
      limits,
      owner,
      signal,
    }: { readonly limits: AccountLimits; readonly owner: string; readonly signal: AbortSignal },
  ): Sender =>
  async (operation, attempt, asked) => {
    await limits(operations[operation].bucket).take(owner, { maxWaitMs: MAX_WAIT_MS, signal })
    return send(operation, attempt, asked)
  }
