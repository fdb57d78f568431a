import type { CodeDeployFacts } from './code-deploy.ts'

/** The normalised facts seen in AWS. Adapters make them; core only reads them. Absent means "AWS said there is none". */

export type Side = 'blue' | 'green'
export const sides = ['blue', 'green'] as const satisfies readonly Side[]
export const otherSide = (side: Side): Side => (side === 'blue' ? 'green' : 'blue')

/** Where a service of a release stands: on a side of its pair, or as the only one. */
export type Place = Side | 'only'
export const places = [...sides, 'only'] as const satisfies readonly Place[]

export interface DeploymentFacts {
  readonly id: string
  readonly status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE'
  readonly taskDefinition: string
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | undefined
  readonly rolloutStateReason: string | undefined
  readonly failedTasks: number
  readonly createdAt: number
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
export const deploymentStatuses = [
  'PENDING',
  'IN_PROGRESS',
  'SUCCESSFUL',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const

/** What one revision of a service has of a deployment. */
export interface RevisionFacts {
  /** The service revision's. */
  readonly arn: string
  readonly running: number
  readonly requested: number
  /** Its part of the traffic, in percent; undefined where the deployment moves none. */
  readonly productionPercent: number | undefined
  readonly testPercent: number | undefined
}

/** A deployment by which ECS itself brings a version, as DescribeServiceDeployments shows it. */
export interface ServiceDeploymentFacts {
  readonly arn: string
  readonly status: (typeof deploymentStatuses)[number]
  readonly reason: string | undefined
  /** How far it is, by ECS's name. */
  readonly stage: string | undefined
  /** Where it waits for a word, and until when, in milliseconds since the epoch. */
  readonly pause: { readonly hook: string; readonly expiresAt: number | undefined } | undefined
  readonly target: RevisionFacts
  readonly sources: readonly RevisionFacts[]
}

/** A set of tasks of a service whose deployments are somebody else's than ECS's. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
export interface TaskSetFacts {
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING'
  readonly taskDefinition: string
  readonly targetGroupArn: string | undefined
  /** The deployment of CodeDeploy that made it. */
  readonly externalId: string | undefined
  readonly desiredCount: number
  readonly runningCount: number
}

/** An ECS service, as DescribeServices shows it. */
export interface ServiceFacts {
  readonly arn: string
  readonly name: string
  readonly cluster: string
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  readonly taskDefinition: string
  readonly desiredCount: number
  readonly runningCount: number
  readonly pendingCount: number
  readonly targetGroupArns: readonly string[]
  readonly deployments: readonly DeploymentFacts[]
  /** Left out for a service that ECS deploys. */
  readonly taskSets?: readonly TaskSetFacts[]
  /** The newest few of ECS's own event messages, newest first, and the newest one on a failed deployment: the reason when tasks do not start. */
  readonly events: readonly { readonly at: number; readonly message: string }[]
  /** The settings by ECS's own names, as described, for the diff. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly tags: Readonly<Record<string, string>>
  /** ARN of the one service revision that it has; undefined while a deployment brings another, and where ECS tells none. */
  readonly serviceRevision?: string
  /** ARN of the service deployment that is under way. */
  readonly serviceDeployment?: string
}

export interface TaskDefinitionFacts {
  readonly arn: string
  readonly family: string
  readonly revision: number
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
  /** ECS's own JSON, as described. */
  readonly document: Readonly<Record<string, unknown>>
  /** Empty when the read did not ask for tags. */
  readonly tags: Readonly<Record<string, string>>
}

/** A task that is not stopped. */
export interface TaskFacts {
  readonly arn: string
  readonly taskDefinition: string
  readonly lastStatus: string
  readonly desiredStatus: string
  readonly createdAt: number
  /** Target ids under which the task may be registered: its private addresses (awsvpc), or `<instance id>:<host port>` pairs (bridge, host). */
  readonly targetIds: readonly string[]
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html#target-health-states */
export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining' | 'unavailable'

export interface TargetFacts {
  /** An address, or an instance id. */
  readonly id: string
  readonly port: number
  readonly state: TargetState
  readonly reason: string | undefined
}

export interface TargetGroupFacts {
  readonly arn: string
  readonly name: string
  readonly targetType: 'ip' | 'instance' | 'lambda' | 'alb'
  readonly port: number
  readonly protocol: string
  readonly loadBalancerArns: readonly string[]
}

export interface TargetGroupWeight {
  readonly targetGroupArn: string
  /** 0 to 999. */
  readonly weight: number
}

/** A listener's rule, or a listener's default action. */
export interface RuleFacts {
  /** The ARN that a write names: the listener's for a default action, else the rule's. */
  readonly arn: string
  readonly kind: 'ListenerDefault' | 'Rule'
  readonly listenerArn: string
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  /** The forward action's groups in AWS's order; empty when the rule does not forward. */
  readonly weights: readonly TargetGroupWeight[]
  readonly stickiness: { readonly enabled: boolean; readonly durationSeconds: number | undefined }
  /** All actions as described, so that a write can keep what is not ours. */
  readonly actions: readonly Readonly<Record<string, unknown>>[]
  /** Conditions in AWS's shape, for people and for the diff; empty for a default action. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[]
}

/** The hosts that a rule takes by its conditions; none means every host. */
export const hostsOf = ({ conditions }: RuleFacts): readonly string[] =>
  conditions.flatMap((condition) => {
    const config = condition['HostHeaderConfig'] as { readonly Values?: readonly string[] } | undefined
    return (
      config?.Values ??
      (condition['Field'] === 'host-header'
        ? ((condition['Values'] as readonly string[] | undefined) ?? [])
        : [])
    )
  })

export interface LoadBalancerFacts {
  readonly arn: string
  readonly name: string
  readonly dnsName: string
  readonly type: 'application' | 'network' | 'gateway'
}

/** The tasks and targets behind one side. */
export interface Members {
  readonly tasks: readonly TaskFacts[]
  readonly targets: readonly TargetFacts[]
}

/** What Application Auto Scaling may do to a service's count of tasks. https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html */
export interface ScalingFacts {
  readonly minimum: number
  readonly maximum: number
  /** Taking tasks away, everything (scheduled actions, too), nothing, or something else that is none of ours. */
  readonly suspended: 'None' | 'ScaleIn' | 'All' | 'Other'
}

/** A schedule of EventBridge Scheduler, by name and group. */
export interface ScheduleName {
  readonly name: string
  readonly group: string
}

export interface ScheduleFacts extends ScheduleName {
  /** What its tasks are started from; undefined where its target is none of ECS. */
  readonly taskDefinition: string | undefined
}

/** One side of a release's pair, or its only service, as it was seen. */
export interface SideObservation {
  readonly service: ServiceFacts | null
  readonly targetGroup: TargetGroupFacts | null
  /** Undefined when this look did not ask for them. */
  readonly members: Members | undefined
  /** Undefined when this look did not ask for it; null where autoscaling does not know the service. */
  readonly scaling?: ScalingFacts | null
  /** Of the one service that ECS moves the traffic of; undefined when this look did not ask for it, null where there is none. */
  readonly deployment?: ServiceDeploymentFacts | null
}

/** What a look can ask for: the services, what autoscaling may do to a pair, ECS's own deployment of the one service, all rules of the release, its schedules, what CodeDeploy does, or the members of one place. Each costs calls, so only what a decision needs is read. */
export type Part = 'services' | 'scaling' | 'deployment' | 'rules' | 'schedules' | 'codeDeploy' | Place

/** Those of the parts that were not seen since the last write. */
export const unseenParts = ({ seen }: ReleaseObservation, parts: readonly Part[]): readonly Part[] =>
  parts.filter((part) => !seen.includes(part))

/** What was seen of one release since its last write. */
export interface ReleaseObservation {
  readonly loadBalancer: LoadBalancerFacts | null
  readonly sides: Readonly<Record<Side, SideObservation>>
  /** The one service of a release that has no pair. */
  readonly only?: SideObservation
  /** The production rules in the release's order; null for one that does not exist. */
  readonly production: readonly (RuleFacts | null)[]
  /** The rule (or listener) through which gates reach the idle side; null when there is none. */
  readonly test: RuleFacts | null
  /** The release's schedules in its order; null for one that does not exist. */
  readonly schedules?: readonly (ScheduleFacts | null)[]
  /** Only where CodeDeploy is the release's engine, and this look asked for it. */
  readonly codeDeploy?: CodeDeployFacts
  /** The parts that were really read; the others hold nothing. */
  readonly seen: readonly Part[]
}

const nothingSeen: SideObservation = { service: null, targetGroup: null, members: undefined }

/** What was seen of one place. */
export const seenAt = (observation: ReleaseObservation, place: Place): SideObservation =>
  place === 'only' ? (observation.only ?? nothingSeen) : observation.sides[place]

/** The observation with something else seen at the place. */
export const withSeenAt = (
  observation: ReleaseObservation,
  place: Place,
  seen: SideObservation,
): ReleaseObservation =>
  place === 'only'
    ? { ...observation, only: seen }
    : { ...observation, sides: { ...observation.sides, [place]: seen } }
