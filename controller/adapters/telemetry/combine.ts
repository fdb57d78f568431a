import type { Telemetry } from '../../ports/telemetry.ts'

/** Tells every sink that is in the list by then, also when one of them throws: what happens must not depend on who hears of it. `onError` is told once for each sink. */
export function combine(
  sinks: readonly Telemetry[],
  onError: (error: unknown) => void = () => undefined,
): Telemetry {
  const reported = new Set<Telemetry>()
  return {
    emit(event) {
      for (const sink of sinks) {
        try {
          sink.emit(event)
        } catch (error) {
          if (reported.has(sink)) continue
          reported.add(sink)
          quietly(() => onError(error))
        }
      }
    },
  }
}

function quietly(action: () => void): void {
  try {
    action()
  } catch {
    // Nobody is left to tell.
  }
}
