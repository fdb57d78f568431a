import type { FinishedApply, RolloutSpec, TimelineEntry } from '../../resources/types.ts'

/** Resources that a rollout's timeline names: most of it is for the rollout's own actions. */
const MOST_RESOURCES = 50

/** What Terraform did for the commit of a rollout before it began. */
export function timelineOfApply(
  apply: FinishedApply | undefined,
  { commit, why }: Pick<RolloutSpec, 'commit' | 'why'>,
): TimelineEntry[] {
  if (apply === undefined || apply.commit !== commit || why !== 'Commit') return []
  const { startedAt, finishedAt, resources = [] } = apply
  const each = resources.slice(0, MOST_RESOURCES).map((resource): TimelineEntry => ({
    action: `let Terraform ${resource.action} ${resource.address}`,
    startedAt: resource.startedAt,
    finishedAt: resource.finishedAt,
    outcome: 'Succeeded',
  }))
  const whole: TimelineEntry = {
    action: `apply the infrastructure of commit ${commit.slice(0, 12)}`,
    startedAt,
    finishedAt,
    outcome: 'Succeeded',
  }
  return [...each, whole]
}
