import type { SteersmanEvent } from '../core/event.ts'

/** Where the engine tells what happens; adapters turn events into metrics, logs and history. Never throws. */
export interface Telemetry {
  emit(event: SteersmanEvent): void
}
