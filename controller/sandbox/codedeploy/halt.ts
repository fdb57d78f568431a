import type { Members } from '../kernel/operation.ts'
import type { Random } from '../kernel/random.ts'
import { optionalRecord, optionalRecords, optionalText, texts } from '../members.ts'
import type { CodeDeployWorld } from './parts.ts'
import type { Deployment, DeploymentGroup } from './state.ts'

export interface Halt {
  readonly status: 'Failed' | 'Stopped'
  /** The event of the automatic rollback that this is; see `autoRollback` too. */
  readonly event: 'DEPLOYMENT_FAILURE' | 'DEPLOYMENT_STOP_ON_ALARM' | 'DEPLOYMENT_STOP_ON_REQUEST'
  readonly code: string
  readonly message: string
  /** What StopDeployment says; left out, the configuration decides. */
  readonly autoRollback?: boolean | undefined
}

/** The deployment's end before its success. Where it is rolled back a deployment of CodeDeploy's own does that; whoever calls has to follow it. */
export function halted(
  world: CodeDeployWorld,
  group: DeploymentGroup | undefined,
  deployment: Deployment,
  halt: Halt,
): Deployment {
  const now = world.clock.now()
  const over: Deployment = {
    ...deployment,
    status: halt.status,
    completedAt: now,
    error: { code: halt.code, message: halt.message },
    events: deployment.events.map((event) => {
      if (event.status === 'InProgress') return { ...event, status: 'Failed', endedAt: now }
      return event.status === 'Pending' ? { ...event, status: 'Skipped' } : event
    }),
  }
  const goesBack = group !== undefined && (halt.autoRollback ?? isConfigured(group, deployment, halt.event))
  if (!goesBack) return over
  const back: Deployment = {
    id: deploymentId(world.random),
    application: deployment.application,
    group: deployment.group,
    region: deployment.region,
    status: 'Created',
    members: { revision: deployment.members['revision'] },
    configName: deployment.configName,
    creator: 'codeDeployRollback',
    createdAt: now,
    events: [],
    weight: 0,
    original: deployment.original,
    replacement: deployment.replacement,
    rollback: { of: deployment.id, message: halt.message },
  }
  world.tables.deployments.put(back.id, back)
  return { ...over, rollback: { deploymentId: back.id, message: halt.message } }
}

function isConfigured(group: DeploymentGroup, { members }: Deployment, event: Halt['event']): boolean {
  const configuration = autoRollbackOf(group, members)
  return configuration['enabled'] === true && texts(configuration, 'events').includes(event)
}

/** What a deployment says of automatic rollbacks, or its group. */
export const autoRollbackOf = (group: DeploymentGroup, members: Members): Members =>
  optionalRecord(members, 'autoRollbackConfiguration') ??
  optionalRecord(group.members, 'autoRollbackConfiguration') ??
  {}

/** The alarms that stop a deployment. */
export function alarmNamesOf(group: DeploymentGroup, { members }: Deployment): readonly string[] {
  const configuration =
    optionalRecord(members, 'overrideAlarmConfiguration') ??
    optionalRecord(group.members, 'alarmConfiguration')
  if (configuration?.['enabled'] !== true) return []
  return (optionalRecords(configuration, 'alarms') ?? []).flatMap(
    (alarm) => optionalText(alarm, 'name') ?? [],
  )
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** `d-` and nine capital letters or digits: the shape of deployments' ids. */
export function deploymentId(random: Random): string {
  let id = 'd-'
  while (id.length < 11) id += ALPHABET.charAt(Math.floor(random.next() * ALPHABET.length))
  return id
}
