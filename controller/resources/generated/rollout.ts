// Generated from crds/rollouts.yaml by scripts/generate-resources.ts: change that file, then run the script.
import type { ObjectMetadata } from '../metadata.ts'
import type { Schema } from '../schema.ts'

export type RolloutCause = 'Commit' | 'Tag' | 'Pin' | 'Drift' | 'Retry' | 'Restart' | 'Failback'

export type RolloutEngine = 'Native' | 'CodeDeploy'

export type SideOrNone = 'blue' | 'green' | 'none'

export type Side = 'blue' | 'green'

export type GateStage =
  'BeforeProvision' | 'Verify' | 'BeforeShift' | 'Shift' | 'Bake' | 'AfterSuccess' | 'BeforeRollback'

export type AlreadyRed = 'Fail' | 'Ignore'

export type RolloutPhase =
  | 'Pending'
  | 'Provisioning'
  | 'Verifying'
  | 'AwaitingApproval'
  | 'Shifting'
  | 'Baking'
  | 'Succeeded'
  | 'RollingBack'
  | 'RolledBack'
  | 'Superseded'
  | 'Aborted'

export type GateResult = 'Passed' | 'Failed' | 'Inconclusive' | 'TimedOut'

export type GateVerdict = 'Approved' | 'Rejected' | 'Retried'

export type RolloutOutcome = 'Succeeded' | 'RolledBack' | 'Superseded' | 'Aborted'

export type HookStatus = 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS'

export interface Rollout {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Rollout.
   */
  kind: 'Rollout'
  metadata: ObjectMetadata
  spec: RolloutSpec
  status?: RolloutStatus
}

export interface RolloutSpec {
  /**
   * Name of the environment.
   */
  environment: string
  /**
   * Name of the release in its environment.
   */
  release: string
  /**
   * Number of the rollout, counting up per release from 1.
   */
  number: number
  /**
   * Id of the commit that wants this version.
   */
  commit: string
  /**
   * Branch and commit. Example prod@sha1:4f2c….
   */
  revision: string
  why: RolloutCause
  /**
   * Whether a person leaves what serves for what served before, by whichever way. Then gates of BeforeRollback are asked first, and sticky rules let go of the clients of the version that is left.
   */
  goesBack?: boolean
  /**
   * Who brought it about - the commit's author, or the name of a token.
   */
  who: string
  /**
   * Who wrote and who committed the commit, and who moved the tag where one was moved. None of them may approve a gate of this rollout.
   *
   * @maxItems 3
   */
  pushedBy?: string[]
  /**
   * Why, in a person's words.
   */
  reason?: string
  /**
   * Which request a Retry or Restart answers - the time in the annotation that asked for it. The same request is never answered twice.
   */
  requestedAt?: string
  group?: RolloutGroup
  engine?: RolloutEngine
  /**
   * Role with which ECS changes the load balancer's rules.
   */
  engineRoleArn?: string
  codeDeploy?: CodeDeployPlace
  /**
   * Content digest of what is attempted - task definition, image digest, settings and gates.
   */
  digest: string
  image?: ResolvedImage
  /**
   * The images of the other containers that the release gives one, resolved.
   *
   * @maxItems 10
   */
  sidecars?: ResolvedImage[]
  /**
   * ARN of the task definition, with its revision.
   */
  taskDefinition?: string
  from: RolloutOrigin
  to: RolloutTarget
  /**
   * How many tasks the new version gets; left out where the release has one service, whose count is not Steersman's.
   */
  desiredCount?: number
  /**
   * Whether the release leaves its count of tasks to autoscaling - the new side then gets as many as the old one has when the traffic moves.
   */
  autoscaled?: boolean
  service: RolloutService
  traffic?: RolloutTraffic
  strategy: Strategy
  /**
   * The gates, those that the environment requires among them.
   *
   * @maxItems 40
   */
  gates?: Gate[]
  /**
   * How long the old side stays warm. A Go duration.
   */
  keepPrevious?: string
}

export interface RolloutGroup {
  /**
   * The group's name.
   */
  name: string
  /**
   * Name of the rollout whose success is that of all.
   */
  leader: string
  /**
   * The releases that the commit changes, this one among them.
   *
   * @minItems 1
   * @maxItems 100
   */
  members: GroupMember[]
}

export interface GroupMember {
  /**
   * Its name.
   */
  release: string
  /**
   * Content digest of what it brings.
   */
  digest: string
  /**
   * Number of its rollout.
   */
  number: number
}

export interface CodeDeployPlace {
  /**
   * Name of the application.
   */
  application: string
  /**
   * Name of the deployment group.
   */
  deploymentGroup: string
}

export interface ResolvedImage {
  /**
   * The container that has it.
   */
  container?: string
  /**
   * The repository.
   */
  repository: string
  /**
   * The tag that was resolved.
   */
  tag?: string
  /**
   * The digest.
   */
  digest: string
}

export interface RolloutOrigin {
  side?: SideOrNone
  /**
   * ARN of the task definition that it served.
   */
  taskDefinition?: string
  /**
   * Name of the rollout that had brought it there.
   */
  rollout?: string
  /**
   * The settings of the one service that it goes back to, by ECS's own names.
   */
  settings?: {
    [k: string]: unknown
  }
}

export interface RolloutTarget {
  side?: Side
}

