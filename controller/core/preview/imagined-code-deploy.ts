import type { CodeDeployAction } from '../action.ts'
import type { CodeDeployFacts } from '../code-deploy.ts'
import type { ReleaseObservation, ServiceFacts, TaskSetFacts } from '../observation.ts'
import { seenAt, sides, withSeenAt } from '../observation.ts'
import { descriptionOf } from '../rollout/code-deploy/own.ts'

/** What would be seen after CodeDeploy was asked for something, if it obeys at once. */
export function afterCodeDeploy(
  observation: ReleaseObservation,
  action: CodeDeployAction,
  { rollout, now }: { readonly rollout: string; readonly now: number },
): ReleaseObservation {
  const { service } = seenAt(observation, 'only')
  const { codeDeploy } = observation
  if (service === null || codeDeploy === undefined) return observation
  switch (action.kind) {
    case 'StartCodeDeploy':
      return started(observation, { action, rollout, now, service, codeDeploy })
    case 'ContinueCodeDeploy':
      return action.wait === 'READY_WAIT'
        ? moved(
            withStatus(observation, action.deployment, { endsOriginal: true, status: 'InProgress' }),
            action.deployment,
          )
        : withStatus(observation, action.deployment, { status: 'Succeeded' })
    case 'StopCodeDeploy':
      return withStatus(observation, action.deployment, { status: 'Stopped' })
  }
}

/** The new tasks are there and wait for the traffic, with the test rule at them. */
function started(
  observation: ReleaseObservation,
  {
    action,
    rollout,
    now,
    service,
    codeDeploy,
  }: {
    readonly action: Extract<CodeDeployAction, { kind: 'StartCodeDeploy' }>
    readonly rollout: string
    readonly now: number
    readonly service: ServiceFacts
    readonly codeDeploy: CodeDeployFacts
  },
): ReleaseObservation {
  const id = `imagined-${codeDeploy.deployments.length}`
  const before = (service.taskSets ?? []).filter(({ status }) => status === 'PRIMARY')
  const targetGroupArn = sides
    .map((side) => observation.sides[side].targetGroup?.arn)
    .find((arn) => arn !== before[0]?.targetGroupArn)
  const { desiredCount } = service
  const set: TaskSetFacts = {
    status: 'ACTIVE',
    taskDefinition: action.taskDefinition,
    targetGroupArn,
    externalId: id,
    desiredCount,
    runningCount: desiredCount,
  }
  const deployment = {
    id,
    status: 'Ready',
    description: descriptionOf(rollout, action.way),
    error: undefined,
    createdAt: now,
    endsOriginal: false,
    rolledBackBy: undefined,
    rollsBack: undefined,
  } as const
  return {
    ...withService(observation, { ...service, taskSets: [...before, set] }),
    codeDeploy: { ...codeDeploy, deployments: [deployment, ...codeDeploy.deployments] },
    test: observation.test === null ? null : { ...observation.test, weights: only(targetGroupArn) },
  }
}

function moved(observation: ReleaseObservation, deployment: string): ReleaseObservation {
  const { service } = seenAt(observation, 'only')
  const set = service?.taskSets?.find(({ externalId }) => externalId === deployment)
  if (service === null || set === undefined) return observation
  const { taskDefinition, targetGroupArn } = set
  return {
    ...withService(observation, { ...service, taskDefinition, taskSets: [{ ...set, status: 'PRIMARY' }] }),
    production: observation.production.map((rule) =>
      rule === null ? null : { ...rule, weights: only(targetGroupArn) },
    ),
  }
}

const only = (targetGroupArn: string | undefined) =>
  targetGroupArn === undefined ? [] : [{ targetGroupArn, weight: 100 }]

const withService = (observation: ReleaseObservation, service: ServiceFacts): ReleaseObservation =>
  withSeenAt(observation, 'only', { ...seenAt(observation, 'only'), service })

function withStatus(
  observation: ReleaseObservation,
  id: string,
  change: Partial<CodeDeployFacts['deployments'][number]>,
): ReleaseObservation {
  const { codeDeploy } = observation
  if (codeDeploy === undefined) return observation
  const deployments = codeDeploy.deployments.map((one) => (one.id === id ? { ...one, ...change } : one))
  return { ...observation, codeDeploy: { ...codeDeploy, deployments } }
}
