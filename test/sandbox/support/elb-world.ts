import { seededRandom } from '../../../controller/sandbox/kernel/random.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { Settings } from '../../../controller/sandbox/kernel/settings.ts'
import type { RouteRequest } from '../../../controller/sandbox/data-plane/match.ts'
import { createWorld, type World } from '../../../controller/sandbox/world.ts'
import { fakeTasks, type FakeTasks } from './fake-tasks.ts'
import { virtualClock, type VirtualClock } from './virtual-clock.ts'

export interface ElbWorld {
  readonly world: World
  readonly clock: VirtualClock
  readonly tasks: FakeTasks
  /** One ELBv2 call; throws the AwsError. */
  elb(operation: string, input?: Members): Members
  /** The ARN of a new thing. */
  targetGroup(name: string, input?: Members): string
  loadBalancer(name?: string): string
  listener(loadBalancerArn: string, defaultActions: Members[], port?: number): string
  /** The states of a group's targets, by address. */
  health(targetGroupArn: string): Record<string, string>
  request(listenerArn: string, request?: Partial<RouteRequest>): ReturnType<World['route']>
}

/** Load balancing alone, on a virtual clock, with tasks that the test starts. */
export function elbWorld(settings: Partial<Settings> = {}, seed = 1): ElbWorld {
  const clock = virtualClock()
  const tasks = fakeTasks()
  const world = createWorld({
    clock,
    random: seededRandom(seed),
    settings,
    others: () => ({ models: [], network: tasks }),
  })
  const elb = (operation: string, input: Members = {}) =>
    world.call({ service: 'elasticloadbalancing', operation, input }).output
  return {
    world,
    clock,
    tasks,
    elb,
    targetGroup: (name, input) =>
      textAt(
        elb('CreateTargetGroup', {
          Name: name,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: 'vpc-1',
          TargetType: 'ip',
          ...input,
        }),
        ['TargetGroups', 0, 'TargetGroupArn'],
      ),
    loadBalancer: (name = 'web') =>
      textAt(elb('CreateLoadBalancer', { Name: name, Subnets: ['subnet-a', 'subnet-b'] }), [
        'LoadBalancers',
        0,
        'LoadBalancerArn',
      ]),
    listener: (loadBalancerArn, defaultActions, port = 80) =>
      textAt(
        elb('CreateListener', {
          LoadBalancerArn: loadBalancerArn,
          Protocol: 'HTTP',
          Port: port,
          DefaultActions: defaultActions,
        }),
        ['Listeners', 0, 'ListenerArn'],
      ),
    health(targetGroupArn) {
      const rows = listAt(elb('DescribeTargetHealth', { TargetGroupArn: targetGroupArn }), [
        'TargetHealthDescriptions',
      ])
      return Object.fromEntries(
        rows.map((row) => [textAt(row, ['Target', 'Id']), textAt(row, ['TargetHealth', 'State'])]),
      )
    },
    request: (listenerArn, request) =>
      world.route({
        listenerArn,
        method: 'GET',
        host: 'example.com',
        path: '/',
        headers: {},
        query: [],
        sourceIp: '127.0.0.1',
        cookies: {},
        ...request,
      }),
  }
}

/** What lies at a path of an answer. */
export function at(value: unknown, path: readonly (string | number)[]): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Reflect.get(here, step)
  }
  return here
}

export function textAt(value: unknown, path: readonly (string | number)[]): string {
  const found = at(value, path)
  if (typeof found !== 'string') throw new TypeError(`no text at ${path.join('.')}`)
  return found
}

export function listAt(value: unknown, path: readonly (string | number)[]): unknown[] {
  const found = at(value, path)
  if (!Array.isArray(found)) throw new TypeError(`no list at ${path.join('.')}`)
  return found
}

/** A forward action by weights. */
export function forward(weights: Record<string, number>, stickySeconds?: number): Members {
  return {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([arn, weight]) => ({ TargetGroupArn: arn, Weight: weight })),
      ...(stickySeconds === undefined
        ? {}
        : { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds } }),
    },
  }
}
