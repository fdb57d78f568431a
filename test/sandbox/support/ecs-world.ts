import { createImages, type Images } from '../../../controller/sandbox/images.ts'
import { createFunctions, type Functions } from '../../../controller/sandbox/lambda/functions.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { seededRandom } from '../../../controller/sandbox/kernel/random.ts'
import type { Settings } from '../../../controller/sandbox/kernel/settings.ts'
import { otherModels } from '../../../controller/sandbox/models.ts'
import { createWorld, type World } from '../../../controller/sandbox/world.ts'
import { virtualClock, type VirtualClock } from './virtual-clock.ts'

/** A part of an answer, of which a test says what it expects. */
export type Part = Record<string, unknown>

export interface EcsTestWorld {
  readonly world: World
  readonly clock: VirtualClock
  readonly images: Images
  /** The Lambda functions. */
  readonly functions: Functions
  /** One call of ECS; throws the AwsError. */
  ecs(operation: string, input?: Members): Members
  elb(operation: string, input?: Members): Members
  call(service: string, operation: string, input?: Members, principal?: string): Members
  /** Registers a Fargate task definition with one container on port 8080; its ARN. */
  define(image: string, more?: Members): string
  /** A target group that a listener of its own forwards to; its ARN. */
  targetGroup(name: string, more?: Members): string
  /** Creates a service in the cluster `demo` on Fargate. */
  service(name: string, input: Members): Members
  /** The service as DescribeServices shows it now. */
  see(name: string): Part & { deployments: Part[]; events: { message: string }[] }
  /** All tasks of a service, the stopped ones too. */
  tasks(name: string): Part[]
  /** What the events of a service say, oldest first. */
  told(name: string): string[]
}

/** The whole sandbox on a virtual clock, without sockets, with a cluster called `demo`. */
export function ecsWorld(settings: Partial<Settings> = {}, seed = 1): EcsTestWorld {
  const clock = virtualClock()
  const images = createImages()
  const functions = createFunctions()
  const random = seededRandom(seed)
  const world = createWorld({ clock, random, settings, others: otherModels({ images, functions }) })
  const call: EcsTestWorld['call'] = (service, operation, input = {}, principal) =>
    world.call({ service, operation, input, ...(principal === undefined ? {} : { principal }) }).output
  const ecs: EcsTestWorld['ecs'] = (operation, input) => call('ecs', operation, input)
  const elb: EcsTestWorld['elb'] = (operation, input) => call('elasticloadbalancing', operation, input)
  ecs('CreateCluster', { clusterName: 'demo' })
  let ports = 8000
  const see: EcsTestWorld['see'] = (name) => {
    const [service] = partsAt(ecs('DescribeServices', { cluster: 'demo', services: [name] }), 'services')
    if (service === undefined) throw new Error(`there is no service ${name}`)
    return service as ReturnType<EcsTestWorld['see']>
  }
  return {
    world,
    clock,
    images,
    functions,
    ecs,
    elb,
    call,
    see,
    define: (image, more) =>
      String(
        partAt(ecs('RegisterTaskDefinition', fargateDefinition(image, more)), 'taskDefinition')[
          'taskDefinitionArn'
        ],
      ),
    targetGroup(name, more) {
      ports += 1
      return listeningGroup(elb, name, ports, more)
    },
    service: (serviceName, input) => ecs('CreateService', { ...fargateService(serviceName), ...input }),
    tasks(name) {
      const arns = ['RUNNING', 'STOPPED'].flatMap((desiredStatus) =>
        textsAt(ecs('ListTasks', { cluster: 'demo', serviceName: name, desiredStatus }), 'taskArns'),
      )
      return arns.length === 0 ? [] : partsAt(ecs('DescribeTasks', { cluster: 'demo', tasks: arns }), 'tasks')
    },
    told: (name) =>
      see(name)
        .events.map((event) => event.message)
        .toReversed(),
  }
}

/** What CreateService asks for beside the task definition and the count. */
export function fargateService(serviceName: string): Members {
  return {
    cluster: 'demo',
    serviceName,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } },
  }
}

/** A task definition of one container, `web`, on port 8080. */
export function fargateDefinition(image: string, more: Members = {}): Members {
  const { container, ...rest } = more
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [
      { name: 'web', image, portMappings: [{ containerPort: 8080 }], ...(container as Members | undefined) },
    ],
    ...rest,
  }
}

/** The load balancer part of CreateService for a target group. */
export function behind(targetGroupArn: string): Members {
  return { loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 8080 }] }
}

export function partAt(output: Members, name: string): Part {
  return output[name] as Part
}

export function partsAt(output: Members, name: string): Part[] {
  return output[name] as Part[]
}

function textsAt(output: Members, name: string): string[] {
  return output[name] as string[]
}

function listeningGroup(elb: EcsTestWorld['elb'], name: string, port: number, more: Members = {}): string {
  const group = elb('CreateTargetGroup', {
    Name: name,
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    HealthCheckPath: '/healthz',
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    ...more,
  })
  const targetGroupArn = String(partsAt(group, 'TargetGroups')[0]?.['TargetGroupArn'])
  const balancer = elb('CreateLoadBalancer', { Name: `lb-${name}`, Subnets: ['subnet-a', 'subnet-b'] })
  elb('ModifyTargetGroupAttributes', {
    TargetGroupArn: targetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
  })
  elb('CreateListener', {
    LoadBalancerArn: partsAt(balancer, 'LoadBalancers')[0]?.['LoadBalancerArn'],
    Protocol: 'HTTP',
    Port: port,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  })
  return targetGroupArn
}
