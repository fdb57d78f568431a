import {
  BatchGetDeploymentsCommand,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy'
import type { CodeDeployReference, DeploymentGroupFacts } from '../../../core/code-deploy.ts'
import type { CodeDeploy } from '../../../ports/code-deploy.ts'
import type { Asked } from '../../../ports/asked.ts'
import { PortError } from '../../../ports/error.ts'
import { objectsIn, optionalText, textsIn } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { deploymentFacts, groupFacts } from './facts.ts'

/** Deployments that are read: the newest, and those just before it. */
const DEPLOYMENTS_READ = 10

/** AWS CodeDeploy behind its port. https://docs.aws.amazon.com/codedeploy/latest/APIReference/Welcome.html */
export function createCodeDeploy(tools: AwsTools): CodeDeploy {
  const { clients, send } = tools
  return {
    async look(reference, asked) {
      const [{ group, newest }, listed] = await Promise.all([
        groupOf(tools, reference, asked),
        listOf(tools, reference, asked),
      ])
      const ids = [...new Set([...(newest === undefined ? [] : [newest]), ...listed])]
      return { group, deployments: await deploymentsOf(tools, ids.slice(0, DEPLOYMENTS_READ), asked) }
    },
    async startDeployment({ application, deploymentGroup, appSpec, description, configuration }) {
      const command = new CreateDeploymentCommand({
        applicationName: application,
        deploymentGroupName: deploymentGroup,
        deploymentConfigName: configuration,
        description,
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec } },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
      })
      const answer = await send('codedeploy:CreateDeployment', (options) =>
        clients.codeDeploy.send(command, options),
      )
      return { requestId: answer.$metadata.requestId }
    },
    async continueDeployment({ deployment, wait }) {
      const command = new ContinueDeploymentCommand({ deploymentId: deployment, deploymentWaitType: wait })
      const answer = await send('codedeploy:ContinueDeployment', (options) =>
        clients.codeDeploy.send(command, options),
      )
      return { requestId: answer.$metadata.requestId }
    },
    async stopDeployment({ deployment }, asked) {
      const command = new StopDeploymentCommand({ deploymentId: deployment, autoRollbackEnabled: true })
      const answer = await send(
        'codedeploy:StopDeployment',
        (options) => clients.codeDeploy.send(command, options),
        asked,
      )
      return { requestId: answer.$metadata.requestId }
    },
  }
}

async function groupOf(
  { clients, send }: AwsTools,
  { application, deploymentGroup }: CodeDeployReference,
  asked?: Asked,
): Promise<{ readonly group: DeploymentGroupFacts | null; readonly newest: string | undefined }> {
  const command = new GetDeploymentGroupCommand({
    applicationName: application,
    deploymentGroupName: deploymentGroup,
  })
  const answer = await orMissing(
    send('codedeploy:GetDeploymentGroup', (options) => clients.codeDeploy.send(command, options), asked),
  )
  const info = answer?.deploymentGroupInfo
  if (info === undefined) return { group: null, newest: undefined }
  const newest = optionalText(info.lastAttemptedDeployment?.deploymentId, "the last deployment's id")
  return { group: groupFacts(info), newest }
}

async function listOf(
  { clients, send }: AwsTools,
  { application, deploymentGroup }: CodeDeployReference,
  asked?: Asked,
): Promise<readonly string[]> {
  const command = new ListDeploymentsCommand({
    applicationName: application,
    deploymentGroupName: deploymentGroup,
  })
  const answer = await orMissing(
    send('codedeploy:ListDeployments', (options) => clients.codeDeploy.send(command, options), asked),
  )
  return textsIn(answer?.deployments, 'a list of deployments')
}

async function deploymentsOf({ clients, send }: AwsTools, deploymentIds: readonly string[], asked?: Asked) {
  if (deploymentIds.length === 0) return []
  const command = new BatchGetDeploymentsCommand({ deploymentIds: [...deploymentIds] })
  const answer = await send(
    'codedeploy:BatchGetDeployments',
    (options) => clients.codeDeploy.send(command, options),
    asked,
  )
  return objectsIn(answer.deploymentsInfo, 'a list of deployments')
    .map(deploymentFacts)
    .toSorted((one, other) => other.createdAt - one.createdAt)
}

/** Undefined where there is no such application or deployment group. */
async function orMissing<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof PortError && error.code === 'DeploymentGroupMissing') return undefined
    throw error
  }
}
