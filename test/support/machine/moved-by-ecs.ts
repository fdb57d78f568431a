import { patiently } from './patience.ts'
import { callSandbox, IMAGE_REPOSITORY } from './shape.ts'
import type { Surroundings } from './surroundings.ts'

/** What somebody made before Steersman came: a service `web` of an image `made` whose traffic ECS itself moves by the pair's rules. Resolves when it serves. */
export async function makeMovedByEcs({ sandbox }: Surroundings): Promise<void> {
  const { targetGroups, listeners, rules } = sandbox.world.elb.tables
  const group = (name: string) => targetGroups.list().find((one) => one.name === name)?.arn
  const rule = (port: number) => {
    const listener = listeners.list().find((one) => one.port === port)?.arn
    return rules.list().find(({ listenerArn }) => listenerArn === listener)?.arn
  }
  callSandbox(sandbox, {
    service: 'ecs',
    operation: 'RegisterTaskDefinition',
    input: {
      family: 'made',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
      containerDefinitions: [
        {
          name: 'web',
          essential: true,
          portMappings: [{ containerPort: 8080 }],
          image: `${IMAGE_REPOSITORY}:made`,
        },
      ],
    },
  })
  const service = () =>
    callSandbox(sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: ['web'] },
    })['services'] as {
      readonly runningCount: number
      readonly deployments: readonly { readonly rolloutState: string }[]
    }[]
  callSandbox(sandbox, {
    service: 'ecs',
    operation: 'CreateService',
    input: {
      cluster: 'demo',
      serviceName: 'web',
      taskDefinition: 'made',
      desiredCount: 2,
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-demo'], securityGroups: ['sg-demo'] },
      },
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
      loadBalancers: [
        {
          targetGroupArn: group('web-blue'),
          containerName: 'web',
          containerPort: 8080,
          advancedConfiguration: {
            alternateTargetGroupArn: group('web-green'),
            productionListenerRule: rule(80),
            testListenerRule: rule(8081),
            roleArn: 'arn:aws:iam::123456789012:role/ecs-traffic',
          },
        },
      ],
    },
  })
  await patiently(
    service,
    ([one]) => one?.runningCount === 2 && one.deployments[0]?.rolloutState === 'COMPLETED',
    { what: 'the service', withinMs: 30_000, everyMs: 50 },
  )
  sandbox.world.calls.clear()
}
