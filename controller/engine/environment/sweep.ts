import type { Engine, EnvironmentState } from '../engine.ts'
import { blankObservation, observe, prepareLook } from '../observe.ts'
import { subjectOfDesired } from '../turn.ts'

/** Looks at all releases at once, so that AWS is asked for ten services a call and each listener once; the releases' own reconciles use what was seen. */
export async function sweep(engine: Engine, state: EnvironmentState): Promise<void> {
  const ready = [...(state.desires ?? [])].flatMap(([name, desire]) =>
    desire.kind === 'Ready' ? [{ name, subject: subjectOfDesired(desire.release) }] : [],
  )
  // Listeners and rules are asked for once by all who ask at the same moment.
  await Promise.all(
    ready.map(({ subject }) => prepareLook(state.connections, subject).catch(() => undefined)),
  )
  const at = engine.ports.clock.monotonic()
  await Promise.all(
    ready.map(async ({ name, subject }) => {
      const observation = await observe(state.connections, subject, blankObservation, [
        'services',
        'rules',
      ]).catch(() => undefined)
      if (observation !== undefined) state.sweep.set(name, { observation, at })
    }),
  )
}
