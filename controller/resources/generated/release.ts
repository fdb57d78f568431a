// Generated from crds/releases.yaml by scripts/generate-resources.ts: change that file, then run the script.
import type { ObjectMetadata } from '../metadata.ts'
import type { Schema } from '../schema.ts'

export type Engine = 'TargetGroupSwap' | 'Native' | 'CodeDeploy'

export type Pin = {
  /**
   * Number of the rollout. Example 41, for prod-web-41.
   */
  rollout?: number
  /**
   * ARN of the task definition, with its revision.
   */
  taskDefinition?: string
  /**
   * Why, for those who read it later.
   */
  reason: string
} | null

export type GateStage =
  'BeforeProvision' | 'Verify' | 'BeforeShift' | 'Shift' | 'Bake' | 'AfterSuccess' | 'BeforeRollback'

export type AlreadyRed = 'Fail' | 'Ignore'

export interface Release {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Release.
   */
  kind: 'Release'
  metadata: ObjectMetadata
  spec: ReleaseSpec
  status?: ReleaseStatus
}

export interface ReleaseSpec {
  engine?: Engine
  /**
   * Role with which ECS changes the load balancer, for engine Native.
   */
  engineRoleArn?: string
  codeDeploy?: CodeDeploy
  image?: Image
  /**
   * Images of several containers of the task definition, by the container's name; each is resolved to a digest, and all of them make one version. Of the container that takes the requests (traffic.container, else the one named like the release) comes ${imageTag}.
   */
  images?: {
    [k: string]: ContainerImage
  }
  pin?: Pin
  /**
   * Releases of the same environment that come first. Of one commit, this release's rollout begins once each of them serves what the commit wants of it, verified. Ways back (a pin, a moved tag, steersman rollback) wait for nobody.
   *
   * @minItems 1
   * @maxItems 20
   */
  dependsOn?: Dependency[]
  group?: Group
  adopted?: Adopted
  taskDefinition: TaskDefinitionSource
  service: ServicePair
  traffic?: Traffic
  /**
   * Schedules of Amazon EventBridge Scheduler that run a task of this release. Once a version has succeeded, Steersman points each of them at its task definition, and at nothing else; all else of a schedule stays as it is.
   *
   * @minItems 1
   * @maxItems 20
   */
  schedules?: Schedule[]
  strategy?: Strategy
  /**
   * Fields that belong to others - they are neither told as drift nor put back; a rollout still gives the side that it starts what the release says. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.
   *
   * @maxItems 100
   */
  ignore?: string[]
  /**
   * The checks between a new version and the traffic, in order.
   *
   * @maxItems 20
   */
  gates?: Gate[]
}

export interface CodeDeploy {
  /**
   * Name of the application, of the compute platform ECS. Example shop.
   */
  application: string
  /**
   * Name of the deployment group, whose one service is the release's. Example web.
   */
  deploymentGroup: string
}

export interface Image {
  /**
   * The container that gets the image. Left out, the one named like the release, or the only one.
   */
  container?: string
  /**
   * The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.
   */
  repository: string
  /**
   * The tag. Example 1.8.2.
   */
  tag?: string
  /**
   * The digest. Example sha256 followed by a colon and 64 hexadecimal digits.
   */
  digest?: string
  tagFromCommit?: TagFromCommit
  /**
   * How long an image that is not in the registry yet is waited for. A Go duration.
   */
  wait?: string
}

export interface TagFromCommit {
  /**
   * Paths from the repository's root. Left out, every commit counts. Example [src].
   *
   * @minItems 1
   * @maxItems 50
   */
  paths?: string[]
}

export interface ContainerImage {
  /**
   * The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.
   */
  repository: string
  /**
   * The tag. Example 1.8.2.
   */
  tag?: string
  /**
   * The digest. Example sha256 followed by a colon and 64 hexadecimal digits.
   */
  digest?: string
  tagFromCommit?: TagFromCommit
  /**
   * How long an image that is not in the registry yet is waited for. A Go duration.
   */
  wait?: string
}

export interface Dependency {
  /**
   * Its metadata.name. Example api.
   */
  name: string
}

export interface Group {
  /**
   * The name that the members share. Example shop.
   */
  name: string
  /**
   * That all move or none does; a group of another kind does not exist yet.
   */
  atomic: boolean
}

export interface Adopted {
  /**
   * ARN of the task definition, with its revision.
   */
  taskDefinition: string
  /**
   * Digest of the image that its tasks ran, where the task definition names the image by a tag.
   */
  image?: string
  /**
   * The same of containers that take no requests, by the container's name; for a release that names several images.
   */
  images?: {
    [k: string]: string
  }
}

export interface TaskDefinitionSource {
  /**
   * Name of the Terraform output that holds its ARN. Example web_task_definition_arn.
   */
  terraform?: string
  /**
   * File with the JSON or YAML of ECS's RegisterTaskDefinition, relative to the environment's source.path. Example taskdefs/web.json.
   */
  file?: string
  /**
   * The fields of ECS's RegisterTaskDefinition. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
   */
  inline?: {
    [k: string]: unknown
  }
}

export interface ServicePair {
  /**
   * The cluster, by name.
   */
  cluster: string
  /**
   * Name of the one service of a rolling release, or of an engine of AWS's own. Left out, the release's name.
   */
  name?: string
  names?: ServiceNames
  /**
   * How many tasks the live side, or the one service, has. Left out, the count is not Steersman's (autoscaling), and the idle side gets the live side's. At least 1 for a release with traffic - a side that requests are sent to is never scaled to zero.
   */
  desiredCount?: number
  /**
   * Policies of autoscaling that each of the release's services shall have, by Application Auto Scaling's own names. Terraform makes them; what is otherwise is told as drift (drift.infrastructure) by the deep sweep, and never written. What a policy leaves out here is not compared.
   *
   * @maxItems 10
   */
  scalingPolicies?: NamedScalingPolicy[]
  settings?: ServiceSettings
}

export interface ServiceNames {
  /**
   * The blue side's.
   */
  blue: string
  /**
   * The green side's.
   */
  green: string
}

export interface NamedScalingPolicy {
  /**
   * The policy's name, in which * stands for any text, as that may differ between the sides. Example "*-ECSServiceAverageCPUUtilization".
   */
  PolicyName: string
  TargetTrackingScalingPolicyConfiguration: TrackedTarget
}

export interface TrackedTarget {
  /**
   * The value of the metric that autoscaling aims at.
   */
  TargetValue: number
  PredefinedMetricSpecification?: PredefinedMetric
  /**
   * Seconds after tasks were taken away before more are; AWS fills in 300.
   */
  ScaleInCooldown?: number
  /**
   * Seconds after tasks were added before more are; AWS fills in 300.
   */
  ScaleOutCooldown?: number
  /**
   * Whether the policy takes no tasks away; AWS fills in false.
   */
  DisableScaleIn?: boolean
}

export interface PredefinedMetric {
  /**
   * Its name.
   */
  PredefinedMetricType:
    'ECSServiceAverageCPUUtilization' | 'ECSServiceAverageMemoryUtilization' | 'ALBRequestCountPerTarget'
}

export interface ServiceSettings {
  /**
   * Infrastructure on which tasks run. ECS never gives an existing service another one - from and to capacityProviderStrategy it can be changed, from EC2 to FARGATE only by a service that is made anew.
   */
  launchType?: 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES'
  /**
   * Capacity providers and how tasks spread over them.
   *
   * @maxItems 20
   */
  capacityProviderStrategy?: CapacityProviderItem[]
  /**
   * Fargate platform version. Example 1.4.0.
   */
  platformVersion?: string
  networkConfiguration?: NetworkConfiguration
  /**
   * Constraints on the instances that tasks are placed on, at most 10.
   *
   * @maxItems 10
   */
  placementConstraints?: PlacementConstraint[]
  /**
   * How tasks spread over instances, at most 5.
   *
   * @maxItems 5
   */
  placementStrategy?: PlacementStrategy[]
  /**
   * Seconds after a task's start in which ECS does not mind failed health checks.
   */
  healthCheckGracePeriodSeconds?: number
  /**
   * Only REPLICA; a daemon has no two sides.
   */
  schedulingStrategy?: 'REPLICA'
  /**
   * Whether ECS tags tasks with cluster and service.
   */
  enableECSManagedTags?: boolean
  /**
   * From where tasks get their tags.
   */
  propagateTags?: 'TASK_DEFINITION' | 'SERVICE' | 'NONE'
  /**
   * Whether ECS Exec is on for the tasks.
   */
  enableExecuteCommand?: boolean
  /**
   * Whether ECS moves tasks to balance availability zones.
   */
  availabilityZoneRebalancing?: 'ENABLED' | 'DISABLED'
  deploymentConfiguration?: DeploymentConfiguration
  /**
   * Tags of the services, at most 50. Changed ones reach services that exist without a rollout; tags that nobody named here are left alone. Keys that begin with steersman.dev/ belong to Steersman.
   *
   * @maxItems 50
   */
  tags?: Tag[]
  /**
   * EBS volumes that ECS attaches to tasks, in ECS's own form.
   *
   * @maxItems 1
   */
  volumeConfigurations?: VolumeConfiguration[]
}

export interface CapacityProviderItem {
  /**
   * Name of the capacity provider. Example FARGATE_SPOT.
   */
  capacityProvider: string
  /**
   * Share of the tasks above all bases.
   */
  weight?: number
  /**
   * Tasks that run here before any weight counts.
   */
  base?: number
}

export interface NetworkConfiguration {
  awsvpcConfiguration: AwsvpcConfiguration
}

export interface AwsvpcConfiguration {
  /**
   * Ids of the subnets, at most 16.
   *
   * @minItems 1
   * @maxItems 16
   */
  subnets: string[]
  /**
   * Ids of the security groups, at most 5.
   *
   * @maxItems 5
   */
  securityGroups?: string[]
  /**
   * Whether tasks get a public address.
   */
  assignPublicIp?: 'ENABLED' | 'DISABLED'
}

export interface PlacementConstraint {
  /**
   * Kind of the constraint.
   */
  type: 'distinctInstance' | 'memberOf'
  /**
   * Cluster query language expression, for memberOf.
   */
  expression?: string
}

export interface PlacementStrategy {
  /**
   * Kind of the strategy.
   */
  type: 'random' | 'spread' | 'binpack'
  /**
   * What the strategy is applied to. Example attribute:ecs.availability-zone.
   */
  field?: string
}

export interface DeploymentConfiguration {
  /**
   * Most tasks during a replacement, in percent of the desired count.
   */
  maximumPercent?: number
  /**
   * Least healthy tasks during a replacement, in percent of the desired count.
   */
  minimumHealthyPercent?: number
}

export interface Tag {
  /**
   * Key of the tag.
   */
  key: string
  /**
   * Value of the tag.
   */
  value?: string
}

export interface VolumeConfiguration {
  /**
   * Name of the volume in the task definition.
   */
  name: string
  /**
   * The volume's settings, ECS's own JSON.
   */
  managedEBSVolume?: {
    [k: string]: unknown
  }
}

export interface Traffic {
  /**
   * The application load balancer, by name or ARN.
   */
  loadBalancer: string
  rule?: TrafficRule
  /**
   * Several production rules that are moved together. All of them belong to the one load balancer.
   *
   * @minItems 1
   * @maxItems 20
   */
  rules?: TrafficRule[]
  test?: TrafficRule
  targetGroups: TargetGroups
  /**
   * Attributes that both target groups shall have, by Elastic Load Balancing's own names. Terraform sets them; what is otherwise is told as drift (drift.infrastructure) by the deep sweep, and never written. Example "deregistration_delay.timeout_seconds": "30".
   */
  targetGroupAttributes?: {
    [k: string]: string
  }
  /**
   * Tags that both target groups, the release's rules and listeners whose default actions are among them shall have, at most 40. The deep sweep looks at them, and they are put back as drift.traffic says; tags that nobody named here are left alone. Keys that begin with steersman.dev/ belong to Steersman.
   *
   * @maxItems 40
   */
  tags?: Tag[]
  /**
   * The container that gets the requests. Left out, image.container, else the one named like the release, or the only one.
   */
  container?: string
  /**
   * Port of the container that gets the requests. Left out, the container's only port mapping.
   */
  containerPort?: number
  actions?: TrafficActions
}

export interface TrafficRule {
  /**
   * ARN of the listener rule.
   */
  ruleArn?: string
  /**
   * Port of the listener. Example 443.
   */
  port?: number
  /**
   * The value of the rule's host-header condition, as it stands there. Example shop.example.com.
   */
  host?: string
  /**
   * The value of the rule's path-pattern condition, as it stands there. Example /api/*.
   */
  path?: string
}

export interface TargetGroups {
  /**
   * The blue side's.
   */
  blue: string
  /**
   * The green side's.
   */
  green: string
}

export interface TrafficActions {
  /**
   * Name of the Terraform output that holds them.
   */
  terraform: string
}

export interface Schedule {
  /**
   * Its name. Example nightly-report.
   */
  name: string
  /**
   * Its schedule group.
   */
  group?: string
}