export interface RolloutService {
  /**
   * The cluster, by name.
   */
  cluster: string
  /**
   * Name of the one service.
   */
  name?: string
  names?: ServiceNames
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

export interface RolloutTraffic {
  /**
   * The application load balancer, by name or ARN.
   */
  loadBalancer: string
  /**
   * The production rules, moved together.
   *
   * @minItems 1
   * @maxItems 20
   */
  rules: TrafficRule[]
  test?: TrafficRule
  targetGroups: TargetGroups
  /**
   * The container that gets the requests.
   */
  container?: string
  /**
   * Its port.
   */
  containerPort?: number
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

export interface RolloutStatus {
  /**
   * metadata.generation that this status was made from; -1 for none.
   */
  observedGeneration?: number
  /**
   * Ready, Reconciling, Stalled.
   *
   * @maxItems 20
   */
  conditions?: Condition[]
  phase?: RolloutPhase
  /**
   * The step of the shift that was last taken, from 1; 0 before the first.
   */
  step?: number
  /**
   * How many steps the shift has.
   */
  steps?: number
  /**
   * With a group, the step for which everything is there on this side; one more than there are once the bake is over. A step is taken when all members have come to it.
   */
  readyStep?: number
  refusal?: GroupRefusal
  weights?: Weights
  /**
   * When the rollout left Pending.
   */
  startedAt?: string
  /**
   * When the phase began.
   */
  phaseStartedAt?: string
  /**
   * When the rollout goes back if it has not succeeded; human waits move it.
   */
  deadlineAt?: string
  /**
   * When the first weight was moved; of one service, when ECS was about to be given the new version.
   */
  shiftedAt?: string
  /**
   * When the rule first showed the weights of the step that is held; absent while they are being moved.
   */
  stepStartedAt?: string
  /**
   * How many tasks the new side is to have by now, where autoscaling gave the old one more than it had at the beginning.
   */
  desiredCount?: number
  /**
   * How many tasks the new side had, all ready, when the first weight was moved.
   */
  readyCount?: number
  /**
   * When autoscaling was seen to leave the new side alone.
   */
  scalingHeldAt?: string
  /**
   * How many tasks the old side had when the first weight was moved; it keeps them while it carries a part of the traffic.
   */
  originCount?: number
  /**
   * ARN of ECS's service deployment that brings the version, once it was seen.
   */
  serviceDeployment?: string
  /**
   * Ids of the deployments that ECS had of the one service when it was about to be given the new version. Any other one came after.
   *
   * @maxItems 50
   */
  deploymentsBefore?: string[]
  /**
   * When the newest task of the side was made, by AWS's clock, as the side was found ready: a task made later tells that a reading is newer.
   */
  newestTaskAt?: string
  /**
   * When it ended.
   */
  finishedAt?: string
  /**
   * Until when the old side stays warm.
   */
  keepPreviousUntil?: string
  /**
   * When the test rule was read back as pointing only at the idle side.
   */
  testPointedAt?: string
  /**
   * What each gate found, in the order of spec.gates.
   *
   * @maxItems 40
   */
  gates?: GateStatus[]
  /**
   * Every action, oldest first; the newest 200 are kept.
   *
   * @maxItems 200
   */
  timeline?: TimelineEntry[]
  intent?: RolloutIntent
  expected?: ExpectedWorld
  outcome?: RolloutOutcome
  /**
   * Why it is where it is, as one word. Example GateFailed.
   */
  reason?: string
  /**
   * Why it is where it is, as a sentence.
   */
  message?: string
  awaiting?: AwaitedDecision
  decisionRequested?: GateDecision
  answerReceived?: GateAnswer
  /**
   * Time of the newest answer that was taken over, so that it counts once.
   */
  handledAnswerAt?: string
  /**
   * Time of the newest decision that was taken over, so that it counts once.
   */
  handledDecisionAt?: string
  abortRequested?: AbortRequest
  /**
   * Since when the rollout stands still because its environment is suspended or paused.
   */
  suspendedSince?: string
  /**
   * ARNs of tasks that stood on the target side when a restart began. They run the wanted revision and are replaced all the same.
   *
   * @maxItems 5000
   */
  staleTasks?: string[]
  /**
   * Seconds that were spent waiting for people; the deadline leaves them out.
   */
  waitSeconds?: number
  lease?: RolloutLease
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

export interface GroupRefusal {
  /**
   * What it is to end as.
   */
  outcome: 'RolledBack' | 'Superseded' | 'Aborted'
  /**
   * Why, as one word.
   */
  reason: string
  /**
   * Why, as a sentence.
   */
  message: string
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

export interface GateStatus {
  /**
   * Name of the gate.
   */
  name: string
  when: GateStage
  result?: GateResult
  /**
   * How often it asked.
   */
  attempts?: number
  /**
   * How many answers in a row were as expected.
   */
  successes?: number
  /**
   * How many answers were not.
   */
  failures?: number
  /**
   * When it began.
   */
  startedAt?: string
  /**
   * When it ended.
   */
  finishedAt?: string
  /**
   * When it last asked.
   */
  lastAttemptAt?: string
  /**
   * When it was last answered, well or badly. A question that could not be asked, and an answer that says nothing or came late, count for none.
   */
  lastAnswerAt?: string
  /**
   * Seconds after the last question until it asks again, where who was asked has said so.
   */
  pauseSeconds?: number
  /**
   * Seconds in which nobody could ask, because Steersman stood still or was away; the timeout leaves them out.
   */
  unaskedSeconds?: number
  /**
   * What the last answer was, as a sentence.
   */
  message?: string
  /**
   * Whether the result counts for nothing.
   */
  dryRun?: boolean
  task?: GateTask
  decision?: GateDecision
}

export interface GateTask {
  /**
   * The client token of RunTask, the same for each try, so that ECS starts one task. It is the task's tag steersman.dev/run, too.
   */
  token: string
  /**
   * Whether the last look found no task of the gate, so that it may be started.
   */
  isClear?: boolean
  waitsFor?: EarlierTask
  /**
   * When the task was first asked for. From then on it may exist.
   */
  requestedAt?: string
  /**
   * The task's ARN; absent until ECS has named it.
   */
  arn?: string
  /**
   * Since when its ARN is known; the timeout counts from here.
   */
  startedAt?: string
  /**
   * What ECS last said of it, such as RUNNING or STOPPED; MISSING where ECS does not know it.
   */
  lastStatus?: string
  /**
   * How the container ended whose command was replaced; absent while it runs, and where it never did.
   */
  exitCode?: number
  /**
   * Whether Steersman has stopped it, because its time was over.
   */
  isStopped?: boolean
}

export interface EarlierTask {
  /**
   * The task's ARN.
   */
  arn: string
  /**
   * When ECS made it.
   */
  startedAt: string
  /**
   * Whether Steersman has stopped it, because its time was over.
   */
  isStopped?: boolean
}

export interface GateDecision {
  /**
   * Name of the gate.
   */
  gate: string
  verdict: GateVerdict
  /**
   * Who, by the name of the token.
   */
  by: string
  /**
   * When it was asked for; no two decisions of a rollout have the same time.
   */
  at: string
  /**
   * Why, in the person's words.
   */
  comment?: string
}

export interface TimelineEntry {
  /**
   * Name of the action.
   */
  action: string
  /**
   * When it began.
   */
  startedAt: string
  /**
   * When it ended.
   */
  finishedAt?: string
  /**
   * Request id that AWS gave.
   */
  requestId?: string
  /**
   * How it ended. Unknown where a crash or an ambiguous answer hides it.
   */
  outcome?: 'Succeeded' | 'Failed' | 'Unknown'
  /**
   * What it did or why it failed, as a sentence.
   */
  message?: string
}

export interface RolloutIntent {
  /**
   * Name of the action.
   */
  action: string
  /**
   * Its arguments.
   */
  arguments?: {
    [k: string]: unknown
  }
  /**
   * When it was stored.
   */
  startedAt: string
}

export interface ExpectedWorld {
  weights?: Weights
  /**
   * When it was written.
   */
  writtenAt: string
}

export interface AwaitedDecision {
  /**
   * Name of the gate.
   */
  gate: string
  /**
   * Since when the rollout waits for it.
   */
  since: string
  /**
   * When the gate ends as TimedOut; absent for a halt, which lasts until somebody decides.
   */
  until?: string
  result?: GateResult
}

export interface GateAnswer {
  /**
   * Name of the gate.
   */
  gate: string
  answer: HookStatus
  /**
   * When it came; no two answers of a rollout have the same time.
   */
  at: string
}

export interface AbortRequest {
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
  /**
   * Who rejected the way back at a gate before it; the rollout goes on.
   */
  withdrawnBy?: string
}

export interface RolloutLease {
  /**
   * Name of the Lease. Example steersman-controller.
   */
  name: string
  /**
   * metadata.uid of the Lease. Epochs count up from 1 anew in one that was deleted and made again.
   */
  uid: string
  /**
   * One more than spec.leaseTransitions of the Lease.
   */
  epoch: number
}

export interface DefaultedRollout {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Rollout.
   */
  kind: 'Rollout'
  metadata: ObjectMetadata
  spec: DefaultedRolloutSpec
  status?: RolloutStatus
}

export interface DefaultedRolloutSpec {
  /**
   * Name of the environment.
   */
  environment: string
  /**
   * Name of the release in its environment.
   */
  release: string
  /**
   * Number of the rollout, counting up per release from 1.
   */
  number: number
  /**
   * Id of the commit that wants this version.
   */
  commit: string
  /**
   * Branch and commit. Example prod@sha1:4f2c….
   */
  revision: string
  why: RolloutCause
  /**
   * Whether a person leaves what serves for what served before, by whichever way. Then gates of BeforeRollback are asked first, and sticky rules let go of the clients of the version that is left.
   */
  goesBack?: boolean
  /**
   * Who brought it about - the commit's author, or the name of a token.
   */
  who: string
  /**
   * Who wrote and who committed the commit, and who moved the tag where one was moved. None of them may approve a gate of this rollout.
   *
   * @maxItems 3
   */
  pushedBy?: string[]
  /**
   * Why, in a person's words.
   */
  reason?: string
  /**
   * Which request a Retry or Restart answers - the time in the annotation that asked for it. The same request is never answered twice.
   */
  requestedAt?: string
  group?: RolloutGroup
  engine?: RolloutEngine
  /**
   * Role with which ECS changes the load balancer's rules.
   */
  engineRoleArn?: string
  codeDeploy?: CodeDeployPlace
  /**
   * Content digest of what is attempted - task definition, image digest, settings and gates.
   */
  digest: string
  image?: ResolvedImage
  /**
   * The images of the other containers that the release gives one, resolved.
   *
   * @maxItems 10
   */
  sidecars?: ResolvedImage[]
  /**
   * ARN of the task definition, with its revision.
   */
  taskDefinition?: string
  from: RolloutOrigin
  to: RolloutTarget
  /**
   * How many tasks the new version gets; left out where the release has one service, whose count is not Steersman's.
   */
  desiredCount?: number
  /**
   * Whether the release leaves its count of tasks to autoscaling - the new side then gets as many as the old one has when the traffic moves.
   */
  autoscaled?: boolean
  service: RolloutService
  traffic?: RolloutTraffic
  strategy: DefaultedStrategy
  /**
   * The gates, those that the environment requires among them.
   *
   * @maxItems 40
   */
  gates?: DefaultedGate[]
  /**
   * How long the old side stays warm. A Go duration.
   */
  keepPrevious?: string
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
export const rolloutSchema: Schema = {
  title: 'Rollout',
  description:
    'One attempt to bring one version of a release to the traffic. Steersman writes it; its spec never changes. Its name is <environment>-<release>-<number>.',
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: {
      description: "The schema's version, steersman.dev/v1alpha1.",
      type: 'string',
      enum: ['steersman.dev/v1alpha1'],
    },
    kind: { description: 'The kind, Rollout.', type: 'string', enum: ['Rollout'] },
    metadata: {
      type: 'object',
      properties: {
        name: {
          description: 'Name of the attempt, <environment>-<release>-<number>. Example prod-web-42.',
          type: 'string',
          minLength: 1,
          maxLength: 63,
          pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
        },
      },
    },
    spec: {
      title: 'RolloutSpec',
      description: 'What is attempted. It holds everything that is needed to finish it, and never changes.',
      type: 'object',
      required: [
        'environment',
        'release',
        'number',
        'commit',
        'revision',
        'why',
        'who',
        'digest',
        'from',
        'to',
        'service',
        'strategy',
      ],
      'x-kubernetes-validations': [
        {
          rule: 'self == oldSelf',
          message: 'the spec of a Rollout never changes; expected the spec as it was',
        },
        {
          rule: '!has(self.from.side) || !has(self.to.side) || self.from.side != self.to.side',
          message: 'a rollout goes from one side to the other; expected two different sides',
        },
        {
          rule: 'has(self.to.side) == has(self.service.names)',
          message:
            'a pair has two sides and two names, one service has neither; expected to.side and service.names together',
        },
      ],
      properties: {
        environment: { description: 'Name of the environment.', type: 'string', minLength: 1, maxLength: 32 },
        release: {
          description: 'Name of the release in its environment.',
          type: 'string',
          minLength: 1,
          maxLength: 55,
        },
        number: {
          description: 'Number of the rollout, counting up per release from 1.',
          type: 'integer',
          format: 'int64',
          minimum: 1,
        },
        commit: {
          description: 'Id of the commit that wants this version.',
          type: 'string',
          minLength: 1,
          maxLength: 64,
        },
        revision: {
          description: 'Branch and commit. Example prod@sha1:4f2c….',
          type: 'string',
          minLength: 1,
          maxLength: 512,
        },
        why: {
          title: 'RolloutCause',
          description: 'What brought the rollout about.',
          type: 'string',
          enum: ['Commit', 'Tag', 'Pin', 'Drift', 'Retry', 'Restart', 'Failback'],
        },
        goesBack: {
          description:
            'Whether a person leaves what serves for what served before, by whichever way. Then gates of BeforeRollback are asked first, and sticky rules let go of the clients of the version that is left.',
          type: 'boolean',
        },
        who: {
          description: "Who brought it about - the commit's author, or the name of a token.",
          type: 'string',
          maxLength: 512,
        },
        pushedBy: {
          description:
            'Who wrote and who committed the commit, and who moved the tag where one was moved. None of them may approve a gate of this rollout.',
          type: 'array',
          maxItems: 3,
          items: { type: 'string', maxLength: 512 },
        },
        reason: { description: "Why, in a person's words.", type: 'string', maxLength: 1024 },
        requestedAt: {
          description:
            'Which request a Retry or Restart answers - the time in the annotation that asked for it. The same request is never answered twice.',
          type: 'string',
          maxLength: 64,
        },
        group: {
          title: 'RolloutGroup',
          description:
            'The rollouts that move their traffic together with this one; absent where it moves for itself.',
          type: 'object',
          required: ['name', 'leader', 'members'],
          properties: {
            name: { description: "The group's name.", type: 'string', maxLength: 63 },
            leader: {
              description: 'Name of the rollout whose success is that of all.',
              type: 'string',
              maxLength: 253,
            },
            members: {
              description: 'The releases that the commit changes, this one among them.',
              type: 'array',
              minItems: 1,
              maxItems: 100,
              items: {
                title: 'GroupMember',
                description: 'One of them.',
                type: 'object',
                required: ['release', 'digest', 'number'],
                properties: {
                  release: { description: 'Its name.', type: 'string', maxLength: 63 },
                  digest: {
                    description: 'Content digest of what it brings.',
                    type: 'string',
                    maxLength: 128,
                  },
                  number: {
                    description: 'Number of its rollout.',
                    type: 'integer',
                    minimum: 1,
                    maximum: 9999999,
                  },
                },
              },
            },
          },
        },
        engine: {
          title: 'RolloutEngine',
          description:
            "Which engine of AWS's own moves the traffic within the one service; left out where Steersman does, or ECS replaces tasks.",
          type: 'string',
          enum: ['Native', 'CodeDeploy'],
        },
        engineRoleArn: {
          description: "Role with which ECS changes the load balancer's rules.",
          type: 'string',
          maxLength: 2048,
        },
        codeDeploy: {
          title: 'CodeDeployPlace',
          description: 'Where CodeDeploy deploys it.',
          type: 'object',
          required: ['application', 'deploymentGroup'],
          properties: {
            application: { description: 'Name of the application.', type: 'string', maxLength: 100 },
            deploymentGroup: { description: 'Name of the deployment group.', type: 'string', maxLength: 100 },
          },
        },
        digest: {
          description:
            'Content digest of what is attempted - task definition, image digest, settings and gates.',
          type: 'string',
          minLength: 1,
          maxLength: 128,
        },
        image: {
          title: 'ResolvedImage',
          description: 'The image, resolved.',
          type: 'object',
          required: ['repository', 'digest'],
          properties: {
            container: { description: 'The container that has it.', type: 'string', maxLength: 255 },
            repository: { description: 'The repository.', type: 'string', maxLength: 512 },
            tag: { description: 'The tag that was resolved.', type: 'string', maxLength: 128 },
            digest: { description: 'The digest.', type: 'string', maxLength: 71 },
          },
        },
        sidecars: {
          description: 'The images of the other containers that the release gives one, resolved.',
          type: 'array',
          maxItems: 10,
          items: {
            title: 'ResolvedImage',
            description: 'The image, resolved.',
            type: 'object',
            required: ['repository', 'digest'],
            properties: {
              container: { description: 'The container that has it.', type: 'string', maxLength: 255 },
              repository: { description: 'The repository.', type: 'string', maxLength: 512 },
              tag: { description: 'The tag that was resolved.', type: 'string', maxLength: 128 },
              digest: { description: 'The digest.', type: 'string', maxLength: 71 },
            },
          },
        },
        taskDefinition: {
          description: 'ARN of the task definition, with its revision.',
          type: 'string',
          maxLength: 512,
        },
        from: {
          title: 'RolloutOrigin',
          description: 'What served when the rollout began.',
          type: 'object',
          properties: {
            side: {
              title: 'SideOrNone',
              description:
                'The live side; none before the first deploy, and left out where the release has one service.',
              type: 'string',
              enum: ['blue', 'green', 'none'],
            },
            taskDefinition: {
              description: 'ARN of the task definition that it served.',
              type: 'string',
              maxLength: 512,
            },
            rollout: {
              description: 'Name of the rollout that had brought it there.',
              type: 'string',
              maxLength: 63,
            },
            settings: {
              description: "The settings of the one service that it goes back to, by ECS's own names.",
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
        to: {
          title: 'RolloutTarget',
          description: 'Where the new version starts.',
          type: 'object',
          properties: {
            side: {
              title: 'Side',
              description:
                'The idle side; left out where the release has one service, whose tasks ECS replaces.',
              type: 'string',
              enum: ['blue', 'green'],
            },
          },
        },
        desiredCount: {
          description:
            "How many tasks the new version gets; left out where the release has one service, whose count is not Steersman's.",
          type: 'integer',
          minimum: 0,
          maximum: 5000,
        },
        autoscaled: {
          description:
            'Whether the release leaves its count of tasks to autoscaling - the new side then gets as many as the old one has when the traffic moves.',
          type: 'boolean',
        },
        service: {
          title: 'RolloutService',
          description: 'The pair, or the one service of a rolling release.',
          type: 'object',
          required: ['cluster'],
          'x-kubernetes-validations': [
            {
              rule: 'has(self.name) != has(self.names)',
              message: 'a pair has two names, a single service one; expected either name or names',
            },
          ],
          properties: {
            cluster: { description: 'The cluster, by name.', type: 'string', minLength: 1, maxLength: 255 },
            name: {
              description: 'Name of the one service.',
              type: 'string',
              minLength: 1,
              maxLength: 255,
              pattern: '^[A-Za-z0-9][-A-Za-z0-9_]*$',
            },
            names: {
              title: 'ServiceNames',
              description: 'Names of the two services.',
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
          title: 'RolloutTraffic',
          description: 'Where requests come in.',
          type: 'object',
          required: ['loadBalancer', 'rules', 'targetGroups'],
          properties: {
            loadBalancer: {
              description: 'The application load balancer, by name or ARN.',
              type: 'string',
              minLength: 1,
              maxLength: 512,
              pattern:
                '^([A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?|arn:[^:]+:elasticloadbalancing:[^:]*:[0-9]*:loadbalancer/app/.+)$',
            },
            rules: {
              description: 'The production rules, moved together.',
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
            container: {
              description: 'The container that gets the requests.',
              type: 'string',
              maxLength: 255,
            },
            containerPort: { description: 'Its port.', type: 'integer', minimum: 1, maximum: 65535 },
          },
        },
        strategy: {
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
        gates: {
          description: 'The gates, those that the environment requires among them.',
          type: 'array',
          maxItems: 40,
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
        keepPrevious: {
          description: 'How long the old side stays warm. A Go duration.',
          type: 'string',
          maxLength: 32,
          pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
        },
      },
    },
    status: {
      title: 'RolloutStatus',
      description: 'How far it is.',
      type: 'object',
      default: { observedGeneration: -1 },
      properties: {
        observedGeneration: {
          description: 'metadata.generation that this status was made from; -1 for none.',
          type: 'integer',
          format: 'int64',
        },
        conditions: {
          description: 'Ready, Reconciling, Stalled.',
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
        phase: {
          title: 'RolloutPhase',
          description: 'The phase.',
          type: 'string',
          enum: [
            'Pending',
            'Provisioning',
            'Verifying',
            'AwaitingApproval',
            'Shifting',
            'Baking',
            'Succeeded',
            'RollingBack',
            'RolledBack',
            'Superseded',
            'Aborted',
          ],
        },
        step: {
          description: 'The step of the shift that was last taken, from 1; 0 before the first.',
          type: 'integer',
        },
        steps: { description: 'How many steps the shift has.', type: 'integer' },
        readyStep: {
          description:
            'With a group, the step for which everything is there on this side; one more than there are once the bake is over. A step is taken when all members have come to it.',
          type: 'integer',
        },
        refusal: {
          title: 'GroupRefusal',
          description:
            'Why this member wants the group to go back although its own bake is over; the leader decides.',
          type: 'object',
          required: ['outcome', 'reason', 'message'],
          properties: {
            outcome: {
              description: 'What it is to end as.',
              type: 'string',
              enum: ['RolledBack', 'Superseded', 'Aborted'],
            },
            reason: { description: 'Why, as one word.', type: 'string' },
            message: { description: 'Why, as a sentence.', type: 'string' },
          },
        },
        weights: {
          title: 'Weights',
          description: 'Weights of the two sides, as they stand in the rule.',
          type: 'object',
          required: ['blue', 'green'],
          properties: {
            blue: { description: "The blue side's.", type: 'integer', minimum: 0, maximum: 999 },
            green: { description: "The green side's.", type: 'integer', minimum: 0, maximum: 999 },
          },
        },
        startedAt: { description: 'When the rollout left Pending.', type: 'string', format: 'date-time' },
        phaseStartedAt: { description: 'When the phase began.', type: 'string', format: 'date-time' },
        deadlineAt: {
          description: 'When the rollout goes back if it has not succeeded; human waits move it.',
          type: 'string',
          format: 'date-time',
        },
        shiftedAt: {
          description:
            'When the first weight was moved; of one service, when ECS was about to be given the new version.',
          type: 'string',
          format: 'date-time',
        },
        stepStartedAt: {
          description:
            'When the rule first showed the weights of the step that is held; absent while they are being moved.',
          type: 'string',
          format: 'date-time',
        },
        desiredCount: {
          description:
            'How many tasks the new side is to have by now, where autoscaling gave the old one more than it had at the beginning.',
          type: 'integer',
        },
        readyCount: {
          description: 'How many tasks the new side had, all ready, when the first weight was moved.',
          type: 'integer',
        },
        scalingHeldAt: {
          description: 'When autoscaling was seen to leave the new side alone.',
          type: 'string',
          format: 'date-time',
        },
        originCount: {
          description:
            'How many tasks the old side had when the first weight was moved; it keeps them while it carries a part of the traffic.',
          type: 'integer',
        },
        serviceDeployment: {
          description: "ARN of ECS's service deployment that brings the version, once it was seen.",
          type: 'string',
          maxLength: 2048,
        },
        deploymentsBefore: {
          description:
            'Ids of the deployments that ECS had of the one service when it was about to be given the new version. Any other one came after.',
          type: 'array',
          maxItems: 50,
          items: { type: 'string', maxLength: 255 },
        },
        newestTaskAt: {
          description:
            "When the newest task of the side was made, by AWS's clock, as the side was found ready: a task made later tells that a reading is newer.",
          type: 'string',
          format: 'date-time',
        },
        finishedAt: { description: 'When it ended.', type: 'string', format: 'date-time' },
        keepPreviousUntil: {
          description: 'Until when the old side stays warm.',
          type: 'string',
          format: 'date-time',
        },
        testPointedAt: {
          description: 'When the test rule was read back as pointing only at the idle side.',
          type: 'string',
          format: 'date-time',
        },
        gates: {
          description: 'What each gate found, in the order of spec.gates.',
          type: 'array',
          maxItems: 40,
          items: {
            title: 'GateStatus',
            description: 'One gate.',
            type: 'object',
            required: ['name', 'when'],
            properties: {
              name: { description: 'Name of the gate.', type: 'string' },
              when: {
                title: 'GateStage',
                description: 'The phase in which it runs.',
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
              result: {
                title: 'GateResult',
                description: 'How it ended; absent while it runs or before.',
                type: 'string',
                enum: ['Passed', 'Failed', 'Inconclusive', 'TimedOut'],
              },
              attempts: { description: 'How often it asked.', type: 'integer' },
              successes: { description: 'How many answers in a row were as expected.', type: 'integer' },
              failures: { description: 'How many answers were not.', type: 'integer' },
              startedAt: { description: 'When it began.', type: 'string', format: 'date-time' },
              finishedAt: { description: 'When it ended.', type: 'string', format: 'date-time' },
              lastAttemptAt: { description: 'When it last asked.', type: 'string', format: 'date-time' },
              lastAnswerAt: {
                description:
                  'When it was last answered, well or badly. A question that could not be asked, and an answer that says nothing or came late, count for none.',
                type: 'string',
                format: 'date-time',
              },
              pauseSeconds: {
                description:
                  'Seconds after the last question until it asks again, where who was asked has said so.',
                type: 'number',
              },
              unaskedSeconds: {
                description:
                  'Seconds in which nobody could ask, because Steersman stood still or was away; the timeout leaves them out.',
                type: 'number',
              },
              message: { description: 'What the last answer was, as a sentence.', type: 'string' },
              dryRun: { description: 'Whether the result counts for nothing.', type: 'boolean' },
              task: {
                title: 'GateTask',
                description: 'The one task that a task gate starts in a rollout.',
                type: 'object',
                required: ['token'],
                properties: {
                  token: {
                    description:
                      "The client token of RunTask, the same for each try, so that ECS starts one task. It is the task's tag steersman.dev/run, too.",
                    type: 'string',
                  },
                  isClear: {
                    description:
                      'Whether the last look found no task of the gate, so that it may be started.',
                    type: 'boolean',
                  },
                  waitsFor: {
                    title: 'EarlierTask',
                    description:
                      "The task of an earlier rollout's gate of this name, which still runs. It may run for the gate's timeout.",
                    type: 'object',
                    required: ['arn', 'startedAt'],
                    properties: {
                      arn: { description: "The task's ARN.", type: 'string' },
                      startedAt: { description: 'When ECS made it.', type: 'string', format: 'date-time' },
                      isStopped: {
                        description: 'Whether Steersman has stopped it, because its time was over.',
                        type: 'boolean',
                      },
                    },
                  },
                  requestedAt: {
                    description: 'When the task was first asked for. From then on it may exist.',
                    type: 'string',
                    format: 'date-time',
                  },
                  arn: { description: "The task's ARN; absent until ECS has named it.", type: 'string' },
                  startedAt: {
                    description: 'Since when its ARN is known; the timeout counts from here.',
                    type: 'string',
                    format: 'date-time',
                  },
                  lastStatus: {
                    description:
                      'What ECS last said of it, such as RUNNING or STOPPED; MISSING where ECS does not know it.',
                    type: 'string',
                  },
                  exitCode: {
                    description:
                      'How the container ended whose command was replaced; absent while it runs, and where it never did.',
                    type: 'integer',
                  },
                  isStopped: {
                    description: 'Whether Steersman has stopped it, because its time was over.',
                    type: 'boolean',
                  },
                },
              },
              decision: {
                title: 'GateDecision',
                description: 'What a person decided, of a manual gate or of one that halted the rollout.',
                type: 'object',
                required: ['gate', 'verdict', 'by', 'at'],
                properties: {
                  gate: { description: 'Name of the gate.', type: 'string' },
                  verdict: {
                    title: 'GateVerdict',
                    description:
                      'Approved goes on as if the gate had passed, Rejected goes back, Retried asks the gate anew.',
                    type: 'string',
                    enum: ['Approved', 'Rejected', 'Retried'],
                  },
                  by: { description: 'Who, by the name of the token.', type: 'string' },
                  at: {
                    description: 'When it was asked for; no two decisions of a rollout have the same time.',
                    type: 'string',
                    format: 'date-time',
                  },
                  comment: { description: "Why, in the person's words.", type: 'string' },
                },
              },
            },
          },
        },
        timeline: {
          description: 'Every action, oldest first; the newest 200 are kept.',
          type: 'array',
          maxItems: 200,
          items: {
            title: 'TimelineEntry',
            description: 'One action.',
            type: 'object',
            required: ['action', 'startedAt'],
            properties: {
              action: { description: 'Name of the action.', type: 'string' },
              startedAt: { description: 'When it began.', type: 'string', format: 'date-time' },
              finishedAt: { description: 'When it ended.', type: 'string', format: 'date-time' },
              requestId: { description: 'Request id that AWS gave.', type: 'string' },
              outcome: {
                description: 'How it ended. Unknown where a crash or an ambiguous answer hides it.',
                type: 'string',
                enum: ['Succeeded', 'Failed', 'Unknown'],
              },
              message: { description: 'What it did or why it failed, as a sentence.', type: 'string' },
            },
          },
        },
        intent: {
          title: 'RolloutIntent',
          description: 'The write that is about to be made, stored before it is made.',
          type: 'object',
          required: ['action', 'startedAt'],
          properties: {
            action: { description: 'Name of the action.', type: 'string' },
            arguments: {
              description: 'Its arguments.',
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
            startedAt: { description: 'When it was stored.', type: 'string', format: 'date-time' },
          },
        },
        expected: {
          title: 'ExpectedWorld',
          description:
            'What the last write should have made of the world; reads that are older are not believed.',
          type: 'object',
          required: ['writtenAt'],
          properties: {
            weights: {
              title: 'Weights',
              description: 'Weights of the two sides, as they stand in the rule.',
              type: 'object',
              required: ['blue', 'green'],
              properties: {
                blue: { description: "The blue side's.", type: 'integer', minimum: 0, maximum: 999 },
                green: { description: "The green side's.", type: 'integer', minimum: 0, maximum: 999 },
              },
            },
            writtenAt: { description: 'When it was written.', type: 'string', format: 'date-time' },
          },
        },
        outcome: {
          title: 'RolloutOutcome',
          description: 'How it ended; absent while it runs.',
          type: 'string',
          enum: ['Succeeded', 'RolledBack', 'Superseded', 'Aborted'],
        },
        reason: { description: 'Why it is where it is, as one word. Example GateFailed.', type: 'string' },
        message: { description: 'Why it is where it is, as a sentence.', type: 'string' },
        awaiting: {
          title: 'AwaitedDecision',
          description:
            'What a person is asked to decide; absent while nobody is. The deadline does not run meanwhile.',
          type: 'object',
          required: ['gate', 'since'],
          properties: {
            gate: { description: 'Name of the gate.', type: 'string' },
            since: {
              description: 'Since when the rollout waits for it.',
              type: 'string',
              format: 'date-time',
            },
            until: {
              description:
                'When the gate ends as TimedOut; absent for a halt, which lasts until somebody decides.',
              type: 'string',
              format: 'date-time',
            },
            result: {
              title: 'GateResult',
              description: 'For a halt, how the gate ended.',
              type: 'string',
              enum: ['Passed', 'Failed', 'Inconclusive', 'TimedOut'],
            },
          },
        },
        decisionRequested: {
          title: 'GateDecision',
          description: "A person's decision that was not taken over yet.",
          type: 'object',
          required: ['gate', 'verdict', 'by', 'at'],
          properties: {
            gate: { description: 'Name of the gate.', type: 'string' },
            verdict: {
              title: 'GateVerdict',
              description:
                'Approved goes on as if the gate had passed, Rejected goes back, Retried asks the gate anew.',
              type: 'string',
              enum: ['Approved', 'Rejected', 'Retried'],
            },
            by: { description: 'Who, by the name of the token.', type: 'string' },
            at: {
              description: 'When it was asked for; no two decisions of a rollout have the same time.',
              type: 'string',
              format: 'date-time',
            },
            comment: { description: "Why, in the person's words.", type: 'string' },
          },
        },
        answerReceived: {
          title: 'GateAnswer',
          description: 'An answer that a receiver has called back with and that was not taken over yet.',
          type: 'object',
          required: ['gate', 'answer', 'at'],
          properties: {
            gate: { description: 'Name of the gate.', type: 'string' },
            answer: {
              title: 'HookStatus',
              description:
                'SUCCEEDED is a good answer, FAILED a bad one, IN_PROGRESS says that nothing is decided yet.',
              type: 'string',
              enum: ['SUCCEEDED', 'FAILED', 'IN_PROGRESS'],
            },
            at: {
              description: 'When it came; no two answers of a rollout have the same time.',
              type: 'string',
              format: 'date-time',
            },
          },
        },
        handledAnswerAt: {
          description: 'Time of the newest answer that was taken over, so that it counts once.',
          type: 'string',
          format: 'date-time',
        },
        handledDecisionAt: {
          description: 'Time of the newest decision that was taken over, so that it counts once.',
          type: 'string',
          format: 'date-time',
        },
        abortRequested: {
          title: 'AbortRequest',
          description: 'Set when a person aborts the rollout.',
          type: 'object',
          required: ['by', 'at'],
          properties: {
            by: { description: 'Who.', type: 'string' },
            at: { description: 'When.', type: 'string', format: 'date-time' },
            reason: { description: 'Why.', type: 'string' },
            withdrawnBy: {
              description: 'Who rejected the way back at a gate before it; the rollout goes on.',
              type: 'string',
            },
          },
        },
        suspendedSince: {
          description: 'Since when the rollout stands still because its environment is suspended or paused.',
          type: 'string',
          format: 'date-time',
        },
        staleTasks: {
          description:
            'ARNs of tasks that stood on the target side when a restart began. They run the wanted revision and are replaced all the same.',
          type: 'array',
          maxItems: 5000,
          items: { type: 'string' },
        },
        waitSeconds: {
          description: 'Seconds that were spent waiting for people; the deadline leaves them out.',
          type: 'number',
        },
        lease: {
          title: 'RolloutLease',
          description:
            "Under which lease this status was written, where a cluster holds the objects. A controller that has lost the lease since can't write over one that has taken it.",
          type: 'object',
          required: ['name', 'uid', 'epoch'],
          'x-kubernetes-validations': [
            {
              rule: 'self.uid != oldSelf.uid || self.epoch >= oldSelf.epoch',
              message: 'another controller has taken the lease since; expected the newest epoch of the lease',
            },
          ],
          properties: {
            name: {
              description: 'Name of the Lease. Example steersman-controller.',
              type: 'string',
              minLength: 1,
              maxLength: 253,
            },
            uid: {
              description:
                'metadata.uid of the Lease. Epochs count up from 1 anew in one that was deleted and made again.',
              type: 'string',
              minLength: 1,
              maxLength: 128,
            },
            epoch: {
              description: 'One more than spec.leaseTransitions of the Lease.',
              type: 'integer',
              format: 'int64',
              minimum: 1,
            },
          },
        },
      },
    },
  },
}
