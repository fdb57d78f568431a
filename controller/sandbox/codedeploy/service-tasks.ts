import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Table, TableView } from '../kernel/table.ts'
import { optionalRecords, optionalText } from '../members.ts'
import type { AppSpec } from './app-spec.ts'
import type { CodeDeployWorld } from './parts.ts'
import type { DeploymentGroup, TaskSetRef } from './state.ts'
import { serviceOf } from './state.ts'

/** CodeDeploy's own calls of ECS, which no caller made. */
const contextIn = ({ clock, settings }: CodeDeployWorld, region: string): CallContext => ({
  now: clock.now(),
  region,
  accountId: settings.accountId,
  read: <T>(table: Table<T>): TableView<T> => table,
})

/** The service of a deployment group as ECS shows it; undefined where there is none. */
export function shownService(
  world: CodeDeployWorld,
  group: DeploymentGroup,
  context: CallContext,
): Members | undefined {
  const { cluster, service } = serviceOf(group)
  try {
    const shown = world.ecs['DescribeServices']?.handle({ cluster, services: [service] }, context)
    return shown === undefined ? undefined : optionalRecords(shown, 'services')?.[0]
  } catch (thrown) {
    if (thrown instanceof AwsError) return undefined
    throw thrown
  }
}

/** The task sets of a deployment group's service, as ECS shows them. */
export function shownTaskSets(world: CodeDeployWorld, group: DeploymentGroup): readonly Members[] {
  const service = shownService(world, group, contextIn(world, group.region))
  return service === undefined ? [] : (optionalRecords(service, 'taskSets') ?? [])
}

export const refOf = (taskSet: Members): TaskSetRef => ({
  id: optionalText(taskSet, 'id') ?? '',
  targetGroupArn: optionalText(optionalRecords(taskSet, 'loadBalancers')?.[0] ?? {}, 'targetGroupArn') ?? '',
})

/** Starts the replacement of a task set: what the AppSpec file leaves out is as the original has it. */
export function createTaskSet(
  world: CodeDeployWorld,
  group: DeploymentGroup,
  wanted: {
    readonly original: Members
    readonly spec: AppSpec
    readonly targetGroupArn: string
    readonly deploymentId: string
  },
): TaskSetRef {
  const { original, spec, targetGroupArn } = wanted
  const { containerName, containerPort } = spec
  const made = world.taskSets['CreateTaskSet']?.handle(
    {
      ...serviceOf(group),
      launchType: original['launchType'],
      networkConfiguration: original['networkConfiguration'],
      platformVersion: original['platformVersion'],
      ...spec.members,
      taskDefinition: spec.taskDefinition,
      loadBalancers: [{ targetGroupArn, containerName, containerPort }],
      externalId: wanted.deploymentId,
      startedBy: 'CODE_DEPLOY',
      scale: { value: 100, unit: 'PERCENT' },
    },
    contextIn(world, group.region),
  )
  return refOf((made?.['taskSet'] ?? {}) as Members)
}

export function makePrimary(world: CodeDeployWorld, group: DeploymentGroup, taskSet: TaskSetRef): void {
  world.taskSets['UpdateServicePrimaryTaskSet']?.handle(
    { ...serviceOf(group), primaryTaskSet: taskSet.id },
    contextIn(world, group.region),
  )
}

/** Ends the tasks of a task set; one that is gone already is passed over. */
export function removeTaskSet(world: CodeDeployWorld, group: DeploymentGroup, taskSet: TaskSetRef): void {
  if (!shownTaskSets(world, group).some(({ id }) => id === taskSet.id)) return
  world.taskSets['DeleteTaskSet']?.handle(
    { ...serviceOf(group), taskSet: taskSet.id, force: true },
    contextIn(world, group.region),
  )
}
