import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAws, type Aws, type AwsOptions } from '../../../controller/adapters/aws/create-aws.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { hasActions, withActions } from '../../../controller/core/plan/actions.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { startSandbox, type Sandbox } from '../../../controller/sandbox/server.ts'
import { eventually } from '../../support/eventually.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const region = 'eu-west-1'
const accountId = '123456789012'
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }
const repository = `${accountId}.dkr.ecr.${region}.amazonaws.com/web`
const web = { cluster: 'shop', name: 'web-blue' }

let sandbox: Sandbox
let elb: ElasticLoadBalancingV2Client
let aws: Aws
let loadBalancerArn: string
let secureListenerArn: string
let groups: { blue: string; green: string }
const events: SteersmanEvent[] = []

const present = <Value>(value: Value | null | undefined): Value => {
  if (value === null || value === undefined) throw new Error('AWS answered without it')
  return value
}

const adapter = (options: Partial<AwsOptions> = {}): Aws =>
  createAws({
    region,
    accountId,
    environment: 'demo',
    endpoint: sandbox.url,
    clock: systemClock,
    random: seededRandom(1),
    telemetry: { emit: (event) => events.push(event) },
    credentials: async () => credentials,
    ...options,
  })

const admin = async (method: string, path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(response.status).toBeLessThan(300)
  return method === 'GET' ? response.json() : undefined
}

const callsOf = async (operation: string): Promise<number> => {
  const calls = (await admin('GET', 'calls')) as { operation: string; count: number }[]
  return calls.find((call) => call.operation === operation)?.count ?? 0
}

async function makeGroup(name: string): Promise<string> {
  const command = new CreateTargetGroupCommand({
    Name: name,
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 6,
    HealthCheckTimeoutSeconds: 2,
  })
  return present((await elb.send(command)).TargetGroups?.[0]?.TargetGroupArn)
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, speed: 20 })
  const common = { region, endpoint: sandbox.url, credentials }
  elb = new ElasticLoadBalancingV2Client(common)
  const ecs = new ECSClient(common)
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }))
  ecs.destroy()
  const made = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'shop', Subnets: ['subnet-1', 'subnet-2'] }),
  )
  loadBalancerArn = present(made.LoadBalancers?.[0]?.LoadBalancerArn)
  groups = { blue: await makeGroup('web-blue'), green: await makeGroup('web-green') }
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: groups.blue }],
    }),
  )
  const secure = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: [{ CertificateArn: `arn:aws:acm:${region}:${accountId}:certificate/1` }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    }),
  )
  secureListenerArn = present(secure.Listeners?.[0]?.ListenerArn)
  aws = adapter()
})

afterAll(async () => {
  aws.close()
  elb.destroy()
  await sandbox.close()
})

const weights = (blue: number, green: number) => [
  { targetGroupArn: groups.blue, weight: blue },
  { targetGroupArn: groups.green, weight: green },
]

const makeRule = async (priority: number, host: string, actions: Action[]): Promise<string> => {
  const command = new CreateRuleCommand({
    ListenerArn: secureListenerArn,
    Priority: priority,
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }],
    Actions: actions,
  })
  return present((await elb.send(command)).Rules?.[0]?.RuleArn)
}

