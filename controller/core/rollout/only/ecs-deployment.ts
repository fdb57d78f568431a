import type { RecentWrite } from '../../../resources/generated/release.ts'
import { tellsFailedDeployment } from '../../ecs-events.ts'
import type { DeploymentFacts, ServiceFacts } from '../../observation.ts'
import { fromTimestamp } from '../../time.ts'
import { startOf } from '../ecs-words.ts'
import type { RolloutState } from '../state.ts'

/** The deployment that ECS works on, or has finished last. */
export const primaryOf = ({ deployments }: ServiceFacts): DeploymentFacts | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY')

/** Whether ECS began the deployment after the rollout was about to change the service. */
export const isOfRollout = ({ id }: DeploymentFacts, { status }: RolloutState): boolean =>
  !(status.deploymentsBefore ?? []).includes(id)

/**
 * Why ECS gave the new version up, in its own words; undefined while it has not. Its own way back, where somebody turned that on, is no success of anything: the
 * deployment that failed is soon gone from the list, and then only the events tell, and what the service is.
 */
export function givenUp(
  service: ServiceFacts,
  { rollout, writes }: { readonly rollout: RolloutState; readonly writes: Writes },
): string | undefined {
  const { taskDefinition } = rollout.spec
  const failed = service.deployments.find(
    (deployment) =>
      deployment.taskDefinition === taskDefinition &&
      deployment.rolloutState === 'FAILED' &&
      isOfRollout(deployment, rollout),
  )
  if (failed !== undefined) return failed.rolloutStateReason ?? 'ECS gave the deployment up'
  const given = writeOf(rollout, writes)
  if (service.taskDefinition === taskDefinition || given === undefined) return undefined
  const isBefore = service.taskDefinition === rollout.spec.from.taskDefinition && given.ambiguous !== true
  const told = service.events.find(
    ({ at, message }) => at >= startOf(rollout) && tellsFailedDeployment(message),
  )
  return told?.message ?? (isBefore ? `the service is ${SET_BACK}` : undefined)
}

/** Whoever did that, ECS long ago or a person, does not want the new version. */
const SET_BACK = 'what it was before the rollout, though it had been given the new version'

type Writes = Readonly<Record<string, RecentWrite>>

/** The newest write by which this rollout has asked ECS for its version; undefined before it. */
function writeOf({ spec, status }: RolloutState, writes: Writes): RecentWrite | undefined {
  const write = writes['service/only']
  if (write === undefined || status.shiftedAt === undefined) return undefined
  const { taskDefinition } = spec
  const isOurs = write.after === taskDefinition || write.after.startsWith(`${taskDefinition} x `)
  return isOurs && fromTimestamp(write.at) >= fromTimestamp(status.shiftedAt) ? write : undefined
}
