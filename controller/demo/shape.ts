export type Side = 'blue' | 'green'

export type Weights = Readonly<Record<Side, number>>

/** One call of AWS's API, answered at once. */
export type Call = (
  service: string,
  operation: string,
  input: Record<string, unknown>,
) => Record<string, unknown>

/** What of the load balancer sends users to a side. */
export interface Shape {
  weights(): Weights
  setWeights(weights: Weights): void
}

export const CLUSTER = 'demo'
export const PRODUCTION_PORT = 80
const TEST_PORT = 8081

type Item = Readonly<Record<string, unknown>>

/** A cluster, and a load balancer whose two listeners send nobody anywhere yet. Target groups, rules and services are Terraform's to make. */
export function layForTerraform(call: Call): Shape {
  const nothing = {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'nothing runs yet' },
  }
  const production = layLoadBalancer(call, [nothing])
  const rule = (): Item => {
    const described = call('elasticloadbalancing', 'DescribeRules', { ListenerArn: production })
    const found = list(described, 'Rules').find(({ IsDefault }) => IsDefault !== true)
    if (found === undefined) throw new Error('Terraform has made no rule yet')
    return found
  }
  const groups = (): Readonly<Record<Side, string>> => ({
    blue: groupNamed(call, 'web-blue'),
    green: groupNamed(call, 'web-green'),
  })
  return {
    weights: () => weightsOf(rule()['Actions'], groups()),
    setWeights: (weights) =>
      void call('elasticloadbalancing', 'ModifyRule', {
        RuleArn: rule()['RuleArn'],
        Actions: forwardTo(groups(), weights),
      }),
  }
}

/** What Terraform would have made: the same with a pair of target groups, to which the listeners forward. */
export function layByHand(call: Call): Shape {
  const groups = { blue: targetGroup(call, 'web-blue'), green: targetGroup(call, 'web-green') }
  const production = layLoadBalancer(call, forwardTo(groups, { blue: 100, green: 0 }))
  return {
    weights() {
      const described = call('elasticloadbalancing', 'DescribeListeners', { ListenerArns: [production] })
      return weightsOf(first(described, 'Listeners')['DefaultActions'], groups)
    },
    setWeights: (weights) =>
      void call('elasticloadbalancing', 'ModifyListener', {
        ListenerArn: production,
        DefaultActions: forwardTo(groups, weights),
      }),
  }
}

/** Resolves to the production listener's ARN. */
function layLoadBalancer(call: Call, DefaultActions: readonly unknown[]): string {
  call('ecs', 'CreateCluster', { clusterName: CLUSTER })
  const made = call('elasticloadbalancing', 'CreateLoadBalancer', {
    Name: 'demo',
    Subnets: ['subnet-a', 'subnet-b'],
  })
  const { LoadBalancerArn } = first(made, 'LoadBalancers')
  const listener = (Port: number): string => {
    const created = call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn,
      Port,
      Protocol: 'HTTP',
      DefaultActions,
    })
    return String(first(created, 'Listeners')['ListenerArn'])
  }
  const production = listener(PRODUCTION_PORT)
  listener(TEST_PORT)
  return production
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
  const created = call('elasticloadbalancing', 'CreateTargetGroup', { Name, ...settings })
  const TargetGroupArn = String(first(created, 'TargetGroups')['TargetGroupArn'])
  const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }]
  call('elasticloadbalancing', 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes })
  return TargetGroupArn
}

function groupNamed(call: Call, name: string): string {
  const described = call('elasticloadbalancing', 'DescribeTargetGroups', { Names: [name] })
  return String(first(described, 'TargetGroups')['TargetGroupArn'])
}

const forwardTo = (groups: Readonly<Record<Side, string>>, weights: Weights): unknown[] => [
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

function weightsOf(actions: unknown, groups: Readonly<Record<Side, string>>): Weights {
  const [action] = actions as {
    readonly ForwardConfig: {
      readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
    }
  }[]
  const weight = (side: Side): number =>
    action?.ForwardConfig.TargetGroups.find((entry) => entry.TargetGroupArn === groups[side])?.Weight ?? 0
  return { blue: weight('blue'), green: weight('green') }
}

export const list = (output: Record<string, unknown>, name: string): Item[] => (output[name] ?? []) as Item[]

function first(output: Record<string, unknown>, name: string): Item {
  const [item] = list(output, name)
  if (item === undefined) throw new Error(`the sandbox answered without ${name}`)
  return item
}
