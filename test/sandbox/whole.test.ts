import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../controller/sandbox/server.ts'
import { eventually } from '../support/eventually.ts'

const running: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of running.splice(0)) await sandbox.close()
})

async function sandboxAt(speed: number): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, speed })
  running.push(sandbox)
  return sandbox
}

async function addressOf(sandbox: Sandbox): Promise<string> {
  const rows = (await (await fetch(`${sandbox.url}/_sandbox/listeners`)).json()) as { url: string }[]
  return rows[0]?.url ?? ''
}

/** A service web-blue of one image behind a listener, made over the wire. */
async function deploy(sandbox: Sandbox, image: string, desiredCount = 2): Promise<ECSClient> {
  const configuration = {
    region: 'eu-west-1',
    endpoint: sandbox.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  const elb = new ElasticLoadBalancingV2Client(configuration)
  const ecs = new ECSClient(configuration)
  const balancer = await elb.send(new CreateLoadBalancerCommand({ Name: 'web', Subnets: ['a', 'b'] }))
  const group = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'blue',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      TargetType: 'ip',
    }),
  )
  const targetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  )
  await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }))
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'web', image, portMappings: [{ containerPort: 80 }] }],
    }),
  )
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'demo',
      serviceName: 'web-blue',
      taskDefinition: 'web',
      desiredCount,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['a'] } },
      loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: 80 }],
    }),
  )
  return ecs
}

function healthy(sandbox: Sandbox, count: number): Promise<unknown> {
  return eventually(
    () => sandbox.world.elb.tables.targets.list().filter((target) => target.state === 'healthy').length,
    (seen) => seen === count,
    { what: `${count} healthy targets` },
  )
}

describe('the whole sandbox', () => {
  test('starts tasks, registers them, and lets them answer what INTERFACES promises', async () => {
    const sandbox = await sandboxAt(20)
    await deploy(sandbox, 'web:v1')
    await healthy(sandbox, 2)
    const answer = await fetch(await addressOf(sandbox))
    const body = await answer.text()
    expect(answer.status).toBe(200)
    expect(body).toMatch(
      /^\{"image":"web:v1","version":"v1","side":"blue","taskArn":"arn:aws:ecs:eu-west-1:123456789012:task\/demo\/[0-9a-f]{32}"\}$/,
    )
  })

  test('drains the targets of a service that goes to zero', async () => {
    const sandbox = await sandboxAt(20)
    const ecs = await deploy(sandbox, 'web:v1')
    await healthy(sandbox, 2)
    await ecs.send(new UpdateServiceCommand({ cluster: 'demo', service: 'web-blue', desiredCount: 0 }))
    await eventually(
      () => sandbox.world.elb.tables.targets.list().map((target) => target.state),
      (states) => states.every((state) => state === 'draining'),
      { what: 'draining targets' },
    )
    expect((await fetch(await addressOf(sandbox))).status).toBe(503)
  })

  test('goes on in another process from its state', async () => {
    const first = await sandboxAt(20)
    await deploy(first, 'web:v1')
    await healthy(first, 2)
    const state = await (await fetch(`${first.url}/_sandbox/state`)).text()
    const second = await sandboxAt(20)
    const restored = await fetch(`${second.url}/_sandbox/state`, { method: 'PUT', body: state })
    expect(restored.status).toBe(200)
    expect(await (await fetch(await addressOf(second))).json()).toMatchObject({ version: 'v1', side: 'blue' })
  })

  test('runs an image’s command as a real process, and ends it with its task', async () => {
    const sandbox = await sandboxAt(20)
    const script = `require('http').createServer((q, s) => s.end('pid ' + process.pid)).listen(process.env.PORT, '127.0.0.1')`
    const behavior = { startSeconds: 0, command: `exec node -e "${script}"` }
    const body = JSON.stringify({ image: 'real:v1', behavior })
    expect((await fetch(`${sandbox.url}/_sandbox/images`, { method: 'POST', body })).status).toBe(200)
    await deploy(sandbox, 'real:v1', 1)
    await healthy(sandbox, 1)
    const answered = await (await fetch(await addressOf(sandbox))).text()
    const pid = Number(/^pid (\d+)$/.exec(answered)?.[1])
    expect(isAlive(pid)).toBe(true)
    await sandbox.close()
    running.length = 0
    await eventually(
      () => isAlive(pid),
      (alive) => !alive,
      { what: 'the end of the process' },
    )
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
