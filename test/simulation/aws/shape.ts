import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { SimulatedAws } from './simulated-aws.ts'

export const REGION = 'eu-west-1'
export const ACCOUNT = '123456789012'
export const LOAD_BALANCER = 'demo'
/** The one environment, and its branch. */
export const ENVIRONMENT = 'demo'

export type SideName = 'blue' | 'green'

/** What Terraform would have made for one release, and by which names it is found. */
export interface Pair {
  readonly release: string
  readonly port: number
  readonly testPort: number
  /** ARNs of the target groups. */
  readonly targetGroups: Readonly<Record<SideName, string>>
  /** The listeners whose default action is the production rule, and the test rule. */
  readonly production: string
  readonly test: string
}

export const serviceName = (pair: Pair, side: SideName): string => `${pair.release}-${side}`

/** The cluster, the load balancer and a pair of target groups with a production and a test listener for each release. */
export function makeShape(aws: SimulatedAws, releases: readonly string[]): readonly Pair[] {
  aws.byHand('ecs', 'CreateCluster', { clusterName: 'demo' })
  const balancer = first(
    aws.byHand('elasticloadbalancing', 'CreateLoadBalancer', {
      Name: LOAD_BALANCER,
      Subnets: ['subnet-a', 'subnet-b'],
    }),
    'LoadBalancers',
  )['LoadBalancerArn']
  return releases.map((release, index) => makePair(aws, { release, balancer, index }))
}

/** Two hosts for tasks that do not run on Fargate. */
export function makeInstances(aws: SimulatedAws): void {
  for (let index = 0; index < 2; index += 1)
    aws.byHand('ecs', 'RegisterContainerInstance', { cluster: 'demo' })
}

function makePair(
  aws: SimulatedAws,
  { release, balancer, index }: { release: string; balancer: unknown; index: number },
): Pair {
  const targetGroups = {
    blue: makeTargetGroup(aws, `${release}-blue`),
    green: makeTargetGroup(aws, `${release}-green`),
  }
  const listen = (port: number): string =>
    String(
      first(
        aws.byHand('elasticloadbalancing', 'CreateListener', {
          LoadBalancerArn: balancer,
          Port: port,
          Protocol: 'HTTP',
          DefaultActions: [
            {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: [
                  { TargetGroupArn: targetGroups.blue, Weight: 100 },
                  { TargetGroupArn: targetGroups.green, Weight: 0 },
                ],
              },
            },
          ],
        }),
        'Listeners',
      )['ListenerArn'],
    )
  const port = 80 + index
  const testPort = 8081 + index
  return { release, port, testPort, targetGroups, production: listen(port), test: listen(testPort) }
}

function makeTargetGroup(aws: SimulatedAws, name: string): string {
  const group = first(
    aws.byHand('elasticloadbalancing', 'CreateTargetGroup', {
      Name: name,
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'ip',
      VpcId: 'vpc-1',
      HealthCheckPath: '/healthz',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
    }),
    'TargetGroups',
  )
  aws.byHand('elasticloadbalancing', 'ModifyTargetGroupAttributes', {
    TargetGroupArn: group['TargetGroupArn'],
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
  })
  return String(group['TargetGroupArn'])
}

function first(output: Members, member: string): Members {
  const [value] = output[member] as Members[]
  if (value === undefined) throw new Error(`AWS answered no ${member}`)
  return value
}
