import type { Deployment } from '../../../controller/sandbox/codedeploy/state.ts'
import { isOver } from '../../../controller/sandbox/codedeploy/state.ts'
import { optionalText } from '../../../controller/sandbox/members.ts'
import { codeDeployFiles } from '../../support/machine/code-deploy.ts'
import { IMAGE_REPOSITORY } from '../../support/machine/shape.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { ACCOUNT, REGION } from './shape.ts'
import type { Pair } from './shape.ts'
import type { SimulatedAws } from './simulated-aws.ts'
import type { SeenSide } from './view.ts'
import { seeRelease, sideNames } from './view.ts'

/** The application of all releases; each has the deployment group of its name. */
const APPLICATION = 'shop'

/** The alarm that stops a deployment of the release by CodeDeploy's own rules. */
const groupAlarmOf = (release: string): string => `${release}-deployments`

/** So long the tasks of a version before are kept, and so long people may take to give the word, in minutes. */
const KEPT_MINUTES = 2
const WAIT_MINUTES = 10

/** The version that serves before the first push: good, and made by nobody's rollout. */
const MADE_VERSION = 'v1-good'

/** What Terraform has made for each release: a service with the deployment controller CODE_DEPLOY, its deployment group, and an alarm that this minds. */
export function makeCodeDeploy(aws: SimulatedAws, pairs: readonly Pair[], desiredCount: number): void {
  aws.byHand('codedeploy', 'CreateApplication', { applicationName: APPLICATION, computePlatform: 'ECS' })
  for (const pair of pairs) {
    makeService(aws, pair, desiredCount)
    makeAlarm(aws, pair.release)
    makeGroup(aws, pair)
  }
}

function makeService(aws: SimulatedAws, { release, targetGroups }: Pair, desiredCount: number): void {
  const files = codeDeployFiles({ release, version: MADE_VERSION })
  const document = JSON.parse(files[`deploy/taskdefs/${release}.json`] ?? '{}') as Members
  aws.byHand('ecs', 'RegisterTaskDefinition', {
    ...document,
    family: `made-${release}`,
    containerDefinitions: (document['containerDefinitions'] as Members[]).map((container) => ({
      ...container,
      image: `${IMAGE_REPOSITORY}:${MADE_VERSION}`,
    })),
  })
  aws.byHand('ecs', 'CreateService', {
    cluster: 'demo',
    serviceName: release,
    taskDefinition: `made-${release}`,
    desiredCount,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-demo'] } },
    deploymentController: { type: 'CODE_DEPLOY' },
    loadBalancers: [{ targetGroupArn: targetGroups.blue, containerName: release, containerPort: 8080 }],
  })
}

function makeAlarm(aws: SimulatedAws, release: string): void {
  aws.byHand('monitoring', 'PutMetricAlarm', {
    AlarmName: groupAlarmOf(release),
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'HTTPCode_Target_5XX_Count',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  })
  setGroupAlarm(aws, release, 'OK')
}

export function setGroupAlarm(aws: SimulatedAws, release: string, state: 'OK' | 'ALARM'): void {
  aws.byHand('monitoring', 'SetAlarmState', {
    AlarmName: groupAlarmOf(release),
    StateValue: state,
    StateReason: 'what CloudWatch has evaluated',
  })
}

function makeGroup(aws: SimulatedAws, { release, production, test }: Pair): void {
  aws.byHand('codedeploy', 'CreateDeploymentGroup', {
    applicationName: APPLICATION,
    deploymentGroupName: release,
    serviceRoleArn: `arn:aws:iam::${ACCOUNT}:role/codedeploy`,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    alarmConfiguration: { enabled: true, alarms: [{ name: groupAlarmOf(release) }] },
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: {
        action: 'TERMINATE',
        terminationWaitTimeInMinutes: KEPT_MINUTES,
      },
      deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: WAIT_MINUTES },
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: `${release}-blue` }, { name: `${release}-green` }],
          prodTrafficRoute: { listenerArns: production },
          testTrafficRoute: { listenerArns: [test] },
        },
      ],
    },
    ecsServices: [{ serviceName: release, clusterName: 'demo' }],
  })
}

/** The deployments of a release as they truly are, oldest first. */
export const deploymentsOf = ({ codeDeploy }: SimulatedAws, release: string): readonly Deployment[] =>
  codeDeploy.tables.deployments.list().filter(({ group }) => group === release)

/** The one that is not over. */
export const activeDeploymentOf = (aws: SimulatedAws, release: string): Deployment | undefined =>
  deploymentsOf(aws, release).find((one) => !isOver(one))

/** What was said when it was made; whoever made it. */
export const descriptionOf = ({ members }: Deployment): string => optionalText(members, 'description') ?? ''

/** Where the release's traffic goes: each group with a weight, and the revision of the task set that stands in it. */
export function seeCodeDeploy(aws: SimulatedAws, pair: Pair): readonly SeenSide[] {
  const service = aws.ecs.tables.services.get(`arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/${pair.release}`)
  const { weights, sides } = seeRelease(aws, pair)
  return sideNames
    .filter((side) => (weights?.[side] ?? 0) > 0)
    .map((side) => {
      const taskSet = service?.taskSets.find(({ status, members }) => {
        const [balancer] = (members['loadBalancers'] ?? []) as readonly Members[]
        return status !== 'DRAINING' && balancer?.['targetGroupArn'] === pair.targetGroups[side]
      })
      const desiredCount = service?.desiredCount ?? 0
      const taskDefinition = taskSet?.taskDefinition
      return { ...sides[side], desiredCount, taskDefinition }
    })
}
