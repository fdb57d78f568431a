import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DescribeTargetGroupsCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../controller/sandbox/server.ts'

const sandbox = await startSandbox({ port: 0 })
afterAll(() => sandbox.close())

async function admin(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, init)
  return { status: answer.status, body: await answer.json() }
}

function clientOf({ url }: Sandbox, timeoutMs = 5000): ElasticLoadBalancingV2Client {
  return new ElasticLoadBalancingV2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: url,
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  })
}

const blue = { Name: 'blue', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1' } as const

describe('the admin calls', () => {
  afterEach(async () => {
    await admin('DELETE', 'faults')
    await admin('DELETE', 'calls')
  })

  test('refuse what no scaling policy can want', async () => {
    expect(await admin('POST', 'scaling', { service: 'demo/web', wanted: 1.5 })).toEqual({
      status: 400,
      body: { error: "'wanted' must be a whole number of tasks" },
    })
    expect(await admin('POST', 'scaling', { service: 'demo/web', wanted: 2 })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('has no scalable target with a policy') as string },
    })
  })

  test('say that the sandbox is up, and nothing of what has not happened', async () => {
    expect(await admin('GET', 'health')).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await admin('GET', 'listeners')).toEqual({ status: 200, body: [] })
    expect(await admin('GET', 'calls')).toEqual({ status: 200, body: [] })
  })

  test.each([
    ['POST', 'images', '{', 'the body is not JSON; send one JSON object'],
    ['POST', 'images', {}, "'image' must be a text like web:v1"],
    ['POST', 'images', { image: 'web:v1', behavior: { no: 1 } }, 'behavior.no is not known'],
    ['POST', 'images', { image: 'web:v1', more: 1 }, "'more' is not known here; use image, behavior"],
    ['POST', 'faults', { service: 'ecs' }, "'operation' must be a text that is not empty"],
    ['POST', 'faults', { service: 'ecs', operation: '*' }, "a fault needs at least one of 'error'"],
    [
      'POST',
      'faults',
      { service: 'ecs', operation: '*', error: 'X', rate: 2 },
      "'rate' must be a number from 0 to 1",
    ],
    [
      'POST',
      'faults',
      { service: 'ecs', operation: '*', error: 'X', count: 0.5 },
      "'count' must be a whole number",
    ],
    [
      'POST',
      'faults',
      { service: 'ecs', operation: '*', staleForMs: 120_001 },
      "'staleForMs' must be a number from 0",
    ],
    ['PUT', 'settings', { speed: 0 }, "'speed' must be greater than 0"],
    ['PUT', 'settings', { throttling: 'yes' }, "'throttling' must be true or false"],
    ['PUT', 'state', [], 'a state is an object'],
    ['PUT', 'state', {}, 'the state has no'],
  ])('refuse %s %s %j with how to mend it', async (method, path, body, expected) => {
    const refused = await admin(method, path, body)
    expect(refused).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(expected) as string },
    })
  })

  test.each([
    ['GET', 'nothing', 404],
    ['GET', 'constructor', 404],
    ['DELETE', 'images', 405],
    ['POST', 'health', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    expect((await admin(method, path)).status).toBe(status)
  })

  test('keep images’ behaviours, settings and counted calls', async () => {
    const image = { image: 'web:v1', behavior: { startSeconds: 0, health: { status: 503 } } }
    expect(await admin('POST', 'images', image)).toEqual({ status: 200, body: image })
    expect((await admin('GET', 'images')).body).toContainEqual(image)
    expect((await admin('PUT', 'settings', { speed: 50 })).body).toMatchObject({
      speed: 50,
      throttling: false,
    })
    await clientOf(sandbox).send(new DescribeTargetGroupsCommand({}))
    expect((await admin('GET', 'calls')).body).toEqual([
      {
        service: 'elasticloadbalancing',
        operation: 'DescribeTargetGroups',
        count: 1,
        writes: false,
        known: true,
      },
    ])
  })

  test('restore a whole world', async () => {
    const client = clientOf(sandbox)
    await client.send(new CreateTargetGroupCommand({ ...blue, Name: 'kept' }))
    const { body: state } = await admin('GET', 'state')
    await client.send(new CreateTargetGroupCommand({ ...blue, Name: 'lost' }))
    expect((await admin('PUT', 'state', state)).status).toBe(200)
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({}))
    expect(TargetGroups?.map((group) => group.TargetGroupName)).toEqual(['kept'])
  })
})

test.each([
  ['https://evil.example', undefined, 403],
  ['null', undefined, 403],
  ['http://127.0.0.1.evil.example', undefined, 403],
  ['http://localhost:8080', undefined, 200],
  [undefined, 'evil.example:4566', 403],
  [undefined, 'localhost:4566', 200],
])('an admin call from origin %s to host %s is answered with %i', async (origin, host, status) => {
  const headers = { ...(origin === undefined ? {} : { origin }), ...(host === undefined ? {} : { host }) }
  const sent = get(`${sandbox.url}/_sandbox/health`, { headers })
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  expect(answer.statusCode).toBe(status)
})

describe('a fault of delivery over HTTP', () => {
  const fault = { service: 'elasticloadbalancing', operation: 'CreateTargetGroup', count: 1 }
  const names = () => sandbox.world.elb.tables.targetGroups.list().map((group) => group.name)

  test('ConnectionReset breaks the connection before anything happens', async () => {
    await admin('POST', 'faults', { ...fault, error: 'ConnectionReset' })
    const sent = clientOf(sandbox).send(new CreateTargetGroupCommand({ ...blue, Name: 'reset' }))
    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(names()).not.toContain('reset')
  })

  test('TimeoutAfterWrite writes and never answers', async () => {
    await admin('POST', 'faults', { ...fault, error: 'TimeoutAfterWrite' })
    const sent = clientOf(sandbox, 200).send(new CreateTargetGroupCommand({ ...blue, Name: 'silent' }))
    await expect(sent).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(names()).toContain('silent')
  })
})

describe('a state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('carries the world over from one sandbox to the next', async () => {
    const stateFile = join(folder, 'state.json')
    const first = await startSandbox({ port: 0, stateFile })
    await clientOf(first).send(new CreateTargetGroupCommand(blue))
    await first.close()
    const second = await startSandbox({ port: 0, stateFile })
    const { TargetGroups } = await clientOf(second).send(new DescribeTargetGroupsCommand({ Names: ['blue'] }))
    await second.close()
    expect(TargetGroups?.[0]?.TargetGroupName).toBe('blue')
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toHaveProperty('elasticloadbalancing')
  })

  test('that is torn is refused with the way out', async () => {
    const stateFile = join(folder, 'torn.json')
    writeFileSync(stateFile, '{"elastic')
    await expect(startSandbox({ port: 0, stateFile })).rejects.toThrow('remove it to start afresh')
  })
})

test('a port that is taken is refused', async () => {
  await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test.each([
  ['no credentials and no action', '', {}],
  ['broken JSON', '{', { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListClusters' }],
  ['an unknown target', '{}', { 'x-amz-target': 'Nobody.DoIt' }],
])('a request with %s is refused in AWS’s shape', async (_title, body, headers) => {
  const answer = await fetch(sandbox.url, { method: 'POST', body, headers })
  expect(answer.status).toBe(400)
  expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(await answer.text()).toMatch(/InvalidAction|SerializationException|UnknownOperationException/)
})
