import { AwsError, clientException, invalidParameter, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import type { TableView } from '../kernel/table.ts'
import { optionalRecords, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { clusterArnOf, ecsArn, lastPart } from './arns.ts'
import type { EcsWorld } from './parts.ts'
import type { ClusterState, EcsTables, TaskState } from './state.ts'
import { putTags, tagsOf } from './tags.ts'

/** CreateCluster, DescribeClusters and the rest of a cluster's life. */
export function clusterOperations(world: EcsWorld): Record<string, Operation> {
  const { tables } = world
  return {
    CreateCluster: {
      writes: true,
      bucket: 'ecs-cluster-write',
      handle: (input, context) => createCluster(tables, input, context),
    },
    DescribeClusters: {
      writes: false,
      bucket: 'ecs-cluster-read',
      handle: (input, context) => describeClusters(tables, input, context),
    },
    ListClusters: {
      writes: false,
      bucket: 'ecs-cluster-read',
      handle(input, context) {
        const inRegion = context
          .read(tables.clusters)
          .list()
          .filter(
            (cluster) => cluster.status === 'ACTIVE' && cluster.clusterArn.includes(`:${context.region}:`),
          )
        const { items, ...rest } = pageOf(inRegion, input)
        return { clusterArns: items.map((cluster) => cluster.clusterArn), ...rest }
      },
    },
    DeleteCluster: {
      writes: true,
      bucket: 'ecs-cluster-write',
      handle: (input, context) => deleteCluster(tables, input, context),
    },
    UpdateCluster: changeOperation(tables, ['settings', 'configuration', 'serviceConnectDefaults']),
    UpdateClusterSettings: changeOperation(tables, ['settings']),
    PutClusterCapacityProviders: changeOperation(tables, [
      'capacityProviders',
      'defaultCapacityProviderStrategy',
    ]),
  }
}

/** The cluster that a request names; throws ClusterNotFoundException where there is none (any more). */
export function activeCluster(
  clusters: TableView<ClusterState>,
  name: string | undefined,
  context: CallContext,
): ClusterState {
  const cluster = clusters.get(clusterArnOf(name, context))
  if (cluster?.status !== 'ACTIVE') throw notFound('ClusterNotFoundException', 'Cluster not found.')
  return cluster
}

function changeOperation(tables: EcsTables, names: readonly string[]): Operation {
  return {
    writes: true,
    bucket: 'ecs-cluster-write',
    handle(input, context) {
      const cluster = activeCluster(tables.clusters, text(input, 'cluster'), context)
      const chosen = Object.fromEntries(names.map((name) => [name, input[name]]))
      const changed = { ...cluster, members: { ...cluster.members, ...present(chosen) } }
      tables.clusters.put(cluster.clusterArn, changed)
      return { cluster: clusterView(tables, changed, context, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) }
    },
  }
}

function createCluster(tables: EcsTables, input: Members, context: CallContext): Members {
  const clusterName = optionalText(input, 'clusterName') ?? 'default'
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(clusterName)) {
    throw invalidParameter('Cluster name can be up to 255 letters, numbers, hyphens and underscores.')
  }
  const clusterArn = ecsArn(context, `cluster/${clusterName}`)
  const existing = tables.clusters.get(clusterArn)
  const { clusterName: _name, tags: _tags, ...members } = input
  const cluster: ClusterState =
    existing?.status === 'ACTIVE'
      ? existing
      : {
          clusterArn,
          clusterName,
          status: 'ACTIVE',
          members: {
            capacityProviders: [],
            defaultCapacityProviderStrategy: [],
            settings: [{ name: 'containerInsights', value: 'disabled' }],
            ...present(members),
          },
        }
  tables.clusters.put(clusterArn, cluster)
  putTags(tables.tags, clusterArn, optionalRecords(input, 'tags') ?? [])
  return { cluster: clusterView(tables, cluster, context, ['SETTINGS', 'CONFIGURATIONS', 'TAGS']) }
}

function describeClusters(tables: EcsTables, input: Members, context: CallContext): Members {
  const names = texts(input, 'clusters')
  if (names.length > 100) throw invalidParameter('Clusters can have at most 100 items.')
  const view = context.read(tables.clusters)
  const clusters: Members[] = []
  const failures: Members[] = []
  for (const name of names.length === 0 ? ['default'] : names) {
    const clusterArn = clusterArnOf(name, context)
    const cluster = view.get(clusterArn)
    if (cluster === undefined) failures.push({ arn: clusterArn, reason: 'MISSING' })
    else clusters.push(clusterView(tables, cluster, context, texts(input, 'include')))
  }
  return { clusters, failures }
}

function deleteCluster(tables: EcsTables, input: Members, context: CallContext): Members {
  const cluster = activeCluster(tables.clusters, text(input, 'cluster'), context)
  const belongs = (item: { clusterArn: string }): boolean => item.clusterArn === cluster.clusterArn
  if (tables.services.list().some((service) => belongs(service) && service.status !== 'INACTIVE')) {
    throw new AwsError(
      'ClusterContainsServicesException',
      'The Cluster cannot be deleted while Services are active.',
    )
  }
  if (tables.tasks.list().some((task) => belongs(task) && task.lastStatus !== 'STOPPED')) {
    throw new AwsError(
      'ClusterContainsTasksException',
      'The Cluster cannot be deleted while Tasks are active.',
    )
  }
  if (tables.containerInstances.list().some(belongs)) {
    throw new AwsError(
      'ClusterContainsContainerInstancesException',
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    )
  }
  const deleted: ClusterState = { ...cluster, status: 'INACTIVE' }
  tables.clusters.put(cluster.clusterArn, deleted)
  return { cluster: clusterView(tables, deleted, context, []) }
}

function clusterView(
  tables: EcsTables,
  cluster: ClusterState,
  context: CallContext,
  include: readonly string[],
): Members {
  const { settings, configuration, ...members } = cluster.members
  const belongs = (item: { clusterArn: string }): boolean => item.clusterArn === cluster.clusterArn
  const tasks = context.read(tables.tasks).list().filter(belongs)
  const count = (matches: (task: TaskState) => boolean): number => tasks.filter(matches).length
  return present({
    clusterArn: cluster.clusterArn,
    clusterName: cluster.clusterName,
    status: cluster.status,
    registeredContainerInstancesCount: context.read(tables.containerInstances).list().filter(belongs).length,
    runningTasksCount: count((task) => task.lastStatus === 'RUNNING'),
    pendingTasksCount: count((task) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus)),
    activeServicesCount: context
      .read(tables.services)
      .list()
      .filter((service) => belongs(service) && service.status === 'ACTIVE').length,
    statistics: [],
    ...members,
    settings: include.includes('SETTINGS') ? settings : [],
    configuration: include.includes('CONFIGURATIONS') ? configuration : undefined,
    tags: include.includes('TAGS') ? tagsOf(context.read(tables.tags), cluster.clusterArn) : [],
  })
}

/** The capacity providers that every account has; PROVIDER names others that the sandbox has not. */
export function capacityProviderOperations(): Record<string, Operation> {
  return {
    DescribeCapacityProviders: {
      writes: false,
      bucket: 'ecs-cluster-read',
      handle(input, context) {
        const asked = texts(input, 'capacityProviders').map(lastPart)
        const known = ['FARGATE', 'FARGATE_SPOT']
        const shown = asked.length === 0 ? known : known.filter((name) => asked.includes(name))
        return {
          capacityProviders: shown.map((name) => ({
            capacityProviderArn: ecsArn(context, `capacity-provider/${name}`),
            name,
            status: 'ACTIVE',
            tags: [],
          })),
          failures: asked
            .filter((name) => !known.includes(name))
            .map((name) => ({ arn: ecsArn(context, `capacity-provider/${name}`), reason: 'MISSING' })),
        }
      },
    },
    CreateCapacityProvider: {
      writes: true,
      bucket: 'ecs-cluster-write',
      handle() {
        throw clientException('The sandbox has the capacity providers FARGATE and FARGATE_SPOT only.')
      },
    },
  }
}
