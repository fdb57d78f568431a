import type { AdoptedService, AdoptionFacts } from './facts.ts'
import { engineOf, movedRules } from './moved.ts'
import type { Refusal } from './refusal.ts'
import { when } from './refusal.ts'
import { refuseTraffic } from './refuse-traffic.ts'

/** What keeps a service from being a release whose traffic AWS itself moves, as it does now. */
export function refuseMoved(service: AdoptedService, facts: AdoptionFacts): readonly Refusal[] {
  const ofGroup = engineOf(service) === 'CodeDeploy' ? refuseGroup(service, facts) : []
  if (ofGroup.length > 0) return ofGroup
  const sets = (service.taskSets ?? []).filter(({ status }) => status !== 'DRAINING')
  const production = new Set(movedRules(facts).production)
  const listeners = facts.listeners.map((listener) => ({
    ...listener,
    rules: listener.rules.filter((rule) => production.has(rule)),
  }))
  return [
    ...when(
      sets.length > 1,
      'DeploymentUnderWay',
      `service ${service.name} has ${sets.length} task sets: a deployment is under way, or keeps the tasks of the version before`,
      'wait until CodeDeploy has ended the others, and ask again',
    ),
    ...when(
      facts.second.targetGroup === null,
      'SecondTargetGroupMissing',
      `nothing shows between which two target groups the traffic of service ${service.name} is moved`,
      'give its deployments two target groups that exist',
    ),
    ...refuseTraffic({ ...facts, listeners }, undefined),
  ]
}

function refuseGroup(
  { name, cluster }: AdoptedService,
  { deploymentGroup }: AdoptionFacts,
): readonly Refusal[] {
  if (deploymentGroup === undefined)
    return when(
      true,
      'DeploymentGroupUnknown',
      `service ${name} is deployed by CodeDeploy, and nothing shows by which deployment group: it has made none of the tasks`,
      'name it: --deployment-group APPLICATION/GROUP',
    )
  const { group, application } = deploymentGroup
  const named = `deployment group ${deploymentGroup.deploymentGroup} of application ${application}`
  if (group === null)
    return when(
      true,
      'DeploymentGroupMissing',
      `there is no ${named}`,
      'name another: --deployment-group APPLICATION/GROUP',
    )
  return [
    ...when(
      !group.services.some((one) => one.name === name && one.cluster === cluster),
      'DeploymentGroupOfOthers',
      `${named} does not deploy service ${name}`,
      'name the one that does: --deployment-group APPLICATION/GROUP',
    ),
    ...when(
      group.waitMs === undefined,
      'DeploymentGroupGoesOn',
      `${named} moves the traffic by itself, so no gate could be asked before`,
      'set its deploymentReadyOption to STOP_DEPLOYMENT with a waitTimeInMinutes as long as gates and people may take',
    ),
  ]
}
