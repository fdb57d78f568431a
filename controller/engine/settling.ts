import type { Settling } from '../core/time.ts'
import type { EngineSettings, EnvironmentState } from './engine.ts'
import type { SteadyClock } from './steady-clock.ts'

/** Since when reads of the environment may be older than a write, at this moment. */
export function settlingNow(
  {
    ports: { clock },
    settings: { stalenessBoundMs },
  }: {
    readonly ports: { readonly clock: SteadyClock }
    readonly settings: Pick<EngineSettings, 'stalenessBoundMs'>
  },
  { ledSince }: Pick<EnvironmentState, 'ledSince'>,
): Settling {
  const now = clock.now()
  return { now, stalenessBoundMs, ledSince: now - (clock.monotonic() - ledSince) }
}