export interface Strategy {
  /**
   * BlueGreen moves all traffic at once, Canary by the given steps, Linear by equal steps; Rolling is for workers without a load balancer.
   */
  type?: 'BlueGreen' | 'Canary' | 'Linear' | 'Rolling'
  /**
   * The steps of a canary, each with more than the one before. After the last one all traffic moves.
   *
   * @minItems 1
   * @maxItems 50
   */
  steps?: CanaryStep[]
  /**
   * Weight added by each step of a linear shift, in percent.
   */
  by?: number
  /**
   * How long each step of a linear shift lasts before the next one. A Go duration.
   */
  every?: string
  /**
   * How long gates watch the new version at full traffic before the rollout succeeds. A Go duration; 0s for none.
   */
  bake?: string
  /**
   * How long the old side stays warm after success, so that going back is one write. A Go duration; 0s for not at all.
   */
  keepPrevious?: string
  /**
   * Time in which the rollout has to succeed, human waits left out, before it goes back. A Go duration.
   */
  deadline?: string
  /**
   * When a newer commit ends a running rollout - only before its first weight moves, or always. With Always, merges that come faster than verify and bake would never finish.
   */
  supersede?: 'BeforeShift' | 'Always'
}

export interface CanaryStep {
  /**
   * Weight of the new version, in percent.
   */
  weight: number
  /**
   * How long the step lasts. A Go duration.
   */
  for: string
}

export interface Gate {
  /**
   * Name of the gate, unique in its release. It appears in the Rollout's status, in events and in metrics. Example smoke.
   */
  name: string
  when?: GateStage
  http?: HttpCheck
  warming?: WarmingCheck
  task?: TaskCheck
  lambda?: LambdaCheck
  script?: ScriptCheck
  cloudwatch?: CloudWatchCheck
  prometheus?: PrometheusCheck
  manual?: ManualCheck
  webhook?: WebhookCheck
  /**
   * Names of CloudWatch alarms, metric or composite, none of which may be in state ALARM. They are looked at every 15 seconds. INSUFFICIENT_DATA and an alarm that does not exist are Inconclusive.
   *
   * @minItems 1
   * @maxItems 50
   */
  alarms?: string[]
  alreadyRed?: AlreadyRed
  /**
   * Time after which the gate ends as TimedOut. At Bake, where http, alarms, cloudwatch and prometheus are asked for the whole bake time, it is the longest time without an answer. A Go duration. Give a manual gate hours.
   */
  timeout?: string
  /**
   * How many failed answers are borne before the gate ends as Failed, at every stage. Where several good answers in a row are asked for, a failed one starts their count anew.
   */
  failureLimit?: number
  /**
   * What follows when the gate does not pass - back to the old side, a halt until a person approves, rejects or retries it, or nothing. While it halts no weight is moved, both sides are kept and the deadline does not run.
   */
  onFailure?: 'Rollback' | 'Hold' | 'Ignore'
  /**
   * Run and report the gate, but let the rollout go on whatever its result is.
   */
  dryRun?: boolean
}

export interface HttpCheck {
  /**
   * Path and query of the request. Example /healthz.
   */
  path: string
  /**
   * Method of the request.
   */
  method?: 'GET' | 'HEAD' | 'POST'
  /**
   * Host header of the request. Left out, it is the host of the production rule, else the listener's address.
   */
  host?: string
  /**
   * More headers of the request, by name. Never put a secret here, it would stand in the Rollout.
   */
  headers?: {
    [k: string]: string
  }
  expect?: HttpExpectation
  /**
   * How many answers in a row must be as expected before the gate passes at Verify.
   */
  successes?: number
  /**
   * Time between two requests. A Go duration, at least 100ms.
   */
  interval?: string
  /**
   * Time after which one request counts as failed. A Go duration.
   */
  requestTimeout?: string
}

export interface HttpExpectation {
  /**
   * Status code of the answer.
   */
  status?: number
  /**
   * A text that the answer's body contains, compared as it stands. Example "version":"${imageTag}".
   */
  body?: string
}

export interface WarmingCheck {
  /**
   * How many requests have to be answered well. Several for each task of the side, since the load balancer spreads them.
   */
  requests: number
  /**
   * Paths and queries that are asked in turn.
   *
   * @minItems 1
   * @maxItems 50
   */
  paths?: string[]
  /**
   * Host header of the requests. Left out, it is the host of the production rule, else the listener's address.
   */
  host?: string
  /**
   * More headers of the requests, by name. Never put a secret here, it would stand in the Rollout.
   */
  headers?: {
    [k: string]: string
  }
  /**
   * How many requests are under way at once at most.
   */
  concurrency?: number
  /**
   * How many requests are begun in a second at most.
   */
  perSecond?: number
  /**
   * Time after which a request counts as not answered. A Go duration, at most 30s.
   */
  requestTimeout?: string
}

export interface TaskCheck {
  /**
   * The command, one argument per item. Example ["npm", "run", "migrate"].
   *
   * @minItems 1
   * @maxItems 100
   */
  command: string[]
  /**
   * The container whose command is replaced. Left out, the image's container.
   */
  container?: string
  /**
   * Whether going back to an earlier version does not undo what the command does, as with a migration that drops a column. From its start on people are refused the way back behind it unless they say --unsafe; where Steersman goes back by itself, it says so. Example true.
   */
  irreversible?: boolean
}

export interface LambdaCheck {
  /**
   * ARN of the function, with or without a version or an alias. Example arn:aws:lambda:eu-central-1:123456789012:function:smoke.
   */
  function: string
  /**
   * What the function is given as hookDetails each time. Never put a secret here, it would stand in the Rollout.
   */
  payload?: {
    [k: string]: unknown
  }
}

export interface ScriptCheck {
  /**
   * The program and its arguments, one per item. The program is a path below the directory of the controller's configuration. Never put a secret here, it would stand in the Rollout. Example ["scripts/smoke.sh", "checkout"].
   *
   * @minItems 1
   * @maxItems 50
   */
  command: string[]
  /**
   * Time after which one run is killed, with all that it has started. A Go duration, at most 10m.
   */
  runTimeout?: string
}

export interface CloudWatchCheck {
  /**
   * Namespace of the metric. Example AWS/ApplicationELB.
   */
  namespace?: string
  /**
   * Name of the metric. Example TargetResponseTime.
   */
  metric?: string
  /**
   * Dimensions of the metric, by name. In their values ${loadBalancer} and ${targetGroup} stand for what CloudWatch calls the release's load balancer and the target group of the side on trial, ${service} and ${cluster} for the names of its ECS service and cluster.
   */
  dimensions?: {
    [k: string]: string
  }
  /**
   * Statistic or percentile, as CloudWatch writes it. Example p99.
   */
  statistic?: string
  /**
   * The metrics that the expression is about, by the name that they have in it - a small letter, then letters, digits and underscores.
   */
  queries?: {
    [k: string]: CloudWatchQuery
  }
  /**
   * Metric math that gives one series, as CloudWatch writes it. Example 100 * errors / requests.
   */
  expression?: string
  compare?: SideComparison
  /**
   * Length of one data point. A Go duration, whole minutes.
   */
  period?: string
  /**
   * The highest value that passes, in the metric's own unit.
   */
  max?: number
  /**
   * The lowest value that passes, in the metric's own unit.
   */
  min?: number
}

export interface CloudWatchQuery {
  /**
   * Namespace of the metric. Example AWS/ApplicationELB.
   */
  namespace: string
  /**
   * Name of the metric. Example TargetResponseTime.
   */
  metric: string
  /**
   * Dimensions of the metric, by name. In their values ${loadBalancer} and ${targetGroup} stand for what CloudWatch calls the release's load balancer and the target group of the side on trial, ${service} and ${cluster} for the names of its ECS service and cluster.
   */
  dimensions?: {
    [k: string]: string
  }
  /**
   * Statistic or percentile, as CloudWatch writes it. Example p99.
   */
  statistic: string
}

export interface SideComparison {
  /**
   * What is held against - Live, the side that had the traffic before the rollout.
   */
  to?: 'Live'
  /**
   * How many times the live side's value the value may be at most. Where that is 0 and the value is not, the ratio says nothing.
   */
  maxRatio?: number
  /**
   * How much more than the live side's value the value may be at most, in the metric's own unit.
   */
  maxDifference?: number
}

export interface PrometheusCheck {
  /**
   * Address of the server. Example http://prometheus:9090.
   */
  server: string
  /**
   * An instant query that gives one number.
   */
  query: string
  /**
   * The highest value that passes.
   */
  max?: number
  /**
   * The lowest value that passes.
   */
  min?: number
  /**
   * Time between two queries. A Go duration, at least 1s.
   */
  interval?: string
}

export interface ManualCheck {
  /**
   * Who may approve, by the name of their token. Left out, everybody with the role approver.
   *
   * @maxItems 50
   */
  approvers?: string[]
}

export interface WebhookCheck {
  /**
   * Address of the receiver. Example https://audit.internal/steersman.
   */
  url: string
  /**
   * Whether a receiver that answers 202 calls back once it has decided, instead of being asked again every 10 seconds. Where it calls back, and the token for that, come in headers of the request; the environment needs webhookSecretFrom.
   */
  callback?: boolean
}

export interface ReleaseStatus {
  /**
   * metadata.generation that this status was made from; -1 for none.
   */
  observedGeneration?: number
  /**
   * Ready, Reconciling, Stalled, Drifted, Pinned, Held, UnsafeVersion.
   *
   * @maxItems 20
   */
  conditions?: Condition[]
  /**
   * The value of the annotation steersman.dev/requestedAt that was last acted on.
   */
  lastHandledReconcileAt?: string
  /**
   * The value of the annotation steersman.dev/restartRequestedAt that was last acted on.
   */
  lastHandledRestartAt?: string
  /**
   * The value of the annotation steersman.dev/failbackRequestedAt whose hold the branch has ended, since it says the same.
   */
  lastHandledFailbackAt?: string
  /**
   * The value of the annotation steersman.dev/retryRequestedAt that was last acted on.
   */
  lastHandledRetryAt?: string
  /**
   * The newest write to each object in AWS, by the object's name: what stood there before, what was written and when. A read that shows the state before a recent write may be stale, so it is looked at again before it is believed.
   */
  writes?: {
    [k: string]: RecentWrite
  }
  /**
   * Branch and commit that serve. Example prod@sha1:4f2c….
   */
  revision?: string
  live?: LiveSide
  traffic?: Weights
  /**
   * Name of the newest rollout. Example prod-web-42.
   */
  rollout?: string
  /**
   * Number of the newest rollout, 0 for none; the next one's number is one more.
   */
  lastRollout?: number
  verified?: VerifiedContent
  /**
   * Contents that failed and are not tried again by themselves, newest first.
   *
   * @maxItems 10
   */
  failed?: FailedContent[]
  /**
   * Keys of the tags that Steersman gave the services by service.settings.tags; others are left alone.
   *
   * @maxItems 200
   */
  tagKeys?: string[]
  /**
   * The tags of traffic.tags that all target groups, rules and listeners of the release were seen to have: what they lack of these since was changed by somebody.
   */
  trafficTags?: {
    [k: string]: string
  }
  /**
   * What the release's schedules ran when they were last looked at.
   *
   * @maxItems 20
   */
  schedules?: SeenSchedule[]
  /**
   * ARN of the registered task definition by content digest, the last ten.
   */
  taskDefinitions?: {
    [k: string]: string
  }
  pinned?: PinnedVersion
  /**
   * Fields that are not as wanted, the first 50.
   *
   * @maxItems 50
   */
  drift?: DriftedField[]
  /**
   * Drifted fields that were put back within the last hour, the newest 60. A field that was put back three times in a row is let be for a while.
   *
   * @maxItems 60
   */
  corrections?: CorrectedDrift[]
  waiting?: Waiting
  /**
   * What was done and is not undone by going back, the newest last. The last 20.
   *
   * @maxItems 20
   */
  irreversible?: IrreversibleChange[]
  /**
   * Until when the old side stays warm.
   */
  keepPreviousUntil?: string
  held?: ReleaseHold
}

export interface Condition {
  /**
   * Type of the condition. Example Ready.
   */
  type: string
  /**
   * Whether the condition holds.
   */
  status: 'True' | 'False' | 'Unknown'
  /**
   * Why, as one word for programs. Example GateFailed.
   */
  reason: string
  /**
   * Why, as a sentence for people.
   */
  message: string
  /**
   * When status last changed.
   */
  lastTransitionTime: string
  /**
   * metadata.generation that this condition was made from.
   */
  observedGeneration?: number
}

export interface RecentWrite {
  /**
   * The value before, as it was read.
   */
  before: string
  /**
   * The value written.
   */
  after: string
  /**
   * When the answer arrived, or when it was given up.
   */
  at: string
  /**
   * Values of a service that stood before the writes just before this one: a read may be older than several of them.
   *
   * @maxItems 8
   */
  earlier?: string[]
  /**
   * Whether no answer arrived, so that the write may or may not have happened.
   */
  ambiguous?: boolean
}

export interface LiveSide {
  /**
   * Which one it is; none where nothing runs, and left out where the release has one service.
   */
  side?: 'blue' | 'green' | 'none'
  /**
   * ARN of its task definition.
   */
  taskDefinition?: string
  /**
   * Digest of its image.
   */
  digest?: string
  /**
   * Content digest of what it serves.
   */
  contentDigest?: string
  /**
   * When it took the traffic.
   */
  since?: string
}

export interface Weights {
  /**
   * The blue side's.
   */
  blue: number
  /**
   * The green side's.
   */
  green: number
}

export interface VerifiedContent {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * Content digest.
   */
  digest: string
  /**
   * Name of the rollout that verified it.
   */
  rollout?: string
  /**
   * When.
   */
  at?: string
}

