import type { Clock } from '../kernel/clock.ts'
import type { Members } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'

/** A cluster; `members` are what the request said, in AWS's names. */
export interface ClusterState {
  readonly clusterArn: string
  readonly clusterName: string
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly members: Members
}

export interface TaskDefinitionState {
  readonly taskDefinitionArn: string
  readonly family: string
  readonly revision: number
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  /** Everything else as DescribeTaskDefinition shows it, AWS's defaults filled in. */
  readonly members: Members
  readonly containers: readonly Members[]
  readonly registeredAt: number
  readonly deregisteredAt?: number
}

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

/** One deployment of a service: a service revision on its way in (PRIMARY) or out (ACTIVE). */
export interface DeploymentState {
  readonly id: string
  readonly status: 'PRIMARY' | 'ACTIVE'
  readonly taskDefinition: string
  readonly revisionArn: string
  readonly serviceDeploymentArn: string
  readonly desiredCount: number
  readonly pendingCount: number
  readonly runningCount: number
  readonly failedTasks: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly rolloutState: RolloutState
  readonly rolloutStateReason: string
}

export interface TaskSetState {
  readonly taskSetArn: string
  readonly id: string
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING'
  readonly taskDefinition: string
  readonly scalePercent: number
  readonly members: Members
  readonly pendingCount: number
  readonly runningCount: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly stabilityStatus: 'STEADY_STATE' | 'STABILIZING'
  readonly stabilityStatusAt: number
}

export interface EventState {
  readonly id: string
  readonly createdAt: number
  readonly message: string
}

export interface ServiceState {
  readonly serviceArn: string
  readonly serviceName: string
  readonly clusterArn: string
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  readonly desiredCount: number
  readonly controller: 'ECS' | 'EXTERNAL' | 'CODE_DEPLOY'
  /** The one that it was created with, or that its first providers stand for: where a strategy that is emptied leads back to. */
  readonly launchType: string
  /** What the requests said and AWS's defaults, in AWS's names; what a deployment is made from. */
  readonly members: Members
  readonly taskDefinition: string
  readonly clientToken?: string
  /** Newest first. */
  readonly deployments: readonly DeploymentState[]
  readonly taskSets: readonly TaskSetState[]
  /** Newest first, at most 100. */
  readonly events: readonly EventState[]
  readonly createdAt: number
  readonly steady: boolean
  readonly lastCompletedRevision?: string
  readonly failures: number
  /** No task starts before it (epoch milliseconds): ECS's growing pause between failing starts. */
  readonly notBefore: number
  readonly inactiveAt?: number
}

export interface ServiceRevisionState {
  readonly serviceRevisionArn: string
  readonly serviceArn: string
  readonly taskDefinition: string
  readonly members: Members
  /** By position of its load balancers: the groups that its tasks register in. */
  readonly targetGroups: readonly string[]
  readonly digests: Readonly<Record<string, string>>
  readonly createdAt: number
}

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOPPED'
  | 'STOP_REQUESTED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html, lifecycleStage */
export type LifecycleStage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP'

/** A hook at which a deployment is paused, or was. */
export interface PauseHookState {
  readonly hookId: string
  readonly status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT'
  readonly expiresAt: number
  readonly timeoutAction: 'CONTINUE' | 'ROLLBACK'
}

/** How far a deployment of the strategies BLUE_GREEN, LINEAR and CANARY has come. */
export interface ShiftState {
  readonly stage: LifecycleStage
  /** When the stage began. */
  readonly since: number
  /** How many steps of the production traffic were taken. */
  readonly step: number
  /** What the deployment's own revision gets of the traffic, in percent. */
  readonly production: number
  readonly test: number
  readonly hook?: PauseHookState
}