describe('against the sandbox, with the real SDK over HTTP', () => {
  it('knows who it is, and what does not exist', async () => {
    expect(await aws.identity()).toEqual({ accountId, arn: `arn:aws:iam::${accountId}:user/AKIDTEST` })
    expect(await aws.platform.services([web])).toEqual([null])
    expect(await aws.platform.newestTaskDefinition('nothing')).toBeUndefined()
    expect(await aws.traffic.loadBalancer('nothing')).toBeUndefined()
    expect(await aws.traffic.targetGroups(['web-blue', 'nothing'])).toMatchObject([
      { arn: groups.blue },
      null,
    ])
    await expect(aws.platform.services([{ cluster: 'nothing', name: 'x' }])).rejects.toMatchObject({
      code: 'ClusterMissing',
    })
    const stranger = adapter({ accountId: '999999999999' })
    await expect(stranger.platform.services([web])).rejects.toMatchObject({ code: 'WrongAccount' })
    stranger.close()
  })

  it('takes on a role and uses its credentials', async () => {
    const inRole = adapter({ roleArn: `arn:aws:iam::${accountId}:role/steersman-demo` })
    expect(await inRole.identity()).toEqual({
      accountId,
      arn: `arn:aws:sts::${accountId}:assumed-role/steersman-demo/steersman-demo`,
    })
    expect(await inRole.traffic.loadBalancer('shop')).toMatchObject({ name: 'shop', type: 'application' })
    inRole.close()
  })

  it('resolves a tag, and waits for one that was not pushed', async () => {
    await admin('POST', 'images', { image: `${repository}:later`, behavior: { missing: true } })
    expect(await aws.registry.resolve({ repository, tag: 'v1' })).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(await aws.registry.resolve({ repository, tag: 'later' })).toBeUndefined()
  })

  it('moves a default action’s weights and reads them back', async () => {
    const [rule] = await aws.traffic.rules(loadBalancerArn, [{ port: 80 }])
    const { requestId } = await aws.traffic.setWeights({ rule: present(rule), weights: weights(10, 90) })
    expect(requestId).toBeTruthy()
    const [after] = await aws.traffic.rules(loadBalancerArn, [{ port: 80 }])
    expect(after).toMatchObject({ kind: 'ListenerDefault', weights: weights(10, 90) })
    await aws.traffic.setWeights({ rule: present(after), weights: weights(100, 0) })
  })

  it('moves a rule’s weights and keeps authentication, order, stickiness and conditions', async () => {
    const arn = await makeRule(10, 'Oidc.example', [
      {
        Type: 'authenticate-oidc',
        Order: 1,
        AuthenticateOidcConfig: {
          Issuer: 'https://id.example',
          AuthorizationEndpoint: 'https://id.example/a',
          TokenEndpoint: 'https://id.example/t',
          UserInfoEndpoint: 'https://id.example/u',
          ClientId: 'client',
          ClientSecret: 'planted-secret',
        },
      },
      {
        Type: 'forward',
        Order: 2,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: groups.blue, Weight: 100 },
            { TargetGroupArn: groups.green, Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 120 },
        },
      },
    ])
    const before = (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules?.[0]
    const [rule] = await aws.traffic.rules(loadBalancerArn, [{ port: 443, host: 'oidc.example' }])
    expect(rule?.arn).toBe(arn)
    await aws.traffic.setWeights({ rule: present(rule), weights: weights(0, 100) })
    const after = (await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))).Rules?.[0]
    const [authenticate, forward] = present(after?.Actions)
    expect(authenticate).toEqual(before?.Actions?.[0])
    expect(forward?.ForwardConfig?.TargetGroupStickinessConfig).toEqual(
      before?.Actions?.[1]?.ForwardConfig?.TargetGroupStickinessConfig,
    )
    expect(forward?.ForwardConfig?.TargetGroups?.map(({ Weight }) => Weight)).toEqual([0, 100])
    expect(after?.Conditions).toEqual(before?.Conditions)
    expect(JSON.stringify(rule)).not.toContain('planted-secret')
  })

  it('brings other actions with the weights, and keeps the client secret that nobody shows', async () => {
    const reference = { port: 443, host: 'oidc.example' }
    const [rule] = await aws.traffic.rules(loadBalancerArn, [reference])
    const { actions } = present(rule)
    const config = present(actions[0])['AuthenticateOidcConfig'] as object
    const login = (change: object) => ({
      Type: 'authenticate-oidc',
      AuthenticateOidcConfig: { ...config, ...change },
    })
    const wanted = [login({ Scope: 'openid email' })]
    expect(hasActions(present(rule), wanted)).toBe(false)
    const brought = { ...present(rule), actions: withActions(actions, wanted) }
    await aws.traffic.setWeights({ rule: brought, weights: weights(100, 0) })
    const [after] = await aws.traffic.rules(loadBalancerArn, [reference])
    expect(hasActions(present(after), wanted)).toBe(true)
    expect(after?.stickiness).toEqual(rule?.stickiness)
    expect(after?.weights).toEqual(weights(100, 0))
    expect(JSON.stringify(sandbox.world.dump())).toContain('planted-secret')
    expect(withActions(actions, [login({ ClientId: 'other' })])).toBe(actions)
  })

  it('registers, creates, sees tasks become healthy targets, and scales by absolute state', async () => {
    const digest = present(await aws.registry.resolve({ repository, tag: 'v1' }))
    const { taskDefinition } = await aws.platform.registerTaskDefinition({
      document: {
        family: 'demo-web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        executionRoleArn: `arn:aws:iam::${accountId}:role/execution`,
        containerDefinitions: [
          { name: 'web', image: `${repository}@${digest}`, portMappings: [{ containerPort: 80 }] },
        ],
      },
      tags: { 'steersman.dev/digest': 'd1' },
    })
    expect(await aws.platform.newestTaskDefinition('demo-web')).toMatchObject({
      arn: taskDefinition.arn,
      tags: { 'steersman.dev/digest': 'd1' },
    })
    const create = () =>
      aws.platform.createService({
        service: web,
        taskDefinition: taskDefinition.arn,
        desiredCount: 2,
        target: { targetGroupArn: groups.blue, containerName: 'web', containerPort: 80 },
        settings: {
          launchType: 'FARGATE',
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        },
        clientToken: 'token-1',
        tags: { team: 'shop' },
      })
    const first = await create()
    expect((await create()).service.arn).toBe(first.service.arn)
    const targets = await eventually(
      () => aws.traffic.targets(groups.blue),
      (seen) => seen.length === 2 && seen.every(({ state }) => state === 'healthy'),
    )
    const tasks = await aws.platform.tasks(web)
    expect(tasks.map(({ taskDefinition: arn }) => arn)).toEqual([taskDefinition.arn, taskDefinition.arn])
    expect(tasks.flatMap(({ targetIds }) => targetIds).toSorted()).toEqual(
      targets.map(({ id }) => id).toSorted(),
    )
    const [service] = await aws.platform.services([web])
    expect(service).toMatchObject({ status: 'ACTIVE', desiredCount: 2, tags: { team: 'shop' } })
    expect(service?.settings).toMatchObject({ launchType: 'FARGATE' })
    await aws.platform.updateService({ service: web, desiredCount: 0 })
    await eventually(
      () => aws.platform.tasks(web),
      (seen) => seen.length === 0,
    )
  })

  it('sends a write once when its answer is lost, and says that it may have happened', async () => {
    await admin('POST', 'faults', {
      service: 'ecs',
      operation: 'UpdateService',
      error: 'TimeoutAfterWrite',
      count: 1,
    })
    const hasty = adapter({ callTimeoutMs: 2_000 })
    await hasty.identity()
    const before = await callsOf('UpdateService')
    const write = hasty.platform.updateService({ service: web, desiredCount: 1 })
    await expect(write).rejects.toMatchObject({ ambiguous: true, handling: 'retry' })
    expect(await callsOf('UpdateService')).toBe(before + 1)
    expect((await aws.platform.services([web]))[0]?.desiredCount).toBe(1)
    hasty.close()
  })

  it('repeats a read whose connection breaks', async () => {
    await admin('POST', 'faults', {
      service: 'ecs',
      operation: 'DescribeServices',
      error: 'ConnectionReset',
      count: 2,
    })
    expect((await aws.platform.services([web]))[0]?.name).toBe('web-blue')
    expect(events.findLast((event) => event.type === 'AwsCall')).toMatchObject({
      operation: 'DescribeServices',
      code: 'OK',
      attempts: 3,
    })
  })

  it('repeats a read that AWS throttles, and tells each throttle', async () => {
    const throttles = () => events.filter(({ type }) => type === 'AwsThrottled').length
    const before = throttles()
    const service = 'elasticloadbalancing'
    await admin('POST', 'faults', { service, operation: 'DescribeListeners', error: 'Throttling', count: 2 })
    expect(await aws.traffic.rules(loadBalancerArn, [{ port: 80 }])).toHaveLength(1)
    expect(throttles()).toBe(before + 2)
  })

  it('answers a burst beyond what AWS lets through at once', async () => {
    await admin('PUT', 'settings', { throttling: true })
    const names = Array.from({ length: 45 }, (_, index) => `none-${index}`)
    const cold = adapter()
    const seen = await Promise.all(names.map((name) => cold.traffic.loadBalancer(name)))
    await admin('PUT', 'settings', { throttling: false })
    cold.close()
    expect(seen).toEqual(names.map(() => undefined))
  })
})
