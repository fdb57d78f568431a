import type { DesiredRelease } from '../../core/desired.ts'
import type { Part } from '../../core/observation.ts'
import { isOneService } from '../../core/places.ts'
import type { Desire, Engine, EnvironmentState } from '../engine.ts'
import type { ReleaseSubject } from '../observe.ts'
import { blankObservation, observe, prepareLook } from '../observe.ts'
import { subjectOfDesired } from '../turn.ts'

/** What a release at rest is decided on; what autoscaling may do counts where the number of tasks is left to it. */
export const sweptParts = ({ spec }: Pick<DesiredRelease, 'spec'>): readonly Part[] =>
  isOneService(spec) || spec.service.desiredCount !== undefined
    ? ['services', 'rules']
    : ['services', 'rules', 'scaling']

/** Releases that are looked at together: enough to fill AWS's calls, and few enough that a large environment's questions do not all wait at once for their turn. */
const TOGETHER = 100

interface Swept {
  readonly name: string
  readonly subject: ReleaseSubject
  readonly parts: readonly Part[]
}

/** Releases whose wanted version is known, as they are looked at together: those behind one load balancer never apart, so that each listener is asked for once. */
export function portionsOf(desires: ReadonlyMap<string, Desire>): readonly (readonly Swept[])[] {
  const ready = [...desires].flatMap(([name, desire]) =>
    desire.kind === 'Ready'
      ? [{ name, subject: subjectOfDesired(desire.release), parts: sweptParts(desire.release) }]
      : [],
  )
  const portions: Swept[][] = []
  for (const behindOne of Map.groupBy(ready, ({ subject }) => subject.loadBalancer).values()) {
    // Who is behind none shares nothing.
    const isShared = behindOne[0]?.subject.loadBalancer !== undefined
    for (const together of isShared ? [behindOne] : behindOne.map((one) => [one])) {
      const last = portions.at(-1)
      if (last === undefined || last.length + together.length > TOGETHER) portions.push([...together])
      else last.push(...together)
    }
  }
  return portions
}

/** Looks at some releases at once, so that AWS is asked for ten services a call and each listener once; the releases' own reconciles use what was seen. */
export async function sweep(
  engine: Engine,
  { connections, sweep: seen }: EnvironmentState,
  portion: readonly Swept[],
): Promise<void> {
  // Listeners and rules are asked for once by all who ask at the same moment.
  await Promise.all(portion.map(({ subject }) => prepareLook(connections, subject).catch(() => undefined)))
  const at = engine.ports.clock.monotonic()
  await Promise.all(
    portion.map(async ({ name, subject, parts }) => {
      const observation = await observe(connections, subject, blankObservation, parts).catch(() => undefined)
      if (observation !== undefined) seen.set(name, { observation, at })
    }),
  )
}