export interface ServiceDeploymentState {
  readonly serviceDeploymentArn: string
  readonly serviceArn: string
  readonly status: ServiceDeploymentStatus
  readonly statusReason?: string
  readonly targetRevisionArn: string
  readonly sourceRevisionArns: readonly string[]
  readonly deploymentConfiguration: Members
  readonly createdAt: number
  readonly updatedAt: number
  readonly finishedAt?: number
  readonly stoppedAt?: number
  readonly rollback?: { readonly reason: string; readonly startedAt: number; readonly revisionArn: string }
  readonly circuitBreaker: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED'
  readonly failureCount: number
  readonly threshold: number
  /** Only for strategies that shift traffic. */
  readonly shift?: ShiftState
  readonly alarms: {
    readonly status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED'
    readonly triggered: readonly string[]
  }
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

export interface ContainerState {
  readonly containerArn: string
  readonly name: string
  readonly image: string
  readonly essential: boolean
  readonly imageDigest?: string
  readonly runtimeId?: string
  readonly exitCode?: number
  readonly reason?: string
  /** UNKNOWN until its first check; undefined for a container without a health check. */
  readonly health?: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY'
  readonly ports: readonly {
    readonly containerPort: number
    readonly hostPort: number
    readonly protocol: string
  }[]
}

export interface BoundTarget {
  readonly targetGroupArn: string
  readonly id: string
  readonly port: number
}

export interface TaskState {
  readonly taskArn: string
  readonly clusterArn: string
  readonly taskDefinitionArn: string
  readonly members: Members
  readonly group: string
  readonly startedBy?: string
  readonly serviceArn?: string
  /** The deployment or task set of the service that the task belongs to. */
  readonly ownerId?: string
  readonly lastStatus: TaskStatus
  readonly desiredStatus: 'RUNNING' | 'STOPPED'
  readonly address: string
  readonly networkMode: string
  readonly containers: readonly ContainerState[]
  readonly targets: readonly BoundTarget[]
  /** When the next step of its life is due (epoch milliseconds); undefined: it waits for something else. */
  readonly dueAt?: number
  readonly healthDueAt?: number
  readonly everHealthy: boolean
  readonly version: number
  readonly createdAt: number
  readonly pullStartedAt?: number
  readonly pullStoppedAt?: number
  readonly startedAt?: number
  readonly stoppingAt?: number
  readonly executionStoppedAt?: number
  readonly stoppedAt?: number
  readonly stopCode?: string
  readonly stoppedReason?: string
}

export interface ContainerInstanceState {
  readonly containerInstanceArn: string
  readonly clusterArn: string
  readonly ec2InstanceId: string
  readonly address: string
  readonly status: 'ACTIVE' | 'DRAINING'
  readonly registeredAt: number
}

/** Tags of a resource by its ARN. */
export interface TagsState {
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

/** Remembers what a client token has made, so that the same token gives the same answer. */
export interface TokenState {
  readonly createdAt: number
  readonly taskArns: readonly string[]
  readonly request: string
}

/** Everything that the ECS model remembers; `highestRevision` outlives deleted revisions, as in AWS. */
export interface EcsTables {
  readonly clusters: Table<ClusterState>
  readonly taskDefinitions: Table<TaskDefinitionState>
  readonly highestRevision: Table<number>
  readonly services: Table<ServiceState>
  readonly serviceRevisions: Table<ServiceRevisionState>
  readonly serviceDeployments: Table<ServiceDeploymentState>
  readonly tasks: Table<TaskState>
  readonly containerInstances: Table<ContainerInstanceState>
  readonly tags: Table<TagsState>
  readonly tokens: Table<TokenState>
  readonly accountSettings: Table<string>
}

/** Empty tables on the given clock. */
export function createTables(clock: Clock): EcsTables {
  return {
    clusters: new Table(clock),
    taskDefinitions: new Table(clock),
    highestRevision: new Table(clock),
    services: new Table(clock),
    serviceRevisions: new Table(clock),
    serviceDeployments: new Table(clock),
    tasks: new Table(clock),
    containerInstances: new Table(clock),
    tags: new Table(clock),
    tokens: new Table(clock),
    accountSettings: new Table(clock),
  }
}
