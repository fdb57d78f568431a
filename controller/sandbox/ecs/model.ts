import type { CallContext, Operation, ServiceModel } from '../kernel/operation.ts'
import type { Interfaces, TaskNetwork } from '../kernel/ports-between.ts'
import type { Table } from '../kernel/table.ts'
import { accountSettingOperations } from './account-settings.ts'
import { ecsArn } from './arns.ts'
import { capacityProviderOperations, clusterOperations } from './clusters.ts'
import { containerInstanceOperations } from './container-instances.ts'
import type { EcsParts, EcsWorld } from './parts.ts'
import { Scheduler } from './scheduler.ts'
import { serviceDeploymentOperations } from './service-deployments.ts'
import { serviceReadOperations } from './service-view.ts'
import { serviceOperations } from './services.ts'
import { createTables, type EcsTables } from './state.ts'
import { taggedInEcs, tagOperations } from './tags.ts'
import { taskDefinitionOperations } from './task-definitions.ts'
import { interfacesOfTasks } from './task-interfaces.ts'
import { TaskLifecycle } from './task-lifecycle.ts'
import { createTaskNetwork } from './task-network.ts'
import { taskOperations } from './tasks.ts'
import { taskSetOperations } from './task-sets.ts'

/** ECS: its operations, its scheduler on the clock, and the network its tasks are reached through. */
export interface EcsModel extends ServiceModel {
  readonly network: TaskNetwork
  readonly tables: EcsTables
  /** What the EC2 model shows of the tasks. */
  readonly interfaces: Interfaces
  /** What CodeDeploy alone may do: task sets of services with the deployment controller CODE_DEPLOY. */
  readonly codeDeploy: Readonly<Record<string, Operation>>
  /** Whether a service is there and not deleted; `cluster/name` in the caller's region and account. */
  serviceExists(clusterAndName: string, context: CallContext): boolean
  /** How autoscaling sees and changes a service's count; undefined for a service that is not active. */
  desiredCount(clusterAndName: string, context: CallContext): number | undefined
  setDesiredCount(clusterAndName: string, desiredCount: number, context: CallContext): void
}

/** An empty ECS. The clock's timers must run at the sandbox's speed already (`scaledClock`). */
export function createEcsModel(parts: EcsParts): EcsModel {
  const tables = createTables(parts.clock)
  const world: EcsWorld = { ...parts, tables }
  const lifecycle = new TaskLifecycle(world)
  const scheduler = new Scheduler(world, lifecycle)
  const services = serviceOperations(world, scheduler)
  return {
    service: 'ecs',
    tables,
    network: createTaskNetwork(world, lifecycle),
    interfaces: interfacesOfTasks(tables),
    codeDeploy: taskSetOperations(world, scheduler, 'CODE_DEPLOY'),
    serviceExists(clusterAndName, context) {
      const service = tables.services.get(ecsArn(context, `service/${clusterAndName}`))
      return service !== undefined && service.status !== 'INACTIVE'
    },
    desiredCount(clusterAndName, context) {
      const service = tables.services.get(ecsArn(context, `service/${clusterAndName}`))
      return service?.status === 'ACTIVE' ? service.desiredCount : undefined
    },
    setDesiredCount(clusterAndName, desiredCount, context) {
      const [cluster = '', service = ''] = clusterAndName.split('/')
      services['UpdateService']?.handle({ cluster, service, desiredCount }, context)
    },
    operations: {
      ...clusterOperations(world),
      ...capacityProviderOperations(),
      ...taskDefinitionOperations(world),
      ...services,
      ...serviceReadOperations(world),
      ...serviceDeploymentOperations(world, scheduler),
      ...taskOperations(world, lifecycle),
      ...taskSetOperations(world, scheduler),
      ...tagOperations(world),
      ...accountSettingOperations(world),
      ...containerInstanceOperations(world),
    },
    tagged: (context) => taggedInEcs(tables, context),
    dump: () => Object.fromEntries(entriesOf(tables).map(([name, table]) => [name, table.dump()])),
    load(state) {
      const rows = state as Record<string, [string, unknown][]>
      for (const [name, table] of entriesOf(tables)) table.load(rows[name] ?? [])
      lifecycle.load()
      scheduler.load()
    },
  }
}

function entriesOf(tables: EcsTables): [string, Table<unknown>][] {
  return Object.entries(tables) as [string, Table<unknown>][]
}
