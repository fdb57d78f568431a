import { interruptedPlan } from '../../core/infrastructure/interrupted.ts'
import { timestamp } from '../../core/time.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import type { StateLock } from '../../ports/terraform.ts'
import { tellResource } from './tell-resource.ts'
import type { InfrastructureTurn } from './turn.ts'
import { keep, nowText } from './turn.ts'

/** An apply whose controller is gone, and which is over. */
export interface EndedApply {
  /** Of the lock that this very process held and can't free any more; undefined where that is not proven: then a lock that is there is somebody else's. */
  readonly lockId: string | undefined
}

/** Follows an apply whose controller is gone to its end; undefined where there is none, or nothing can be said of it. */
export async function followInterrupted(turn: InfrastructureTurn): Promise<EndedApply | undefined> {
  const { applying } = turn.status
  if (applying?.process === undefined || applying.directory === undefined) return undefined
  const { process, directory, lockId } = applying
  const followed = await turn.infrastructure.terraform.follow(
    { process, directory, lockId },
    { signal: turn.signal, onEvent: (event) => tellResource(turn, event) },
  )
  return followed === 'Ended' ? { lockId } : undefined
}

/** A lock is freed when it is proven to be one of ours whose process is gone, or when a person names it. */
export function mayUnlock(
  { requests }: InfrastructureTurn,
  { id }: StateLock,
  ended: EndedApply | undefined,
): boolean {
  return id === ended?.lockId || id === requests.unlock?.id
}

/** Remembers that an apply was killed: until a person approves, nothing is applied. */
export async function keepInterrupted(turn: InfrastructureTurn): Promise<void> {
  const { commit, inputDigest } = turn.want
  const plan = interruptedPlan({ commit, inputDigest, at: nowText(turn) })
  await keep(turn, (current) => ({ ...current, plan }))
}

/** Says whose lock it is; it is looked at again later and later. An apply that has ended is not told to go on. */
export async function keepLocked(
  turn: InfrastructureTurn,
  lock: StateLock,
  ended?: EndedApply,
): Promise<void> {
  const { inputDigest } = turn.want
  await keep(turn, (current) => ({
    ...current,
    ...handled(turn),
    applying: ended === undefined ? current.applying : undefined,
    lock: heldLock(lock),
    lockedBy: lock.who,
    failure: {
      inputDigest,
      reason: 'StateLocked',
      message: `${lock.who} holds the lock of the state`,
      at: nowText(turn),
      attempts: current.failure?.reason === 'StateLocked' ? current.failure.attempts + 1 : 1,
    },
  }))
}

function heldLock({ id, who, operation, since }: StateLock): NonNullable<InfrastructureStatus['lock']> {
  return { id, who, operation, ...(since === undefined ? {} : { since: timestamp(since) }) }
}

/** What a run has answered, whatever came of it. */
export function handled({ requests }: InfrastructureTurn): InfrastructureStatus {
  const { approval, unlock } = requests
  return {
    ...(approval === undefined ? {} : { lastHandledApproval: approval.at }),
    ...(unlock === undefined ? {} : { lastHandledUnlock: unlock.at }),
  }
}
