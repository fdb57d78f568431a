import { SCHEDULES_LOOK_MS } from '../../../controller/core/plan/schedules.ts'
import { schedulesOf, seeSchedule } from '../aws/schedules.ts'
import { SLACK_MS } from '../happenings/schedules.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedReleases, storedRollouts } from './stored.ts'

/**
 * I12: no controller points a schedule at a revision of which no rollout has succeeded, or changes anything else of it; and at rest each runs the one that
 * succeeded last.
 */
export function checkSchedules({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, story, time } = simulation
  if (story.schedules === undefined) return {}
  const touchedMs = new Map<string, number>()
  const succeeded = (release: string): readonly string[] =>
    storedRollouts(machine, release)
      .filter(({ status }) => status.outcome === 'Succeeded')
      .flatMap(({ spec }) => spec.taskDefinition ?? [])
  /** While a pin names what nobody knows, nothing of the release is put right. */
  const isUndecided = (release: string): boolean =>
    storedReleases(machine)
      .get(release)
      ?.conditions?.some(({ reason }) => reason.startsWith('Pin')) ?? true
  return {
    afterCall({ who, operation, input }, _reply, happened) {
      if (operation !== 'UpdateSchedule' || !happened) return
      const name = String(input['Name'])
      if (who === 'people') return void touchedMs.set(name, time.elapsed())
      for (const release of story.releases) {
        const schedule = schedulesOf(release).find((known) => known.name === name)
        if (schedule === undefined) continue
        const { taskDefinition, isWhole } = seeSchedule(aws, schedule)
        if (!isWhole) report('I12', `${who} changed more of the schedule ${name} than its task definition`)
        if (!succeeded(release).includes(taskDefinition))
          report(
            'I12',
            `${who} points the schedule ${name} at ${taskDefinition}, and no rollout of that has succeeded`,
          )
      }
    },
    rested() {
      for (const release of story.releases) {
        const wanted = succeeded(release).at(-1)
        if (wanted === undefined || isUndecided(release)) continue
        for (const schedule of schedulesOf(release)) {
          const { taskDefinition } = seeSchedule(aws, schedule)
          const sinceMs = time.elapsed() - (touchedMs.get(schedule.name) ?? -Infinity)
          const isDue = sinceMs > SCHEDULES_LOOK_MS + SLACK_MS
          if (isDue && taskDefinition !== wanted)
            report(
              'I12',
              `at rest the schedule ${schedule.name} runs ${taskDefinition}, and ${wanted} succeeded last`,
            )
        }
      }
    },
  }
}
