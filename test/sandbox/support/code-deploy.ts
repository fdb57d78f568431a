import { ecsWorld, partAt, partsAt, type EcsTestWorld, type Part } from './ecs-world.ts'

type Members = Readonly<Record<string, unknown>>

/** A service that CodeDeploy deploys, its two target groups, and the listeners that its traffic comes through. */
export interface CodeDeployWorld extends EcsTestWorld {
  readonly groups: readonly [string, string]
  codeDeploy(operation: string, input?: Members): Part
  /** Weights of the default rule of a listener, in the order of the groups. */
  weights(of: 'production' | 'test'): number[]
  /** Starts a deployment of an image; its id. */
  deploy(image: string, more?: Members): string
  /** The deployment as GetDeployment shows it. */
  deployment(id: string): Part
  /** The lifecycle events of a deployment, as `name status`. */
  events(id: string): string[]
  /** The task sets of the service, as `status revision`. */
  taskSets(): string[]
}

export const APPLICATION = { applicationName: 'shop', deploymentGroupName: 'web' }

/** An AppSpec for the container `web`. */
export const appSpec = (TaskDefinition: string, more: Members = {}): Members => ({
  revisionType: 'AppSpecContent',
  appSpecContent: {
    content: JSON.stringify({
      version: 0.0,
      Resources: [
        {
          TargetService: {
            Type: 'AWS::ECS::Service',
            Properties: {
              TaskDefinition,
              LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 },
            },
          },
        },
      ],
      ...more,
    }),
  },
})

/** What CreateDeploymentGroup takes for the service of this world; `blueGreen` is laid over what the group says of its waits. */
export function deploymentGroup(listeners: { production: string; test?: string }, blueGreen: Members = {}) {
  return {
    ...APPLICATION,
    serviceRoleArn: 'arn:aws:iam::123456789012:role/codedeploy',
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    blueGreenDeploymentConfiguration: {
      terminateBlueInstancesOnDeploymentSuccess: { action: 'TERMINATE', terminationWaitTimeInMinutes: 5 },
      deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' },
      ...blueGreen,
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: 'web-one' }, { name: 'web-two' }],
          prodTrafficRoute: { listenerArns: [listeners.production] },
          ...(listeners.test === undefined ? {} : { testTrafficRoute: { listenerArns: [listeners.test] } }),
        },
      ],
    },
    ecsServices: [{ serviceName: 'web', clusterName: 'demo' }],
  }
}

/** Two groups behind one load balancer, a service `web` with two tasks of v1, its application and its deployment group. */
export function codeDeployWorld(group: Members = {}, blueGreen: Members = {}): CodeDeployWorld {
  const aws = ecsWorld()
  const balancer = first(
    aws.elb('CreateLoadBalancer', { Name: 'shop', Subnets: ['subnet-a', 'subnet-b'] }),
    'LoadBalancers',
  )
  const groups = [targetGroup(aws, 'web-one'), targetGroup(aws, 'web-two')] as const
  const listener = (Port: number): string =>
    String(
      first(
        aws.elb('CreateListener', {
          LoadBalancerArn: balancer['LoadBalancerArn'],
          Protocol: 'HTTP',
          Port,
          DefaultActions: [{ Type: 'forward', TargetGroupArn: groups[0] }],
        }),
        'Listeners',
      )['ListenerArn'],
    )
  const listeners = { production: listener(80), test: listener(8443) }
  aws.service('web', {
    taskDefinition: aws.define('web:v1'),
    desiredCount: 2,
    deploymentController: { type: 'CODE_DEPLOY' },
    loadBalancers: [{ targetGroupArn: groups[0], containerName: 'web', containerPort: 8080 }],
  })
  aws.clock.advance(30_000)
  const codeDeploy = (operation: string, input: Members = {}): Part =>
    aws.call('codedeploy', operation, input)
  codeDeploy('CreateApplication', { applicationName: 'shop', computePlatform: 'ECS' })
  codeDeploy('CreateDeploymentGroup', { ...deploymentGroup(listeners, blueGreen), ...group })
  const target = (deploymentId: string): Part =>
    partAt(
      partAt(codeDeploy('GetDeploymentTarget', { deploymentId, targetId: 'demo:web' }), 'deploymentTarget'),
      'ecsTarget',
    )
  return {
    ...aws,
    groups,
    codeDeploy,
    weights(of) {
      const shown = first(aws.elb('DescribeListeners', { ListenerArns: [listeners[of]] }), 'Listeners')
      const config = partsAt(shown, 'DefaultActions')[0]?.['ForwardConfig'] as { TargetGroups: Part[] }
      return groups.map((arn) =>
        Number(config.TargetGroups.find((one) => one['TargetGroupArn'] === arn)?.['Weight'] ?? 0),
      )
    },
    deploy(image, more = {}) {
      const revision = appSpec(aws.define(image))
      return String(codeDeploy('CreateDeployment', { ...APPLICATION, revision, ...more })['deploymentId'])
    },
    deployment: (deploymentId) => partAt(codeDeploy('GetDeployment', { deploymentId }), 'deploymentInfo'),
    events: (id) =>
      partsAt(target(id), 'lifecycleEvents').map(
        (event) => `${String(event['lifecycleEventName'])} ${String(event['status'])}`,
      ),
    taskSets: () =>
      (aws.see('web')['taskSets'] as Part[]).map(
        (one) => `${String(one['status'])} ${String(one['taskDefinition']).split('/')[1]}`,
      ),
  }
}

function targetGroup(aws: EcsTestWorld, Name: string): string {
  const made = first(
    aws.elb('CreateTargetGroup', {
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      TargetType: 'ip',
      HealthCheckPath: '/healthz',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
    'TargetGroups',
  )
  const arn = String(made['TargetGroupArn'])
  aws.elb('ModifyTargetGroupAttributes', {
    TargetGroupArn: arn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
  })
  return arn
}

function first(output: Members, name: string): Part {
  const [part] = partsAt(output, name)
  if (part === undefined) throw new Error(`the answer has no ${name}`)
  return part
}
