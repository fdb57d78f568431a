import type { DesiredRelease } from '../../core/desired.ts'
import type { Part } from '../../core/observation.ts'
import { isOneService } from '../../core/places.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import { blankObservation, observe, prepareLook } from '../observe.ts'
import { subjectOfDesired } from '../turn.ts'

/** What a release at rest is decided on; what autoscaling may do counts where the number of tasks is left to it. */
export const sweptParts = ({ spec }: Pick<DesiredRelease, 'spec'>): readonly Part[] =>
  isOneService(spec) || spec.service.desiredCount !== undefined
    ? ['services', 'rules']
    : ['services', 'rules', 'scaling']

/** Looks at all releases at once, so that AWS is asked for ten services a call and each listener once; the releases' own reconciles use what was seen. */
export async function sweep(engine: Engine, state: EnvironmentState): Promise<void> {
  const ready = [...(state.desires ?? [])].flatMap(([name, desire]) =>
    desire.kind === 'Ready'
      ? [{ name, subject: subjectOfDesired(desire.release), parts: sweptParts(desire.release) }]
      : [],
  )
  // Listeners and rules are asked for once by all who ask at the same moment.
  await Promise.all(
    ready.map(({ subject }) => prepareLook(state.connections, subject).catch(() => undefined)),
  )
  const at = engine.ports.clock.monotonic()
  await Promise.all(
    ready.map(async ({ name, subject, parts }) => {
      const observation = await observe(state.connections, subject, blankObservation, parts).catch(
        () => undefined,
      )
      if (observation !== undefined) state.sweep.set(name, { observation, at })
    }),
  )
}
