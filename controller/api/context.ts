import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { ReleaseKey } from '../resources/names.ts'

/** What the routes work with: the store to read and mark, and two bells to ring. */
export interface ApiContext {
  readonly store: Store
  readonly clock: Clock
  readonly reconcile: (environment: string) => void
  readonly reconcileRelease: (key: ReleaseKey) => void
  /** The same where somebody wants the traffic back: before everything else. */
  readonly reconcileAtOnce: (key: ReleaseKey) => void
}
