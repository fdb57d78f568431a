import type { Sandbox } from '../../../controller/sandbox/server.ts'

export const REGION = 'eu-west-1'
export const ACCOUNT = '123456789012'
export const IMAGE_REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`

type Members = Record<string, unknown>

/** A call to the sandbox without a wire: what a person does by hand, or Terraform did before. */
export function callSandbox(
  sandbox: Sandbox,
  call: {
    readonly service:
      | 'ecs'
      | 'elasticloadbalancing'
      | 'logs'
      | 'application-autoscaling'
      | 'codedeploy'
      | 'sqs'
      | 'events'
      | 'scheduler'
    readonly operation: string
    readonly input: object
    /** Access key id of who calls. */
    readonly principal?: string
  },
): Members {
  return sandbox.world.call({ ...call, input: call.input as Members }).output
}

/** The same sandbox, called in another region. */
export function inRegion(sandbox: Sandbox, region: string): Sandbox {
  const { world } = sandbox
  const call: typeof world.call = (request) => world.call({ ...request, region })
  return { ...sandbox, world: Object.assign(Object.create(world) as typeof world, { call }) }
}

/** Names of a release's parts of the shape. */
export interface PairShape {
  readonly release: string
  readonly loadBalancer: string
  readonly port: number
  readonly testPort: number
}

/** The cluster that all services are in. */
export function makeCluster(sandbox: Sandbox, name: string): void {
  callSandbox(sandbox, { service: 'ecs', operation: 'CreateCluster', input: { clusterName: name } })
}

/** What Terraform would have made for a release: a load balancer, a pair of target groups, a production listener and a test listener. */
export function makePair(sandbox: Sandbox, { release, loadBalancer, port, testPort }: PairShape): void {
  const balancer = loadBalancerArn(sandbox, loadBalancer)
  const groups = ['blue', 'green'].map((side) => makeTargetGroup(sandbox, `${release}-${side}`))
  for (const listenerPort of [port, testPort]) {
    callSandbox(sandbox, {
      service: 'elasticloadbalancing',
      operation: 'CreateListener',
      input: {
        LoadBalancerArn: balancer,
        Port: listenerPort,
        Protocol: 'HTTP',
        DefaultActions: [forwardToFirst(groups)],
      },
    })
  }
}

/** A pair whose rules are named by their host: the load balancer's two listeners are shared by all of its releases. Gives the ARNs of the target groups. */
export function makeHostPair(
  sandbox: Sandbox,
  { release, loadBalancer, port, testPort, host }: PairShape & { readonly host: string },
): readonly unknown[] {
  const balancer = loadBalancerArn(sandbox, loadBalancer)
  const groups = ['blue', 'green'].map((side) => makeTargetGroup(sandbox, `${release}-${side}`))
  for (const listenerPort of [port, testPort]) {
    const listener = listenerArn(sandbox, balancer, listenerPort)
    callSandbox(sandbox, {
      service: 'elasticloadbalancing',
      operation: 'CreateRule',
      input: {
        ListenerArn: listener,
        Priority: nextPriority(sandbox, listener),
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
        Actions: [forwardToFirst(groups)],
      },
    })
  }
  return groups
}

/** The listener's ARN; it is made when there is none on the port, and answers 404 where no rule matches. */
function listenerArn(sandbox: Sandbox, LoadBalancerArn: unknown, Port: number): unknown {
  const service = 'elasticloadbalancing'
  const { Listeners } = callSandbox(sandbox, {
    service,
    operation: 'DescribeListeners',
    input: { LoadBalancerArn },
  })
  const known = (Listeners as Members[]).find((listener) => listener['Port'] === Port)
  if (known !== undefined) return known['ListenerArn']
  const made = callSandbox(sandbox, {
    service,
    operation: 'CreateListener',
    input: {
      LoadBalancerArn,
      Port,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    },
  })
  return (made['Listeners'] as Members[])[0]?.['ListenerArn']
}

function nextPriority(sandbox: Sandbox, ListenerArn: unknown): number {
  const { Rules } = callSandbox(sandbox, {
    service: 'elasticloadbalancing',
    operation: 'DescribeRules',
    input: { ListenerArn },
  })
  return (Rules as Members[]).length
}

const forwardToFirst = (groups: readonly unknown[]): Members => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: groups.map((TargetGroupArn, index) => ({
      TargetGroupArn,
      Weight: index === 0 ? 100 : 0,
    })),
  },
})

/** The load balancer's ARN; it is made when there is none of that name. */
function loadBalancerArn(sandbox: Sandbox, name: string): unknown {
  const known = sandbox.world.elb.tables.loadBalancers.list().find((balancer) => balancer.name === name)
  if (known !== undefined) return known.arn
  const { LoadBalancers } = callSandbox(sandbox, {
    service: 'elasticloadbalancing',
    operation: 'CreateLoadBalancer',
    input: { Name: name, Subnets: ['subnet-a', 'subnet-b'] },
  })
  return (LoadBalancers as Members[])[0]?.['LoadBalancerArn']
}

function makeTargetGroup(sandbox: Sandbox, name: string): unknown {
  const { TargetGroups } = callSandbox(sandbox, {
    service: 'elasticloadbalancing',
    operation: 'CreateTargetGroup',
    input: {
      Name: name,
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'ip',
      VpcId: 'vpc-1',
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
    },
  })
  const arn = (TargetGroups as Members[])[0]?.['TargetGroupArn']
  callSandbox(sandbox, {
    service: 'elasticloadbalancing',
    operation: 'ModifyTargetGroupAttributes',
    input: {
      TargetGroupArn: arn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
    },
  })
  return arn
}
