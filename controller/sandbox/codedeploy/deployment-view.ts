import { timestamp, type Members } from '../kernel/operation.ts'
import { optionalText, present } from '../members.ts'
import { autoRollbackOf } from './halt.ts'
import type { CodeDeployWorld } from './parts.ts'
import { shownTaskSets } from './service-tasks.ts'
import type { Deployment, DeploymentGroup, LifecycleEvent, TaskSetRef } from './state.ts'
import { groupKey, serviceOf } from './state.ts'

const groupOf = ({ tables }: CodeDeployWorld, deployment: Deployment): DeploymentGroup | undefined =>
  tables.groups.get(groupKey(deployment.application, deployment.group, deployment))

const timeOf = (at: number | undefined) => (at === undefined ? undefined : timestamp(at))

/** A deployment as GetDeployment shows it. */
export function deploymentView(world: CodeDeployWorld, one: Deployment): Members {
  const group = groupOf(world, one)
  return present({
    applicationName: one.application,
    deploymentGroupName: one.group,
    deploymentConfigName: one.configName,
    deploymentId: one.id,
    revision: one.members['revision'],
    status: one.status,
    errorInformation: one.error,
    createTime: timestamp(one.createdAt),
    startTime: timeOf(one.startedAt),
    completeTime: timeOf(one.completedAt),
    deploymentOverview: overview(one),
    description: one.members['description'],
    creator: one.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: group === undefined ? undefined : autoRollbackOf(group, one.members),
    updateOutdatedInstancesOnly: false,
    rollbackInfo:
      one.rollback === undefined
        ? undefined
        : present({
            rollbackDeploymentId: one.rollback.deploymentId,
            rollbackTriggeringDeploymentId: one.rollback.of,
            rollbackMessage: one.rollback.message,
          }),
    deploymentStyle: group?.members['deploymentStyle'],
    instanceTerminationWaitTimeStarted: one.terminationAt !== undefined,
    blueGreenDeploymentConfiguration: group?.members['blueGreenDeploymentConfiguration'],
    loadBalancerInfo: group?.members['loadBalancerInfo'],
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: 'ECS',
    overrideAlarmConfiguration: one.members['overrideAlarmConfiguration'],
  })
}

function overview({ status }: Deployment): Members {
  const shown: Readonly<Partial<Record<Deployment['status'], string>>> = {
    Created: 'Pending',
    Stopped: 'Skipped',
  }
  const counted = shown[status] ?? status
  const names = ['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Ready']
  return Object.fromEntries(names.map((name) => [name, name === counted ? 1 : 0]))
}

/** The one target of a deployment: its service, as `cluster:service`. */
export function targetIdOf(world: CodeDeployWorld, deployment: Deployment): string {
  const group = groupOf(world, deployment)
  const { cluster, service } = group === undefined ? { cluster: '', service: '' } : serviceOf(group)
  return `${cluster}:${service}`
}

/** The target of a deployment as GetDeploymentTarget shows it. */
export function targetView(world: CodeDeployWorld, one: Deployment): Members {
  const { accountId } = world.settings
  const targetId = targetIdOf(world, one)
  return {
    deploymentTargetType: 'ECSTarget',
    ecsTarget: {
      deploymentId: one.id,
      targetId,
      targetArn: `arn:aws:ecs:${one.region}:${accountId}:service/${targetId.replace(':', '/')}`,
      lastUpdatedAt: timestamp(one.completedAt ?? world.clock.now()),
      lifecycleEvents: one.events.map(eventView),
      status: targetStatus(one),
      taskSetsInfo: taskSets(world, one),
    },
  }
}

function targetStatus({ status }: Deployment): string {
  if (status === 'Created') return 'Pending'
  return status === 'Stopped' ? 'Skipped' : status
}

const eventView = (event: LifecycleEvent): Members =>
  present({
    lifecycleEventName: event.name,
    startTime: timeOf(event.startedAt),
    endTime: timeOf(event.endedAt),
    status: event.status,
  })

function taskSets(world: CodeDeployWorld, one: Deployment): Members[] {
  const group = groupOf(world, one)
  const shown = group === undefined ? [] : shownTaskSets(world, group)
  const view = (ref: TaskSetRef | undefined, label: string, weight: number): Members[] => {
    const found = shown.find(({ id }) => id === ref?.id)
    if (found === undefined || ref === undefined) return []
    return [
      {
        // AWS's own spelling: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ECSTaskSet.html
        identifer: ref.id,
        desiredCount: found['computedDesiredCount'],
        pendingCount: found['pendingCount'],
        runningCount: found['runningCount'],
        status: optionalText(found, 'status'),
        trafficWeight: weight,
        targetGroup: { name: ref.targetGroupArn.split('/')[1] ?? '' },
        taskSetLabel: label,
      },
    ]
  }
  return [...view(one.original, 'Blue', 100 - one.weight), ...view(one.replacement, 'Green', one.weight)]
}
