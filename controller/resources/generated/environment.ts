// Generated from crds/environments.yaml by scripts/generate-resources.ts: change that file, then run the script.
import type { ObjectMetadata } from '../metadata.ts'
import type { Schema } from '../schema.ts'

export type GateStage =
  'BeforeProvision' | 'Verify' | 'BeforeShift' | 'Shift' | 'Bake' | 'AfterSuccess' | 'BeforeRollback'

export type AlreadyRed = 'Fail' | 'Ignore'

export interface Environment {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Environment.
   */
  kind: 'Environment'
  metadata: ObjectMetadata
  spec: EnvironmentSpec
  status?: EnvironmentStatus
}

export interface EnvironmentSpec {
  source: Source
  /**
   * Whether the branch's head or the tag currentTag is the wanted commit.
   */
  trigger?: 'Branch' | 'Tag'
  /**
   * What ends a hold that began when a person moved the tag - only resume (or the commit trailer Steersman-Resume), or any newer commit.
   */
  hold?: 'UntilResume' | 'NextCommit'
  /**
   * The tag that says what serves. Left out, deploy/<name>/current.
   */
  currentTag?: string
  aws: AwsAccount
  terraform?: TerraformSettings
  drift?: DriftPolicy
  sweep?: SweepSettings
  /**
   * Fields of every release of this environment that belong to others - they are neither told as drift nor put back. A release may name more by its own ignore. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.
   *
   * @maxItems 100
   */
  ignore?: string[]
  webhookSecretFrom?: SecretSource
  /**
   * Gates that every release of this environment runs besides its own. A release can neither drop nor loosen them.
   *
   * @maxItems 20
   */
  requiredGates?: Gate[]
  /**
   * Windows in which no rollout starts and Terraform applies nothing; what runs already comes to its end.
   *
   * @maxItems 50
   */
  freeze?: FreezeWindow[]
  images?: ImagePolicy
  allow?: AllowPolicy
  /**
   * Whether a release that is gone from the branch is drained and its services scaled to zero. Otherwise it is reported and kept.
   */
  prune?: boolean
  /**
   * Look and report, but write nothing at all.
   */
  suspend?: boolean
  /**
   * What becomes of the services at AWS when this object is deleted from a Kubernetes cluster, after rollouts that run have gone back to the live side - Orphan, also where it is left out, lets what serves serve on. Drain keeps this object until every release was scaled to zero, each once no rule sends it requests. To end a drain on its way, say Orphan.
   */
  deletionPolicy?: 'Orphan' | 'Drain'
  /**
   * Who is told of what.
   *
   * @maxItems 20
   */
  notify?: Notification[]
}

export interface Source {
  /**
   * Address of the repository - https, ssh or a local path. Example https://github.com/acme/shop.git.
   */
  repository: string
  /**
   * The branch, without refs/heads/. Example prod.
   */
  branch: string
  /**
   * Folder of the repository below which releases and overlays live; a commit without it is not followed. A dot is the repository's root. Example deploy.
   */
  path?: string
  /**
   * Time between two polls of the branch; a webhook makes it immediate. A Go duration, at least 1s.
   */
  interval?: string
  /**
   * User name beside credentialsFrom for https. GitHub and GitLab take any name with a token.
   */
  username?: string
  credentialsFrom?: SecretSource
  /**
   * Path of a known_hosts file with the ssh server's keys. Left out, ssh's own files are asked; an unknown key is refused.
   */
  knownHosts?: string
  signingKeyFrom?: SecretSource
  verify?: Verification
  /**
   * Whether a branch that was force-pushed or rewound behind the tag is followed.
   */
  allowRewind?: boolean
}

export interface SecretSource {
  /**
   * Name of an environment variable of the controller.
   */
  env?: string
  /**
   * Path of a file that the controller reads at each use; one newline at its end is left out.
   */
  file?: string
  secretRef?: SecretReference
}

export interface SecretReference {
  /**
   * Name of the Secret.
   */
  name: string
  /**
   * Key in the Secret.
   */
  key: string
}

export interface Verification {
  /**
   * What has to be signed - nothing, the branch's head, the tag that is followed, or both.
   */
  mode?: 'none' | 'HEAD' | 'Tag' | 'TagAndHEAD'
  /**
   * Path of an allowed_signers file of ssh-keygen.
   */
  allowedSigners?: string
  /**
   * Path of a file with OpenPGP public keys, for commits that a forge merges and signs itself.
   */
  gpgKeyring?: string
}

export interface AwsAccount {
  /**
   * Region. Example eu-west-1.
   */
  region: string
  /**
   * Account id, twelve digits. Given, every call is refused in another account.
   */
  accountId?: string
  /**
   * Role that is assumed for ECS and ELB calls. Left out, the controller's own credentials are used.
   */
  roleArn?: string
  /**
   * External id for assuming roleArn.
   */
  externalId?: string
  /**
   * Roles on the way to roleArn, as where a hub account leads to all others. Each is assumed with the credentials of the one before, the first with the controller's own.
   *
   * @minItems 1
   * @maxItems 4
   */
  via?: RoleStep[]
  /**
   * Tags of the session in roleArn, for policies that ask for aws:PrincipalTag. The role's trust policy has to allow sts:TagSession beside sts:AssumeRole.
   */
  sessionTags?: {
    /**
     * The value.
     */
    [k: string]: string
  }
  events?: AwsEvents
}

export interface RoleStep {
  /**
   * The role. Example arn:aws:iam::111111111111:role/steersman-hub.
   */
  roleArn: string
  /**
   * External id for assuming it. Example steersman-hub.
   */
  externalId?: string
}

export interface AwsEvents {
  /**
   * URL of an SQS queue of the environment's own region; several environments may name the same one. The module terraform/modules/events makes it. Example https://sqs.eu-west-1.amazonaws.com/123456789012/steersman-events.
   */
  queueUrl: string
}

export interface TerraformSettings {
  /**
   * Role for Terraform, apart from aws.roleArn.
   */
  roleArn?: string
  /**
   * Read-only role for plans of code that is not merged yet.
   */
  previewRoleArn?: string
  /**
   * Folder of the root in the repository. Example terraform/roots/app.
   */
  path: string
  /**
   * Workspace.
   */
  workspace?: string
  /**
   * Variable files, relative to path.
   *
   * @maxItems 50
   */
  varFiles?: string[]
  /**
   * Settings of the backend as `terraform init -backend-config` takes them. Never a secret.
   */
  backendConfig?: {
    [k: string]: {
      [k: string]: unknown
    }
  }
  /**
   * What is applied without a person - nothing, plans that destroy nothing, or every plan.
   */
  apply?: 'Never' | 'Safe' | 'Always'
  /**
   * Time between two plans that only look for drift. A Go duration.
   */
  driftInterval?: string
  /**
   * The program that is run, found on the controller's PATH.
   */
  binary?: 'terraform' | 'tofu'
  /**
   * Type of the backend that the root must have. A local one keeps the state on the controller's own machine.
   */
  backend?: 's3' | 'local'
  /**
   * Sources of the providers that the root and its modules may use. Left out, hashicorp/aws alone.
   *
   * @maxItems 100
   */
  providers?: string[]
  /**
   * Sources of modules that may be used beside folders of the repository; * stands for any text. Left out, none.
   *
   * @maxItems 100
   */
  modules?: string[]
  /**
   * Resource types that are never destroyed without approval by plan id. Example aws_db_instance.
   *
   * @maxItems 100
   */
  protect?: string[]
}

export interface DriftPolicy {
  /**
   * Counts, settings and task definitions of services.
   */
  service?: 'Correct' | 'Alert' | 'Ignore'
  /**
   * Weights and target groups of the releases' rules.
   */
  traffic?: 'Correct' | 'Alert' | 'Ignore'
  /**
   * What Terraform owns.
   */
  infrastructure?: 'Correct' | 'Alert' | 'Ignore'
  /**
   * What nobody claims, such as a third target group in a rule.
   */
  unmanaged?: 'Alert' | 'Ignore'
}

