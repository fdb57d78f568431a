import { afterSetBack } from '../core/rollout/clock-set-back.ts'
import { asRollout } from './objects.ts'
import { saveRollout } from './report.ts'
import type { Turn } from './turn.ts'
import { keepRollout, keepStatus } from './turn.ts'

/** Where the clock was set back since times were stored, stores them anew before anything is decided by them. */
export async function takeBackTimes(turn: Turn): Promise<void> {
  const { status, active, last } = turn
  const { store, clock } = turn.engine.ports
  const after = afterSetBack({ status, active: active?.state, last }, clock.now())
  if (after.status !== status) await keepStatus(turn, after.status)
  if (after.active !== undefined && after.active !== active?.state)
    await keepRollout(turn, after.active.status)
  if (after.last === undefined || after.last === last) return
  const object = await store.get('Rollout', after.last.name)
  if (object !== undefined) await saveRollout(store, asRollout(object), after.last.status)
  turn.last = after.last
}
