import type { Told } from '../events/model.ts'
import { writeJson } from '../wire/json.ts'
import type { Members } from '../kernel/operation.ts'
import type { DeploymentState, EcsTables, ServiceState, TaskState } from './state.ts'
import { taskView } from './task-view.ts'

/**
 * Tells EventBridge what becomes of tasks, deployments and services, in the shapes of
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
export function tellStateChanges(tables: EcsTables, publish: (told: () => Told) => void): void {
  tables.tasks.watch((before, after) => {
    if (before?.lastStatus === after.lastStatus && before.desiredStatus === after.desiredStatus) return
    publish(() => taskChanged(after))
  })
  tables.services.watch((before, after) => {
    for (const deployment of after.deployments) {
      const known = before?.deployments.find(({ id }) => id === deployment.id)
      if (known?.rolloutState !== deployment.rolloutState) publish(() => deploymentChanged(after, deployment))
    }
    if (after.steady && before?.steady === false) publish(() => serviceActed(after, 'SERVICE_STEADY_STATE'))
    if (before !== undefined && before.desiredCount !== after.desiredCount)
      publish(() => serviceActed(after, 'SERVICE_DESIRED_COUNT_UPDATED'))
  })
}

const taskChanged = (task: TaskState): Told => ({
  ...ofEcs(task.taskArn, 'ECS Task State Change'),
  detail: plain({ ...taskView(task), version: task.version }),
})

const serviceActed = (service: ServiceState, eventName: string): Told => ({
  ...ofEcs(service.serviceArn, 'ECS Service Action'),
  detail: { eventType: 'INFO', eventName, clusterArn: service.clusterArn },
})

const NAMES: Readonly<Record<string, string>> = {
  IN_PROGRESS: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
  COMPLETED: 'SERVICE_DEPLOYMENT_COMPLETED',
  FAILED: 'SERVICE_DEPLOYMENT_FAILED',
}

const deploymentChanged = (service: ServiceState, { id, rolloutState }: DeploymentState): Told => ({
  ...ofEcs(service.serviceArn, 'ECS Deployment State Change'),
  detail: {
    eventType: rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
    eventName: NAMES[rolloutState] ?? rolloutState,
    deploymentId: id,
    reason: `ECS deployment ${id} ${rolloutState}.`,
  },
})

function ofEcs(arn: string, detailType: string): Omit<Told, 'detail'> {
  const [, , , region = '', accountId = ''] = arn.split(':')
  return { source: 'aws.ecs', detailType, region, accountId, resources: [arn] }
}

/** As JSON writes it, with times as ECS's events have them. */
function plain(members: Members): Members {
  return JSON.parse(writeJson(members)) as Members
}
