import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { optionalRecord, optionalRecords, optionalText, texts } from '../members.ts'

export interface Application {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly createdAt: number
}

export interface DeploymentGroup {
  readonly id: string
  readonly name: string
  readonly application: string
  readonly region: string
  /** What was given to CreateDeploymentGroup, under AWS's own names, its defaults filled in. */
  readonly members: Members
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html, status */
export type DeploymentStatus = 'Created' | 'InProgress' | 'Ready' | 'Succeeded' | 'Failed' | 'Stopped'

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#reference-appspec-file-structure-hooks-list-ecs */
export const LIFECYCLE_EVENTS = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
] as const
export type LifecycleEventName = (typeof LIFECYCLE_EVENTS)[number]

export interface LifecycleEvent {
  readonly name: LifecycleEventName
  readonly status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped'
  readonly startedAt?: number
  readonly endedAt?: number
  /** The execution that PutLifecycleEventHookExecutionStatus answers; only while a function was asked. */
  readonly executionId?: string
}

export interface Deployment {
  readonly id: string
  readonly application: string
  readonly group: string
  readonly region: string
  readonly status: DeploymentStatus
  /** What was given to CreateDeployment, under AWS's own names. */
  readonly members: Members
  readonly configName: string
  readonly creator: 'user' | 'codeDeployRollback'
  readonly createdAt: number
  readonly startedAt?: number
  readonly completedAt?: number
  readonly error?: { readonly code: string; readonly message: string }
  readonly events: readonly LifecycleEvent[]
  /** Percent of the production traffic that the replacement task set gets. */
  readonly weight: number
  readonly original: TaskSetRef | undefined
  readonly replacement: TaskSetRef | undefined
  /** When it began to wait for ContinueDeployment of kind READY_WAIT. */
  readonly readyAt?: number
  readonly rerouted?: boolean
  /** When it began to wait with the end of the original tasks. */
  readonly terminationAt?: number
  readonly terminate?: boolean
  readonly rollback?: { readonly deploymentId?: string; readonly of?: string; readonly message: string }
}

/** A task set and the group that its tasks register in. */
export interface TaskSetRef {
  readonly id: string
  readonly targetGroupArn: string
}

/** Everything that CodeDeploy remembers. */
export interface CodeDeployTables {
  readonly applications: Table<Application>
  readonly groups: Table<DeploymentGroup>
  readonly deployments: Table<Deployment>
}

export function createTables(clock: Clock): CodeDeployTables {
  return { applications: new Table(clock), groups: new Table(clock), deployments: new Table(clock) }
}

type Region = Pick<CallContext, 'region'>

export const applicationKey = (name: string, { region }: Region): string => `${region}/${name}`
export const groupKey = (application: string, name: string, { region }: Region): string =>
  `${region}/${application}/${name}`

export const refused = (code: string, message: string): AwsError => new AwsError(code, message)

/** The text `name`, which CodeDeploy demands. */
export function required(input: Members, name: string, code: string): string {
  const value = optionalText(input, name)
  if (value === undefined || value === '') throw refused(code, `${name} is required`)
  return value
}

export const isOver = ({ status }: Deployment): boolean =>
  status === 'Succeeded' || status === 'Failed' || status === 'Stopped'

/** The pair of target groups and its listeners, as a deployment group names them. */
export interface Traffic {
  readonly groupNames: readonly string[]
  readonly production: readonly string[]
  readonly test: readonly string[]
}

export function trafficOf({ members }: DeploymentGroup): Traffic {
  const info = optionalRecord(members, 'loadBalancerInfo') ?? {}
  const [pair = {}] = optionalRecords(info, 'targetGroupPairInfoList') ?? []
  const listeners = (name: string): readonly string[] =>
    texts(optionalRecord(pair, name) ?? {}, 'listenerArns')
  return {
    groupNames: (optionalRecords(pair, 'targetGroups') ?? []).map((one) => optionalText(one, 'name') ?? ''),
    production: listeners('prodTrafficRoute'),
    test: listeners('testTrafficRoute'),
  }
}

/** The one service of a deployment group, under the names that ECS takes. */
export function serviceOf({ members }: DeploymentGroup): {
  readonly cluster: string
  readonly service: string
} {
  const [one = {}] = optionalRecords(members, 'ecsServices') ?? []
  return { cluster: optionalText(one, 'clusterName') ?? '', service: optionalText(one, 'serviceName') ?? '' }
}
