import type { ReleaseObservation } from '../../observation.ts'
import { seenAt } from '../../observation.ts'
import type { RolloutState } from '../state.ts'

/** Why a release can't be deployed by its deployment group as they are: the engine fixes the shape of both, and Steersman changes neither. */
export function shapeProblem(
  { spec }: Pick<RolloutState, 'spec'>,
  observation: ReleaseObservation,
): string | undefined {
  const { service } = seenAt(observation, 'only')
  const name = spec.service.name ?? spec.release
  const { application = '', deploymentGroup = '' } = spec.codeDeploy ?? {}
  const group = observation.codeDeploy?.group ?? null
  if (service === null)
    return `service ${name} does not exist; create it with the deployment controller CODE_DEPLOY`
  const controller = (service.settings['deploymentController'] as { readonly type?: string } | undefined)
    ?.type
  if (controller !== 'CODE_DEPLOY')
    return `service ${name} has the deployment controller ${controller ?? 'ECS'}, and only one that was created with CODE_DEPLOY is deployed by CodeDeploy`
  if (group === null)
    return `there is no deployment group ${deploymentGroup} of the application ${application}; create it, or correct spec.codeDeploy`
  if (!group.services.some((one) => one.name === name && one.cluster === spec.service.cluster))
    return `deployment group ${deploymentGroup} does not deploy service ${name} of cluster ${spec.service.cluster}`
  if (group.waitMs === undefined)
    return `deployment group ${deploymentGroup} moves the traffic by itself; set its deploymentReadyOption to STOP_DEPLOYMENT with a waitTimeInMinutes, so that it waits for Steersman's gates`
  return trafficProblem(observation, deploymentGroup)
}

function trafficProblem(observation: ReleaseObservation, name: string): string | undefined {
  const group = observation.codeDeploy?.group ?? null
  const { production, test, sides } = observation
  const other = [sides.blue, sides.green]
    .map(({ targetGroup }) => targetGroup?.name)
    .find((one) => one === undefined || group?.targetGroups.includes(one) !== true)
  const named = [sides.blue, sides.green].every(({ targetGroup }) =>
    group?.targetGroups.includes(targetGroup?.name ?? ''),
  )
  if (!named)
    return `deployment group ${name} moves the traffic between other target groups than the release's${other === undefined ? '' : ` (${other})`}`
  if (
    production.some((rule) => rule === null || group?.productionListeners.includes(rule.listenerArn) !== true)
  )
    return `a production rule of the release is not at the production listener of deployment group ${name}`
  if (test !== null && group?.testListeners.includes(test.listenerArn) !== true)
    return `the test rule of the release is not at the test listener of deployment group ${name}`
  return undefined
}
