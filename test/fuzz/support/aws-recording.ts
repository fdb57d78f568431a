import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import type { RuleFacts } from '../../../controller/core/observation.ts'
import type { ServiceReference } from '../../../controller/ports/platform.ts'
import { createImages } from '../../../controller/sandbox/images.ts'
import { otherModels } from '../../../controller/sandbox/models.ts'
import { createWorld } from '../../../controller/sandbox/world.ts'
import { inProcessHandler } from '../../sandbox/support/in-process-handler.ts'
import { virtualClock } from '../../sandbox/support/virtual-clock.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { operationOf, requestText, textOf } from './aws-wire.ts'
import type { WireAnswer, WireRequest } from './aws-wire.ts'

export const REGION = 'eu-west-1'
export const ACCOUNT = '123456789012'
export const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web`
export const WEB: ServiceReference = { cluster: 'shop', name: 'web-blue' }
export const HOST = 'shop.example.com'

/** What the sandbox answered to every operation that the adapter asks for, and the names of what is there. */
export interface Recording {
  readonly answers: ReadonlyMap<string, WireAnswer>
  readonly loadBalancerArn: string
  readonly targetGroupArn: string
  readonly ruleArn: string
  readonly taskDefinition: string
  readonly rules: readonly RuleFacts[]
}

let recorded: Promise<Recording> | undefined

/** Plays a small shop through the real adapter against the sandbox, once a process. */
export function awsRecording(): Promise<Recording> {
  recorded ??= record()
  return recorded
}

const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }

async function record(): Promise<Recording> {
  const clock = virtualClock()
  const world = createWorld({
    clock,
    random: seededRandom(1),
    others: otherModels({ images: createImages() }),
  })
  const inProcess = inProcessHandler(world)
  const answers = new Map<string, WireAnswer>([['DescribeContainerInstances', CONTAINER_INSTANCES]])
  const handler = {
    ...inProcess,
    async handle(request: WireRequest) {
      const { response } = await inProcess.handle({
        method: 'POST',
        path: '/',
        headers: request.headers,
        body: requestText(request),
      })
      const body = await textOf(response.body)
      const { statusCode, headers } = response
      if (statusCode < 300) answers.set(operationOf(request), { statusCode, headers, body })
      return { response: { ...response, body: Buffer.from(body) } }
    },
  }
  const clients = { region: REGION, credentials, requestHandler: handler }
  const shop = await makeShop(new ECSClient(clients), new ElasticLoadBalancingV2Client(clients))
  const { platform, traffic, registry, close } = createAws({
    region: REGION,
    accountId: ACCOUNT,
    environment: 'prod',
    clock: systemClock,
    random: seededRandom(1),
    telemetry: { emit: () => undefined },
    requestHandler: handler,
    credentials: async () => credentials,
  })
  const document = {
    family: 'prod-web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/shop-exec`,
    containerDefinitions: [
      { name: 'web', image: `${REPOSITORY}:v1`, portMappings: [{ containerPort: 8080 }] },
    ],
  }
  const tags = { 'steersman.dev/digest': 'sha256:1' }
  const { taskDefinition } = await platform.registerTaskDefinition({ document, tags })
  await platform.createService({
    service: WEB,
    taskDefinition: taskDefinition.arn,
    desiredCount: 2,
    target: { targetGroupArn: shop.targetGroupArn, containerName: 'web', containerPort: 8080 },
    settings: {
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    },
    clientToken: 'token-1',
    tags,
  })
  await platform.updateService({ service: WEB, desiredCount: 2 })
  for (let second = 0; second < 120; second += 1) clock.advance(1_000)
  await Promise.all([
    platform.services([WEB]),
    platform.tasks(WEB),
    platform.newestTaskDefinition('prod-web'),
  ])
  await traffic.loadBalancer('shop')
  await traffic.targetGroups(['web-blue', 'web-green'])
  await traffic.targets(shop.targetGroupArn)
  const references = [{ port: 80 }, { port: 80, host: HOST }]
  const rules = (await traffic.rules(shop.loadBalancerArn, references)).filter((rule) => rule !== null)
  const weights = [{ targetGroupArn: shop.targetGroupArn, weight: 100 }]
  for (const rule of rules) await traffic.setWeights({ rule, weights })
  await registry.resolve({ repository: REPOSITORY, tag: 'v1' })
  await registry.scan({
    repository: REPOSITORY,
    digest: (await registry.resolve({ repository: REPOSITORY, tag: 'v1' })) ?? '',
  })
  close()
  return { answers, ...shop, taskDefinition: taskDefinition.arn, rules }
}

async function makeShop(
  ecs: ECSClient,
  elb: ElasticLoadBalancingV2Client,
): Promise<Pick<Recording, 'loadBalancerArn' | 'targetGroupArn' | 'ruleArn'>> {
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }))
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: 'shop', Subnets: ['a', 'b'] }))
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn
  const group = async (Name: string): Promise<string> => {
    const input = { Name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' } as const
    return (await elb.send(new CreateTargetGroupCommand(input))).TargetGroups?.[0]?.TargetGroupArn ?? ''
  }
  const [blue, green] = [await group('web-blue'), await group('web-green')]
  const TargetGroups = [
    { TargetGroupArn: blue, Weight: 100 },
    { TargetGroupArn: green, Weight: 0 },
  ]
  const actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }]
  const listener = await elb.send(
    new CreateListenerCommand({ LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions: actions }),
  )
  const rule = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listener.Listeners?.[0]?.ListenerArn,
      Priority: 1,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [HOST] } }],
      Actions: actions,
    }),
  )
  return {
    loadBalancerArn: LoadBalancerArn ?? '',
    targetGroupArn: blue,
    ruleArn: rule.Rules?.[0]?.RuleArn ?? '',
  }
}

/** Only tasks on instances of one's own are asked about; the shop's run on Fargate. */
const CONTAINER_INSTANCES: WireAnswer = {
  statusCode: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({
    containerInstances: [
      {
        containerInstanceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:container-instance/shop/1`,
        ec2InstanceId: 'i-0123456789abcdef0',
        status: 'ACTIVE',
      },
    ],
    failures: [],
  }),
}
