import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { eventually } from './eventually.ts'
import { IMAGE_REPOSITORY, REGION } from './machine/shape.ts'

/** Clients of the sandbox, as somebody has them who set up a service long ago. */
function clientsOf(endpoint: string): {
  readonly ecs: ECSClient
  readonly elb: ElasticLoadBalancingV2Client
} {
  const settings = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  return { ecs: new ECSClient(settings), elb: new ElasticLoadBalancingV2Client(settings) }
}

/** A service `web` as many are: one target group, one listener whose default action forwards to it, two tasks. Resolves when it serves. */
export async function makeExistingService(endpoint: string): Promise<{ readonly taskDefinition: string }> {
  const { ecs, elb } = clientsOf(endpoint)
  await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }))
  const targetGroupArn = await makeTargetGroup(elb)
  await makeListener(elb, targetGroupArn)
  const taskDefinition = await register(ecs)
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'demo',
      serviceName: 'web',
      taskDefinition,
      desiredCount: 2,
      launchType: 'FARGATE',
      enableExecuteCommand: true,
      healthCheckGracePeriodSeconds: 30,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-a'] } },
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
      tags: [{ key: 'team', value: 'shop' }],
    }),
  )
  await eventually(
    async () =>
      (await ecs.send(new DescribeServicesCommand({ cluster: 'demo', services: ['web'] }))).services?.[0],
    (service) => service?.runningCount === 2 && service.deployments?.[0]?.rolloutState === 'COMPLETED',
    { what: 'the service', withinMs: 30_000 },
  )
  return { taskDefinition }
}

async function makeTargetGroup(elb: ElasticLoadBalancingV2Client): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web',
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'ip',
      VpcId: 'vpc-1',
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      Tags: [{ Key: 'team', Value: 'shop' }],
    }),
  )
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? ''
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
    }),
  )
  return TargetGroupArn
}

async function makeListener(elb: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<void> {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'demo', Subnets: ['subnet-a', 'subnet-b'] }),
  )
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  )
}

async function register(ecs: ECSClient): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'shop-web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
      containerDefinitions: [
        {
          name: 'app',
          image: `${IMAGE_REPOSITORY}:v1`,
          essential: true,
          portMappings: [{ containerPort: 8080 }],
          environment: [{ name: 'GREETING', value: 'hello ${name}' }],
        },
      ],
    }),
  )
  return taskDefinition?.taskDefinitionArn ?? ''
}
