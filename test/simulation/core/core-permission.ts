import { isPaused } from '../../../controller/engine/objects.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Core } from './core.ts'

/** Whether something may be written in the environment, as it is configured and marked at this moment. */
export function mayWriteTo({ configured, store }: Core, environment: string): boolean {
  const spec = configured()?.spec
  return spec !== undefined && !spec.suspend && !isPaused(store.get('Environment', environment))
}

/** Throws `Suspended` (wait) unless something may be written, as the engine does right before each write. */
export function assertMayWriteTo(core: Core, environment: string): void {
  if (mayWriteTo(core, environment)) return
  throw new PortError('the environment is suspended or paused: nothing is written', {
    code: 'Suspended',
    handling: 'wait',
  })
}
