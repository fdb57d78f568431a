import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { describeService } from '../happenings/fields/field.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import { serviceAt } from '../aws/workers.ts'
import type { SideName } from '../aws/names.ts'
import { IGNORED_SETTING, NAMED_SETTINGS } from '../run/named-settings.ts'
import type { Checker } from './checker.ts'
import { isToldGivenUp } from './given-up.ts'
import type { CheckerParts } from './parts.ts'
import { wasEverVerified } from './verified.ts'

/**
 * Where a release names all settings of its services: at rest the side with the traffic has them, whoever changed which of them meanwhile, and what is left to
 * others was never put back there.
 */
export function checkSettings(parts: CheckerParts): Checker {
  const { simulation, report } = parts
  const { story } = simulation
  if (story.settings === undefined) return {}
  return {
    beforeCall({ who, operation, input }) {
      if (who === 'people' || operation !== 'UpdateService' || input[IGNORED_SETTING] === undefined) return
      // A side that gets a version gets all that the release says.
      if (input['taskDefinition'] !== undefined) return
      const name = String(input['service'])
      const release = story.releases.find(
        (each) =>
          name === serviceAt(simulation, each, 'blue') || name === serviceAt(simulation, each, 'green'),
      )
      const side: SideName = name.endsWith('-blue') ? 'blue' : 'green'
      if (release !== undefined && liveOf(release).includes(side))
        report('drift', `${name} is given ${IGNORED_SETTING}, which is left to others`)
    },

    rested() {
      for (const release of story.releases) {
        // A version that failed, and serves for want of an earlier one, is left to the person who gave it traffic.
        if (!wasEverVerified(simulation.machine, release)) continue
        // The rollout that was to put it right failed by a person's hand, and says so: only a person tries it again (I8).
        if (isToldGivenUp(parts, release)) continue
        for (const side of liveOf(release)) judge(release, side)
      }
    },
  }

  function liveOf(release: string): readonly SideName[] {
    const { weights } = seeRelease(simulation.aws, simulation.pairOf(release))
    return sideNames.filter((side) => (weights?.[side] ?? 0) > 0)
  }

  function judge(release: string, side: SideName): void {
    const service = serviceAt(simulation, release, side)
    const found = simulation.aws.ecs.tables.services.list().find(({ serviceName: name }) => name === service)
    // What becomes of one that is gone is judged elsewhere.
    if (found?.status !== 'ACTIVE') return
    const described = describeService({ aws: simulation.aws, service })
    for (const [name, wanted] of Object.entries(NAMED_SETTINGS)) {
      const live = described[name]
      if (name === IGNORED_SETTING || holds(live, wanted)) continue
      report(
        'I5',
        `${service} rests with ${name} ${JSON.stringify(live)}, wanted is ${JSON.stringify(wanted)}`,
      )
    }
  }
}

/** Whether it is there as it is wanted; what AWS shows beside is its own. */
function holds(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return Array.isArray(live) && wanted.every((each) => live.some((other) => holds(other, each)))
  if (typeof wanted !== 'object' || wanted === null) return live === wanted
  return Object.entries(wanted).every(([name, value]) => holds((live as Members | undefined)?.[name], value))
}
