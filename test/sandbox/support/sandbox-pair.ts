import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { createServer, type Server } from 'node:http'
import { createDataPlane, type DataPlane } from '../../../controller/sandbox/data-plane/ports.ts'
import { probeProcess } from '../../../controller/sandbox/data-plane/probe-process.ts'
import { systemClock } from '../../../controller/sandbox/kernel/clock.ts'
import { seededRandom } from '../../../controller/sandbox/kernel/random.ts'
import { createWorld, type World } from '../../../controller/sandbox/world.ts'
import { eventually } from '../../support/eventually.ts'
import { fakeTasks, type FakeTasks } from './fake-tasks.ts'
import { inProcessHandler } from './in-process-handler.ts'

export interface SandboxPair {
  readonly world: World
  readonly tasks: FakeTasks
  readonly dataPlane: DataPlane
  readonly client: ElasticLoadBalancingV2Client
  readonly blue: string
  readonly green: string
  readonly url: string
  shift(blueWeight: number, greenWeight: number): Promise<void>
}

/** A listener that takes real requests on loopback, over a pair of groups: 10.0.1.1 is blue and v1, 10.0.2.1 green and v2. */
export async function sandboxPair(blueProcess?: number): Promise<SandboxPair> {
  const tasks = fakeTasks()
  const others = () => ({ models: [], network: tasks })
  const options = { clock: systemClock, random: seededRandom(1), settings: { speed: 100 } }
  const world = createWorld({ ...options, others, probeProcess })
  const dataPlane = createDataPlane(world)
  const client = new ElasticLoadBalancingV2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: inProcessHandler(world),
  })
  const balancer = await client.send(new CreateLoadBalancerCommand({ Name: 'web', Subnets: ['a', 'b'] }))
  const group = async (Name: string) => {
    const shape = { Name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' } as const
    return (await client.send(new CreateTargetGroupCommand(shape))).TargetGroups?.[0]?.TargetGroupArn ?? ''
  }
  const [blue, green] = [await group('blue'), await group('green')]
  const actions = (blueWeight: number, greenWeight: number) => [
    {
      Type: 'forward' as const,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue, Weight: blueWeight },
          { TargetGroupArn: green, Weight: greenWeight },
        ],
      },
    },
  ]
  const made = await client.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: actions(100, 0),
    }),
  )
  const ListenerArn = made.Listeners?.[0]?.ListenerArn
  tasks.start('10.0.1.1', {
    version: 'v1',
    ...(blueProcess === undefined ? {} : { processPort: blueProcess }),
  })
  tasks.start('10.0.2.1', { version: 'v2' })
  await client.send(new RegisterTargetsCommand({ TargetGroupArn: blue, Targets: [{ Id: '10.0.1.1' }] }))
  await client.send(new RegisterTargetsCommand({ TargetGroupArn: green, Targets: [{ Id: '10.0.2.1' }] }))
  await eventually(
    () => world.elb.tables.targets.list().map((target) => target.state),
    (states) => states.every((state) => state === 'healthy'),
    { what: 'healthy targets' },
  )
  return {
    world,
    tasks,
    dataPlane,
    client,
    blue,
    green,
    url: (await dataPlane.addresses())[0]?.url ?? '',
    async shift(blueWeight, greenWeight) {
      await client.send(
        new ModifyListenerCommand({ ListenerArn, DefaultActions: actions(blueWeight, greenWeight) }),
      )
    },
  }
}

/** A real server on loopback, as a task with a `command` has one. */
export async function processServer(
  handle: Parameters<typeof createServer>[1],
): Promise<{ server: Server; port: number }> {
  const server = createServer(handle ?? (() => undefined))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return { server, port: address === null || typeof address === 'string' ? 0 : address.port }
}