export interface SweepSettings {
  /**
   * Time within which each release is looked at deeply once, spread evenly, and slower where that would take more than a fifth of what AWS lets through. A Go duration.
   */
  deepInterval?: string
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

export interface FreezeWindow {
  /**
   * When it begins, as five cron fields. Example 0 16 * * FRI.
   */
  schedule: string
  /**
   * How long it lasts. A Go duration.
   */
  duration: string
  /**
   * IANA time zone of the schedule. Example Europe/Berlin.
   */
  timeZone?: string
  /**
   * Whether a person may go back to an earlier version inside the window, by a pin, by the tag or by steersman rollback.
   */
  allowRollback?: boolean
  /**
   * Whether what people changed by hand is put right inside the window, weights included.
   */
  allowCorrection?: boolean
}

export interface ImagePolicy {
  /**
   * Globs of repositories; * is any run of characters, within the registry's name only up to the first slash. Left out, any image. Example 123456789012.dkr.ecr.*.amazonaws.com/*.
   *
   * @maxItems 100
   */
  allow?: string[]
  requireScan?: ScanRequirement
}

export interface ScanRequirement {
  /**
   * The highest severity of a finding that is still let through. What nobody has judged (UNDEFINED, UNTRIAGED) counts as CRITICAL.
   */
  maxSeverity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL'
}

export interface AllowPolicy {
  /**
   * ECS clusters, by name.
   *
   * @maxItems 100
   */
  clusters?: string[]
  /**
   * Load balancers, by name.
   *
   * @maxItems 100
   */
  loadBalancers?: string[]
  /**
   * Hosts of rules.
   *
   * @maxItems 100
   */
  hosts?: string[]
  /**
   * Families of task definitions.
   *
   * @maxItems 100
   */
  families?: string[]
  /**
   * ARNs of task roles.
   *
   * @maxItems 100
   */
  taskRoles?: string[]
  /**
   * ARNs of execution roles.
   *
   * @maxItems 100
   */
  executionRoles?: string[]
  /**
   * ARNs of secrets and parameters that containers are given.
   *
   * @maxItems 100
   */
  secrets?: string[]
  /**
   * Schedules of EventBridge Scheduler, as GROUP/NAME. Example default/report-*.
   *
   * @maxItems 100
   */
  schedules?: string[]
  /**
   * ARNs of functions that hooks call.
   *
   * @maxItems 100
   */
  lambdas?: string[]
  /**
   * Programs of script gates that releases may name, as paths below the directory of the controller's configuration. Unlike the other lists, one that is left out allows none even where allow is left out, too; required gates need no entry. Example scripts/*.
   *
   * @maxItems 100
   */
  scripts?: string[]
  /**
   * Hosts that gates and webhooks call, without port. A release's own test listener needs no entry.
   *
   * @maxItems 100
   */
  gateHosts?: string[]
  /**
   * Whether containers may be privileged, add kernel capabilities, or use the host's network, processes, IPC or file system.
   */
  privileged?: boolean
}

export interface Notification {
  slack?: SlackReceiver
  webhook?: WebhookReceiver
  /**
   * The events.
   *
   * @minItems 1
   * @maxItems 20
   */
  on: (
    'Started' | 'Succeeded' | 'Failed' | 'RolledBack' | 'Drifted' | 'AwaitingApproval' | 'Held' | 'Stalled'
  )[]
}

export interface SlackReceiver {
  webhookFrom: SecretSource
}

export interface WebhookReceiver {
  urlFrom: SecretSource
}

export interface EnvironmentStatus {
  /**
   * metadata.generation that this status was made from; -1 for none.
   */
  observedGeneration?: number
  unmanaged?: UnmanagedFound
  /**
   * Ready, Reconciling, Stalled, SourceReady, InfrastructureReady, Drifted, Held, Frozen, TagMissing, StateLocked.
   *
   * @maxItems 20
   */
  conditions?: Condition[]
  /**
   * The value of the annotation steersman.dev/requestedAt that was last acted on.
   */
  lastHandledReconcileAt?: string
  head?: BranchHead
  tag?: CurrentTag
  deployed?: DeployedRecord
  /**
   * Id of the commit that is wanted.
   */
  wanted?: string
  /**
   * How many commits the head is ahead of the wanted commit.
   */
  pending?: number
  freeze?: FreezeStatus
  freezeOverride?: FreezeOverride
  paused?: Pause
  held?: Hold
  intent?: TagIntent
  memory?: RevisionMemory
  resumed?: Resumption
  /**
   * What is wrong with the wanted commit, as file:line:column path, what is wrong, what was expected. The first 50.
   *
   * @maxItems 50
   */
  issues?: string[]
  /**
   * Id of the commit that the issues are about.
   */
  issuesCommit?: string
  /**
   * Releases of the wanted commit whose content failed and is not tried again by itself.
   *
   * @maxItems 50
   */
  failed?: FailedRelease[]
  infrastructure?: InfrastructureStatus
}

export interface UnmanagedFound {
  /**
   * When they were last looked for.
   */
  observedAt: string
  /**
   * How many there are.
   */
  total: number
  /**
   * The first 50 of them.
   *
   * @maxItems 50
   */
  items: Unmanaged[]
  /**
   * Why they could not be looked for.
   */
  problem?: string
}

export interface Unmanaged {
  /**
   * What it is.
   */
  kind: 'Service' | 'Rule' | 'TargetGroup'
  /**
   * Its name; for a rule its listener's port and its conditions.
   */
  name: string
  /**
   * Name of the cluster or the load balancer.
   */
  in: string
  /**
   * When it was first seen.
   */
  since?: string
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

export interface BranchHead {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * First line of its message, cut at 200 characters.
   */
  subject?: string
  /**
   * When it was first seen as head.
   */
  seenAt?: string
}

export interface CurrentTag {
  /**
   * Id of the tag object.
   */
  object: string
  /**
   * Id of the commit that it points to.
   */
  commit: string
}

export interface DeployedRecord {
  /**
   * Its number.
   */
  number: number
  /**
   * Id of the commit that it points to.
   */
  commit: string
  /**
   * Id of the tag object.
   */
  object?: string
}

export interface FreezeStatus {
  /**
   * The open windows, in words.
   */
  windows: string[]
  /**
   * When the last of them closes. Left out where one can't be read.
   */
  until?: string
  /**
   * Whether a person may go back to an earlier version.
   */
  allowRollback: boolean
}

export interface FreezeOverride {
  /**
   * Who asked.
   */
  by: string
  /**
   * When.
   */
  at: string
  /**
   * Why.
   */
  reason: string
}

export interface Pause {
  /**
   * Who asked.
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

export interface Hold {
  /**
   * Who moved the tag, as the tag object says; it is not proof.
   */
  by: string
  /**
   * When.
   */
  at: string
  /**
   * Id of the commit that is held.
   */
  to: string
  /**
   * Id of the commit that served before.
   */
  from?: string
  /**
   * Number of the record that is served.
   */
  number?: number
}

export interface TagIntent {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * Number of the record.
   */
  number: number
  /**
   * The tags, which go in one atomic push.
   *
   * @maxItems 3
   */
  tags: IntendedTag[]
  /**
   * When.
   */
  createdAt: string
}

export interface IntendedTag {
  /**
   * Its name. Example deploy/prod/current.
   */
  name: string
  /**
   * Id of the tag object.
   */
  object: string
  /**
   * Id of the commit that it names.
   */
  commit: string
  /**
   * Id of the object that the tag must still have; empty where there must be none.
   */
  expected: string
}

export interface RevisionMemory {
  /**
   * The head that was wanted last.
   */
  head?: string
  hold?: HoldMemory
}

export interface HoldMemory {
  /**
   * Id of the tag object.
   */
  object: string
  /**
   * Id of the head.
   */
  head: string
}

export interface Resumption {
  /**
   * The value of the annotation steersman.dev/resumedAt that was last acted on.
   */
  at: string
  /**
   * Id of the tag object that held.
   */
  tagObject?: string
  /**
   * Id of the branch's head then.
   */
  head?: string
}

export interface FailedRelease {
  /**
   * Name of the release.
   */
  release: string
  /**
   * Its content digest.
   */
  digest: string
  /**
   * The rollout that failed.
   */
  rollout?: string
  /**
   * Why.
   */
  reason?: string
}

export interface InfrastructureStatus {
  /**
   * Id of the commit that was last applied.
   */
  commit?: string
  /**
   * Id of the plan that was last applied.
   */
  planDigest?: string
  /**
   * Digest of everything that was last applied - root, modules, variables, lock file. Equal inputs start no Terraform.
   */
  inputDigest?: string
  /**
   * Who holds the state's lock.
   */
  lockedBy?: string
  /**
   * When.
   */
  appliedAt?: string
  /**
   * When the last plan found that there is nothing to do, or was applied.
   */
  checkedAt?: string
  /**
   * The images that were last given to Terraform, by release.
   */
  images?: {
    [k: string]: string
  }
  /**
   * The root's outputs that are not sensitive.
   */
  outputs?: {
    [k: string]: {
      [k: string]: unknown
    }
  }
  plan?: InfrastructurePlan
  /**
   * Attributes that are not as Terraform left them. The first 100.
   *
   * @maxItems 100
   */
  drift?: InfrastructureDrift[]
  failure?: InfrastructureFailure
  lock?: HeldStateLock
  /**
   * Applies that replaced or destroyed something, the newest last. The last 20.
   *
   * @maxItems 20
   */
  destroyed?: DestroyingApply[]
  lastApply?: FinishedApply
  applying?: RunningApply
  /**
   * The value of the annotation steersman.dev/planApprovedAt that was last acted on.
   */
  lastHandledApproval?: string
  /**
   * The value of the annotation steersman.dev/unlockRequestedAt that was last acted on.
   */
  lastHandledUnlock?: string
}

export interface InfrastructurePlan {
  /**
   * What an approval names - a digest of what the plan would do.
   */
  id: string
  /**
   * Id of the commit that it was made from.
   */
  commit: string
  /**
   * Digest of what it was made from.
   */
  inputDigest: string
  /**
   * Serial number of the state that it was made from.
   */
  serial: number
  /**
   * When.
   */
  at: string
  /**
   * What it was judged to be.
   */
  verdict: 'Safe' | 'Destructive' | 'ResetsTraffic' | 'Wider' | 'Unreadable'
  /**
   * What follows - a person's approval is awaited, it is only shown, or it is refused whoever asks.
   */
  permission: 'AwaitApproval' | 'Frozen' | 'PlanOnly' | 'Refuse'
  /**
   * How many resources would be added, changed, replaced and destroyed.
   */
  summary: string
  /**
   * What would be done to which resource. The first 100.
   *
   * @maxItems 100
   */
  resources?: PlannedResource[]
  /**
   * Why it was judged so. The first 20.
   *
   * @maxItems 20
   */
  reasons?: PlanReason[]
  /**
   * After an apply that was killed, what it may have made and the plan would make again. The first 100. `steersman terraform imports` prints them as import blocks.
   *
   * @maxItems 100
   */
  leftovers?: InfrastructureLeftover[]
}

export interface PlannedResource {
  /**
   * Its address in the root.
   */
  address: string
  /**
   * What would be done.
   */
  action: string
  /**
   * Names of the attributes that change.
   *
   * @maxItems 200
   */
  attributes?: string[]
}

export interface PlanReason {
  /**
   * Name of the rule.
   */
  rule: string
  /**
   * What is wrong.
   */
  message: string
}

export interface InfrastructureLeftover {
  /**
   * Its ARN. Left out for a resource that tags don't show - whether it exists is not known.
   */
  arn?: string
  /**
   * What an import block gives as id. Left out where it is not known for its type.
   */
  importId?: string
  /**
   * Addresses in the root that it may be. The first 20.
   *
   * @maxItems 20
   */
  addresses: string[]
}

export interface InfrastructureDrift {
  /**
   * Address of the resource in the root.
   */
  address: string
  /**
   * Path of the attribute; empty where the resource itself is gone.
   */
  attribute: string
  /**
   * What AWS says. Masked where it is sensitive.
   */
  live: string
  /**
   * What Terraform left. Masked where it is sensitive.
   */
  state: string
}

export interface InfrastructureFailure {
  /**
   * Digest of what was tried.
   */
  inputDigest: string
  /**
   * As one word for programs.
   */
  reason: string
  /**
   * As a sentence for people.
   */
  message: string
  /**
   * When it was last tried.
   */
  at: string
  /**
   * How often it was tried.
   */
  attempts: number
}

export interface HeldStateLock {
  /**
   * Its id.
   */
  id: string
  /**
   * User and host of the process that took it.
   */
  who: string
  /**
   * What that process does. Example OperationTypeApply.
   */
  operation: string
  /**
   * When it was taken.
   */
  since?: string
}

export interface DestroyingApply {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * When it began.
   */
  at: string
  /**
   * What was to be done to which resource. The first 20. Example replace aws_db_instance.main.
   *
   * @maxItems 20
   */
  resources: string[]
}

export interface FinishedApply {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * When it began.
   */
  startedAt: string
  /**
   * When it ended.
   */
  finishedAt: string
  /**
   * What it did to which resource, in the order in which it was done. The first 100.
   *
   * @maxItems 100
   */
  resources?: AppliedResource[]
}

export interface AppliedResource {
  /**
   * Its address in the root.
   */
  address: string
  /**
   * What was done, as Terraform calls it. Example create.
   */
  action: string
  /**
   * When it began.
   */
  startedAt: string
  /**
   * When it was done.
   */
  finishedAt: string
}

export interface RunningApply {
  /**
   * Id of the commit.
   */
  commit: string
  /**
   * Digest of what is applied.
   */
  inputDigest: string
  /**
   * Id of the plan.
   */
  planDigest: string
  /**
   * When.
   */
  startedAt: string
  /**
   * Id of the state's lock, read while that process held it.
   */
  lockId?: string
  /**
   * Where it works.
   */
  directory?: string
  process?: TerraformProcess
}

export interface TerraformProcess {
  /**
   * Name of the machine.
   */
  host: string
  /**
   * Id of the machine's boot.
   */
  boot: string
  /**
   * Number of the process.
   */
  pid: number
  /**
   * When it began, as the operating system counts.
   */
  startTime: string
}

export interface DefaultedEnvironment {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Environment.
   */
  kind: 'Environment'
  metadata: ObjectMetadata
  spec: DefaultedEnvironmentSpec
  status?: EnvironmentStatus
}

export interface DefaultedEnvironmentSpec {
  source: DefaultedSource
  /**
   * Whether the branch's head or the tag currentTag is the wanted commit.
   */
  trigger: 'Branch' | 'Tag'
  /**
   * What ends a hold that began when a person moved the tag - only resume (or the commit trailer Steersman-Resume), or any newer commit.
   */
  hold: 'UntilResume' | 'NextCommit'
  /**
   * The tag that says what serves. Left out, deploy/<name>/current.
   */
  currentTag?: string
  aws: AwsAccount
  terraform?: DefaultedTerraformSettings
  drift: DefaultedDriftPolicy
  sweep: DefaultedSweepSettings
  /**
   * Fields of every release of this environment that belong to others - they are neither told as drift nor put back. A release may name more by its own ignore. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.
   *
   * @maxItems 100
   */
  ignore?: string[]
  webhookSecretFrom?: SecretSource
  /**
   * Gates that every release of this environment runs besides its own. A release can neither drop nor loosen them.
   *
   * @maxItems 20
   */
  requiredGates: DefaultedGate[]
  /**
   * Windows in which no rollout starts and Terraform applies nothing; what runs already comes to its end.
   *
   * @maxItems 50
   */
  freeze?: DefaultedFreezeWindow[]
  images?: ImagePolicy
  allow?: DefaultedAllowPolicy
  /**
   * Whether a release that is gone from the branch is drained and its services scaled to zero. Otherwise it is reported and kept.
   */
  prune: boolean
  /**
   * Look and report, but write nothing at all.
   */
  suspend: boolean
  /**
   * What becomes of the services at AWS when this object is deleted from a Kubernetes cluster, after rollouts that run have gone back to the live side - Orphan, also where it is left out, lets what serves serve on. Drain keeps this object until every release was scaled to zero, each once no rule sends it requests. To end a drain on its way, say Orphan.
   */
  deletionPolicy?: 'Orphan' | 'Drain'
  /**
   * Who is told of what.
   *
   * @maxItems 20
   */
  notify?: Notification[]
}

export interface DefaultedSource {
  /**
   * Address of the repository - https, ssh or a local path. Example https://github.com/acme/shop.git.
   */
  repository: string
  /**
   * The branch, without refs/heads/. Example prod.
   */
  branch: string
  /**
   * Folder of the repository below which releases and overlays live; a commit without it is not followed. A dot is the repository's root. Example deploy.
   */
  path: string
  /**
   * Time between two polls of the branch; a webhook makes it immediate. A Go duration, at least 1s.
   */
  interval: string
  /**
   * User name beside credentialsFrom for https. GitHub and GitLab take any name with a token.
   */
  username: string
  credentialsFrom?: SecretSource
  /**
   * Path of a known_hosts file with the ssh server's keys. Left out, ssh's own files are asked; an unknown key is refused.
   */
  knownHosts?: string
  signingKeyFrom?: SecretSource
  verify: DefaultedVerification
  /**
   * Whether a branch that was force-pushed or rewound behind the tag is followed.
   */
  allowRewind: boolean
}

export interface DefaultedVerification {
  /**
   * What has to be signed - nothing, the branch's head, the tag that is followed, or both.
   */
  mode: 'none' | 'HEAD' | 'Tag' | 'TagAndHEAD'
  /**
   * Path of an allowed_signers file of ssh-keygen.
   */
  allowedSigners?: string
  /**
   * Path of a file with OpenPGP public keys, for commits that a forge merges and signs itself.
   */
  gpgKeyring?: string
}

export interface DefaultedTerraformSettings {
  /**
   * Role for Terraform, apart from aws.roleArn.
   */
  roleArn?: string
  /**
   * Read-only role for plans of code that is not merged yet.
   */
  previewRoleArn?: string
  /**
   * Folder of the root in the repository. Example terraform/roots/app.
   */
  path: string
  /**
   * Workspace.
   */
  workspace: string
  /**
   * Variable files, relative to path.
   *
   * @maxItems 50
   */
  varFiles?: string[]
  /**
   * Settings of the backend as `terraform init -backend-config` takes them. Never a secret.
   */
  backendConfig?: {
    [k: string]: {
      [k: string]: unknown
    }
  }
  /**
   * What is applied without a person - nothing, plans that destroy nothing, or every plan.
   */
  apply: 'Never' | 'Safe' | 'Always'
  /**
   * Time between two plans that only look for drift. A Go duration.
   */
  driftInterval: string
  /**
   * The program that is run, found on the controller's PATH.
   */
  binary: 'terraform' | 'tofu'
  /**
   * Type of the backend that the root must have. A local one keeps the state on the controller's own machine.
   */
  backend: 's3' | 'local'
  /**
   * Sources of the providers that the root and its modules may use. Left out, hashicorp/aws alone.
   *
   * @maxItems 100
   */
  providers: string[]
  /**
   * Sources of modules that may be used beside folders of the repository; * stands for any text. Left out, none.
   *
   * @maxItems 100
   */
  modules: string[]
  /**
   * Resource types that are never destroyed without approval by plan id. Example aws_db_instance.
   *
   * @maxItems 100
   */
  protect?: string[]
}

export interface DefaultedDriftPolicy {
  /**
   * Counts, settings and task definitions of services.
   */
  service: 'Correct' | 'Alert' | 'Ignore'
  /**
   * Weights and target groups of the releases' rules.
   */
  traffic: 'Correct' | 'Alert' | 'Ignore'
  /**
   * What Terraform owns.
   */
  infrastructure: 'Correct' | 'Alert' | 'Ignore'
  /**
   * What nobody claims, such as a third target group in a rule.
   */
  unmanaged: 'Alert' | 'Ignore'
}

export interface DefaultedSweepSettings {
  /**
   * Time within which each release is looked at deeply once, spread evenly, and slower where that would take more than a fifth of what AWS lets through. A Go duration.
   */
  deepInterval: string
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

export interface DefaultedFreezeWindow {
  /**
   * When it begins, as five cron fields. Example 0 16 * * FRI.
   */
  schedule: string
  /**
   * How long it lasts. A Go duration.
   */
  duration: string
  /**
   * IANA time zone of the schedule. Example Europe/Berlin.
   */
  timeZone: string
  /**
   * Whether a person may go back to an earlier version inside the window, by a pin, by the tag or by steersman rollback.
   */
  allowRollback: boolean
  /**
   * Whether what people changed by hand is put right inside the window, weights included.
   */
  allowCorrection: boolean
}

export interface DefaultedAllowPolicy {
  /**
   * ECS clusters, by name.
   *
   * @maxItems 100
   */
  clusters?: string[]
  /**
   * Load balancers, by name.
   *
   * @maxItems 100
   */
  loadBalancers?: string[]
  /**
   * Hosts of rules.
   *
   * @maxItems 100
   */
  hosts?: string[]
  /**
   * Families of task definitions.
   *
   * @maxItems 100
   */
  families?: string[]
  /**
   * ARNs of task roles.
   *
   * @maxItems 100
   */
  taskRoles?: string[]
  /**
   * ARNs of execution roles.
   *
   * @maxItems 100
   */
  executionRoles?: string[]
  /**
   * ARNs of secrets and parameters that containers are given.
   *
   * @maxItems 100
   */
  secrets?: string[]
  /**
   * Schedules of EventBridge Scheduler, as GROUP/NAME. Example default/report-*.
   *
   * @maxItems 100
   */
  schedules?: string[]
  /**
   * ARNs of functions that hooks call.
   *
   * @maxItems 100
   */
  lambdas?: string[]
  /**
   * Programs of script gates that releases may name, as paths below the directory of the controller's configuration. Unlike the other lists, one that is left out allows none even where allow is left out, too; required gates need no entry. Example scripts/*.
   *
   * @maxItems 100
   */
  scripts?: string[]
  /**
   * Hosts that gates and webhooks call, without port. A release's own test listener needs no entry.
   *
   * @maxItems 100
   */
  gateHosts?: string[]
  /**
   * Whether containers may be privileged, add kernel capabilities, or use the host's network, processes, IPC or file system.
   */
  privileged: boolean
}

/** The schema that the types above were made from. */
export const environmentSchema: Schema = {
  title: 'Environment',
  description:
    "One place where releases run - which branch says what should run, in which account, and what may be done there. It belongs to the platform team and is never read from the application's repository.",
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: {
      description: "The schema's version, steersman.dev/v1alpha1.",
      type: 'string',
      enum: ['steersman.dev/v1alpha1'],
    },
    kind: { description: 'The kind, Environment.', type: 'string', enum: ['Environment'] },
    metadata: {
      type: 'object',
      properties: {
        name: {
          description:
            'Name of the environment, at most 32 characters; tags, families and names of objects begin with it. Example prod.',
          type: 'string',
          minLength: 1,
          maxLength: 32,
          pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
        },
      },
    },
    spec: {
      title: 'EnvironmentSpec',
      description: 'What the platform team wants.',
      type: 'object',
      required: ['source', 'aws'],
      properties: {
        source: {
          title: 'Source',
          description: 'The git repository and the branch that say what runs.',
          type: 'object',
          required: ['repository', 'branch'],
          properties: {
            repository: {
              description:
                'Address of the repository - https, ssh or a local path. Example https://github.com/acme/shop.git.',
              type: 'string',
              minLength: 1,
              maxLength: 2048,
              pattern: '^[^-\\s][^\\s]*$',
              'x-kubernetes-validations': [
                {
                  rule: "!self.contains('::') && !self.startsWith('git://') && !self.startsWith('http://')",
                  message: 'this transport is not taken; expected an https or ssh address, or a local path',
                },
              ],
            },
            branch: {
              description: 'The branch, without refs/heads/. Example prod.',
              type: 'string',
              minLength: 1,
              maxLength: 255,
              pattern: '^[A-Za-z0-9_][A-Za-z0-9_./+@=-]*$',
              'x-kubernetes-validations': [
                {
                  rule: "!self.contains('..') && !self.contains('//') && !self.contains('@{') && !self.endsWith('/') && !self.endsWith('.') && !self.endsWith('.lock')",
                  message:
                    'git takes no such branch name; expected a name as `git check-ref-format --branch` allows it',
                },
              ],
            },
            path: {
              description:
                "Folder of the repository below which releases and overlays live; a commit without it is not followed. A dot is the repository's root. Example deploy.",
              type: 'string',
              minLength: 1,
              maxLength: 1024,
              pattern: '^[^-/\\\\][^\\\\]*$',
              default: '.',
              'x-kubernetes-validations': [
                {
                  rule: "!(self == '..' || self.startsWith('../') || self.contains('/../') || self.endsWith('/..'))",
                  message: "the path leaves the repository; expected a path below the repository's root",
                },
              ],
            },
            interval: {
              description:
                'Time between two polls of the branch; a webhook makes it immediate. A Go duration, at least 1s.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '30s',
              'x-kubernetes-validations': [
                {
                  rule: "duration(self) >= duration('1s')",
                  message: 'the poll interval is too short; expected at least 1s',
                },
              ],
            },
            username: {
              description:
                'User name beside credentialsFrom for https. GitHub and GitLab take any name with a token.',
              type: 'string',
              minLength: 1,
              maxLength: 255,
              default: 'x-access-token',
            },
            credentialsFrom: {
              description: 'Token or password for https, or the private key for ssh.',
              title: 'SecretSource',
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                  message: 'a secret comes from one place; expected exactly one of env, file and secretRef',
                },
              ],
              properties: {
                env: {
                  description: 'Name of an environment variable of the controller.',
                  type: 'string',
                  maxLength: 255,
                  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                },
                file: {
                  description:
                    'Path of a file that the controller reads at each use; one newline at its end is left out.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 4096,
                },
                secretRef: {
                  title: 'SecretReference',
                  description: "A Kubernetes Secret in the controller's namespace.",
                  type: 'object',
                  required: ['name', 'key'],
                  properties: {
                    name: {
                      description: 'Name of the Secret.',
                      type: 'string',
                      minLength: 1,
                      maxLength: 253,
                    },
                    key: { description: 'Key in the Secret.', type: 'string', minLength: 1, maxLength: 253 },
                  },
                },
              },
            },
            knownHosts: {
              description:
                "Path of a known_hosts file with the ssh server's keys. Left out, ssh's own files are asked; an unknown key is refused.",
              type: 'string',
              minLength: 1,
              maxLength: 4096,
            },
            signingKeyFrom: {
              description:
                'Private ssh key that signs the tags which Steersman writes. Left out, they are not signed.',
              title: 'SecretSource',
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                  message: 'a secret comes from one place; expected exactly one of env, file and secretRef',
                },
              ],
              properties: {
                env: {
                  description: 'Name of an environment variable of the controller.',
                  type: 'string',
                  maxLength: 255,
                  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                },
                file: {
                  description:
                    'Path of a file that the controller reads at each use; one newline at its end is left out.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 4096,
                },
                secretRef: {
                  title: 'SecretReference',
                  description: "A Kubernetes Secret in the controller's namespace.",
                  type: 'object',
                  required: ['name', 'key'],
                  properties: {
                    name: {
                      description: 'Name of the Secret.',
                      type: 'string',
                      minLength: 1,
                      maxLength: 253,
                    },
                    key: { description: 'Key in the Secret.', type: 'string', minLength: 1, maxLength: 253 },
                  },
                },
              },
            },
            verify: {
              title: 'Verification',
              description: 'Which signatures must be good before anything of the repository is used.',
              type: 'object',
              default: { mode: 'none' },
              'x-kubernetes-validations': [
                {
                  rule: "self.mode == 'none' || has(self.allowedSigners) || has(self.gpgKeyring)",
                  message:
                    "signatures can't be checked without keys; expected allowedSigners, gpgKeyring or both",
                },
              ],
              properties: {
                mode: {
                  description:
                    "What has to be signed - nothing, the branch's head, the tag that is followed, or both.",
                  type: 'string',
                  enum: ['none', 'HEAD', 'Tag', 'TagAndHEAD'],
                  default: 'none',
                },
                allowedSigners: {
                  description: 'Path of an allowed_signers file of ssh-keygen.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 4096,
                },
                gpgKeyring: {
                  description:
                    'Path of a file with OpenPGP public keys, for commits that a forge merges and signs itself.',
                  type: 'string',
                  minLength: 1,
                  maxLength: 4096,
                },
              },
            },
            allowRewind: {
              description: 'Whether a branch that was force-pushed or rewound behind the tag is followed.',
              type: 'boolean',
              default: false,
            },
          },
        },
        trigger: {
          description: "Whether the branch's head or the tag currentTag is the wanted commit.",
          type: 'string',
          enum: ['Branch', 'Tag'],
          default: 'Branch',
        },
        hold: {
          description:
            'What ends a hold that began when a person moved the tag - only resume (or the commit trailer Steersman-Resume), or any newer commit.',
          type: 'string',
          enum: ['UntilResume', 'NextCommit'],
          default: 'UntilResume',
        },
        currentTag: {
          description: 'The tag that says what serves. Left out, deploy/<name>/current.',
          type: 'string',
          minLength: 1,
          maxLength: 255,
          pattern: '^[A-Za-z0-9_][A-Za-z0-9_./+-]*$',
        },
        aws: {
          title: 'AwsAccount',
          description: 'The account and region in which the environment lives.',
          type: 'object',
          required: ['region'],
          'x-kubernetes-validations': [
            {
              rule: '(!has(self.via) && !has(self.sessionTags)) || has(self.roleArn)',
              message: 'via and sessionTags are for a role; expected roleArn with them',
            },
          ],
          properties: {
            region: {
              description: 'Region. Example eu-west-1.',
              type: 'string',
              maxLength: 64,
              pattern: '^[a-z]{2,}(-[a-z]+)+-[0-9]+$',
            },
            accountId: {
              description: 'Account id, twelve digits. Given, every call is refused in another account.',
              type: 'string',
              maxLength: 12,
              pattern: '^[0-9]{12}$',
            },
            roleArn: {
              description:
                "Role that is assumed for ECS and ELB calls. Left out, the controller's own credentials are used.",
              type: 'string',
              maxLength: 2048,
              pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
            },
            externalId: {
              description: 'External id for assuming roleArn.',
              type: 'string',
              minLength: 2,
              maxLength: 1224,
            },
            via: {
              description:
                "Roles on the way to roleArn, as where a hub account leads to all others. Each is assumed with the credentials of the one before, the first with the controller's own.",
              type: 'array',
              minItems: 1,
              maxItems: 4,
              items: {
                title: 'RoleStep',
                description: 'One role on the way.',
                type: 'object',
                required: ['roleArn'],
                properties: {
                  roleArn: {
                    description: 'The role. Example arn:aws:iam::111111111111:role/steersman-hub.',
                    type: 'string',
                    maxLength: 2048,
                    pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
                  },
                  externalId: {
                    description: 'External id for assuming it. Example steersman-hub.',
                    type: 'string',
                    minLength: 2,
                    maxLength: 1224,
                  },
                },
              },
            },
            sessionTags: {
              description:
                "Tags of the session in roleArn, for policies that ask for aws:PrincipalTag. The role's trust policy has to allow sts:TagSession beside sts:AssumeRole.",
              type: 'object',
              maxProperties: 50,
              additionalProperties: { description: 'The value.', type: 'string', maxLength: 256 },
            },
            events: {
              title: 'AwsEvents',
              description:
                'The queue that tells at once what has changed in the account. Left out, or while it is away, looking at the usual intervals finds it.',
              type: 'object',
              required: ['queueUrl'],
              properties: {
                queueUrl: {
                  description:
                    "URL of an SQS queue of the environment's own region; several environments may name the same one. The module terraform/modules/events makes it. Example https://sqs.eu-west-1.amazonaws.com/123456789012/steersman-events.",
                  type: 'string',
                  maxLength: 2048,
                  pattern: '^https?://[^/\\s?#@]+/[0-9]{12}/[A-Za-z0-9_-]{1,80}$',
                },
              },
            },
          },
        },
        terraform: {
          title: 'TerraformSettings',
          description:
            "The Terraform root that makes the environment's infrastructure. Left out, Steersman runs no Terraform.",
          type: 'object',
          required: ['path'],
          properties: {
            roleArn: {
              description: 'Role for Terraform, apart from aws.roleArn.',
              type: 'string',
              maxLength: 2048,
              pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
            },
            previewRoleArn: {
              description: 'Read-only role for plans of code that is not merged yet.',
              type: 'string',
              maxLength: 2048,
              pattern: '^arn:[^:]+:iam::[0-9]{12}:role/.+$',
            },
            path: {
              description: 'Folder of the root in the repository. Example terraform/roots/app.',
              type: 'string',
              minLength: 1,
              maxLength: 1024,
              pattern: '^[^-/\\\\][^\\\\]*$',
              'x-kubernetes-validations': [
                {
                  rule: "!(self == '..' || self.startsWith('../') || self.contains('/../') || self.endsWith('/..'))",
                  message: "the path leaves the repository; expected a path below the repository's root",
                },
              ],
            },
            workspace: {
              description: 'Workspace.',
              type: 'string',
              maxLength: 90,
              pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
              default: 'default',
            },
            varFiles: {
              description: 'Variable files, relative to path.',
              type: 'array',
              maxItems: 50,
              items: { type: 'string', minLength: 1, maxLength: 1024, pattern: '^[^-/\\\\][^\\\\]*$' },
            },
            backendConfig: {
              description:
                'Settings of the backend as `terraform init -backend-config` takes them. Never a secret.',
              type: 'object',
              maxProperties: 50,
              additionalProperties: { 'x-kubernetes-preserve-unknown-fields': true },
            },
            apply: {
              description:
                'What is applied without a person - nothing, plans that destroy nothing, or every plan.',
              type: 'string',
              enum: ['Never', 'Safe', 'Always'],
              default: 'Safe',
            },
            driftInterval: {
              description: 'Time between two plans that only look for drift. A Go duration.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '1h',
            },
            binary: {
              description: "The program that is run, found on the controller's PATH.",
              type: 'string',
              enum: ['terraform', 'tofu'],
              default: 'terraform',
            },
            backend: {
              description:
                "Type of the backend that the root must have. A local one keeps the state on the controller's own machine.",
              type: 'string',
              enum: ['s3', 'local'],
              default: 's3',
            },
            providers: {
              description:
                'Sources of the providers that the root and its modules may use. Left out, hashicorp/aws alone.',
              type: 'array',
              maxItems: 100,
              default: ['hashicorp/aws'],
              items: { type: 'string', maxLength: 256, pattern: '^[A-Za-z0-9_./-]+$' },
            },
            modules: {
              description:
                'Sources of modules that may be used beside folders of the repository; * stands for any text. Left out, none.',
              type: 'array',
              maxItems: 100,
              default: [],
              items: { type: 'string', minLength: 1, maxLength: 1024 },
            },
            protect: {
              description:
                'Resource types that are never destroyed without approval by plan id. Example aws_db_instance.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', maxLength: 128, pattern: '^[a-z0-9_]+$' },
            },
          },
        },
        drift: {
          title: 'DriftPolicy',
          description: 'What is done, class by class, when live state is not as git wants it.',
          type: 'object',
          default: {},
          properties: {
            service: {
              description: 'Counts, settings and task definitions of services.',
              type: 'string',
              enum: ['Correct', 'Alert', 'Ignore'],
              default: 'Correct',
            },
            traffic: {
              description: "Weights and target groups of the releases' rules.",
              type: 'string',
              enum: ['Correct', 'Alert', 'Ignore'],
              default: 'Correct',
            },
            infrastructure: {
              description: 'What Terraform owns.',
              type: 'string',
              enum: ['Correct', 'Alert', 'Ignore'],
              default: 'Alert',
            },
            unmanaged: {
              description: 'What nobody claims, such as a third target group in a rule.',
              type: 'string',
              enum: ['Alert', 'Ignore'],
              default: 'Alert',
            },
          },
        },
        sweep: {
          title: 'SweepSettings',
          description:
            'How often all releases are looked at. Services, listeners and rules are read with each poll of source.interval; what is asked for one by one has a slower, deep sweep.',
          type: 'object',
          default: {},
          properties: {
            deepInterval: {
              description:
                'Time within which each release is looked at deeply once, spread evenly, and slower where that would take more than a fifth of what AWS lets through. A Go duration.',
              type: 'string',
              maxLength: 32,
              pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              default: '30m',
              'x-kubernetes-validations': [
                {
                  rule: "duration(self) >= duration('1s')",
                  message: 'the deep interval is too short; expected at least 1s',
                },
              ],
            },
          },
        },
        ignore: {
          description:
            'Fields of every release of this environment that belong to others - they are neither told as drift nor put back. A release may name more by its own ignore. JSON pointers (RFC 6901) as `steersman diff` prints them, with * for any one name; what lies below a pointer is left alone too, and /service stands for both sides. /service/desiredCount means the same as leaving desiredCount out.',
          type: 'array',
          maxItems: 100,
          items: {
            type: 'string',
            maxLength: 1024,
            pattern:
              '^/(service|idleService|taskDefinition|listeners|rules|targetGroups|targetGroupAttributes|scalableTargets|scalingPolicies)(/([^/~]|~[01])*)+$',
          },
        },
        webhookSecretFrom: {
          description:
            'Secret that signs what webhook gates send, as HMAC-SHA256 in the header steersman-signature. Left out, the requests are not signed.',
          title: 'SecretSource',
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
              message: 'a secret comes from one place; expected exactly one of env, file and secretRef',
            },
          ],
          properties: {
            env: {
              description: 'Name of an environment variable of the controller.',
              type: 'string',
              maxLength: 255,
              pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
            },
            file: {
              description:
                'Path of a file that the controller reads at each use; one newline at its end is left out.',
              type: 'string',
              minLength: 1,
              maxLength: 4096,
            },
            secretRef: {
              title: 'SecretReference',
              description: "A Kubernetes Secret in the controller's namespace.",
              type: 'object',
              required: ['name', 'key'],
              properties: {
                name: { description: 'Name of the Secret.', type: 'string', minLength: 1, maxLength: 253 },
                key: { description: 'Key in the Secret.', type: 'string', minLength: 1, maxLength: 253 },
              },
            },
          },
        },
        requiredGates: {
          description:
            'Gates that every release of this environment runs besides its own. A release can neither drop nor loosen them.',
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
        freeze: {
          description:
            'Windows in which no rollout starts and Terraform applies nothing; what runs already comes to its end.',
          type: 'array',
          maxItems: 50,
          items: {
            title: 'FreezeWindow',
            description: 'One window.',
            type: 'object',
            required: ['schedule', 'duration'],
            properties: {
              schedule: {
                description: 'When it begins, as five cron fields. Example 0 16 * * FRI.',
                type: 'string',
                minLength: 9,
                maxLength: 255,
              },
              duration: {
                description: 'How long it lasts. A Go duration.',
                type: 'string',
                maxLength: 32,
                pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
              },
              timeZone: {
                description: 'IANA time zone of the schedule. Example Europe/Berlin.',
                type: 'string',
                minLength: 1,
                maxLength: 64,
                default: 'UTC',
              },
              allowRollback: {
                description:
                  'Whether a person may go back to an earlier version inside the window, by a pin, by the tag or by steersman rollback.',
                type: 'boolean',
                default: true,
              },
              allowCorrection: {
                description:
                  'Whether what people changed by hand is put right inside the window, weights included.',
                type: 'boolean',
                default: false,
              },
            },
          },
        },
        images: {
          title: 'ImagePolicy',
          description: 'Which images may run here.',
          type: 'object',
          properties: {
            allow: {
              description:
                "Globs of repositories; * is any run of characters, within the registry's name only up to the first slash. Left out, any image. Example 123456789012.dkr.ecr.*.amazonaws.com/*.",
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            requireScan: {
              title: 'ScanRequirement',
              description:
                "The result that the scan of a release's image must have in Amazon ECR before it is rolled out. A version that has served here may always be gone back to. Other images of the task definition are not asked for.",
              type: 'object',
              required: ['maxSeverity'],
              properties: {
                maxSeverity: {
                  description:
                    'The highest severity of a finding that is still let through. What nobody has judged (UNDEFINED, UNTRIAGED) counts as CRITICAL.',
                  type: 'string',
                  enum: ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
                },
              },
            },
          },
        },
        allow: {
          title: 'AllowPolicy',
          description:
            'What releases of this environment may name, after resolution, pins included. Items are globs in which * is any run of characters, so "*" allows any value; a list left out allows none. Without the whole block releases are not limited.',
          type: 'object',
          properties: {
            clusters: {
              description: 'ECS clusters, by name.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            loadBalancers: {
              description: 'Load balancers, by name.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            hosts: {
              description: 'Hosts of rules.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            families: {
              description: 'Families of task definitions.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            taskRoles: {
              description: 'ARNs of task roles.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            executionRoles: {
              description: 'ARNs of execution roles.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            secrets: {
              description: 'ARNs of secrets and parameters that containers are given.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            schedules: {
              description: 'Schedules of EventBridge Scheduler, as GROUP/NAME. Example default/report-*.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            lambdas: {
              description: 'ARNs of functions that hooks call.',
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            scripts: {
              description:
                "Programs of script gates that releases may name, as paths below the directory of the controller's configuration. Unlike the other lists, one that is left out allows none even where allow is left out, too; required gates need no entry. Example scripts/*.",
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            gateHosts: {
              description:
                "Hosts that gates and webhooks call, without port. A release's own test listener needs no entry.",
              type: 'array',
              maxItems: 100,
              items: { type: 'string', minLength: 1, maxLength: 512 },
            },
            privileged: {
              description:
                "Whether containers may be privileged, add kernel capabilities, or use the host's network, processes, IPC or file system.",
              type: 'boolean',
              default: false,
            },
          },
        },
        prune: {
          description:
            'Whether a release that is gone from the branch is drained and its services scaled to zero. Otherwise it is reported and kept.',
          type: 'boolean',
          default: false,
        },
        suspend: {
          description: 'Look and report, but write nothing at all.',
          type: 'boolean',
          default: false,
        },
        deletionPolicy: {
          description:
            'What becomes of the services at AWS when this object is deleted from a Kubernetes cluster, after rollouts that run have gone back to the live side - Orphan, also where it is left out, lets what serves serve on. Drain keeps this object until every release was scaled to zero, each once no rule sends it requests. To end a drain on its way, say Orphan.',
          type: 'string',
          enum: ['Orphan', 'Drain'],
        },
        notify: {
          description: 'Who is told of what.',
          type: 'array',
          maxItems: 20,
          items: {
            title: 'Notification',
            description: 'One receiver.',
            type: 'object',
            required: ['on'],
            'x-kubernetes-validations': [
              {
                rule: 'has(self.slack) != has(self.webhook)',
                message: 'a notification has one receiver; expected either slack or webhook',
              },
            ],
            properties: {
              slack: {
                title: 'SlackReceiver',
                description: 'A Slack incoming webhook.',
                type: 'object',
                required: ['webhookFrom'],
                properties: {
                  webhookFrom: {
                    description: "Where the webhook's address is.",
                    title: 'SecretSource',
                    type: 'object',
                    'x-kubernetes-validations': [
                      {
                        rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                        message:
                          'a secret comes from one place; expected exactly one of env, file and secretRef',
                      },
                    ],
                    properties: {
                      env: {
                        description: 'Name of an environment variable of the controller.',
                        type: 'string',
                        maxLength: 255,
                        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                      },
                      file: {
                        description:
                          'Path of a file that the controller reads at each use; one newline at its end is left out.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 4096,
                      },
                      secretRef: {
                        title: 'SecretReference',
                        description: "A Kubernetes Secret in the controller's namespace.",
                        type: 'object',
                        required: ['name', 'key'],
                        properties: {
                          name: {
                            description: 'Name of the Secret.',
                            type: 'string',
                            minLength: 1,
                            maxLength: 253,
                          },
                          key: {
                            description: 'Key in the Secret.',
                            type: 'string',
                            minLength: 1,
                            maxLength: 253,
                          },
                        },
                      },
                    },
                  },
                },
              },
              webhook: {
                title: 'WebhookReceiver',
                description: 'Any receiver of JSON.',
                type: 'object',
                required: ['urlFrom'],
                properties: {
                  urlFrom: {
                    description: "Where the receiver's address is.",
                    title: 'SecretSource',
                    type: 'object',
                    'x-kubernetes-validations': [
                      {
                        rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                        message:
                          'a secret comes from one place; expected exactly one of env, file and secretRef',
                      },
                    ],
                    properties: {
                      env: {
                        description: 'Name of an environment variable of the controller.',
                        type: 'string',
                        maxLength: 255,
                        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                      },
                      file: {
                        description:
                          'Path of a file that the controller reads at each use; one newline at its end is left out.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 4096,
                      },
                      secretRef: {
                        title: 'SecretReference',
                        description: "A Kubernetes Secret in the controller's namespace.",
                        type: 'object',
                        required: ['name', 'key'],
                        properties: {
                          name: {
                            description: 'Name of the Secret.',
                            type: 'string',
                            minLength: 1,
                            maxLength: 253,
                          },
                          key: {
                            description: 'Key in the Secret.',
                            type: 'string',
                            minLength: 1,
                            maxLength: 253,
                          },
                        },
                      },
                    },
                  },
                },
              },
              on: {
                description: 'The events.',
                type: 'array',
                minItems: 1,
                maxItems: 20,
                items: {
                  type: 'string',
                  enum: [
                    'Started',
                    'Succeeded',
                    'Failed',
                    'RolledBack',
                    'Drifted',
                    'AwaitingApproval',
                    'Held',
                    'Stalled',
                  ],
                },
              },
            },
          },
        },
      },
    },
    status: {
      title: 'EnvironmentStatus',
      description: 'What Steersman sees.',
      type: 'object',
      default: { observedGeneration: -1 },
      properties: {
        observedGeneration: {
          description: 'metadata.generation that this status was made from; -1 for none.',
          type: 'integer',
          format: 'int64',
        },
        unmanaged: {
          title: 'UnmanagedFound',
          description:
            "Services, rules and target groups in the clusters and behind the load balancers of this environment's releases that no Release of any environment names. Looked for once within sweep.deepInterval, unless drift.unmanaged is Ignore.",
          type: 'object',
          required: ['observedAt', 'total', 'items'],
          properties: {
            observedAt: {
              description: 'When they were last looked for.',
              type: 'string',
              format: 'date-time',
            },
            total: { description: 'How many there are.', type: 'integer', format: 'int32', minimum: 0 },
            items: {
              description: 'The first 50 of them.',
              type: 'array',
              maxItems: 50,
              items: {
                title: 'Unmanaged',
                description: 'One of them.',
                type: 'object',
                required: ['kind', 'name', 'in'],
                properties: {
                  kind: {
                    description: 'What it is.',
                    type: 'string',
                    enum: ['Service', 'Rule', 'TargetGroup'],
                  },
                  name: {
                    description: "Its name; for a rule its listener's port and its conditions.",
                    type: 'string',
                    maxLength: 300,
                  },
                  in: {
                    description: 'Name of the cluster or the load balancer.',
                    type: 'string',
                    maxLength: 255,
                  },
                  since: { description: 'When it was first seen.', type: 'string', format: 'date-time' },
                },
              },
            },
            problem: { description: 'Why they could not be looked for.', type: 'string', maxLength: 1024 },
          },
        },
        conditions: {
          description:
            'Ready, Reconciling, Stalled, SourceReady, InfrastructureReady, Drifted, Held, Frozen, TagMissing, StateLocked.',
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
        head: {
          title: 'BranchHead',
          description: 'The verified head of the branch.',
          type: 'object',
          required: ['commit'],
          properties: {
            commit: { description: 'Id of the commit.', type: 'string' },
            subject: { description: 'First line of its message, cut at 200 characters.', type: 'string' },
            seenAt: { description: 'When it was first seen as head.', type: 'string', format: 'date-time' },
          },
        },
        tag: {
          title: 'CurrentTag',
          description: 'The tag currentTag as last read.',
          type: 'object',
          required: ['object', 'commit'],
          properties: {
            object: { description: 'Id of the tag object.', type: 'string' },
            commit: { description: 'Id of the commit that it points to.', type: 'string' },
          },
        },
        deployed: {
          title: 'DeployedRecord',
          description: 'The highest tag deploy/<environment>/<number>.',
          type: 'object',
          required: ['number', 'commit'],
          properties: {
            number: { description: 'Its number.', type: 'integer', format: 'int64' },
            commit: { description: 'Id of the commit that it points to.', type: 'string' },
            object: { description: 'Id of the tag object.', type: 'string' },
          },
        },
        wanted: { description: 'Id of the commit that is wanted.', type: 'string' },
        pending: {
          description: 'How many commits the head is ahead of the wanted commit.',
          type: 'integer',
          format: 'int64',
        },
        freeze: {
          title: 'FreezeStatus',
          description: 'Set while a window of spec.freeze is open.',
          type: 'object',
          required: ['windows', 'allowRollback'],
          properties: {
            windows: { description: 'The open windows, in words.', type: 'array', items: { type: 'string' } },
            until: {
              description: "When the last of them closes. Left out where one can't be read.",
              type: 'string',
              format: 'date-time',
            },
            allowRollback: {
              description: 'Whether a person may go back to an earlier version.',
              type: 'boolean',
            },
          },
        },
        freezeOverride: {
          title: 'FreezeOverride',
          description: 'Set while windows are open that an admin set aside by `steersman override-freeze`.',
          type: 'object',
          required: ['by', 'at', 'reason'],
          properties: {
            by: { description: 'Who asked.', type: 'string' },
            at: { description: 'When.', type: 'string', format: 'date-time' },
            reason: { description: 'Why.', type: 'string' },
          },
        },
        paused: {
          title: 'Pause',
          description: 'Set while `steersman pause` holds all rollouts back.',
          type: 'object',
          required: ['by', 'at'],
          properties: {
            by: { description: 'Who asked.', type: 'string' },
            at: { description: 'When.', type: 'string', format: 'date-time' },
            reason: { description: 'Why.', type: 'string' },
          },
        },
        held: {
          title: 'Hold',
          description: "Set while a person's rollback by tag holds.",
          type: 'object',
          required: ['by', 'at', 'to'],
          properties: {
            by: {
              description: 'Who moved the tag, as the tag object says; it is not proof.',
              type: 'string',
            },
            at: { description: 'When.', type: 'string', format: 'date-time' },
            to: { description: 'Id of the commit that is held.', type: 'string' },
            from: { description: 'Id of the commit that served before.', type: 'string' },
            number: { description: 'Number of the record that is served.', type: 'integer', format: 'int64' },
          },
        },
        intent: {
          title: 'TagIntent',
          description: 'The tag objects that are about to be pushed. A retry pushes the same ones.',
          type: 'object',
          required: ['commit', 'number', 'tags', 'createdAt'],
          properties: {
            commit: { description: 'Id of the commit.', type: 'string' },
            number: { description: 'Number of the record.', type: 'integer', format: 'int64' },
            tags: {
              description: 'The tags, which go in one atomic push.',
              type: 'array',
              maxItems: 3,
              items: {
                title: 'IntendedTag',
                description: 'One tag.',
                type: 'object',
                required: ['name', 'object', 'commit', 'expected'],
                properties: {
                  name: { description: 'Its name. Example deploy/prod/current.', type: 'string' },
                  object: { description: 'Id of the tag object.', type: 'string' },
                  commit: { description: 'Id of the commit that it names.', type: 'string' },
                  expected: {
                    description:
                      'Id of the object that the tag must still have; empty where there must be none.',
                    type: 'string',
                  },
                },
              },
            },
            createdAt: { description: 'When.', type: 'string', format: 'date-time' },
          },
        },
        memory: {
          title: 'RevisionMemory',
          description:
            'What was decided of the branch and the tag last, so that a rewind or a hold is recognised later.',
          type: 'object',
          properties: {
            head: { description: 'The head that was wanted last.', type: 'string' },
            hold: {
              title: 'HoldMemory',
              description: 'The tag object that began a hold, and the head at that time.',
              type: 'object',
              required: ['object', 'head'],
              properties: {
                object: { description: 'Id of the tag object.', type: 'string' },
                head: { description: 'Id of the head.', type: 'string' },
              },
            },
          },
        },
        resumed: {
          title: 'Resumption',
          description: 'What a person saw and accepted with steersman resume.',
          type: 'object',
          required: ['at'],
          properties: {
            at: {
              description: 'The value of the annotation steersman.dev/resumedAt that was last acted on.',
              type: 'string',
            },
            tagObject: { description: 'Id of the tag object that held.', type: 'string' },
            head: { description: "Id of the branch's head then.", type: 'string' },
          },
        },
        issues: {
          description:
            'What is wrong with the wanted commit, as file:line:column path, what is wrong, what was expected. The first 50.',
          type: 'array',
          maxItems: 50,
          items: { type: 'string' },
        },
        issuesCommit: { description: 'Id of the commit that the issues are about.', type: 'string' },
        failed: {
          description: 'Releases of the wanted commit whose content failed and is not tried again by itself.',
          type: 'array',
          maxItems: 50,
          items: {
            title: 'FailedRelease',
            description: 'One failed release.',
            type: 'object',
            required: ['release', 'digest'],
            properties: {
              release: { description: 'Name of the release.', type: 'string' },
              digest: { description: 'Its content digest.', type: 'string' },
              rollout: { description: 'The rollout that failed.', type: 'string' },
              reason: { description: 'Why.', type: 'string' },
            },
          },
        },
        infrastructure: {
          title: 'InfrastructureStatus',
          description: 'What Terraform last did.',
          type: 'object',
          properties: {
            commit: { description: 'Id of the commit that was last applied.', type: 'string' },
            planDigest: { description: 'Id of the plan that was last applied.', type: 'string' },
            inputDigest: {
              description:
                'Digest of everything that was last applied - root, modules, variables, lock file. Equal inputs start no Terraform.',
              type: 'string',
            },
            lockedBy: { description: "Who holds the state's lock.", type: 'string' },
            appliedAt: { description: 'When.', type: 'string', format: 'date-time' },
            checkedAt: {
              description: 'When the last plan found that there is nothing to do, or was applied.',
              type: 'string',
              format: 'date-time',
            },
            images: {
              description: 'The images that were last given to Terraform, by release.',
              type: 'object',
              maxProperties: 500,
              additionalProperties: { type: 'string' },
            },
            outputs: {
              description: "The root's outputs that are not sensitive.",
              type: 'object',
              maxProperties: 500,
              additionalProperties: { 'x-kubernetes-preserve-unknown-fields': true },
            },
            plan: {
              title: 'InfrastructurePlan',
              description: 'The newest plan that was not applied, and why.',
              type: 'object',
              required: ['id', 'commit', 'inputDigest', 'serial', 'at', 'verdict', 'permission', 'summary'],
              properties: {
                id: {
                  description: 'What an approval names - a digest of what the plan would do.',
                  type: 'string',
                },
                commit: { description: 'Id of the commit that it was made from.', type: 'string' },
                inputDigest: { description: 'Digest of what it was made from.', type: 'string' },
                serial: {
                  description: 'Serial number of the state that it was made from.',
                  type: 'integer',
                  format: 'int64',
                },
                at: { description: 'When.', type: 'string', format: 'date-time' },
                verdict: {
                  description: 'What it was judged to be.',
                  type: 'string',
                  enum: ['Safe', 'Destructive', 'ResetsTraffic', 'Wider', 'Unreadable'],
                },
                permission: {
                  description:
                    "What follows - a person's approval is awaited, it is only shown, or it is refused whoever asks.",
                  type: 'string',
                  enum: ['AwaitApproval', 'Frozen', 'PlanOnly', 'Refuse'],
                },
                summary: {
                  description: 'How many resources would be added, changed, replaced and destroyed.',
                  type: 'string',
                },
                resources: {
                  description: 'What would be done to which resource. The first 100.',
                  type: 'array',
                  maxItems: 100,
                  items: {
                    title: 'PlannedResource',
                    description: 'One resource.',
                    type: 'object',
                    required: ['address', 'action'],
                    properties: {
                      address: { description: 'Its address in the root.', type: 'string' },
                      action: { description: 'What would be done.', type: 'string' },
                      attributes: {
                        description: 'Names of the attributes that change.',
                        type: 'array',
                        maxItems: 200,
                        items: { type: 'string' },
                      },
                    },
                  },
                },
                reasons: {
                  description: 'Why it was judged so. The first 20.',
                  type: 'array',
                  maxItems: 20,
                  items: {
                    title: 'PlanReason',
                    description: 'One reason.',
                    type: 'object',
                    required: ['rule', 'message'],
                    properties: {
                      rule: { description: 'Name of the rule.', type: 'string' },
                      message: { description: 'What is wrong.', type: 'string' },
                    },
                  },
                },
                leftovers: {
                  description:
                    'After an apply that was killed, what it may have made and the plan would make again. The first 100. `steersman terraform imports` prints them as import blocks.',
                  type: 'array',
                  maxItems: 100,
                  items: {
                    title: 'InfrastructureLeftover',
                    description: 'One resource.',
                    type: 'object',
                    required: ['addresses'],
                    properties: {
                      arn: {
                        description:
                          "Its ARN. Left out for a resource that tags don't show - whether it exists is not known.",
                        type: 'string',
                      },
                      importId: {
                        description:
                          'What an import block gives as id. Left out where it is not known for its type.',
                        type: 'string',
                      },
                      addresses: {
                        description: 'Addresses in the root that it may be. The first 20.',
                        type: 'array',
                        maxItems: 20,
                        items: { type: 'string' },
                      },
                    },
                  },
                },
              },
            },
            drift: {
              description: 'Attributes that are not as Terraform left them. The first 100.',
              type: 'array',
              maxItems: 100,
              items: {
                title: 'InfrastructureDrift',
                description: 'One attribute.',
                type: 'object',
                required: ['address', 'attribute', 'live', 'state'],
                properties: {
                  address: { description: 'Address of the resource in the root.', type: 'string' },
                  attribute: {
                    description: 'Path of the attribute; empty where the resource itself is gone.',
                    type: 'string',
                  },
                  live: { description: 'What AWS says. Masked where it is sensitive.', type: 'string' },
                  state: {
                    description: 'What Terraform left. Masked where it is sensitive.',
                    type: 'string',
                  },
                },
              },
            },
            failure: {
              title: 'InfrastructureFailure',
              description: 'Why Terraform could not do what the commit says. Tried again later and later.',
              type: 'object',
              required: ['inputDigest', 'reason', 'message', 'at', 'attempts'],
              properties: {
                inputDigest: { description: 'Digest of what was tried.', type: 'string' },
                reason: { description: 'As one word for programs.', type: 'string' },
                message: { description: 'As a sentence for people.', type: 'string' },
                at: { description: 'When it was last tried.', type: 'string', format: 'date-time' },
                attempts: { description: 'How often it was tried.', type: 'integer', format: 'int64' },
              },
            },
            lock: {
              title: 'HeldStateLock',
              description: "The state's lock, while somebody else holds it.",
              type: 'object',
              required: ['id', 'who', 'operation'],
              properties: {
                id: { description: 'Its id.', type: 'string' },
                who: { description: 'User and host of the process that took it.', type: 'string' },
                operation: {
                  description: 'What that process does. Example OperationTypeApply.',
                  type: 'string',
                },
                since: { description: 'When it was taken.', type: 'string', format: 'date-time' },
              },
            },
            destroyed: {
              description: 'Applies that replaced or destroyed something, the newest last. The last 20.',
              type: 'array',
              maxItems: 20,
              items: {
                title: 'DestroyingApply',
                description: 'One of them, from its start on.',
                type: 'object',
                required: ['commit', 'at', 'resources'],
                properties: {
                  commit: { description: 'Id of the commit.', type: 'string' },
                  at: { description: 'When it began.', type: 'string', format: 'date-time' },
                  resources: {
                    description:
                      'What was to be done to which resource. The first 20. Example replace aws_db_instance.main.',
                    type: 'array',
                    maxItems: 20,
                    items: { type: 'string' },
                  },
                },
              },
            },
            lastApply: {
              title: 'FinishedApply',
              description:
                'The last apply that came to its end. A Rollout of its commit begins its timeline with it.',
              type: 'object',
              required: ['commit', 'startedAt', 'finishedAt'],
              properties: {
                commit: { description: 'Id of the commit.', type: 'string' },
                startedAt: { description: 'When it began.', type: 'string', format: 'date-time' },
                finishedAt: { description: 'When it ended.', type: 'string', format: 'date-time' },
                resources: {
                  description:
                    'What it did to which resource, in the order in which it was done. The first 100.',
                  type: 'array',
                  maxItems: 100,
                  items: {
                    title: 'AppliedResource',
                    description: 'One resource.',
                    type: 'object',
                    required: ['address', 'action', 'startedAt', 'finishedAt'],
                    properties: {
                      address: { description: 'Its address in the root.', type: 'string' },
                      action: {
                        description: 'What was done, as Terraform calls it. Example create.',
                        type: 'string',
                      },
                      startedAt: { description: 'When it began.', type: 'string', format: 'date-time' },
                      finishedAt: { description: 'When it was done.', type: 'string', format: 'date-time' },
                    },
                  },
                },
              },
            },
            applying: {
              title: 'RunningApply',
              description:
                'An apply under way; a controller that comes after one that died follows it to its end.',
              type: 'object',
              required: ['commit', 'inputDigest', 'planDigest', 'startedAt'],
              properties: {
                commit: { description: 'Id of the commit.', type: 'string' },
                inputDigest: { description: 'Digest of what is applied.', type: 'string' },
                planDigest: { description: 'Id of the plan.', type: 'string' },
                startedAt: { description: 'When.', type: 'string', format: 'date-time' },
                lockId: {
                  description: "Id of the state's lock, read while that process held it.",
                  type: 'string',
                },
                directory: { description: 'Where it works.', type: 'string' },
                process: {
                  title: 'TerraformProcess',
                  description: 'The process, so that it is found again.',
                  type: 'object',
                  required: ['host', 'boot', 'pid', 'startTime'],
                  properties: {
                    host: { description: 'Name of the machine.', type: 'string' },
                    boot: { description: "Id of the machine's boot.", type: 'string' },
                    pid: { description: 'Number of the process.', type: 'integer', format: 'int64' },
                    startTime: {
                      description: 'When it began, as the operating system counts.',
                      type: 'string',
                    },
                  },
                },
              },
            },
            lastHandledApproval: {
              description: 'The value of the annotation steersman.dev/planApprovedAt that was last acted on.',
              type: 'string',
            },
            lastHandledUnlock: {
              description:
                'The value of the annotation steersman.dev/unlockRequestedAt that was last acted on.',
              type: 'string',
            },
          },
        },
      },
    },
  },
}
