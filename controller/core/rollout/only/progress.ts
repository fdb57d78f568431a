import { shortTaskDefinition } from '../../action.ts'
import type { SideObservation, TaskFacts } from '../../observation.ts'
import { primaryOf } from './ecs-deployment.ts'

/** What the one service is to run. */
export interface WantedRevision {
  readonly taskDefinition: string
  /** Tasks of the very revision that are to be replaced all the same (a restart). */
  readonly staleTasks: readonly string[]
}

/** How far ECS has come with a revision. */
export interface Progress {
  /** Whether it runs at the service's whole count, nothing else does, and ECS says that its deployment is over. */
  readonly done: boolean
  readonly message: string
  /** Tasks of it that run. */
  readonly running: readonly TaskFacts[]
  /** Tasks of something else that run, or are about to. */
  readonly others: number
}

export function progressOf({ service, members }: SideObservation, wanted: WantedRevision): Progress {
  if (service === null || members === undefined)
    return { done: false, message: 'the service does not exist', running: [], others: 0 }
  const kept = members.tasks.filter(({ desiredStatus }) => desiredStatus === 'RUNNING')
  const own = kept.filter((task) => belongs(task, wanted))
  const running = own.filter(({ lastStatus }) => lastStatus === 'RUNNING')
  const others = kept.length - own.length
  const primary = primaryOf(service)
  const isOver =
    primary === undefined || primary.rolloutState === undefined || primary.rolloutState === 'COMPLETED'
  const isWanted =
    service.taskDefinition === wanted.taskDefinition &&
    (primary === undefined || primary.taskDefinition === wanted.taskDefinition)
  const said = [
    `${running.length} of ${service.desiredCount} tasks of ${shortTaskDefinition(wanted.taskDefinition)} run`,
    ...(others === 0 ? [] : [others === 1 ? '1 other still runs' : `${others} others still run`]),
    ...(isOver || !isWanted ? [] : [`ECS's deployment is ${primary.rolloutState ?? 'on its way'}`]),
  ]
  return {
    done: isWanted && isOver && others === 0 && running.length === service.desiredCount,
    message: said.join('; '),
    running,
    others,
  }
}

const belongs = (task: TaskFacts, wanted: WantedRevision): boolean =>
  task.taskDefinition === wanted.taskDefinition && !wanted.staleTasks.includes(task.arn)
