import { setTimeout } from 'node:timers/promises'
import type { ApiClient, ReleaseView } from '../api/client.ts'
import { findCondition, isConditionTrue } from '../resources/conditions.ts'
import { annotations } from '../resources/annotations.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { CommandError } from './errors.ts'

/** A cold side has to be started first. */
const LONGEST_MS = 15 * 60_000
const LOOK_AGAIN_MS = 500

/** Where a release went back to. */
export interface WentBack {
  readonly rollout: number
}

/** Sends a release back at once and resolves when it serves that version again; throws a CommandError when it can't. */
export async function failBack(
  client: ApiClient,
  key: ReleaseKey,
  asked: {
    readonly to?: number
    readonly reason?: string
    readonly unsafe?: boolean
    readonly signal: AbortSignal
  },
): Promise<WentBack> {
  const { signal, ...options } = asked
  const taken = await client.rollbackRelease(key, options)
  const marks = taken.metadata.annotations ?? {}
  const id = marks[annotations.failback]
  const rollout = Number(marks[annotations.failbackTo])
  const until = performance.now() + LONGEST_MS
  let seen: ReleaseView = taken
  while (!isBack(seen, id)) {
    const why = whyNot(seen, id)
    const name = `${key.environment}/${key.release}`
    if (why !== undefined)
      throw new CommandError(`${name} could not go back to what rollout ${rollout} served`, {
        why,
        remedy: `see \`steersman status ${key.environment}\`; \`steersman rollback ${name} --now --to N\` tries another version`,
      })
    if (performance.now() > until)
      throw new CommandError(`${name} is still on its way back to what rollout ${rollout} served`, {
        remedy: `it goes on; follow it with \`steersman status ${key.environment}\`, and commit the pin then: \`steersman pin ${name} --rollout ${rollout} --reason …\``,
      })
    await setTimeout(LOOK_AGAIN_MS, undefined, { signal })
    seen = await client.release(key)
  }
  return { rollout }
}

/** It serves what was asked for; where the branch says the same by now, the hold is over already. */
function isBack({ status = {} }: ReleaseView, id: string | undefined): boolean {
  const isReady = isConditionTrue(status.conditions ?? [], 'Ready')
  return isReady && (status.held?.at === id || status.lastHandledFailbackAt === id)
}

/** Why it will not come about by itself; undefined while it may. */
function whyNot({ status = {} }: ReleaseView, id: string | undefined): string | undefined {
  const stalled = findCondition(status.conditions ?? [], 'Stalled')
  const waits = status.waiting?.reason === 'Frozen' ? status.waiting.message : undefined
  if (status.held?.at !== id) return undefined
  return stalled?.status === 'True' ? stalled.message : waits
}
