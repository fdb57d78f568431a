import type { Controller, ReadinessReport } from '../engine/controller.ts'
import type { Store } from '../ports/store.ts'

/** The engine as a verb that runs it knows it. */
export interface StartedEngine {
  readonly controller: Controller
  readonly store: Store
  /** Whether this process does what it is there for: to act, or to stand by for the one that does. */
  ready(): ReadinessReport
}
