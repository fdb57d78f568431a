/** The sandbox as main.ts hands it in. */
export interface SandboxHandle {
  readonly url: string
  readonly world: {
    call(request: {
      readonly service: string
      readonly operation: string
      readonly input: Record<string, unknown>
    }): { readonly output: Record<string, unknown> }
  }
  close(): Promise<void>
}

type Side = 'blue' | 'green'

/** What Terraform would have made, and what a person with the AWS console can do to it. */
export interface Cloud {
  readonly url: string
  productionUrl(): Promise<string>
  /** Says how tasks of an image behave. */
  setBehavior(image: string, behavior: Record<string, unknown>): Promise<void>
  setWeights(weights: Readonly<Record<Side, number>>): void
  setDesiredCount(side: Side, count: number): void
  weights(): Readonly<Record<Side, number>>
  desiredCount(side: Side): number
  taskArns(side: Side): readonly string[]
}

type Call = (service: string, operation: string, input: Record<string, unknown>) => Record<string, unknown>

const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'
const CLUSTER = 'demo'
const PRODUCTION_PORT = 80
const TEST_PORT = 8081

export const imageOf = (tag: string): string => `${IMAGE}:${tag}`

/** Makes the shape: a cluster, a load balancer with a production and a test listener, and a pair of target groups; no service yet. */
export function layCloud(sandbox: SandboxHandle): Cloud {
  const call: Call = (service, operation, input) => sandbox.world.call({ service, operation, input }).output
  call('ecs', 'CreateCluster', { clusterName: CLUSTER })
  const loadBalancer = first(
    call('elasticloadbalancing', 'CreateLoadBalancer', { Name: 'demo', Subnets: ['subnet-a', 'subnet-b'] }),
    'LoadBalancers',
  )['LoadBalancerArn']
  const groups: Record<Side, string> = {
    blue: targetGroup(call, 'web-blue'),
    green: targetGroup(call, 'web-green'),
  }
  const DefaultActions = forwardTo(groups, { blue: 100, green: 0 })
  const listener = (Port: number): string => {
    const made = call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: loadBalancer,
      Port,
      Protocol: 'HTTP',
      DefaultActions,
    })
    return String(first(made, 'Listeners')['ListenerArn'])
  }
  const production = listener(PRODUCTION_PORT)
  listener(TEST_PORT)
  const service = (side: Side): string => `web-${side}`
  return {
    url: sandbox.url,
    productionUrl: () => productionUrl(sandbox.url),
    setBehavior: (image, behavior) => setBehavior(sandbox.url, image, behavior),
    setWeights: (weights) =>
      void call('elasticloadbalancing', 'ModifyListener', {
        ListenerArn: production,
        DefaultActions: forwardTo(groups, weights),
      }),
    setDesiredCount: (side, desiredCount) =>
      void call('ecs', 'UpdateService', { cluster: CLUSTER, service: service(side), desiredCount }),
    weights: () =>
      weightsOf(call('elasticloadbalancing', 'DescribeListeners', { ListenerArns: [production] }), groups),
    desiredCount: (side) => {
      const described = call('ecs', 'DescribeServices', { cluster: CLUSTER, services: [service(side)] })
      return Number(list(described, 'services')[0]?.['desiredCount'] ?? 0)
    },
    taskArns: (side) =>
      (call('ecs', 'ListTasks', { cluster: CLUSTER, serviceName: service(side) })['taskArns'] ??
        []) as readonly string[],
  }
}

function targetGroup(call: Call, Name: string): string {
  const settings = {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: 'vpc-demo',
    HealthCheckPath: '/',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
  }
  const arn = String(
    first(call('elasticloadbalancing', 'CreateTargetGroup', { Name, ...settings }), 'TargetGroups')[
      'TargetGroupArn'
    ],
  )
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }]
  call('elasticloadbalancing', 'ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes })
  return arn
}

const forwardTo = (groups: Record<Side, string>, weights: Readonly<Record<Side, number>>): unknown[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: groups.blue, Weight: weights.blue },
        { TargetGroupArn: groups.green, Weight: weights.green },
      ],
    },
  },
]

function weightsOf(
  described: Record<string, unknown>,
  groups: Record<Side, string>,
): Readonly<Record<Side, number>> {
  const [action] = first(described, 'Listeners')['DefaultActions'] as {
    readonly ForwardConfig: {
      readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
    }
  }[]
  const weight = (side: Side): number =>
    action?.ForwardConfig.TargetGroups.find((entry) => entry.TargetGroupArn === groups[side])?.Weight ?? 0
  return { blue: weight('blue'), green: weight('green') }
}

async function productionUrl(sandboxUrl: string): Promise<string> {
  const response = await fetch(`${sandboxUrl}/_sandbox/listeners`)
  const listeners = (await response.json()) as readonly { readonly port: number; readonly url: string }[]
  const url = listeners.find((listener) => listener.port === PRODUCTION_PORT)?.url
  if (url === undefined) throw new Error('the sandbox has no production listener')
  return url
}

async function setBehavior(
  sandboxUrl: string,
  image: string,
  behavior: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_sandbox/images`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ image, behavior }),
  })
  if (!response.ok) throw new Error(`the sandbox refused the behaviour of ${image}: ${await response.text()}`)
}

const list = (output: Record<string, unknown>, name: string): Record<string, unknown>[] =>
  (output[name] ?? []) as Record<string, unknown>[]

function first(output: Record<string, unknown>, name: string): Record<string, unknown> {
  const [item] = list(output, name)
  if (item === undefined) throw new Error(`the sandbox answered without ${name}`)
  return item
}
