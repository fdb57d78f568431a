import { fromTimestamp } from '../core/time.ts'
import { PortError } from '../ports/error.ts'
import type { StoredObject } from '../ports/store.ts'
import { annotations } from '../resources/annotations.ts'
import type { Engine } from './engine.ts'
import { isPaused } from './objects.ts'

type Asked = Pick<Engine, 'environments' | 'ports'>

/** Whether something may be written in the environment, as it is configured and marked at this moment. */
export async function mayWriteTo({ environments, ports }: Asked, environment: string): Promise<boolean> {
  const object = await ports.store.get('Environment', environment)
  const state = environments.get(environment)
  return state !== undefined && !state.environment.spec.suspend && !isPaused(object)
}

/** When an admin set a freeze aside last, in milliseconds since the epoch. */
export function overriddenAt(environment: StoredObject | undefined): number | undefined {
  const at = environment?.metadata.annotations?.[annotations.freezeOverridden]
  return at === undefined ? undefined : fromTimestamp(at)
}

/** Throws `Suspended` (wait) unless something may be written. Asked right before each write, and before a rollout begins: the turn it belongs to may have begun long before. */
export async function assertMayWriteTo(engine: Asked, environment: string): Promise<void> {
  if (await mayWriteTo(engine, environment)) return
  throw new PortError('the environment is suspended or paused: nothing is written', {
    code: 'Suspended',
    handling: 'wait',
  })
}
