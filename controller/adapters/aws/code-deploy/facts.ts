import type { DeploymentGroupInfo, DeploymentInfo } from '@aws-sdk/client-codedeploy'
import type {
  CodeDeploymentFacts,
  CodeDeploymentStatus,
  DeploymentGroupFacts,
} from '../../../core/code-deploy.ts'
import {
  countOrZero,
  knownWord,
  objectsIn,
  optionalText,
  requiredText,
  textOrEmpty,
  textsIn,
  timeOrZero,
} from '../client/members.ts'

const MINUTE_MS = 60_000

/** A deployment group as described, in the core's terms. */
export function groupFacts(info: DeploymentGroupInfo): DeploymentGroupFacts {
  const pairs = objectsIn(info.loadBalancerInfo?.targetGroupPairInfoList, "a group's target group pairs")
  const ready = info.blueGreenDeploymentConfiguration?.deploymentReadyOption
  return {
    services: objectsIn(info.ecsServices, "a group's services").map(({ clusterName, serviceName }) => ({
      cluster: textOrEmpty(clusterName, "a service's cluster").split('/').at(-1) ?? '',
      name: textOrEmpty(serviceName, "a service's name"),
    })),
    targetGroups: pairs.flatMap(({ targetGroups }) =>
      objectsIn(targetGroups, "a pair's target groups").map(({ name }) =>
        textOrEmpty(name, "a target group's name"),
      ),
    ),
    productionListeners: pairs.flatMap(({ prodTrafficRoute }) =>
      textsIn(prodTrafficRoute?.listenerArns, 'the production listeners'),
    ),
    testListeners: pairs.flatMap(({ testTrafficRoute }) =>
      textsIn(testTrafficRoute?.listenerArns, 'the test listeners'),
    ),
    waitMs:
      ready?.actionOnTimeout === 'STOP_DEPLOYMENT'
        ? countOrZero(ready.waitTimeInMinutes, "a group's wait") * MINUTE_MS
        : undefined,
  }
}

const STATUSES: readonly CodeDeploymentStatus[] = [
  'Created',
  'Queued',
  'InProgress',
  'Baking',
  'Ready',
  'Succeeded',
  'Failed',
  'Stopped',
]

/** A deployment as described. A status that is not known is one under way: nothing is concluded from it. */
export function deploymentFacts(info: DeploymentInfo): CodeDeploymentFacts {
  const { errorInformation: error, rollbackInfo: rollback } = info
  const said = [error?.code, optionalText(error?.message, "a deployment's error")].filter(
    (part) => part !== undefined && part !== '',
  )
  return {
    id: requiredText(info.deploymentId, "a deployment's id"),
    status: knownWord(info.status, STATUSES) ?? 'InProgress',
    description: optionalText(info.description, "a deployment's description"),
    error: said.length === 0 ? undefined : said.join(': '),
    createdAt: timeOrZero(info.createTime, "a deployment's time"),
    endsOriginal: info.instanceTerminationWaitTimeStarted === true,
    rolledBackBy: optionalText(rollback?.rollbackDeploymentId, "a rollback's id"),
    rollsBack: optionalText(rollback?.rollbackTriggeringDeploymentId, "a rollback's origin"),
  }
}
