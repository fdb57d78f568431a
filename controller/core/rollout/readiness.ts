import type { SideObservation, TargetFacts, TaskFacts } from '../observation.ts'
import { shortTaskDefinition } from '../action.ts'

export interface WantedSide {
  readonly taskDefinition: string
  readonly count: number
  /** Tasks that were there before and must be replaced although they run the same revision (a restart). */
  readonly staleTasks: readonly string[]
}

export interface Readiness {
  readonly ready: boolean
  /** Why not, or what is there: one sentence. */
  readonly message: string
  /** Targets that would take requests now: healthy, not draining, and of the wanted revision. */
  readonly healthy: number
  /** Targets that could take requests but belong to another revision, or to nobody known. */
  readonly foreign: number
  /** Of the foreign ones, those that no task is known for: perhaps the targets of tasks that are newer than the reading of the tasks. */
  readonly unknown: number
}

/**
 * A side is ready when its non-draining targets are exactly the wanted count of tasks of the wanted revision, all healthy. Targets that only drain and
 * ECS's own rolloutState are not asked.
 */
export function readiness(side: SideObservation, wanted: WantedSide): Readiness {
  const members = side.members
  if (members === undefined)
    return { ready: false, message: 'its tasks were not looked at yet', healthy: 0, foreign: 0, unknown: 0 }
  const targets = members.targets.filter((target) => target.state !== 'draining')
  const byTarget = targets.map((target) => ({ target, task: taskOf(target, members.tasks) }))
  const ofWanted = byTarget.filter(({ task }) => task !== undefined && belongs(task, wanted))
  const healthy = ofWanted.filter(({ target }) => target.state === 'healthy').length
  const foreign = byTarget.length - ofWanted.length
  const unknown = byTarget.filter(({ task }) => task === undefined).length
  const otherTasks = members.tasks.filter(
    (task) => task.desiredStatus === 'RUNNING' && !belongs(task, wanted),
  ).length
  const ready =
    foreign === 0 && otherTasks === 0 && healthy === wanted.count && targets.length === wanted.count
  return {
    ready,
    healthy,
    foreign,
    unknown,
    message: sentence({ wanted, healthy, foreign, otherTasks, targets }),
  }
}

/** Whether the side has at least one healthy target, whatever it runs. */
export const hasHealthyTarget = (side: SideObservation): boolean =>
  side.members?.targets.some((target) => target.state === 'healthy') ?? false

/** Tasks of the side that are not of the wanted revision (or are stale), and could still serve. */
export const otherTasks = (side: SideObservation, wanted: WantedSide): readonly TaskFacts[] =>
  side.members?.tasks.filter((task) => !belongs(task, wanted)) ?? []

function taskOf(target: TargetFacts, tasks: readonly TaskFacts[]): TaskFacts | undefined {
  return tasks.find(
    (task) => task.targetIds.includes(target.id) || task.targetIds.includes(`${target.id}:${target.port}`),
  )
}

const belongs = (task: TaskFacts, wanted: WantedSide): boolean =>
  task.taskDefinition === wanted.taskDefinition && !wanted.staleTasks.includes(task.arn)

function sentence(seen: {
  readonly wanted: WantedSide
  readonly healthy: number
  readonly foreign: number
  readonly otherTasks: number
  readonly targets: readonly TargetFacts[]
}): string {
  const revision = shortTaskDefinition(seen.wanted.taskDefinition)
  const parts = [`${seen.healthy} of ${seen.wanted.count} tasks of ${revision} are healthy targets`]
  if (seen.foreign > 0) parts.push(`${seen.foreign} targets belong to something else`)
  if (seen.otherTasks > 0) parts.push(`${seen.otherTasks} tasks of another revision still run`)
  const waiting = seen.targets.filter((target) => target.state !== 'healthy')
  const reasons = [...new Set(waiting.map((target) => target.reason ?? target.state))]
  if (reasons.length > 0) parts.push(`others: ${reasons.join(', ')}`)
  return parts.join('; ')
}
