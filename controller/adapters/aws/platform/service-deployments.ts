import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  type ServiceDeployment,
  type ServiceRevisionSummary,
} from '@aws-sdk/client-ecs'
import type { RevisionFacts, ServiceDeploymentFacts } from '../../../core/observation.ts'
import { deploymentStatuses } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Platform } from '../../../ports/platform.ts'
import { createBatcher } from '../client/batcher.ts'
import {
  countOrZero,
  knownWord,
  objectsIn,
  optionalText,
  requiredText,
  timeOrZero,
} from '../client/members.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html */
const deploymentsPerCall = 20

/** ECS's own deployments of services: read twenty to a call, and each write one attempt. */
export function createServiceDeployments({
  clients,
  send,
  clock,
  epoch,
}: AwsTools): Pick<Platform, 'serviceDeployment' | 'continueDeployment' | 'stopDeployment'> {
  const shared = createSharedReads<ServiceDeploymentFacts | null>(epoch)
  const batcher = createBatcher<string, ServiceDeploymentFacts | null>({
    clock,
    maxSize: deploymentsPerCall,
    groupOf: () => '',
    identityOf: (arn) => arn,
    read: async (arns, hurry) => {
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [...arns] })
      const answer = await send(
        'ecs:DescribeServiceDeployments',
        (options) => clients.ecs.send(command, options),
        { hurry },
      )
      const found = objectsIn(answer.serviceDeployments, 'a list of service deployments')
      return arns.map((arn) => {
        const one = found.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn)
        return one === undefined ? null : serviceDeploymentFacts(one)
      })
    },
  })
  return {
    serviceDeployment: (arn, asked) => shared.share(arn, (hurry) => batcher.load(arn, hurry), asked?.hurry),

    async continueDeployment({ deployment, hook }) {
      const command = new ContinueServiceDeploymentCommand({
        serviceDeploymentArn: deployment,
        hookId: hook,
        action: 'CONTINUE',
      })
      try {
        const answer = await send('ecs:ContinueServiceDeployment', (options) =>
          clients.ecs.send(command, options),
        )
        return { requestId: answer.$metadata.requestId }
      } catch (error) {
        throw pauseOver(error)
      }
    },

    async stopDeployment({ deployment, goesBack }) {
      const command = new StopServiceDeploymentCommand({
        serviceDeploymentArn: deployment,
        stopType: goesBack ? 'ROLLBACK' : 'ABORT',
      })
      const answer = await send('ecs:StopServiceDeployment', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId }
    },
  }
}

/** The error of letting a deployment go on; that it does not wait there any more is nothing that a person has to mend: it is looked at again. */
export function pauseOver(error: unknown): unknown {
  if (!(error instanceof PortError) || error.code !== 'InvalidRequest') return error
  return new PortError(`ECS's deployment does not wait there any more: ${error.message}`, {
    code: 'PauseOver',
    handling: 'wait',
    cause: error,
  })
}

/** A service deployment as described, in the core's terms. */
export function serviceDeploymentFacts(deployment: ServiceDeployment): ServiceDeploymentFacts {
  const status = knownWord(deployment.status, deploymentStatuses)
  if (status === undefined) throw unreadable("a service deployment's status")
  const { targetServiceRevision: target } = deployment
  if (target === undefined) throw unreadable("a service deployment's target")
  const waiting = objectsIn(deployment.lifecycleHookDetails, "a deployment's hooks").find(
    (hook) => hook.targetType === 'PAUSE' && hook.status === 'AWAITING_ACTION',
  )
  return {
    arn: requiredText(deployment.serviceDeploymentArn, "a service deployment's ARN"),
    status,
    reason: optionalText(deployment.statusReason, "a service deployment's reason"),
    stage: optionalText(deployment.lifecycleStage, "a service deployment's stage"),
    pause:
      waiting === undefined
        ? undefined
        : {
            hook: requiredText(waiting.hookId, "a hook's id"),
            expiresAt: timeOrZero(waiting.expiresAt, "a hook's end") || undefined,
          },
    target: revisionFacts(target),
    sources: objectsIn(deployment.sourceServiceRevisions, "a deployment's sources").map(revisionFacts),
  }
}

function revisionFacts(revision: ServiceRevisionSummary): RevisionFacts {
  return {
    arn: requiredText(revision.arn, "a service revision's ARN"),
    running: countOrZero(revision.runningTaskCount, "a revision's running tasks"),
    requested: countOrZero(revision.requestedTaskCount, "a revision's wanted tasks"),
    productionPercent: percent(revision.requestedProductionTrafficWeight),
    testPercent: percent(revision.requestedTestTrafficWeight),
  }
}

function percent(weight: unknown): number | undefined {
  if (weight === undefined || weight === null) return undefined
  if (typeof weight === 'number' && weight >= 0 && weight <= 100) return weight
  throw unreadable("a revision's weight in percent")
}