export interface FailedContent {
  /**
   * Content digest.
   */
  digest: string
  /**
   * Name of the rollout that failed.
   */
  rollout?: string
  /**
   * Why, as one word.
   */
  reason: string
  /**
   * Why, as a sentence.
   */
  message?: string
  /**
   * When.
   */
  at: string
}

export interface SeenSchedule {
  /**
   * Its name.
   */
  name: string
  /**
   * Its schedule group.
   */
  group: string
  /**
   * The task definition that it ran. Nothing where it did not exist, or its target is none of ECS.
   */
  taskDefinition?: string
  /**
   * The task definition that it was last seen to run as it should.
   */
  pointed?: string
  /**
   * When it was looked at.
   */
  seenAt: string
}

export interface PinnedVersion {
  /**
   * Number of the rollout.
   */
  rollout?: number
  /**
   * ARN of the task definition.
   */
  taskDefinition?: string
  /**
   * Why.
   */
  reason: string
}

export interface DriftedField {
  /**
   * RFC 6901 pointer into the live state. Example /rules/443/weights.
   */
  path: string
  /**
   * The wanted value, as JSON, with secrets left out.
   */
  wanted?: string
  /**
   * The live value, as JSON, with secrets left out.
   */
  live?: string
  /**
   * Who owns the field.
   */
  owner?: 'Steersman' | 'Terraform' | 'Autoscaling' | 'Unmanaged'
  /**
   * The class whose policy says what is done.
   */
  class: 'service' | 'traffic' | 'infrastructure' | 'unmanaged'
  /**
   * When it was first seen.
   */
  since?: string
  /**
   * Which sweep looks at the field - Fast with each poll, Deep within sweep.deepInterval of the Environment.
   */
  tier?: 'Fast' | 'Deep'
  /**
   * When the field was last seen so, exact to the minute.
   */
  observedAt?: string
  /**
   * What the last rollout that succeeded gave the field, as JSON, with secrets left out; left out where it gave it nothing.
   */
  lastApplied?: string
  by?: ChangedBy
  /**
   * The writes that would mend it - operations of AWS, or a rollout, or terraform apply.
   *
   * @maxItems 10
   */
  mendedBy?: string[]
}

export interface ChangedBy {
  /**
   * Name of the user, or of the role's session.
   */
  user: string
  /**
   * The operation, such as UpdateService.
   */
  event: string
  /**
   * CloudTrail's id of the event.
   */
  eventId: string
  /**
   * When the call was made.
   */
  at: string
}

export interface CorrectedDrift {
  /**
   * RFC 6901 pointer into the live state, as in drift.
   */
  path: string
  /**
   * When it was seen to have drifted.
   */
  at: string
}

export interface Waiting {
  /**
   * As one word. Example ImageNotFound.
   */
  reason: string
  /**
   * As a sentence.
   */
  message: string
  /**
   * When the wait ends - as a failure where something is missing, and with the new version on its way where the reason is Frozen.
   */
  until?: string
  asks?: StartRequest
}

export interface StartRequest {
  /**
   * Content digest of what would begin.
   */
  digest: string
  /**
   * Number of the rollout that would begin.
   */
  number: number
}

export interface IrreversibleChange {
  /**
   * As a sentence. Example the task of gate migrate was started by prod-web-42.
   */
  what: string
  /**
   * When it began.
   */
  at: string
  /**
   * Id of the commit that it was done for.
   */
  commit: string
  /**
   * Number of the first rollout after it - what earlier rollouts served may not work any more.
   */
  before: number
}

export interface ReleaseHold {
  /**
   * Set after `steersman rollback --now` - the number of the rollout whose version is held.
   */
  rollout?: number
  /**
   * Who.
   */
  by: string
  /**
   * When.
   */
  at: string
  /**
   * Why.
   */
  reason?: string
}

export interface DefaultedRelease {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Release.
   */
  kind: 'Release'
  metadata: ObjectMetadata
  spec: DefaultedReleaseSpec
  status?: ReleaseStatus
}

export interface DefaultedReleaseSpec {
  engine: Engine
  /**
   * Role with which ECS changes the load balancer, for engine Native.
   */
  engineRoleArn?: string
  codeDeploy?: CodeDeploy
  image?: DefaultedImage
  /**
   * Images of several containers of the task definition, by the container's name; each is resolved to a digest, and all of them make one version. Of the container that takes the requests (traffic.container, else the one named like the release) comes ${imageTag}.
   */
  images?: {
    [k: string]: DefaultedContainerImage
  }
  pin?: Pin
  /**
   * Releases of the same environment that come first. Of one commit, this release's rollout begins once each of them serves what the commit wants of it, verified. Ways back (a pin, a moved tag, steersman rollback) wait for nobody.
   *
   * @minItems 1
   * @maxItems 20
   */
  dependsOn?: Dependency[]
  group?: Group
  adopted?: Adopted
  taskDefinition: TaskDefinitionSource
  service: ServicePair
  traffic?: Traffic
  /**
   * Schedules of Amazon EventBridge Scheduler that run a task of this release. Once a version has succeeded, Steersman points each of them at its task definition, and at nothing else; all else of a schedule stays as it is.
   *
   * @minItems 1
   * @maxItems 20
   */
  schedules?: DefaultedSchedule[]
  strategy: DefaultedStrategy
  /**
   * Fields that belong to others - they are neither told as drift nor put back; a rollout still gives the side that it starts what the release says. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.
   *
   * @maxItems 100
   */
  ignore?: string[]
  /**
   * The checks between a new version and the traffic, in order.
   *
   * @maxItems 20
   */
  gates: DefaultedGate[]
}

export interface DefaultedImage {
  /**
   * The container that gets the image. Left out, the one named like the release, or the only one.
   */
  container?: string
  /**
   * The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.
   */
  repository: string
  /**
   * The tag. Example 1.8.2.
   */
  tag?: string
  /**
   * The digest. Example sha256 followed by a colon and 64 hexadecimal digits.
   */
  digest?: string
  tagFromCommit?: TagFromCommit
  /**
   * How long an image that is not in the registry yet is waited for. A Go duration.
   */
  wait: string
}

export interface DefaultedContainerImage {
  /**
   * The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.
   */
  repository: string
  /**
   * The tag. Example 1.8.2.
   */
  tag?: string
  /**
   * The digest. Example sha256 followed by a colon and 64 hexadecimal digits.
   */
  digest?: string
  tagFromCommit?: TagFromCommit
  /**
   * How long an image that is not in the registry yet is waited for. A Go duration.
   */
  wait: string
}

export interface DefaultedSchedule {
  /**
   * Its name. Example nightly-report.
   */
  name: string
  /**
   * Its schedule group.
   */
  group: string
}

export interface DefaultedStrategy {
  /**
   * BlueGreen moves all traffic at once, Canary by the given steps, Linear by equal steps; Rolling is for workers without a load balancer.
   */
  type: 'BlueGreen' | 'Canary' | 'Linear' | 'Rolling'
  /**
   * The steps of a canary, each with more than the one before. After the last one all traffic moves.
   *
   * @minItems 1
   * @maxItems 50
   */
  steps?: CanaryStep[]
  /**
   * Weight added by each step of a linear shift, in percent.
   */
  by?: number
  /**
   * How long each step of a linear shift lasts before the next one. A Go duration.
   */
  every?: string
  /**
   * How long gates watch the new version at full traffic before the rollout succeeds. A Go duration; 0s for none.
   */
  bake: string
  /**
   * How long the old side stays warm after success, so that going back is one write. A Go duration; 0s for not at all.
   */
  keepPrevious: string
  /**
   * Time in which the rollout has to succeed, human waits left out, before it goes back. A Go duration.
   */
  deadline: string
  /**
   * When a newer commit ends a running rollout - only before its first weight moves, or always. With Always, merges that come faster than verify and bake would never finish.
   */
  supersede: 'BeforeShift' | 'Always'
}

export interface DefaultedGate {
  /**
   * Name of the gate, unique in its release. It appears in the Rollout's status, in events and in metrics. Example smoke.
   */
  name: string
  when?: GateStage
  http?: DefaultedHttpCheck
  warming?: DefaultedWarmingCheck
  task?: TaskCheck
  lambda?: LambdaCheck
  script?: DefaultedScriptCheck
  cloudwatch?: DefaultedCloudWatchCheck
  prometheus?: DefaultedPrometheusCheck
  manual?: ManualCheck
  webhook?: DefaultedWebhookCheck
  /**
   * Names of CloudWatch alarms, metric or composite, none of which may be in state ALARM. They are looked at every 15 seconds. INSUFFICIENT_DATA and an alarm that does not exist are Inconclusive.
   *
   * @minItems 1
   * @maxItems 50
   */
  alarms?: string[]
  alreadyRed?: AlreadyRed
  /**
   * Time after which the gate ends as TimedOut. At Bake, where http, alarms, cloudwatch and prometheus are asked for the whole bake time, it is the longest time without an answer. A Go duration. Give a manual gate hours.
   */
  timeout: string
  /**
   * How many failed answers are borne before the gate ends as Failed, at every stage. Where several good answers in a row are asked for, a failed one starts their count anew.
   */
  failureLimit: number
  /**
   * What follows when the gate does not pass - back to the old side, a halt until a person approves, rejects or retries it, or nothing. While it halts no weight is moved, both sides are kept and the deadline does not run.
   */
  onFailure: 'Rollback' | 'Hold' | 'Ignore'
  /**
   * Run and report the gate, but let the rollout go on whatever its result is.
   */
  dryRun: boolean
}

export interface DefaultedHttpCheck {
  /**
   * Path and query of the request. Example /healthz.
   */
  path: string
  /**
   * Method of the request.
   */
  method: 'GET' | 'HEAD' | 'POST'
  /**
   * Host header of the request. Left out, it is the host of the production rule, else the listener's address.
   */
  host?: string
  /**
   * More headers of the request, by name. Never put a secret here, it would stand in the Rollout.
   */
  headers?: {
    [k: string]: string
  }
  expect: DefaultedHttpExpectation
  /**
   * How many answers in a row must be as expected before the gate passes at Verify.
   */
  successes: number
  /**
   * Time between two requests. A Go duration, at least 100ms.
   */
  interval: string
  /**
   * Time after which one request counts as failed. A Go duration.
   */
  requestTimeout: string
}

export interface DefaultedHttpExpectation {
  /**
   * Status code of the answer.
   */
  status: number
  /**
   * A text that the answer's body contains, compared as it stands. Example "version":"${imageTag}".
   */
  body?: string
}

export interface DefaultedWarmingCheck {
  /**
   * How many requests have to be answered well. Several for each task of the side, since the load balancer spreads them.
   */
  requests: number
  /**
   * Paths and queries that are asked in turn.
   *
   * @minItems 1
   * @maxItems 50
   */
  paths: string[]
  /**
   * Host header of the requests. Left out, it is the host of the production rule, else the listener's address.
   */
  host?: string
  /**
   * More headers of the requests, by name. Never put a secret here, it would stand in the Rollout.
   */
  headers?: {
    [k: string]: string
  }
  /**
   * How many requests are under way at once at most.
   */
  concurrency: number
  /**
   * How many requests are begun in a second at most.
   */
  perSecond: number
  /**
   * Time after which a request counts as not answered. A Go duration, at most 30s.
   */
  requestTimeout: string
}

export interface DefaultedScriptCheck {
  /**
   * The program and its arguments, one per item. The program is a path below the directory of the controller's configuration. Never put a secret here, it would stand in the Rollout. Example ["scripts/smoke.sh", "checkout"].
   *
   * @minItems 1
   * @maxItems 50
   */
  command: string[]
  /**
   * Time after which one run is killed, with all that it has started. A Go duration, at most 10m.
   */
  runTimeout: string
}

export interface DefaultedCloudWatchCheck {
  /**
   * Namespace of the metric. Example AWS/ApplicationELB.
   */
  namespace?: string
  /**
   * Name of the metric. Example TargetResponseTime.
   */
  metric?: string
  /**
   * Dimensions of the metric, by name. In their values ${loadBalancer} and ${targetGroup} stand for what CloudWatch calls the release's load balancer and the target group of the side on trial, ${service} and ${cluster} for the names of its ECS service and cluster.
   */
  dimensions?: {
    [k: string]: string
  }
  /**
   * Statistic or percentile, as CloudWatch writes it. Example p99.
   */
  statistic?: string
  /**
   * The metrics that the expression is about, by the name that they have in it - a small letter, then letters, digits and underscores.
   */
  queries?: {
    [k: string]: CloudWatchQuery
  }
  /**
   * Metric math that gives one series, as CloudWatch writes it. Example 100 * errors / requests.
   */
  expression?: string
  compare?: DefaultedSideComparison
  /**
   * Length of one data point. A Go duration, whole minutes.
   */
  period: string
  /**
   * The highest value that passes, in the metric's own unit.
   */
  max?: number
  /**
   * The lowest value that passes, in the metric's own unit.
   */
  min?: number
}

export interface DefaultedSideComparison {
  /**
   * What is held against - Live, the side that had the traffic before the rollout.
   */
  to: 'Live'
  /**
   * How many times the live side's value the value may be at most. Where that is 0 and the value is not, the ratio says nothing.
   */
  maxRatio?: number
  /**
   * How much more than the live side's value the value may be at most, in the metric's own unit.
   */
  maxDifference?: number
}

