import type { StoredObject } from '../../../controller/ports/store.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { Core, CoreEnvironment } from './core.ts'
import { storedStatus } from './core.ts'
import type { Steps } from './steps.ts'

/** One reconcile of the environment: what is known of it and what stands in its object. */
export interface Session {
  readonly core: Core
  readonly state: CoreEnvironment
  object: StoredObject
  status: EnvironmentStatus
  /** The commit that was wanted when the reconcile began. */
  readonly wanted: string | undefined
  readonly requestedAt: string | undefined
}

/** Stores the environment's status now. */
export function* keep(session: Session, status: EnvironmentStatus): Steps<void> {
  session.status = status
  session.object = yield* storedStatus(session.core, session.object, status)
}
