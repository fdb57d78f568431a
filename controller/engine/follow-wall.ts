import type { RolloutState } from '../core/rollout/state.ts'
import { unsettledMs } from '../core/rollout/unsettled.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { ReleaseStatus } from '../resources/types.ts'
import type { SteadyClock } from './steady-clock.ts'

/** By the name of the release's object: until when, on the monotonic clock, something is counted from a time of it. Infinity while it is worked on, and while its rollout runs. */
export type Unsettled = Map<string, { readonly environment: string; readonly until: number }>

/** The engine, as far as this concerns it. */
interface Timed {
  readonly unsettled: Unsettled
  readonly ports: { readonly clock: SteadyClock }
  readonly settings: { readonly stalenessBoundMs: number }
}

/** Takes over a leap of the wall clock once nothing is counted from times before it, in any environment that this controller leads. */
export function followWall(
  { unsettled, ports: { clock } }: Omit<Timed, 'settings'>,
  leads: (environment: string) => boolean,
): void {
  if (clock.leaptMs() === 0) return
  const now = clock.monotonic()
  for (const { environment, until } of unsettled.values()) if (until > now && leads(environment)) return
  clock.follow()
}

/** Keeps the time from leaping while a release is worked on. What is returned lets go again, once nothing is counted any more from what the turn has done; undefined where it was not opened. */
export function holdTime(
  { unsettled, ports: { clock }, settings: { stalenessBoundMs } }: Timed,
  key: ReleaseKey,
): (turn: CameTo | undefined) => void {
  const { environment } = key
  const name = releaseObjectName(key)
  const before = unsettled.get(name)
  unsettled.set(name, { environment, until: Infinity })
  return (turn) => {
    const { status = {}, active } = turn ?? {}
    const leftMs = unsettledMs({ status, active: active?.state }, { now: clock.now(), stalenessBoundMs })
    if (turn === undefined && before !== undefined) unsettled.set(name, before)
    else if (leftMs === 0) unsettled.delete(name)
    else unsettled.set(name, { environment, until: clock.monotonic() + leftMs })
  }
}

interface CameTo {
  readonly status: ReleaseStatus
  readonly active: { readonly state: RolloutState } | undefined
}