export interface DefaultedPrometheusCheck {
  /**
   * Address of the server. Example http://prometheus:9090.
   */
  server: string
  /**
   * An instant query that gives one number.
   */
  query: string
  /**
   * The highest value that passes.
   */
  max?: number
  /**
   * The lowest value that passes.
   */
  min?: number
  /**
   * Time between two queries. A Go duration, at least 1s.
   */
  interval: string
}

export interface DefaultedWebhookCheck {
  /**
   * Address of the receiver. Example https://audit.internal/steersman.
   */
  url: string
  /**
   * Whether a receiver that answers 202 calls back once it has decided, instead of being asked again every 10 seconds. Where it calls back, and the token for that, come in headers of the request; the environment needs webhookSecretFrom.
   */
  callback: boolean
}

/** The schema that the types above were made from. */
export const releaseSchema: Schema = {
  title: 'Release',
  description:
    "One application in an environment - what runs, where its traffic comes from, and how a new version takes it over. It is written by the application team in the environment's git branch; in the store its name is <environment>-<release>.",
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: {
      description: "The schema's version, steersman.dev/v1alpha1.",
      type: 'string',
      enum: ['steersman.dev/v1alpha1'],
    },
    kind: { description: 'The kind, Release.', type: 'string', enum: ['Release'] },
    metadata: {
      type: 'object',
      properties: {
        name: {
          description:
            'Name of the release inside its environment, at most 55 characters; the object in a store is called <environment>-<release>. Example web.',
          type: 'string',
          minLength: 1,
          maxLength: 55,
          pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
        },
      },
    },
    spec: {
      title: 'ReleaseSpec',
      description: 'What the application team wants.',
      type: 'object',
      required: ['taskDefinition', 'service'],
      'x-kubernetes-validations': [
        {
          rule: "has(self.traffic) || (has(self.strategy) && self.strategy.type == 'Rolling')",
          message: 'only a rolling release has no load balancer; expected traffic, or strategy type Rolling',
        },
        {
          rule: "!has(self.traffic) || !has(self.strategy) || self.strategy.type != 'Rolling'",
          fieldPath: '.strategy.type',
          message:
            'a rolling release is served by no load balancer; expected no traffic, or strategy type BlueGreen, Canary or Linear',
        },
        {
          rule: "!has(self.strategy) || self.strategy.type != 'Rolling' || !has(self.service) || !has(self.service.names)",
          fieldPath: '.service.names',
          message:
            "a rolling release has one service; expected service.name, or no name, which means the release's own",
        },
        {
          rule: '!has(self.traffic) || (has(self.traffic.rule) != has(self.traffic.rules))',
          message:
            'a release names its production rules in one way; expected either traffic.rule or traffic.rules',
        },
        {
          rule: '!has(self.traffic) || !has(self.service) || !has(self.service.desiredCount) || self.service.desiredCount != 0',
          fieldPath: '.service.desiredCount',
          message:
            "with no task nobody would answer the requests of the release's rules; expected 1 or more - to stop serving, take the rules away and then the release",
        },
        {
          rule: '!(has(self.image) && has(self.images))',
          message: 'a release gives its images in one way; expected either image or images',
        },
        {
          rule: '!(has(self.image) && has(self.traffic) && has(self.traffic.container))',
          fieldPath: '.traffic.container',
          message:
            'the container that gets the image takes the requests; expected image.container to name it',
        },
        {
          rule: "!has(self.images) || self.images.all(name, name.matches('^[A-Za-z0-9][-A-Za-z0-9_]*$') && size(name) <= 255)",
          fieldPath: '.images',
          message: 'images are named by their containers; expected letters, digits, hyphens and underscores',
        },
        {
          rule: "self.engine == 'Native' || !has(self.engineRoleArn)",
          message: "only ECS's own blue/green needs this role; expected engine Native, or no engineRoleArn",
        },
        {
          rule: "self.engine != 'Native' || has(self.engineRoleArn)",
          message: "ECS changes the load balancer's rules with a role of its own; expected engineRoleArn",
        },
        {
          rule: "(self.engine == 'CodeDeploy') == has(self.codeDeploy)",
          fieldPath: '.engine',
          message:
            'CodeDeploy deploys by an application and a deployment group; expected engine CodeDeploy with codeDeploy, or neither of them',
        },
        {
          rule: "self.engine == 'TargetGroupSwap' || has(self.traffic)",
          fieldPath: '.engine',
          message:
            'a rolling release has no traffic that an engine could move; expected no engine, or traffic',
        },
        {
          rule: "self.engine == 'TargetGroupSwap' || !has(self.service) || !has(self.service.names)",
          fieldPath: '.service.names',
          message:
            "an engine of AWS's own moves the traffic within one service; expected service.name, or no name, which means the release's own",
        },
      ],
      properties: {
        engine: {
          title: 'Engine',
          description:
            "Who moves the traffic - Steersman by swapping target groups, ECS's own blue/green, or CodeDeploy.",
          type: 'string',
          enum: ['TargetGroupSwap', 'Native', 'CodeDeploy'],
          default: 'TargetGroupSwap',
        },
        engineRoleArn: {
          description: 'Role with which ECS changes the load balancer, for engine Native.',
          type: 'string',
          maxLength: 2048,
          pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
        },
        codeDeploy: {
          title: 'CodeDeploy',
          description:
            'Where CodeDeploy deploys the release, for engine CodeDeploy. Both exist, as Terraform made them; Steersman changes neither.',
          type: 'object',
          required: ['application', 'deploymentGroup'],
          properties: {
            application: {
              description: 'Name of the application, of the compute platform ECS. Example shop.',
              type: 'string',
              minLength: 1,
              maxLength: 100,
            },
            deploymentGroup: {
              description: "Name of the deployment group, whose one service is the release's. Example web.",
              type: 'string',
              minLength: 1,
              maxLength: 100,
            },
          },
        },
        image: {
          title: 'Image',
          description:
            "The image that is put into one container of the task definition; it is resolved to a digest, and the digest is what runs. Left out, the task definition's own images run.",
          type: 'object',
          required: ['repository'],
          'x-kubernetes-validations': [
            {
              rule: '(has(self.tag) ? 1 : 0) + (has(self.digest) ? 1 : 0) + (has(self.tagFromCommit) ? 1 : 0) == 1',
              message: 'an image is chosen in one way; expected exactly one of tag, digest and tagFromCommit',
            },
          ],
          properties: {
            container: {
              description:
                'The container that gets the image. Left out, the one named like the release, or the only one.',
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
            },
            repository: {
              description:
                'The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.',
              type: 'string',
              minLength: 1,
              maxLength: 512,
              pattern: '^[a-z0-9]([-a-z0-9._]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*$',
            },
            tag: {
              description: 'The tag. Example 1.8.2.',
              type: 'string',
              maxLength: 128,
              pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
            },
            digest: {
              description: 'The digest. Example sha256 followed by a colon and 64 hexadecimal digits.',
              type: 'string',
              maxLength: 71,
              pattern: '^sha256:[a-f0-9]{64}$',
            },
            tagFromCommit: {
              title: 'TagFromCommit',
              description:
                'The tag is the id of the newest commit that touches the paths, as CI names its builds.',
              type: 'object',
              properties: {
                paths: {
                  description:
                    "Paths from the repository's root. Left out, every commit counts. Example [src].",
                  type: 'array',
                  minItems: 1,
                  maxItems: 50,
                  items: {
                    type: 'string',
                    minLength: 1,
                    maxLength: 1024,
                    pattern: '^[^-/\\\\:][^\\\\]*$',
                    'x-kubernetes-validations': [
                      {
                        rule: "!(self == '..' || self.startsWith('../') || self.contains('/../') || self.endsWith('/..'))",
                        message:
                          "the path leaves the repository; expected a path below the repository's root",
                      },
                    ],
                  },
                },
              },
            },
            wait: {
              description: 'How long an image that is not in the registry yet is waited for. A Go duration.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '30m',
            },
          },
        },
        images: {
          description:
            "Images of several containers of the task definition, by the container's name; each is resolved to a digest, and all of them make one version. Of the container that takes the requests (traffic.container, else the one named like the release) comes ${imageTag}.",
          type: 'object',
          maxProperties: 10,
          additionalProperties: {
            title: 'ContainerImage',
            description: 'The image of one container.',
            type: 'object',
            required: ['repository'],
            'x-kubernetes-validations': [
              {
                rule: '(has(self.tag) ? 1 : 0) + (has(self.digest) ? 1 : 0) + (has(self.tagFromCommit) ? 1 : 0) == 1',
                message:
                  'an image is chosen in one way; expected exactly one of tag, digest and tagFromCommit',
              },
            ],
            properties: {
              repository: {
                description:
                  'The repository, without tag. Example 123456789012.dkr.ecr.eu-west-1.amazonaws.com/web.',
                type: 'string',
                minLength: 1,
                maxLength: 512,
                pattern: '^[a-z0-9]([-a-z0-9._]*[a-z0-9])?(:[0-9]+)?(/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*$',
              },
              tag: {
                description: 'The tag. Example 1.8.2.',
                type: 'string',
                maxLength: 128,
                pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
              },
              digest: {
                description: 'The digest. Example sha256 followed by a colon and 64 hexadecimal digits.',
                type: 'string',
                maxLength: 71,
                pattern: '^sha256:[a-f0-9]{64}$',
              },
              tagFromCommit: {
                title: 'TagFromCommit',
                description:
                  'The tag is the id of the newest commit that touches the paths, as CI names its builds.',
                type: 'object',
                properties: {
                  paths: {
                    description:
                      "Paths from the repository's root. Left out, every commit counts. Example [src].",
                    type: 'array',
                    minItems: 1,
                    maxItems: 50,
                    items: {
                      type: 'string',
                      minLength: 1,
                      maxLength: 1024,
                      pattern: '^[^-/\\\\:][^\\\\]*$',
                      'x-kubernetes-validations': [
                        {
                          rule: "!(self == '..' || self.startsWith('../') || self.contains('/../') || self.endsWith('/..'))",
                          message:
                            "the path leaves the repository; expected a path below the repository's root",
                        },
                      ],
                    },
                  },
                },
              },
              wait: {
                description:
                  'How long an image that is not in the registry yet is waited for. A Go duration.',
                type: 'string',
                maxLength: 32,
                pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                default: '30m',
              },
            },
          },
        },
        pin: {
          title: 'Pin',
          description:
            'Serve exactly what an earlier rollout served, or a task definition, until the pin is taken away. No build, no Terraform, no wait for an image.',
          type: 'object',
          nullable: true,
          required: ['reason'],
          'x-kubernetes-validations': [
            {
              rule: 'has(self.rollout) != has(self.taskDefinition)',
              message: 'a pin names one version; expected either rollout or taskDefinition',
            },
          ],
          properties: {
            rollout: {
              description: 'Number of the rollout. Example 41, for prod-web-41.',
              type: 'integer',
              format: 'int64',
              minimum: 1,
              maximum: 9999999,
            },
            taskDefinition: {
              description: 'ARN of the task definition, with its revision.',
              type: 'string',
              maxLength: 512,
              pattern: '^arn:[^:]+:ecs:[^:]+:[0-9]{12}:task-definition/[-A-Za-z0-9_]+:[0-9]+$',
            },
            reason: {
              description: 'Why, for those who read it later.',
              type: 'string',
              minLength: 1,
              maxLength: 1024,
            },
          },
        },
        dependsOn: {
          description:
            "Releases of the same environment that come first. Of one commit, this release's rollout begins once each of them serves what the commit wants of it, verified. Ways back (a pin, a moved tag, steersman rollback) wait for nobody.",
          type: 'array',
          minItems: 1,
          maxItems: 20,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            title: 'Dependency',
            description: 'A release that comes first.',
            type: 'object',
            required: ['name'],
            properties: {
              name: {
                description: 'Its metadata.name. Example api.',
                type: 'string',
                minLength: 1,
                maxLength: 63,
              },
            },
          },
        },
        group: {
          title: 'Group',
          description:
            'Releases with the same group move their traffic together. Each is provisioned and verified for itself; none gets traffic before all are ready, and when one fails up to the end of its bake, all go back.',
          type: 'object',
          required: ['name', 'atomic'],
          'x-kubernetes-validations': [
            {
              rule: 'self.atomic',
              fieldPath: '.atomic',
              message: 'a group moves as one, or its releases need none; expected true, or no group',
            },
          ],
          properties: {
            name: {
              description: 'The name that the members share. Example shop.',
              type: 'string',
              minLength: 1,
              maxLength: 63,
              pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
            },
            atomic: {
              description: 'That all move or none does; a group of another kind does not exist yet.',
              type: 'boolean',
            },
          },
        },
        adopted: {
          title: 'Adopted',
          description:
            'The revision that served before Steersman came, as steersman adopt writes it. While it has the very content that the release names, it is what is wanted and nothing is registered; and it counts as verified as long as git has no record of the release. Once another version serves it may be taken away.',
          type: 'object',
          required: ['taskDefinition'],
          properties: {
            taskDefinition: {
              description: 'ARN of the task definition, with its revision.',
              type: 'string',
              maxLength: 512,
              pattern: '^arn:[^:]+:ecs:[^:]+:[0-9]{12}:task-definition/[-A-Za-z0-9_]+:[0-9]+$',
            },
            image: {
              description:
                'Digest of the image that its tasks ran, where the task definition names the image by a tag.',
              type: 'string',
              maxLength: 71,
              pattern: '^sha256:[a-f0-9]{64}$',
            },
            images: {
              description:
                "The same of containers that take no requests, by the container's name; for a release that names several images.",
              type: 'object',
              maxProperties: 10,
              additionalProperties: { type: 'string', maxLength: 71, pattern: '^sha256:[a-f0-9]{64}$' },
            },
          },
        },
        taskDefinition: {
          title: 'TaskDefinitionSource',
          description: 'Where the task definition comes from.',
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: '(has(self.terraform) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.inline) ? 1 : 0) == 1',
              message:
                'a task definition comes from one place; expected exactly one of terraform, file and inline',
            },
          ],
          properties: {
            terraform: {
              description:
                'Name of the Terraform output that holds its ARN. Example web_task_definition_arn.',
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z_][A-Za-z0-9_-]*$',
            },
            file: {
              description:
                "File with the JSON or YAML of ECS's RegisterTaskDefinition, relative to the environment's source.path. Example taskdefs/web.json.",
              type: 'string',
              minLength: 1,
              maxLength: 1024,
              pattern: '^[^-/\\\\][^\\\\]*\\.(json|ya?ml)$',
              'x-kubernetes-validations': [
                {
                  rule: "!(self.startsWith('../') || self.contains('/../'))",
                  message:
                    "the path leaves the repository; expected a file below the environment's source.path",
                },
              ],
            },
            inline: {
              description:
                "The fields of ECS's RegisterTaskDefinition. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
        service: {
          title: 'ServicePair',
          description:
            'The two ECS services that take turns, or the one service of a rolling release. In git, cluster, name and names may each be {terraform: NAME}, the Terraform output that holds the name.',
          type: 'object',
          required: ['cluster'],
          'x-kubernetes-validations': [
            {
              rule: '!(has(self.name) && has(self.names))',
              message: 'a pair has two names, a single service one; expected either name or names',
            },
          ],
          properties: {
            cluster: {
              description: 'The cluster, by name.',
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
            },
            name: {
              description:
                "Name of the one service of a rolling release, or of an engine of AWS's own. Left out, the release's name.",
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
            },
            names: {
              title: 'ServiceNames',
              description: 'Names of the two services. Left out, <release>-blue and <release>-green.',
              type: 'object',
              required: ['blue', 'green'],
              'x-kubernetes-validations': [
                {
                  rule: 'self.blue != self.green',
                  message: 'the two sides need different names; expected blue and green to differ',
                },
              ],
              properties: {
                blue: {
                  description: "The blue side's.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 255,
                  pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
                },
                green: {
                  description: "The green side's.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 255,
                  pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
                },
              },
            },
            desiredCount: {
              description:
                "How many tasks the live side, or the one service, has. Left out, the count is not Steersman's (autoscaling), and the idle side gets the live side's. At least 1 for a release with traffic - a side that requests are sent to is never scaled to zero.",
              type: 'integer',
              minimum: 0,
              maximum: 5000,
            },
            scalingPolicies: {
              description:
                "Policies of autoscaling that each of the release's services shall have, by Application Auto Scaling's own names. Terraform makes them; what is otherwise is told as drift (drift.infrastructure) by the deep sweep, and never written. What a policy leaves out here is not compared.",
              type: 'array',
              maxItems: 10,
              items: {
                title: 'NamedScalingPolicy',
                description: 'One policy that tracks a target.',
                type: 'object',
                required: ['PolicyName', 'TargetTrackingScalingPolicyConfiguration'],
                properties: {
                  PolicyName: {
                    description:
                      'The policy\'s name, in which * stands for any text, as that may differ between the sides. Example "*-ECSServiceAverageCPUUtilization".',
                    type: 'string',
                    minLength: 1,
                    maxLength: 256,
                  },
                  TargetTrackingScalingPolicyConfiguration: {
                    title: 'TrackedTarget',
                    description: 'What the policy tracks, and how fast it acts.',
                    type: 'object',
                    required: ['TargetValue'],
                    properties: {
                      TargetValue: {
                        description: 'The value of the metric that autoscaling aims at.',
                        type: 'number',
                      },
                      PredefinedMetricSpecification: {
                        title: 'PredefinedMetric',
                        description: 'The metric.',
                        type: 'object',
                        required: ['PredefinedMetricType'],
                        properties: {
                          PredefinedMetricType: {
                            description: 'Its name.',
                            type: 'string',
                            enum: [
                              'ECSServiceAverageCPUUtilization',
                              'ECSServiceAverageMemoryUtilization',
                              'ALBRequestCountPerTarget',
                            ],
                          },
                        },
                      },
                      ScaleInCooldown: {
                        description: 'Seconds after tasks were taken away before more are; AWS fills in 300.',
                        type: 'integer',
                        minimum: 0,
                        maximum: 86400,
                      },
                      ScaleOutCooldown: {
                        description: 'Seconds after tasks were added before more are; AWS fills in 300.',
                        type: 'integer',
                        minimum: 0,
                        maximum: 86400,
                      },
                      DisableScaleIn: {
                        description: 'Whether the policy takes no tasks away; AWS fills in false.',
                        type: 'boolean',
                      },
                    },
                  },
                },
              },
            },
            settings: {
              title: 'ServiceSettings',
              description:
                "Fields of ECS's CreateService by ECS's own names, for both services of the pair. Not among them is what Steersman sets itself (cluster, serviceName, taskDefinition, desiredCount, loadBalancers, role, deploymentController, clientToken), what would take calls on both sides (serviceRegistries, serviceConnectConfiguration, vpcLatticeConfigurations) and ECS's own deployment strategies. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: '!(has(self.launchType) && has(self.capacityProviderStrategy))',
                  message: 'ECS takes one of the two; expected either launchType or capacityProviderStrategy',
                },
              ],
              properties: {
                launchType: {
                  description:
                    'Infrastructure on which tasks run. ECS never gives an existing service another one - from and to capacityProviderStrategy it can be changed, from EC2 to FARGATE only by a service that is made anew.',
                  type: 'string',
                  enum: ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'],
                },
                capacityProviderStrategy: {
                  description: 'Capacity providers and how tasks spread over them.',
                  type: 'array',
                  maxItems: 20,
                  items: {
                    title: 'CapacityProviderItem',
                    description: 'One capacity provider.',
                    type: 'object',
                    required: ['capacityProvider'],
                    properties: {
                      capacityProvider: {
                        description: 'Name of the capacity provider. Example FARGATE_SPOT.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 255,
                      },
                      weight: {
                        description: 'Share of the tasks above all bases.',
                        type: 'integer',
                        minimum: 0,
                        maximum: 1000,
                      },
                      base: {
                        description: 'Tasks that run here before any weight counts.',
                        type: 'integer',
                        minimum: 0,
                        maximum: 100000,
                      },
                    },
                  },
                },
                platformVersion: {
                  description: 'Fargate platform version. Example 1.4.0.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 64,
                },
                networkConfiguration: {
                  title: 'NetworkConfiguration',
                  description: 'Network of the tasks, for network mode awsvpc.',
                  type: 'object',
                  required: ['awsvpcConfiguration'],
                  properties: {
                    awsvpcConfiguration: {
                      title: 'AwsvpcConfiguration',
                      description: 'Subnets and security groups of the tasks.',
                      type: 'object',
                      required: ['subnets'],
                      properties: {
                        subnets: {
                          description: 'Ids of the subnets, at most 16.',
                          type: 'array',
                          minItems: 1,
                          maxItems: 16,
                          items: { type: 'string', minLength: 1, maxLength: 64 },
                        },
                        securityGroups: {
                          description: 'Ids of the security groups, at most 5.',
                          type: 'array',
                          maxItems: 5,
                          items: { type: 'string', minLength: 1, maxLength: 64 },
                        },
                        assignPublicIp: {
                          description: 'Whether tasks get a public address.',
                          type: 'string',
                          enum: ['ENABLED', 'DISABLED'],
                        },
                      },
                    },
                  },
                },
                placementConstraints: {
                  description: 'Constraints on the instances that tasks are placed on, at most 10.',
                  type: 'array',
                  maxItems: 10,
                  items: {
                    title: 'PlacementConstraint',
                    description: 'One placement constraint.',
                    type: 'object',
                    required: ['type'],
                    properties: {
                      type: {
                        description: 'Kind of the constraint.',
                        type: 'string',
                        enum: ['distinctInstance', 'memberOf'],
                      },
                      expression: {
                        description: 'Cluster query language expression, for memberOf.',
                        type: 'string',
                        maxLength: 2000,
                      },
                    },
                  },
                },
                placementStrategy: {
                  description: 'How tasks spread over instances, at most 5.',
                  type: 'array',
                  maxItems: 5,
                  items: {
                    title: 'PlacementStrategy',
                    description: 'One placement strategy.',
                    type: 'object',
                    required: ['type'],
                    properties: {
                      type: {
                        description: 'Kind of the strategy.',
                        type: 'string',
                        enum: ['random', 'spread', 'binpack'],
                      },
                      field: {
                        description:
                          'What the strategy is applied to. Example attribute:ecs.availability-zone.',
                        type: 'string',
                        maxLength: 255,
                      },
                    },
                  },
                },
                healthCheckGracePeriodSeconds: {
                  description:
                    "Seconds after a task's start in which ECS does not mind failed health checks.",
                  type: 'integer',
                  minimum: 0,
                  maximum: 2147483647,
                },
                schedulingStrategy: {
                  description: 'Only REPLICA; a daemon has no two sides.',
                  type: 'string',
                  enum: ['REPLICA'],
                },
                enableECSManagedTags: {
                  description: 'Whether ECS tags tasks with cluster and service.',
                  type: 'boolean',
                },
                propagateTags: {
                  description: 'From where tasks get their tags.',
                  type: 'string',
                  enum: ['TASK_DEFINITION', 'SERVICE', 'NONE'],
                },
                enableExecuteCommand: {
                  description: 'Whether ECS Exec is on for the tasks.',
                  type: 'boolean',
                },
                availabilityZoneRebalancing: {
                  description: 'Whether ECS moves tasks to balance availability zones.',
                  type: 'string',
                  enum: ['ENABLED', 'DISABLED'],
                },
                deploymentConfiguration: {
                  title: 'DeploymentConfiguration',
                  description: "Bounds of ECS's rolling replacement of tasks within one side.",
                  type: 'object',
                  properties: {
                    maximumPercent: {
                      description: 'Most tasks during a replacement, in percent of the desired count.',
                      type: 'integer',
                      minimum: 100,
                      maximum: 1000,
                    },
                    minimumHealthyPercent: {
                      description:
                        'Least healthy tasks during a replacement, in percent of the desired count.',
                      type: 'integer',
                      minimum: 0,
                      maximum: 100,
                    },
                  },
                },
                tags: {
                  description:
                    'Tags of the services, at most 50. Changed ones reach services that exist without a rollout; tags that nobody named here are left alone. Keys that begin with steersman.dev/ belong to Steersman.',
                  type: 'array',
                  maxItems: 50,
                  items: {
                    title: 'Tag',
                    description: 'One tag.',
                    type: 'object',
                    required: ['key'],
                    'x-kubernetes-validations': [
                      {
                        rule: "!self.key.startsWith('steersman.dev/') && !self.key.startsWith('aws:')",
                        message:
                          'tag keys with this prefix are taken; expected a key outside of `steersman.dev/` and `aws:`',
                      },
                    ],
                    properties: {
                      key: { description: 'Key of the tag.', type: 'string', minLength: 1, maxLength: 128 },
                      value: { description: 'Value of the tag.', type: 'string', maxLength: 256 },
                    },
                  },
                },
                volumeConfigurations: {
                  description: "EBS volumes that ECS attaches to tasks, in ECS's own form.",
                  type: 'array',
                  maxItems: 1,
                  items: {
                    title: 'VolumeConfiguration',
                    description:
                      'One volume. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html',
                    type: 'object',
                    required: ['name'],
                    properties: {
                      name: {
                        description: 'Name of the volume in the task definition.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 255,
                      },
                      managedEBSVolume: {
                        description: "The volume's settings, ECS's own JSON.",
                        type: 'object',
                        'x-kubernetes-preserve-unknown-fields': true,
                      },
                    },
                  },
                },
              },
            },
          },
        },
        traffic: {
          title: 'Traffic',
          description:
            'Where requests come in. In git, load balancer, target groups and ARNs of rules may each be {terraform: NAME}, the Terraform output that holds the name.',
          type: 'object',
          required: ['loadBalancer', 'targetGroups'],
          properties: {
            loadBalancer: {
              description: 'The application load balancer, by name or ARN.',
              type: 'string',
              minLength: 1,
              maxLength: 512,
              pattern:
                '^([A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?|arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:loadbalancer/app/.+)$',
            },
            rule: {
              title: 'TrafficRule',
              description:
                "One rule of the load balancer - by its ARN, or by the listener's port with the host and path that the rule matches. A port alone is the listener's default action.",
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: 'has(self.ruleArn) != has(self.port)',
                  message: 'a rule is named in one way; expected either ruleArn or port',
                },
                {
                  rule: '!has(self.ruleArn) || (!has(self.host) && !has(self.path))',
                  message: 'an ARN names a rule completely; expected no host and no path beside ruleArn',
                },
              ],
              properties: {
                ruleArn: {
                  description: 'ARN of the listener rule.',
                  type: 'string',
                  maxLength: 512,
                  pattern: '^arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:listener-rule/app/.+$',
                },
                port: {
                  description: 'Port of the listener. Example 443.',
                  type: 'integer',
                  minimum: 1,
                  maximum: 65535,
                },
                host: {
                  description:
                    "The value of the rule's host-header condition, as it stands there. Example shop.example.com.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 128,
                  pattern: '^[-A-Za-z0-9_.*?]+$',
                },
                path: {
                  description:
                    "The value of the rule's path-pattern condition, as it stands there. Example /api/*.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 128,
                  pattern: '^[/*?][!-~]*$',
                },
              },
            },
            rules: {
              description:
                'Several production rules that are moved together. All of them belong to the one load balancer.',
              type: 'array',
              minItems: 1,
              maxItems: 20,
              items: {
                title: 'TrafficRule',
                description:
                  "One rule of the load balancer - by its ARN, or by the listener's port with the host and path that the rule matches. A port alone is the listener's default action.",
                type: 'object',
                'x-kubernetes-validations': [
                  {
                    rule: 'has(self.ruleArn) != has(self.port)',
                    message: 'a rule is named in one way; expected either ruleArn or port',
                  },
                  {
                    rule: '!has(self.ruleArn) || (!has(self.host) && !has(self.path))',
                    message: 'an ARN names a rule completely; expected no host and no path beside ruleArn',
                  },
                ],
                properties: {
                  ruleArn: {
                    description: 'ARN of the listener rule.',
                    type: 'string',
                    maxLength: 512,
                    pattern: '^arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:listener-rule/app/.+$',
                  },
                  port: {
                    description: 'Port of the listener. Example 443.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 65535,
                  },
                  host: {
                    description:
                      "The value of the rule's host-header condition, as it stands there. Example shop.example.com.",
                    type: 'string',
                    minLength: 1,
                    maxLength: 128,
                    pattern: '^[-A-Za-z0-9_.*?]+$',
                  },
                  path: {
                    description:
                      "The value of the rule's path-pattern condition, as it stands there. Example /api/*.",
                    type: 'string',
                    minLength: 1,
                    maxLength: 128,
                    pattern: '^[/*?][!-~]*$',
                  },
                },
              },
            },
            test: {
              title: 'TrafficRule',
              description:
                "One rule of the load balancer - by its ARN, or by the listener's port with the host and path that the rule matches. A port alone is the listener's default action.",
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: 'has(self.ruleArn) != has(self.port)',
                  message: 'a rule is named in one way; expected either ruleArn or port',
                },
                {
                  rule: '!has(self.ruleArn) || (!has(self.host) && !has(self.path))',
                  message: 'an ARN names a rule completely; expected no host and no path beside ruleArn',
                },
              ],
              properties: {
                ruleArn: {
                  description: 'ARN of the listener rule.',
                  type: 'string',
                  maxLength: 512,
                  pattern: '^arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:listener-rule/app/.+$',
                },
                port: {
                  description: 'Port of the listener. Example 443.',
                  type: 'integer',
                  minimum: 1,
                  maximum: 65535,
                },
                host: {
                  description:
                    "The value of the rule's host-header condition, as it stands there. Example shop.example.com.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 128,
                  pattern: '^[-A-Za-z0-9_.*?]+$',
                },
                path: {
                  description:
                    "The value of the rule's path-pattern condition, as it stands there. Example /api/*.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 128,
                  pattern: '^[/*?][!-~]*$',
                },
              },
            },
            targetGroups: {
              title: 'TargetGroups',
              description:
                'The target groups of the two sides, by name or ARN. A name has at most 32 characters.',
              type: 'object',
              required: ['blue', 'green'],
              'x-kubernetes-validations': [
                {
                  rule: 'self.blue != self.green',
                  message: 'the two sides need different target groups; expected blue and green to differ',
                },
              ],
              properties: {
                blue: {
                  description: "The blue side's.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 512,
                  pattern:
                    '^([A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?|arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:targetgroup/.+)$',
                },
                green: {
                  description: "The green side's.",
                  type: 'string',
                  minLength: 1,
                  maxLength: 512,
                  pattern:
                    '^([A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?|arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:targetgroup/.+)$',
                },
              },
            },
            targetGroupAttributes: {
              description:
                'Attributes that both target groups shall have, by Elastic Load Balancing\'s own names. Terraform sets them; what is otherwise is told as drift (drift.infrastructure) by the deep sweep, and never written. Example "deregistration_delay.timeout_seconds": "30".',
              type: 'object',
              maxProperties: 30,
              additionalProperties: { type: 'string', maxLength: 1024 },
            },
            tags: {
              description:
                "Tags that both target groups, the release's rules and listeners whose default actions are among them shall have, at most 40. The deep sweep looks at them, and they are put back as drift.traffic says; tags that nobody named here are left alone. Keys that begin with steersman.dev/ belong to Steersman.",
              type: 'array',
              maxItems: 40,
              items: {
                title: 'Tag',
                description: 'One tag.',
                type: 'object',
                required: ['key'],
                'x-kubernetes-validations': [
                  {
                    rule: "!self.key.startsWith('steersman.dev/') && !self.key.startsWith('aws:')",
                    message:
                      'tag keys with this prefix are taken; expected a key outside of `steersman.dev/` and `aws:`',
                  },
                ],
                properties: {
                  key: { description: 'Key of the tag.', type: 'string', minLength: 1, maxLength: 128 },
                  value: { description: 'Value of the tag.', type: 'string', maxLength: 256 },
                },
              },
            },
            container: {
              description:
                'The container that gets the requests. Left out, image.container, else the one named like the release, or the only one.',
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
            },
            containerPort: {
              description:
                "Port of the container that gets the requests. Left out, the container's only port mapping.",
              type: 'integer',
              minimum: 1,
              maximum: 65535,
            },
            actions: {
              title: 'TrafficActions',
              description: 'Actions of the rule other than forward, for rules that Steersman makes whole.',
              type: 'object',
              required: ['terraform'],
              properties: {
                terraform: {
                  description: 'Name of the Terraform output that holds them.',
                  type: 'string',
                  maxLength: 255,
                  pattern: '^[A-Za-z_][A-Za-z0-9_-]*$',
                },
              },
            },
          },
        },
        schedules: {
          description:
            'Schedules of Amazon EventBridge Scheduler that run a task of this release. Once a version has succeeded, Steersman points each of them at its task definition, and at nothing else; all else of a schedule stays as it is.',
          type: 'array',
          minItems: 1,
          maxItems: 20,
          items: {
            title: 'Schedule',
            description: 'One schedule. Its target is an ECS cluster.',
            type: 'object',
            required: ['name'],
            properties: {
              name: {
                description: 'Its name. Example nightly-report.',
                type: 'string',
                minLength: 1,
                maxLength: 64,
                pattern: '^[-_.0-9a-zA-Z]+$',
              },
              group: {
                description: 'Its schedule group.',
                type: 'string',
                minLength: 1,
                maxLength: 64,
                pattern: '^[-_.0-9a-zA-Z]+$',
                default: 'default',
              },
            },
          },
        },
        strategy: {
          default: { type: 'BlueGreen' },
          title: 'Strategy',
          description: 'How traffic moves to a new version.',
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: "!has(self.steps) || self.type == 'Canary'",
              message: 'steps belong to a canary; expected type Canary, or no steps',
            },
            {
              rule: "(!has(self.by) && !has(self.every)) || self.type == 'Linear'",
              message: 'by and every belong to a linear shift; expected type Linear, or neither of them',
            },
            {
              rule: "self.type != 'Canary' || has(self.steps)",
              message: 'a canary needs its steps; expected steps',
            },
            {
              rule: "self.type != 'Linear' || (has(self.by) && has(self.every))",
              message: 'a linear shift needs its step and its pace; expected by and every',
            },
          ],
          properties: {
            type: {
              description:
                'BlueGreen moves all traffic at once, Canary by the given steps, Linear by equal steps; Rolling is for workers without a load balancer.',
              type: 'string',
              enum: ['BlueGreen', 'Canary', 'Linear', 'Rolling'],
              default: 'BlueGreen',
            },
            steps: {
              description:
                'The steps of a canary, each with more than the one before. After the last one all traffic moves.',
              type: 'array',
              minItems: 1,
              maxItems: 50,
              items: {
                title: 'CanaryStep',
                description: 'One step of a canary.',
                type: 'object',
                required: ['weight', 'for'],
                properties: {
                  weight: {
                    description: 'Weight of the new version, in percent.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 99,
                  },
                  for: {
                    description: 'How long the step lasts. A Go duration.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                  },
                },
              },
            },
            by: {
              description: 'Weight added by each step of a linear shift, in percent.',
              type: 'integer',
              minimum: 1,
              maximum: 100,
            },
            every: {
              description: 'How long each step of a linear shift lasts before the next one. A Go duration.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
            },
            bake: {
              description:
                'How long gates watch the new version at full traffic before the rollout succeeds. A Go duration; 0s for none.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '5m',
            },
            keepPrevious: {
              description:
                'How long the old side stays warm after success, so that going back is one write. A Go duration; 0s for not at all.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '30m',
            },
            deadline: {
              description:
                'Time in which the rollout has to succeed, human waits left out, before it goes back. A Go duration.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '30m',
              'x-kubernetes-validations': [
                {
                  rule: "duration(self) >= duration('1s')",
                  message: 'no rollout can be that fast; expected a deadline of at least 1s',
                },
              ],
            },
            supersede: {
              description:
                'When a newer commit ends a running rollout - only before its first weight moves, or always. With Always, merges that come faster than verify and bake would never finish.',
              type: 'string',
              enum: ['BeforeShift', 'Always'],
              default: 'BeforeShift',
            },
          },
        },
        ignore: {
          description:
            'Fields that belong to others - they are neither told as drift nor put back; a rollout still gives the side that it starts what the release says. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.',
          type: 'array',
          maxItems: 100,
          items: {
            type: 'string',
            maxLength: 1024,
            pattern:
              '^/(service|idleService|taskDefinition|listeners|rules|targetGroups|targetGroupAttributes|scalableTargets|scalingPolicies)(/([^/~]|~[01])*)+$',
          },
        },
        gates: {
          description: 'The checks between a new version and the traffic, in order.',
          type: 'array',
          default: [],
          maxItems: 20,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            title: 'Gate',
            description:
              'One check between a new version and the traffic. Exactly one of http, warming, task, lambda, script, cloudwatch, prometheus, manual, webhook and alarms says what is asked. It ends as Passed, Failed, Inconclusive or TimedOut; everything but Passed follows onFailure.',
            type: 'object',
            required: ['name'],
            'x-kubernetes-validations': [
              {
                rule: '(has(self.http) ? 1 : 0) + (has(self.warming) ? 1 : 0) + (has(self.task) ? 1 : 0) + (has(self.lambda) ? 1 : 0) + (has(self.script) ? 1 : 0) + (has(self.cloudwatch) ? 1 : 0) + (has(self.prometheus) ? 1 : 0) + (has(self.manual) ? 1 : 0) + (has(self.webhook) ? 1 : 0) + (has(self.alarms) ? 1 : 0) == 1',
                message:
                  'a gate asks exactly one thing; expected one of http, warming, task, lambda, script, cloudwatch, prometheus, manual, webhook, alarms',
              },
              {
                rule: '!has(self.alreadyRed) || has(self.alarms)',
                message: 'only alarms can be red already; expected alreadyRed beside alarms alone',
              },
              {
                rule: "!has(self.cloudwatch) || !has(self.cloudwatch.compare) || (has(self.when) && self.when == 'Shift')",
                message: 'both sides have traffic only while weights move; expected compare at Shift alone',
              },
            ],
            properties: {
              name: {
                description:
                  "Name of the gate, unique in its release. It appears in the Rollout's status, in events and in metrics. Example smoke.",
                type: 'string',
                minLength: 1,
                maxLength: 63,
                pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
              },
              when: {
                title: 'GateStage',
                description:
                  "The stage in which the gate runs. BeforeProvision - before anything is written to ECS. Verify - against the idle side. BeforeShift - right before the first weight moves. Shift - while each step of a canary or linear shift is held, anew for each step. Bake - at full traffic. AfterSuccess - after the bake, the last thing before the rollout counts as Succeeded, while the old side is still warm. BeforeRollback - before a rollback that a person asked for, by a pin, the tag, a revert or an abort after the first weight, and never before Steersman gives the traffic back by itself; there only a person's rejection, or a Hold until somebody decides, keeps the rollback from being made. Left out, the stage follows from the kind of check - http, lambda and script at Verify, task at BeforeProvision, manual and warming at BeforeShift, webhook at AfterSuccess, cloudwatch, prometheus and alarms at Bake.",
                type: 'string',
                enum: [
                  'BeforeProvision',
                  'Verify',
                  'BeforeShift',
                  'Shift',
                  'Bake',
                  'AfterSuccess',
                  'BeforeRollback',
                ],
              },
              http: {
                title: 'HttpCheck',
                description:
                  'Requests to the idle side through the test listener (at Verify and BeforeShift), or to the live side through the production rule (at Bake and AfterSuccess).',
                type: 'object',
                required: ['path'],
                properties: {
                  path: {
                    description: 'Path and query of the request. Example /healthz.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 2048,
                    pattern: '^/[!-~]*$',
                  },
                  method: {
                    description: 'Method of the request.',
                    type: 'string',
                    enum: ['GET', 'HEAD', 'POST'],
                    default: 'GET',
                  },
                  host: {
                    description:
                      "Host header of the request. Left out, it is the host of the production rule, else the listener's address.",
                    type: 'string',
                    minLength: 1,
                    maxLength: 253,
                  },
                  headers: {
                    description:
                      'More headers of the request, by name. Never put a secret here, it would stand in the Rollout.',
                    type: 'object',
                    maxProperties: 20,
                    additionalProperties: { type: 'string', maxLength: 4096 },
                  },
                  expect: {
                    title: 'HttpExpectation',
                    description: 'What the answer has to be.',
                    type: 'object',
                    default: {},
                    properties: {
                      status: {
                        description: 'Status code of the answer.',
                        type: 'integer',
                        minimum: 100,
                        maximum: 599,
                        default: 200,
                      },
                      body: {
                        description:
                          'A text that the answer\'s body contains, compared as it stands. Example "version":"${imageTag}".',
                        type: 'string',
                        minLength: 1,
                        maxLength: 4096,
                      },
                    },
                  },
                  successes: {
                    description:
                      'How many answers in a row must be as expected before the gate passes at Verify.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 1000,
                    default: 1,
                  },
                  interval: {
                    description: 'Time between two requests. A Go duration, at least 100ms.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '2s',
                    'x-kubernetes-validations': [
                      {
                        rule: "duration(self) >= duration('100ms')",
                        message: 'the interval of a gate is too short; expected at least 100ms',
                      },
                    ],
                  },
                  requestTimeout: {
                    description: 'Time after which one request counts as failed. A Go duration.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '5s',
                  },
                },
              },
              warming: {
                title: 'WarmingCheck',
                description:
                  'Requests that warm the idle side up through the test listener before it takes traffic, at Verify or BeforeShift. The gate passes once enough of them were answered with a status below 400. Statuses from 400 on count as failed answers; what is not answered in time is sent again until the timeout.',
                type: 'object',
                required: ['requests'],
                properties: {
                  requests: {
                    description:
                      'How many requests have to be answered well. Several for each task of the side, since the load balancer spreads them.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 10000,
                  },
                  paths: {
                    description: 'Paths and queries that are asked in turn.',
                    type: 'array',
                    minItems: 1,
                    maxItems: 50,
                    default: ['/'],
                    items: { type: 'string', minLength: 1, maxLength: 2048, pattern: '^/[!-~]*$' },
                  },
                  host: {
                    description:
                      "Host header of the requests. Left out, it is the host of the production rule, else the listener's address.",
                    type: 'string',
                    minLength: 1,
                    maxLength: 253,
                  },
                  headers: {
                    description:
                      'More headers of the requests, by name. Never put a secret here, it would stand in the Rollout.',
                    type: 'object',
                    maxProperties: 20,
                    additionalProperties: { type: 'string', maxLength: 4096 },
                  },
                  concurrency: {
                    description: 'How many requests are under way at once at most.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 50,
                    default: 4,
                  },
                  perSecond: {
                    description: 'How many requests are begun in a second at most.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 200,
                    default: 20,
                  },
                  requestTimeout: {
                    description:
                      'Time after which a request counts as not answered. A Go duration, at most 30s.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '5s',
                    'x-kubernetes-validations': [
                      {
                        rule: "duration(self) <= duration('30s')",
                        message: 'a request of a warming is too long; expected at most 30s',
                      },
                    ],
                  },
                },
              },
              task: {
                title: 'TaskCheck',
                description:
                  'A one-off ECS task of the new task definition; exit code 0 passes. It runs once per rollout and is waited for.',
                type: 'object',
                required: ['command'],
                properties: {
                  command: {
                    description: 'The command, one argument per item. Example ["npm", "run", "migrate"].',
                    type: 'array',
                    minItems: 1,
                    maxItems: 100,
                    items: { type: 'string', maxLength: 8192 },
                  },
                  container: {
                    description: "The container whose command is replaced. Left out, the image's container.",
                    type: 'string',
                    minLength: 1,
                    maxLength: 255,
                  },
                  irreversible: {
                    description:
                      'Whether going back to an earlier version does not undo what the command does, as with a migration that drops a column. From its start on people are refused the way back behind it unless they say --unsafe; where Steersman goes back by itself, it says so. Example true.',
                    type: 'boolean',
                  },
                },
              },
              lambda: {
                title: 'LambdaCheck',
                description:
                  "A Lambda function that decides, as lifecycle hooks of ECS deployments do. It is invoked with their payload and answers hookStatus SUCCEEDED, FAILED, or IN_PROGRESS, which has it asked again callBackDelay seconds later. An error of the function is Inconclusive. Its ARN must stand in the environment's allow.lambdas.",
                type: 'object',
                required: ['function'],
                properties: {
                  function: {
                    description:
                      'ARN of the function, with or without a version or an alias. Example arn:aws:lambda:eu-central-1:123456789012:function:smoke.',
                    type: 'string',
                    maxLength: 512,
                    pattern:
                      '^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$',
                  },
                  payload: {
                    description:
                      'What the function is given as hookDetails each time. Never put a secret here, it would stand in the Rollout.',
                    type: 'object',
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                },
              },
              script: {
                title: 'ScriptCheck',
                description:
                  "A program beside the controller's configuration, with exit code 0 for a good answer and any other for a bad one. One that can't be started or takes too long is Inconclusive. Releases may name those alone that the environment's allow.scripts lists.",
                type: 'object',
                required: ['command'],
                properties: {
                  command: {
                    description:
                      'The program and its arguments, one per item. The program is a path below the directory of the controller\'s configuration. Never put a secret here, it would stand in the Rollout. Example ["scripts/smoke.sh", "checkout"].',
                    type: 'array',
                    minItems: 1,
                    maxItems: 50,
                    items: { type: 'string', minLength: 1, maxLength: 1024 },
                  },
                  runTimeout: {
                    description:
                      'Time after which one run is killed, with all that it has started. A Go duration, at most 10m.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '1m',
                    'x-kubernetes-validations': [
                      {
                        rule: "duration(self) <= duration('10m')",
                        message: 'a run of a script is too long; expected at most 10m',
                      },
                    ],
                  },
                },
              },
              cloudwatch: {
                title: 'CloudWatchCheck',
                description:
                  'A CloudWatch metric, or an expression over several, against a bound, at Verify or at Bake. The newest whole period that began after the phase did is judged, once per period; no data is Inconclusive.',
                type: 'object',
                'x-kubernetes-validations': [
                  {
                    rule: 'has(self.max) || has(self.min) || has(self.compare)',
                    message: "a metric without a bound can't fail; expected max, min or both, or compare",
                  },
                  {
                    rule: 'has(self.expression) == has(self.queries)',
                    message:
                      'an expression is about the metrics that queries names; expected both or neither',
                  },
                  {
                    rule: 'has(self.expression) ? !has(self.namespace) && !has(self.metric) && !has(self.statistic) && !has(self.dimensions) : has(self.namespace) && has(self.metric) && has(self.statistic)',
                    message:
                      'one metric or an expression is asked; expected namespace, metric and statistic, or queries and expression',
                  },
                ],
                properties: {
                  namespace: {
                    description: 'Namespace of the metric. Example AWS/ApplicationELB.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 255,
                  },
                  metric: {
                    description: 'Name of the metric. Example TargetResponseTime.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 255,
                  },
                  dimensions: {
                    description:
                      "Dimensions of the metric, by name. In their values ${loadBalancer} and ${targetGroup} stand for what CloudWatch calls the release's load balancer and the target group of the side on trial, ${service} and ${cluster} for the names of its ECS service and cluster.",
                    type: 'object',
                    maxProperties: 30,
                    additionalProperties: { type: 'string', maxLength: 1024 },
                  },
                  statistic: {
                    description: 'Statistic or percentile, as CloudWatch writes it. Example p99.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 32,
                  },
                  queries: {
                    description:
                      'The metrics that the expression is about, by the name that they have in it - a small letter, then letters, digits and underscores.',
                    type: 'object',
                    maxProperties: 20,
                    additionalProperties: {
                      title: 'CloudWatchQuery',
                      description: 'One metric.',
                      type: 'object',
                      required: ['namespace', 'metric', 'statistic'],
                      properties: {
                        namespace: {
                          description: 'Namespace of the metric. Example AWS/ApplicationELB.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 255,
                        },
                        metric: {
                          description: 'Name of the metric. Example TargetResponseTime.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 255,
                        },
                        dimensions: {
                          description:
                            "Dimensions of the metric, by name. In their values ${loadBalancer} and ${targetGroup} stand for what CloudWatch calls the release's load balancer and the target group of the side on trial, ${service} and ${cluster} for the names of its ECS service and cluster.",
                          type: 'object',
                          maxProperties: 30,
                          additionalProperties: { type: 'string', maxLength: 1024 },
                        },
                        statistic: {
                          description: 'Statistic or percentile, as CloudWatch writes it. Example p99.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 32,
                        },
                      },
                    },
                  },
                  expression: {
                    description:
                      'Metric math that gives one series, as CloudWatch writes it. Example 100 * errors / requests.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 1024,
                  },
                  compare: {
                    title: 'SideComparison',
                    description:
                      "Holds the side on trial against the live one, whose value is the same question with the live side's placeholders, in the same period. Only at Shift, while both have traffic.",
                    type: 'object',
                    'x-kubernetes-validations': [
                      {
                        rule: 'has(self.maxRatio) || has(self.maxDifference)',
                        message:
                          "a comparison without a bound can't fail; expected maxRatio, maxDifference or both",
                      },
                    ],
                    properties: {
                      to: {
                        description:
                          'What is held against - Live, the side that had the traffic before the rollout.',
                        type: 'string',
                        enum: ['Live'],
                        default: 'Live',
                      },
                      maxRatio: {
                        description:
                          "How many times the live side's value the value may be at most. Where that is 0 and the value is not, the ratio says nothing.",
                        type: 'number',
                        minimum: 0,
                      },
                      maxDifference: {
                        description:
                          "How much more than the live side's value the value may be at most, in the metric's own unit.",
                        type: 'number',
                      },
                    },
                  },
                  period: {
                    description: 'Length of one data point. A Go duration, whole minutes.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '1m',
                    'x-kubernetes-validations': [
                      {
                        rule: "duration(self) >= duration('1m')",
                        message: 'the period of a metric is too short; expected at least 1m',
                      },
                    ],
                  },
                  max: {
                    description: "The highest value that passes, in the metric's own unit.",
                    type: 'number',
                  },
                  min: {
                    description: "The lowest value that passes, in the metric's own unit.",
                    type: 'number',
                  },
                },
              },
              prometheus: {
                title: 'PrometheusCheck',
                description:
                  "A PromQL query against a bound, at Verify or at Bake. Its host must stand in the environment's allow.gateHosts. No series, several series and NaN are Inconclusive.",
                type: 'object',
                required: ['server', 'query'],
                'x-kubernetes-validations': [
                  {
                    rule: 'has(self.max) || has(self.min)',
                    message: "a query without a bound can't fail; expected max, min or both",
                  },
                ],
                properties: {
                  server: {
                    description: 'Address of the server. Example http://prometheus:9090.',
                    type: 'string',
                    maxLength: 2048,
                    pattern: '^https?://[!-~]+$',
                  },
                  query: {
                    description: 'An instant query that gives one number.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 8192,
                  },
                  max: { description: 'The highest value that passes.', type: 'number' },
                  min: { description: 'The lowest value that passes.', type: 'number' },
                  interval: {
                    description: 'Time between two queries. A Go duration, at least 1s.',
                    type: 'string',
                    maxLength: 32,
                    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                    default: '15s',
                    'x-kubernetes-validations': [
                      {
                        rule: "duration(self) >= duration('1s')",
                        message: 'the interval of a query is too short; expected at least 1s',
                      },
                    ],
                  },
                },
              },
              manual: {
                title: 'ManualCheck',
                description:
                  'A person approves or rejects. Whoever wrote or committed the commit may not approve it. The time of waiting does not count against the deadline.',
                type: 'object',
                properties: {
                  approvers: {
                    description:
                      'Who may approve, by the name of their token. Left out, everybody with the role approver.',
                    type: 'array',
                    maxItems: 50,
                    items: { type: 'string', minLength: 1, maxLength: 255 },
                  },
                },
              },
              webhook: {
                title: 'WebhookCheck',
                description:
                  "A POST with the Rollout as JSON. 2xx passes but for 202, which says not yet, so that it is asked again 10 seconds later; 4xx and 5xx fail, and redirects are not followed. Its host must stand in the environment's allow.gateHosts.",
                type: 'object',
                required: ['url'],
                properties: {
                  url: {
                    description: 'Address of the receiver. Example https://audit.internal/steersman.',
                    type: 'string',
                    maxLength: 2048,
                    pattern: '^https?://[!-~]+$',
                  },
                  callback: {
                    description:
                      'Whether a receiver that answers 202 calls back once it has decided, instead of being asked again every 10 seconds. Where it calls back, and the token for that, come in headers of the request; the environment needs webhookSecretFrom.',
                    type: 'boolean',
                    default: false,
                  },
                },
              },
              alarms: {
                description:
                  'Names of CloudWatch alarms, metric or composite, none of which may be in state ALARM. They are looked at every 15 seconds. INSUFFICIENT_DATA and an alarm that does not exist are Inconclusive.',
                type: 'array',
                minItems: 1,
                maxItems: 50,
                items: { type: 'string', minLength: 1, maxLength: 255 },
              },
              alreadyRed: {
                title: 'AlreadyRed',
                description:
                  'For alarms alone - what an alarm counts for that was in ALARM before the rollout began and has been since. Fail, the default, takes no rollout through a red alarm; Ignore lets one through that is to mend what is red. Once such an alarm was OK it counts again.',
                type: 'string',
                enum: ['Fail', 'Ignore'],
              },
              timeout: {
                description:
                  'Time after which the gate ends as TimedOut. At Bake, where http, alarms, cloudwatch and prometheus are asked for the whole bake time, it is the longest time without an answer. A Go duration. Give a manual gate hours.',
                type: 'string',
                maxLength: 32,
                pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
                default: '5m',
              },
              failureLimit: {
                description:
                  'How many failed answers are borne before the gate ends as Failed, at every stage. Where several good answers in a row are asked for, a failed one starts their count anew.',
                type: 'integer',
                minimum: 0,
                maximum: 1000,
                default: 0,
              },
              onFailure: {
                description:
                  'What follows when the gate does not pass - back to the old side, a halt until a person approves, rejects or retries it, or nothing. While it halts no weight is moved, both sides are kept and the deadline does not run.',
                type: 'string',
                enum: ['Rollback', 'Hold', 'Ignore'],
                default: 'Rollback',
              },
              dryRun: {
                description: 'Run and report the gate, but let the rollout go on whatever its result is.',
                type: 'boolean',
                default: false,
              },
            },
          },
        },
      },
    },
    status: {
      title: 'ReleaseStatus',
      description: 'What Steersman sees.',
      type: 'object',
      default: { observedGeneration: -1 },
      properties: {
        observedGeneration: {
          description: 'metadata.generation that this status was made from; -1 for none.',
          type: 'integer',
          format: 'int64',
        },
        conditions: {
          description: 'Ready, Reconciling, Stalled, Drifted, Pinned, Held, UnsafeVersion.',
          type: 'array',
          maxItems: 20,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          items: {
            title: 'Condition',
            description: 'One condition as kstatus reads it.',
            type: 'object',
            required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
            properties: {
              type: { description: 'Type of the condition. Example Ready.', type: 'string', maxLength: 316 },
              status: {
                description: 'Whether the condition holds.',
                type: 'string',
                enum: ['True', 'False', 'Unknown'],
              },
              reason: {
                description: 'Why, as one word for programs. Example GateFailed.',
                type: 'string',
                maxLength: 1024,
                pattern: '^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$',
              },
              message: { description: 'Why, as a sentence for people.', type: 'string', maxLength: 32768 },
              lastTransitionTime: {
                description: 'When status last changed.',
                type: 'string',
                format: 'date-time',
              },
              observedGeneration: {
                description: 'metadata.generation that this condition was made from.',
                type: 'integer',
                format: 'int64',
              },
            },
          },
        },
        lastHandledReconcileAt: {
          description: 'The value of the annotation steersman.dev/requestedAt that was last acted on.',
          type: 'string',
        },
        lastHandledRestartAt: {
          description: 'The value of the annotation steersman.dev/restartRequestedAt that was last acted on.',
          type: 'string',
        },
        lastHandledFailbackAt: {
          description:
            'The value of the annotation steersman.dev/failbackRequestedAt whose hold the branch has ended, since it says the same.',
          type: 'string',
        },
        lastHandledRetryAt: {
          description: 'The value of the annotation steersman.dev/retryRequestedAt that was last acted on.',
          type: 'string',
        },
        writes: {
          description:
            "The newest write to each object in AWS, by the object's name: what stood there before, what was written and when. A read that shows the state before a recent write may be stale, so it is looked at again before it is believed.",
          type: 'object',
          additionalProperties: {
            title: 'RecentWrite',
            description: 'One write.',
            type: 'object',
            required: ['before', 'after', 'at'],
            properties: {
              before: { description: 'The value before, as it was read.', type: 'string' },
              after: { description: 'The value written.', type: 'string' },
              at: {
                description: 'When the answer arrived, or when it was given up.',
                type: 'string',
                format: 'date-time',
              },
              earlier: {
                description:
                  'Values of a service that stood before the writes just before this one: a read may be older than several of them.',
                type: 'array',
                maxItems: 8,
                items: { type: 'string' },
              },
              ambiguous: {
                description: 'Whether no answer arrived, so that the write may or may not have happened.',
                type: 'boolean',
              },
            },
          },
        },
        revision: { description: 'Branch and commit that serve. Example prod@sha1:4f2c….', type: 'string' },
        live: {
          title: 'LiveSide',
          description: 'The side that takes the traffic, or the one service of a rolling release.',
          type: 'object',
          properties: {
            side: {
              description:
                'Which one it is; none where nothing runs, and left out where the release has one service.',
              type: 'string',
              enum: ['blue', 'green', 'none'],
            },
            taskDefinition: { description: 'ARN of its task definition.', type: 'string' },
            digest: { description: 'Digest of its image.', type: 'string' },
            contentDigest: { description: 'Content digest of what it serves.', type: 'string' },
            since: { description: 'When it took the traffic.', type: 'string', format: 'date-time' },
          },
        },
        traffic: {
          title: 'Weights',
          description: 'Weights of the two sides, as they stand in the rule.',
          type: 'object',
          required: ['blue', 'green'],
          properties: {
            blue: { description: "The blue side's.", type: 'integer', minimum: 0, maximum: 999 },
            green: { description: "The green side's.", type: 'integer', minimum: 0, maximum: 999 },
          },
        },
        rollout: { description: 'Name of the newest rollout. Example prod-web-42.', type: 'string' },
        lastRollout: {
          description: "Number of the newest rollout, 0 for none; the next one's number is one more.",
          type: 'integer',
          format: 'int64',
        },
        verified: {
          title: 'VerifiedContent',
          description: 'What last passed every check and serves.',
          type: 'object',
          required: ['commit', 'digest'],
          properties: {
            commit: { description: 'Id of the commit.', type: 'string' },
            digest: { description: 'Content digest.', type: 'string' },
            rollout: { description: 'Name of the rollout that verified it.', type: 'string' },
            at: { description: 'When.', type: 'string', format: 'date-time' },
          },
        },
        failed: {
          description: 'Contents that failed and are not tried again by themselves, newest first.',
          type: 'array',
          maxItems: 10,
          items: {
            title: 'FailedContent',
            description: 'One of them.',
            type: 'object',
            required: ['digest', 'reason', 'at'],
            properties: {
              digest: { description: 'Content digest.', type: 'string' },
              rollout: { description: 'Name of the rollout that failed.', type: 'string' },
              reason: { description: 'Why, as one word.', type: 'string' },
              message: { description: 'Why, as a sentence.', type: 'string' },
              at: { description: 'When.', type: 'string', format: 'date-time' },
            },
          },
        },
        tagKeys: {
          description:
            'Keys of the tags that Steersman gave the services by service.settings.tags; others are left alone.',
          type: 'array',
          maxItems: 200,
          items: { type: 'string', maxLength: 128 },
        },
        trafficTags: {
          description:
            'The tags of traffic.tags that all target groups, rules and listeners of the release were seen to have: what they lack of these since was changed by somebody.',
          type: 'object',
          maxProperties: 40,
          additionalProperties: { type: 'string', maxLength: 256 },
        },
        schedules: {
          description: "What the release's schedules ran when they were last looked at.",
          type: 'array',
          maxItems: 20,
          items: {
            title: 'SeenSchedule',
            description: 'One of them.',
            type: 'object',
            required: ['name', 'group', 'seenAt'],
            properties: {
              name: { description: 'Its name.', type: 'string' },
              group: { description: 'Its schedule group.', type: 'string' },
              taskDefinition: {
                description:
                  'The task definition that it ran. Nothing where it did not exist, or its target is none of ECS.',
                type: 'string',
              },
              pointed: {
                description: 'The task definition that it was last seen to run as it should.',
                type: 'string',
              },
              seenAt: { description: 'When it was looked at.', type: 'string', format: 'date-time' },
            },
          },
        },
        taskDefinitions: {
          description: 'ARN of the registered task definition by content digest, the last ten.',
          type: 'object',
          maxProperties: 10,
          additionalProperties: { type: 'string' },
        },
        pinned: {
          title: 'PinnedVersion',
          description: 'The pin that is in force.',
          type: 'object',
          required: ['reason'],
          properties: {
            rollout: { description: 'Number of the rollout.', type: 'integer', format: 'int64' },
            taskDefinition: { description: 'ARN of the task definition.', type: 'string' },
            reason: { description: 'Why.', type: 'string' },
          },
        },
        drift: {
          description: 'Fields that are not as wanted, the first 50.',
          type: 'array',
          maxItems: 50,
          items: {
            title: 'DriftedField',
            description: 'One field.',
            type: 'object',
            required: ['path', 'class'],
            properties: {
              path: {
                description: 'RFC 6901 pointer into the live state. Example /rules/443/weights.',
                type: 'string',
              },
              wanted: { description: 'The wanted value, as JSON, with secrets left out.', type: 'string' },
              live: { description: 'The live value, as JSON, with secrets left out.', type: 'string' },
              owner: {
                description: 'Who owns the field.',
                type: 'string',
                enum: ['Steersman', 'Terraform', 'Autoscaling', 'Unmanaged'],
              },
              class: {
                description: 'The class whose policy says what is done.',
                type: 'string',
                enum: ['service', 'traffic', 'infrastructure', 'unmanaged'],
              },
              since: { description: 'When it was first seen.', type: 'string', format: 'date-time' },
              tier: {
                description:
                  'Which sweep looks at the field - Fast with each poll, Deep within sweep.deepInterval of the Environment.',
                type: 'string',
                enum: ['Fast', 'Deep'],
              },
              observedAt: {
                description: 'When the field was last seen so, exact to the minute.',
                type: 'string',
                format: 'date-time',
              },
              lastApplied: {
                description:
                  'What the last rollout that succeeded gave the field, as JSON, with secrets left out; left out where it gave it nothing.',
                type: 'string',
              },
              by: {
                title: 'ChangedBy',
                description:
                  'Who made the last call that may have changed it, as CloudTrail has it; without the address that it came from. Left out until it is known.',
                type: 'object',
                required: ['user', 'event', 'eventId', 'at'],
                properties: {
                  user: {
                    description: "Name of the user, or of the role's session.",
                    type: 'string',
                    maxLength: 128,
                  },
                  event: {
                    description: 'The operation, such as UpdateService.',
                    type: 'string',
                    maxLength: 128,
                  },
                  eventId: { description: "CloudTrail's id of the event.", type: 'string', maxLength: 64 },
                  at: { description: 'When the call was made.', type: 'string', format: 'date-time' },
                },
              },
              mendedBy: {
                description:
                  'The writes that would mend it - operations of AWS, or a rollout, or terraform apply.',
                type: 'array',
                maxItems: 10,
                items: { type: 'string' },
              },
            },
          },
        },
        corrections: {
          description:
            'Drifted fields that were put back within the last hour, the newest 60. A field that was put back three times in a row is let be for a while.',
          type: 'array',
          maxItems: 60,
          items: {
            title: 'CorrectedDrift',
            description: 'One of them.',
            type: 'object',
            required: ['path', 'at'],
            properties: {
              path: { description: 'RFC 6901 pointer into the live state, as in drift.', type: 'string' },
              at: { description: 'When it was seen to have drifted.', type: 'string', format: 'date-time' },
            },
          },
        },
        waiting: {
          title: 'Waiting',
          description: 'What is waited for.',
          type: 'object',
          required: ['reason', 'message'],
          properties: {
            reason: { description: 'As one word. Example ImageNotFound.', type: 'string' },
            message: { description: 'As a sentence.', type: 'string' },
            until: {
              description:
                'When the wait ends - as a failure where something is missing, and with the new version on its way where the reason is Frozen.',
              type: 'string',
              format: 'date-time',
            },
            asks: {
              title: 'StartRequest',
              description:
                "Set where everything is there for a rollout but for the other members of the release's group.",
              type: 'object',
              required: ['digest', 'number'],
              properties: {
                digest: { description: 'Content digest of what would begin.', type: 'string' },
                number: {
                  description: 'Number of the rollout that would begin.',
                  type: 'integer',
                  format: 'int64',
                },
              },
            },
          },
        },
        irreversible: {
          description: 'What was done and is not undone by going back, the newest last. The last 20.',
          type: 'array',
          maxItems: 20,
          items: {
            title: 'IrreversibleChange',
            description: 'One change.',
            type: 'object',
            required: ['what', 'at', 'commit', 'before'],
            properties: {
              what: {
                description: 'As a sentence. Example the task of gate migrate was started by prod-web-42.',
                type: 'string',
              },
              at: { description: 'When it began.', type: 'string', format: 'date-time' },
              commit: { description: 'Id of the commit that it was done for.', type: 'string' },
              before: {
                description:
                  'Number of the first rollout after it - what earlier rollouts served may not work any more.',
                type: 'integer',
                format: 'int64',
              },
            },
          },
        },
        keepPreviousUntil: {
          description: 'Until when the old side stays warm.',
          type: 'string',
          format: 'date-time',
        },
        held: {
          title: 'ReleaseHold',
          description: 'Set while a person holds this release at what it serves.',
          type: 'object',
          required: ['by', 'at'],
          properties: {
            rollout: {
              description:
                'Set after `steersman rollback --now` - the number of the rollout whose version is held.',
              type: 'integer',
              format: 'int64',
            },
            by: { description: 'Who.', type: 'string' },
            at: { description: 'When.', type: 'string', format: 'date-time' },
            reason: { description: 'Why.', type: 'string' },
          },
        },
      },
    },
  },
}
