import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { forwardTo, makeListener, makeNeighbours, makeRule } from './listeners.ts'
import { first } from './outputs.ts'
import type { NamedRule, SideName } from './names.ts'
import type { SimulatedAws } from './simulated-aws.ts'

export const REGION = 'eu-west-1'
export const ACCOUNT = '123456789012'
export const LOAD_BALANCER = 'demo'
/** The one environment, and its branch. */
export const ENVIRONMENT = 'demo'

/** What Terraform would have made for one release, and by which names it is found. */
export interface Pair {
  readonly release: string
  /** Its name. */
  readonly loadBalancer: string
  /** By which names the release means its production rules and its test rule. */
  readonly names: { readonly production: readonly NamedRule[]; readonly test: NamedRule }
  /** ARNs of the target groups. */
  readonly targetGroups: Readonly<Record<SideName, string>>
  /** ARNs of the production rules and of the test rule; of the listener, where a rule is its default action. */
  readonly production: readonly string[]
  readonly test: string
}

export const serviceName = (pair: Pair, side: SideName): string => `${pair.release}-${side}`

/** What a shape may be like. */
export interface ShapeOptions {
  readonly releases: readonly string[]
  /** `named`: rules by host and path on listeners that other teams use too; default: each release has two listeners of its own. */
  readonly rules?: 'named' | undefined
  /** Production rules keep a client with the side that it was sent to, for a minute. */
  readonly sticky?: true | undefined
}

const STICKY_SECONDS = 60
/** A load balancer has 50 listeners and 100 rules. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const PER_BALANCER = 20

/** The cluster, a load balancer for each twenty releases, and a pair of target groups with production and test rules for each release. */
export function makeShape(aws: SimulatedAws, { releases, rules, sticky }: ShapeOptions): readonly Pair[] {
  aws.byHand('ecs', 'CreateCluster', { clusterName: 'demo' })
  const balancers = Array.from({ length: Math.max(1, Math.ceil(releases.length / PER_BALANCER)) })
  return balancers.flatMap((_, index) => {
    const balancer = makeBalancer(aws, index === 0 ? LOAD_BALANCER : `${LOAD_BALANCER}-${index + 1}`)
    const some = releases.slice(index * PER_BALANCER, (index + 1) * PER_BALANCER)
    return rules === 'named'
      ? withSharedListeners(aws, balancer, some)
      : withOwnListeners(aws, balancer, { releases: some, sticky })
  })
}

interface Balancer {
  readonly name: string
  readonly arn: unknown
}

function makeBalancer(aws: SimulatedAws, name: string): Balancer {
  const made = aws.byHand('elasticloadbalancing', 'CreateLoadBalancer', {
    Name: name,
    Subnets: ['subnet-a', 'subnet-b'],
  })
  return { name, arn: first(made, 'LoadBalancers')['LoadBalancerArn'] }
}

/** Two hosts for tasks that do not run on Fargate. */
export function makeInstances(aws: SimulatedAws): void {
  for (let index = 0; index < 2; index += 1)
    aws.byHand('ecs', 'RegisterContainerInstance', { cluster: 'demo' })
}

function withOwnListeners(
  aws: SimulatedAws,
  { name: loadBalancer, arn: balancer }: Balancer,
  { releases, sticky }: Pick<ShapeOptions, 'releases' | 'sticky'>,
): Pair[] {
  return releases.map((release, index) => {
    const targetGroups = makeTargetGroups(aws, release)
    const names = { production: [{ port: 80 + index }], test: { port: 8081 + index } }
    const listen = ({ port }: NamedRule, seconds?: number): string =>
      makeListener(aws, { balancer, port, action: forwardTo(targetGroups, undefined, seconds) })
    return {
      release,
      loadBalancer,
      names,
      targetGroups,
      production: names.production.map((name) =>
        listen(name, sticky === undefined ? undefined : STICKY_SECONDS),
      ),
      test: listen(names.test),
    }
  })
}

/** All releases have rules of their own on two listeners, between those of other teams. */
function withSharedListeners(
  aws: SimulatedAws,
  { name: loadBalancer, arn: balancer }: Balancer,
  releases: readonly string[],
): Pair[] {
  const neighbours = makeTargetGroup(
    aws,
    loadBalancer === LOAD_BALANCER ? 'neighbours' : `neighbours-of-${loadBalancer}`,
  )
  const listeners = new Map(
    [80, 8081].map((port) => [port, makeNeighbours(aws, { balancer, port, targetGroup: neighbours })]),
  )
  return releases.map((release) => {
    const targetGroups = makeTargetGroups(aws, release)
    const host = `${release}.example.com`
    const names = {
      production: [
        { port: 80, host },
        { port: 80, host: `www.${host}` },
        { port: 80, host: 'api.example.com', path: `/${release}/*` },
      ],
      test: { port: 8081, host },
    }
    const makeNamed = (name: NamedRule): string =>
      makeRule(aws, { listener: listeners.get(name.port) ?? '', name, action: forwardTo(targetGroups) })
    return {
      release,
      loadBalancer,
      names,
      targetGroups,
      production: names.production.map(makeNamed),
      test: makeNamed(names.test),
    }
  })
}

const makeTargetGroups = (aws: SimulatedAws, release: string): Record<SideName, string> => ({
  blue: makeTargetGroup(aws, `${release}-blue`),
  green: makeTargetGroup(aws, `${release}-green`),
})

function makeTargetGroup(aws: SimulatedAws, name: string): string {
  const group: Members = first(
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
