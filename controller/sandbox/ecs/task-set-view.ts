import { timestamp, type Members } from '../kernel/operation.ts'
import { present } from '../members.ts'
import type { ServiceState, TaskSetState } from './state.ts'
import { computedDesiredCount } from './task-set-scheduler.ts'

/** A task set as DescribeTaskSets and DescribeServices show it. */
export function taskSetView(
  service: ServiceState,
  taskSet: TaskSetState,
  tags: readonly Members[] = [],
): Members {
  return present({
    id: taskSet.id,
    taskSetArn: taskSet.taskSetArn,
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    status: taskSet.status,
    taskDefinition: taskSet.taskDefinition,
    computedDesiredCount: computedDesiredCount(service, taskSet),
    pendingCount: taskSet.pendingCount,
    runningCount: taskSet.runningCount,
    createdAt: timestamp(taskSet.createdAt),
    updatedAt: timestamp(taskSet.updatedAt),
    ...taskSet.members,
    scale: { value: taskSet.scalePercent, unit: 'PERCENT' },
    stabilityStatus: taskSet.stabilityStatus,
    stabilityStatusAt: timestamp(taskSet.stabilityStatusAt),
    tags,
  })
}
