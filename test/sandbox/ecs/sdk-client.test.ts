import { DescribeImagesCommand, ECRClient, ImageNotFoundException } from '@aws-sdk/client-ecr'
import {
  ClusterNotFoundException,
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  paginateListTaskDefinitions,
  RegisterTaskDefinitionCommand,
  ServiceNotFoundException,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { eventually } from '../../support/eventually.ts'
import { fargateDefinition } from '../support/ecs-world.ts'

const sandbox = await startSandbox({ port: 0, speed: 20 })
afterAll(() => sandbox.close())

const options = {
  endpoint: sandbox.url,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
}
const ecs = new ECSClient(options)
const cluster = 'sdk'
await ecs.send(new CreateClusterCommand({ clusterName: cluster }))

async function define(family: string, image: string): Promise<string> {
  const { family: _family, ...rest } = fargateDefinition(image)
  const containerDefinitions = rest['containerDefinitions'] as { name: string; image: string }[]
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...rest,
      family,
      containerDefinitions,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
    }),
  )
  return registered.taskDefinition?.taskDefinitionArn ?? ''
}

const admin = (path: string, body: unknown) =>
  fetch(`${sandbox.url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) })

describe('the AWS SDK', () => {
  test('deploys a service, waits until it is stable, and reads back what runs', async () => {
    const taskDefinition = await define('sdk', 'web:v1')
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } }
    const launch = { cluster, launchType: 'FARGATE', networkConfiguration } as const
    await ecs.send(
      new CreateServiceCommand({ ...launch, serviceName: 'web', taskDefinition, desiredCount: 2 }),
    )
    const waiter = { client: ecs, maxWaitTime: 15, minDelay: 1, maxDelay: 1 }
    await waitUntilServicesStable(waiter, { cluster, services: ['web'] })
    const next = await define('sdk', 'web:v2')
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'web', taskDefinition: next }))
    await waitUntilServicesStable(waiter, { cluster, services: ['web'] })
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['web'] }))
    expect(services?.[0]).toMatchObject({ runningCount: 2, taskDefinition: next })
    expect(services?.[0]?.createdAt).toBeInstanceOf(Date)
    expect(services?.[0]?.events?.[0]?.message).toBe('(service web) has reached a steady state.')
    const { taskArns: tasks } = await ecs.send(new ListTasksCommand({ cluster, serviceName: 'web' }))
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }))
    expect(described.tasks?.map((task) => [task.lastStatus, task.containers?.[0]?.image])).toEqual([
      ['RUNNING', 'web:v2'],
      ['RUNNING', 'web:v2'],
    ])
    const serviceRevisionArns = [services?.[0]?.currentServiceRevisions?.[0]?.arn ?? '']
    const revisions = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }))
    expect(revisions.serviceRevisions?.[0]?.containerImages?.[0]?.imageDigest).toMatch(
      /^sha256:[0-9a-f]{64}$/,
    )
  })

  test('walks through all pages', async () => {
    for (let revision = 1; revision <= 5; revision += 1) await define('pages', 'web:v1')
    const found: string[] = []
    for await (const page of paginateListTaskDefinitions(
      { client: ecs, pageSize: 2 },
      { familyPrefix: 'pages' },
    )) {
      found.push(...(page.taskDefinitionArns ?? []))
    }
    expect(found).toHaveLength(5)
  })

  test("knows the sandbox's refusals by their class", async () => {
    await expect(ecs.send(new ListTasksCommand({ cluster: 'none' }))).rejects.toBeInstanceOf(
      ClusterNotFoundException,
    )
    await expect(ecs.send(new UpdateServiceCommand({ cluster, service: 'none' }))).rejects.toBeInstanceOf(
      ServiceNotFoundException,
    )
    await admin('images', { image: 'web:v9', behavior: { missing: true } })
    const asked = { repositoryName: 'web', imageIds: [{ imageTag: 'v9' }] }
    await expect(new ECRClient(options).send(new DescribeImagesCommand(asked))).rejects.toBeInstanceOf(
      ImageNotFoundException,
    )
  })

  test('assumes a role and is known by it', async () => {
    const RoleArn = 'arn:aws:iam::123456789012:role/deployer'
    const { Credentials } = await new STSClient(options).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', DurationSeconds: 900 }),
    )
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
    const identity = await new STSClient({ ...options, credentials }).send(new GetCallerIdentityCommand({}))
    expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deployer/test')
    expect(Credentials?.Expiration).toBeInstanceOf(Date)
  })
})

describe('an image with a command', () => {
  test('runs a real process on a port of its own, and ends it with the task', async () => {
    const script =
      "require('http').createServer((q,s)=>s.end('process '+process.pid)).listen(process.env.PORT,'127.0.0.1')"
    const command = `exec ${process.execPath} -e "${script}"`
    await admin('images', { image: 'real:v1', behavior: { command, startSeconds: 0 } })
    const taskDefinition = await define('real', 'real:v1')
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } }
    const launch = { cluster, launchType: 'FARGATE', networkConfiguration } as const
    await ecs.send(
      new CreateServiceCommand({ ...launch, serviceName: 'real', taskDefinition, desiredCount: 1 }),
    )
    const port = await eventually(
      async () => {
        const { taskArns: tasks } = await ecs.send(new ListTasksCommand({ cluster, serviceName: 'real' }))
        const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }))
        const address = described.tasks?.[0]?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address
        return sandbox.world.network.taskAt(address ?? '', 8080)?.processPort
      },
      (seen) => seen !== undefined,
    )
    const body = await eventually(
      async () => (await fetch(`http://127.0.0.1:${port}/`)).text(),
      (text) => text.startsWith('process '),
    )
    const pid = Number(body.split(' ')[1])
    expect(isAlive(pid)).toBe(true)
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'real', desiredCount: 0 }))
    await eventually(
      () => isAlive(pid),
      (alive) => !alive,
    )
  })

  test('that exits with an error stops its task with the exit code', async () => {
    await admin('images', { image: 'exits:v1', behavior: { command: 'exit 3', startSeconds: 0 } })
    const taskDefinition = await define('exits', 'exits:v1')
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } }
    const launch = { cluster, launchType: 'FARGATE', networkConfiguration } as const
    await ecs.send(
      new CreateServiceCommand({ ...launch, serviceName: 'exits', taskDefinition, desiredCount: 1 }),
    )
    const stopped = { cluster, serviceName: 'exits', desiredStatus: 'STOPPED' } as const
    const { taskArns: tasks } = await eventually(
      () => ecs.send(new ListTasksCommand(stopped)),
      (seen) => (seen.taskArns ?? []).length > 0,
    )
    await ecs.send(new UpdateServiceCommand({ cluster, service: 'exits', desiredCount: 0 }))
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }))
    expect(described.tasks?.[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 3 }],
    })
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
