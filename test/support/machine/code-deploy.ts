import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { callSandbox, IMAGE_REPOSITORY } from './shape.ts'

type Members = Record<string, unknown>

/** How a release of CodeDeploy's differs from the usual one. */
export interface CodeDeployVariant {
  readonly version: string
  readonly release?: string
  readonly desiredCount?: number
  readonly port?: number
  readonly testPort?: number
  /** `spec.pin` as YAML flow. */
  readonly pin?: string
  readonly bake?: string
  readonly deadline?: string
  /** `spec.gates` as YAML flow. */
  readonly gates?: string
  /** More of `spec.strategy` as YAML flow, without braces. */
  readonly strategy?: string
}

const taskDefinition = (release: string, image?: string): Members => ({
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
  containerDefinitions: [
    {
      name: release,
      essential: true,
      portMappings: [{ containerPort: 8080 }],
      ...(image === undefined ? {} : { image }),
    },
  ],
})

/** What a developer would have committed. */
export function codeDeployFiles(variant: CodeDeployVariant): Record<string, string> {
  const { version, release = 'web', desiredCount = 2, port = 80, testPort = 8081 } = variant
  const { bake = '100ms', deadline = '2m', strategy = 'type: BlueGreen' } = variant
  const smoke = '[{ name: smoke, http: { path: /smoke, successes: 2, interval: 100ms }, timeout: 1m }]'
  const lines = [
    'apiVersion: steersman.dev/v1alpha1',
    'kind: Release',
    `metadata: { name: ${release} }`,
    'spec:',
    '  engine: CodeDeploy',
    ...(variant.pin === undefined ? [] : [`  pin: ${variant.pin}`]),
    `  codeDeploy: { application: shop, deploymentGroup: ${release} }`,
    `  image: { repository: ${IMAGE_REPOSITORY}, tag: ${version} }`,
    `  taskDefinition: { file: taskdefs/${release}.json }`,
    `  service: { cluster: demo, desiredCount: ${desiredCount} }`,
    '  traffic:',
    '    loadBalancer: demo',
    `    rule: { port: ${port} }`,
    `    test: { port: ${testPort} }`,
    `    targetGroups: { blue: ${release}-blue, green: ${release}-green }`,
    `  strategy: { ${strategy}, bake: ${bake}, deadline: ${deadline} }`,
    `  gates: ${variant.gates ?? smoke}`,
  ]
  return {
    [`deploy/releases/${release}.yaml`]: `${lines.join('\n')}\n`,
    [`deploy/taskdefs/${release}.json`]: JSON.stringify(taskDefinition(release)),
  }
}

/** What Terraform would have made: a service that CodeDeploy deploys, with two tasks of an image `made`, its application and its deployment group. */
export function makeCodeDeploy(sandbox: Sandbox, blueGreen: Members = {}): void {
  const { elb } = sandbox.world
  const group = elb.tables.targetGroups.list().find(({ name }) => name === 'web-blue')
  const listener = (port: number) => elb.tables.listeners.list().find((one) => one.port === port)?.arn
  callSandbox(sandbox, {
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    input: { family: 'made', ...taskDefinition('web', `${IMAGE_REPOSITORY}:made`) },
  })
  callSandbox(sandbox, {
    service: 'ecs',
    operation: 'CreateService',
    input: {
      cluster: 'demo',
      serviceName: 'web',
      taskDefinition: 'made',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-demo'] } },
      deploymentController: { type: 'CODE_DEPLOY' },
      loadBalancers: [{ targetGroupArn: group?.arn, containerName: 'web', containerPort: 8080 }],
    },
  })
  const deploy = (operation: string, input: object) =>
    callSandbox(sandbox, { service: 'codedeploy', operation, input })
  deploy('CreateApplication', { applicationName: 'shop', computePlatform: 'ECS' })
  deploy('CreateDeploymentGroup', {
    applicationName: 'shop',
    deploymentGroupName: 'web',
    serviceRoleArn: 'arn:aws:iam::123456789012:role/codedeploy',
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 2 },
      deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 },
      ...blueGreen,
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: 'web-blue' }, { name: 'web-green' }],
          prodTrafficRoute: { listenerArns: [listener(80)] },
          testTrafficRoute: { listenerArns: [listener(8081)] },
        },
      ],
    },
    ecsServices: [{ serviceName: 'web', clusterName: 'demo' }],
  })
  sandbox.world.calls.clear()
}

/** The deployments of the group, oldest first, as `status description`. */
export function deploymentsOf(sandbox: Sandbox): readonly string[] {
  const call = (operation: string, input: object) =>
    callSandbox(sandbox, { service: 'codedeploy', operation, input })
  const named = { applicationName: 'shop', deploymentGroupName: 'web' }
  const ids = call('ListDeployments', named)['deployments'] as string[]
  const infos = call('BatchGetDeployments', { deploymentIds: ids })['deploymentsInfo'] as Members[]
  return infos
    .toReversed()
    .map(({ status, description, creator }) => `${String(status)} ${String(description ?? creator)}`)
}
