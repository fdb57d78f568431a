import { annotations } from '../../../controller/resources/annotations.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import type { ReleaseStatus } from '../../../controller/resources/types.ts'
import type { Machine } from '../process/machine.ts'
import { healthyTargets } from '../aws/view.ts'
import { servingSides } from '../aws/workers.ts'
import type { Checker } from './checker.ts'
import { versionOf } from './failures.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedEnvironment, storedObjects, storedRollouts } from './stored.ts'

/** What was decided before a person's wish was stored may still begin for so long. */
const UNDER_WAY_MS = 16_000

/** I5: a release that a person sent back at once serves that version, and no other one is started until the hold is over. */
export function checkFailbacks({ simulation, checkers, report }: CheckerParts): Checker {
  const { machine, time, story } = simulation
  const askedAt = new Map<string, number>()
  return {
    asked(asked) {
      if (asked.verb === 'rollback-now') askedAt.set(asked.release, time.elapsed())
    },
    told(event) {
      if (event.type !== 'RolloutStarted') return
      const target = heldTo(machine, event.release)
      const since = time.elapsed() - (askedAt.get(event.release) ?? time.elapsed())
      const begun = storedRollouts(machine, event.release).find(({ name }) => name === event.rollout)
      if (target === undefined || begun === undefined || since < UNDER_WAY_MS) return
      if (begun.spec.taskDefinition !== target.spec.taskDefinition)
        report(
          'I5',
          `${event.rollout} starts although ${event.release} is held at what ${target.name} served`,
        )
    },
    rested() {
      for (const release of story.releases) {
        const target = heldTo(machine, release)
        if (target === undefined || checkers.excuses.wasStruck(release)) continue
        // A person wanted the way back itself to end: it is not tried again by itself.
        const last = storedRollouts(machine, release).at(-1)
        if (last?.spec.why === 'Failback' && last.status.outcome === 'Aborted') continue
        const serving = new Set(
          servingSides(simulation, release).flatMap((side) =>
            healthyTargets(side).map(({ version }) => version),
          ),
        )
        const wanted = versionOf(target)
        if (serving.size !== 1 || !serving.has(wanted))
          report(
            'I5',
            `${release} rests serving ${[...serving].join(' and ') || 'nothing'}, and is held at ${wanted ?? 'nothing'}`,
          )
      }
    },
  }
}

/** Whether a person's hold of the release is not over yet. */
export const isFailedBack = (machine: Machine, release: string): boolean =>
  heldTo(machine, release) !== undefined

/** The rollout that the release is held at. */
function heldTo(machine: Machine, release: string): StoredRollout | undefined {
  const object = storedObjects(machine, 'Release').find(
    ({ metadata }) => metadata.labels?.[RELEASE_LABEL] === release,
  )
  const marks = object?.metadata.annotations ?? {}
  const { lastHandledFailbackAt } = (object?.status ?? {}) as ReleaseStatus
  const resumed = storedEnvironment(machine)?.metadata.annotations?.[annotations.resumed] ?? ''
  const id = marks[annotations.failback]
  const isOver =
    id === undefined || id === lastHandledFailbackAt || resumed !== marks[annotations.failbackResume]
  if (isOver) return undefined
  return storedRollouts(machine, release).find(
    ({ spec }) => String(spec.number) === marks[annotations.failbackTo],
  )
}
