import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAws, type Aws } from '../../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'
import { requires } from '../../support/requires.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const region = 'eu-west-1'
const accountId = '123456789012'
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }
const web = { cluster: 'shop', name: 'web-blue' }
const program = 'moto_server'
const moto = requires('moto')

/** A second opinion: another implementation of AWS's control plane, in another language. */
describe.skipIf(moto.missing !== undefined)(moto.title('against moto'), () => {
  let server: ChildProcess
  let aws: Aws
  let endpoint: string
  let loadBalancerArn: string
  let groups: string[]

  beforeAll(async () => {
    const port = await freePort()
    endpoint = `http://127.0.0.1:${port}`
    server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
    await eventually(
      () => fetch(`${endpoint}/moto-api/`),
      ({ ok }) => ok,
      { what: 'moto', withinMs: 60_000 },
    )
    ;({ loadBalancerArn, groups } = await makeWorld(endpoint))
    aws = createAws({
      region,
      accountId,
      environment: 'demo',
      endpoint,
      clock: systemClock,
      random: seededRandom(1),
      telemetry: { emit() {} },
      credentials: async () => credentials,
      callTimeoutMs: 20_000,
    })
  }, 90_000)

  afterAll(async () => {
    aws.close()
    if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit')
  })

  it('registers, describes, creates and updates', async () => {
    expect(await aws.identity()).toMatchObject({ accountId })
    expect(await aws.platform.newestTaskDefinition('demo-web')).toBeUndefined()
    expect(await aws.platform.services([web])).toEqual([null])
    const { taskDefinition } = await aws.platform.registerTaskDefinition({
      document: { family: 'demo-web', containerDefinitions: [{ name: 'web', image: 'web:1', memory: 128 }] },
      tags: { 'steersman.dev/digest': 'd1' },
    })
    expect(await aws.platform.newestTaskDefinition('demo-web')).toMatchObject({
      arn: taskDefinition.arn,
      revision: 1,
      tags: { 'steersman.dev/digest': 'd1' },
    })
    await aws.platform.createService({
      service: web,
      taskDefinition: taskDefinition.arn,
      desiredCount: 2,
      target: { targetGroupArn: groups[0] ?? '', containerName: 'web', containerPort: 80 },
      settings: { launchType: 'EC2' },
      clientToken: 'token-1',
      tags: { team: 'shop' },
    })
    await aws.platform.updateService({ service: web, desiredCount: 0 })
    const [service] = await aws.platform.services([web])
    expect(service).toMatchObject({
      name: 'web-blue',
      cluster: 'shop',
      desiredCount: 0,
      taskDefinition: taskDefinition.arn,
      targetGroupArns: [groups[0]],
      tags: { team: 'shop' },
    })
  })

  it('moves the weights of a default action and of a rule', async () => {
    const references = [{ port: 80 }, { port: 80, host: 'shop.example' }]
    const weights = groups.map((targetGroupArn, index) => ({ targetGroupArn, weight: index * 100 }))
    for (const rule of await aws.traffic.rules(loadBalancerArn, references)) {
      if (rule === null) throw new Error('moto shows no rule')
      await aws.traffic.setWeights({ rule, weights })
    }
    const after = await aws.traffic.rules(loadBalancerArn, references)
    expect(after.map((rule) => rule?.kind)).toEqual(['ListenerDefault', 'Rule'])
    expect(after.map((rule) => rule?.weights)).toEqual([weights, weights])
  })

  it('finds resources by their tags', async () => {
    const elb = new ElasticLoadBalancingV2Client({ region, endpoint, credentials })
    const Tags = [
      { Key: 'project', Value: 'shop' },
      { Key: 'environment', Value: 'prod' },
    ]
    await elb.send(new AddTagsCommand({ ResourceArns: [groups[0] ?? '', loadBalancerArn], Tags }))
    elb.destroy()
    const tags = { project: 'shop', environment: 'prod' }
    const { resources, isComplete } = await aws.inventory.tagged(tags)
    expect(isComplete).toBe(true)
    expect(resources.toSorted((one, other) => (one.arn < other.arn ? -1 : 1))).toEqual([
      { arn: loadBalancerArn, tags },
      { arn: groups[0], tags },
    ])
    expect((await aws.inventory.tagged({ ...tags, environment: 'dev' })).resources).toEqual([])
  })

  it('knows what is missing', async () => {
    expect(await aws.traffic.loadBalancer('gone')).toBeUndefined()
    expect(await aws.traffic.loadBalancer('shop')).toMatchObject({ arn: loadBalancerArn })
    const seen = await aws.traffic.targetGroups(['web-blue', 'gone'])
    expect(seen.map((facts) => facts?.arn ?? null)).toEqual([groups[0], null])
    const repository = `${accountId}.dkr.ecr.${region}.amazonaws.com/web`
    expect(await aws.registry.resolve({ repository, tag: 'v1' })).toBeUndefined()
    await expect(aws.platform.services([{ cluster: 'gone', name: 'x' }])).rejects.toMatchObject({
      code: 'ClusterMissing',
    })
  })
})

async function makeWorld(endpoint: string): Promise<{ loadBalancerArn: string; groups: string[] }> {
  const common = { region, endpoint, credentials }
  const ecs = new ECSClient(common)
  const elb = new ElasticLoadBalancingV2Client(common)
  // moto's own GetResources fails on a cluster without tags.
  const tags = [{ key: 'team', value: 'shop' }]
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop', tags }))
  const { vpcId, subnets } = await network(endpoint)
  const made = await elb.send(new CreateLoadBalancerCommand({ Name: 'shop', Subnets: subnets }))
  const loadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
  const groups: string[] = []
  for (const name of ['web-blue', 'web-green']) {
    const input = { Name: name, Protocol: 'HTTP', Port: 80, VpcId: vpcId } as const
    const group = await elb.send(new CreateTargetGroupCommand(input))
    groups.push(group.TargetGroups?.[0]?.TargetGroupArn ?? '')
  }
  const actions = [{ Type: 'forward', TargetGroupArn: groups[0] ?? '' } as const]
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: actions,
    }),
  )
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: listener.Listeners?.[0]?.ListenerArn ?? '',
      Priority: 1,
      Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['shop.example'] } }],
      Actions: actions,
    }),
  )
  ecs.destroy()
  elb.destroy()
  return { loadBalancerArn, groups }
}

/** moto's default VPC and two of its subnets, asked for without an EC2 client. */
async function network(endpoint: string): Promise<{ vpcId: string; subnets: string[] }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: 'Action=DescribeSubnets&Version=2016-11-15',
  })
  const xml = await response.text()
  const all = (tag: string): string[] =>
    [...xml.matchAll(new RegExp(`<${tag}>([^<]+)</${tag}>`, 'g'))].map(([, id]) => id ?? '')
  return { vpcId: all('vpcId')[0] ?? '', subnets: all('subnetId').slice(0, 2) }
}
