import { ecsWorld, partsAt, type EcsTestWorld, type Part } from './ecs-world.ts'

type Members = Readonly<Record<string, unknown>>

/** A service of ECS's own blue/green, its two target groups and the rules that its traffic comes through. */
export interface BlueGreenWorld extends EcsTestWorld {
  readonly groups: readonly [string, string]
  readonly productionRule: string
  readonly testRule: string
  /** Weights of a rule, in the order of the groups. */
  weights(rule: string): number[]
  /** The newest service deployment as DescribeServiceDeployments shows it. */
  newest(): Part & { lifecycleHookDetails?: Part[] }
  /** Starts a deployment of another image; its ARN. */
  deploy(image: string, more?: Members): string
}

const ROLE = 'arn:aws:iam::123456789012:role/ecs-traffic'

/** Two groups behind one load balancer: a production rule that forwards to the first, and a test listener. No service yet. */
export function blueGreenWorld(): BlueGreenWorld {
  const aws = ecsWorld()
  const balancer = first(
    aws.elb('CreateLoadBalancer', { Name: 'shop', Subnets: ['subnet-a', 'subnet-b'] }),
    'LoadBalancers',
  )
  const groups = [group(aws, 'web-one'), group(aws, 'web-two')] as const
  const listener = (Port: number): Part =>
    first(
      aws.elb('CreateListener', {
        LoadBalancerArn: balancer['LoadBalancerArn'],
        Protocol: 'HTTP',
        Port,
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
      'Listeners',
    )
  const rule = (Port: number): string =>
    String(
      first(
        aws.elb('CreateRule', {
          ListenerArn: listener(Port)['ListenerArn'],
          Priority: 10,
          Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
          Actions: [{ Type: 'forward', TargetGroupArn: groups[0] }],
        }),
        'Rules',
      )['RuleArn'],
    )
  const [productionRule, testRule] = [rule(80), rule(8443)]
  const newest: BlueGreenWorld['newest'] = () => {
    const listed = aws.ecs('ListServiceDeployments', { cluster: 'demo', service: 'web' })
    const arn = first(listed, 'serviceDeployments')['serviceDeploymentArn']
    return first(
      aws.ecs('DescribeServiceDeployments', { serviceDeploymentArns: [arn] }),
      'serviceDeployments',
    )
  }
  return {
    ...aws,
    groups,
    productionRule,
    testRule,
    newest,
    weights(ruleArn) {
      const shown = first(aws.elb('DescribeRules', { RuleArns: [ruleArn] }), 'Rules')
      const config = partsAt(shown, 'Actions')[0]?.['ForwardConfig'] as { TargetGroups: Part[] }
      return groups.map((arn) =>
        Number(config.TargetGroups.find((one) => one['TargetGroupArn'] === arn)?.['Weight'] ?? 0),
      )
    },
    deploy(image, more = {}) {
      const taskDefinition = aws.define(image)
      aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition, ...more })
      return String(newest()['serviceDeploymentArn'])
    },
  }
}

/** What CreateService takes for a service of this world; `advanced` is laid over its advancedConfiguration. */
export function blueGreenService(
  aws: BlueGreenWorld,
  configuration: Members,
  advanced: Members = {},
): Members {
  const advancedConfiguration = {
    alternateTargetGroupArn: aws.groups[1],
    productionListenerRule: aws.productionRule,
    testListenerRule: aws.testRule,
    roleArn: ROLE,
    ...advanced,
  }
  return {
    taskDefinition: aws.define('web:v1'),
    desiredCount: 2,
    loadBalancers: [
      { targetGroupArn: aws.groups[0], containerName: 'web', containerPort: 8080, advancedConfiguration },
    ],
    deploymentConfiguration: configuration,
  }
}

/** The same with a service `web` of two tasks of v1 that serves. */
export function servingBlueGreen(configuration: Members): BlueGreenWorld {
  const aws = blueGreenWorld()
  aws.service('web', blueGreenService(aws, configuration))
  aws.clock.advance(30_000)
  return aws
}

function group(aws: EcsTestWorld, Name: string): string {
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
