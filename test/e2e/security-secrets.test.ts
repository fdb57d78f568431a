import { readFileSync, readdirSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../controller/api/client.ts'
import { eventually } from '../support/eventually.ts'
import { startGitServer } from '../support/git-server.ts'
import type { GitServer } from '../support/git-server.ts'
import { startTlsFront } from '../support/tls-front.ts'
import type { TlsFront } from '../support/tls-front.ts'
import { createRepository } from '../support/repository.ts'
import type { TestRepository } from '../support/repository.ts'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'
import {
  configFiles,
  inlineRelease,
  plants,
  plantsIn,
  refusedRelease,
  refusedTaskDefinition,
  release,
  taskDefinition,
  variablesFor,
} from './security-plants.ts'
import { runProgram, startControllerProcess, startGuardedCloud, writeFiles } from './security-world.ts'
import type { ControllerProcess, GuardedCloud } from './security-world.ts'

const RELEASE = 'deploy/releases/web.yaml'
const image = (tag: string): string => `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:${tag}`

/** Everything that left the program, by where it was seen. */
const seen = new Map<string, string>()
const cleanups: (() => Promise<void> | void)[] = []

let repository: TestRepository
let server: GitServer
let front: TlsFront
let aws: GuardedCloud
let directory: string
let config: string
let controller: ControllerProcess
let isGitDown = false

beforeAll(async () => {
  const temporary = await makeTemporaryDirectory('steersman-secrets')
  directory = temporary.path
  config = join(directory, 'config')
  repository = createRepository()
  server = await startGitServer({
    root: dirname(repository.path),
    password: plants.gitTokenInEnv,
    answer: impolite,
  })
  front = await startTlsFront(server.url, directory)
  aws = await startGuardedCloud()
  writeFiles(config, configFiles(front.url))
  cleanups.push(
    temporary.remove,
    () => repository.remove(),
    () => front.close(),
    () => server.close(),
    () => aws.close(),
  )
  await tellTheStory().catch((cause: unknown) => {
    throw new Error(`the story broke off; the controller said: ${controller.output().slice(-6_000)}`, {
      cause,
    })
  })
  await askEverything()
}, 180_000)

afterAll(async () => {
  await controller?.stop()
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

/** A git server that says what it was given, as some do. */
function impolite(request: IncomingMessage, response: ServerResponse): boolean {
  const { authorization = '' } = request.headers
  if (request.url?.startsWith('/echo.git') !== true && !isGitDown) return false
  if (authorization === '' && !isGitDown) return false
  const given = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()
  response
    .writeHead(isGitDown ? 502 : 403, { 'content-type': 'text/plain' })
    .end(`fatal: ${authorization} (${given}) of ${plants.userInfo} is refused\n`)
  return true
}

async function start(format: 'json' | 'text'): Promise<void> {
  const variables = variablesFor({
    AWS_ENDPOINT_URL: aws.endpoint,
    SSL_CERT_FILE: front.certificateFile,
    STEERSMAN_LISTENERS_URL: aws.listenersUrl,
    STEERSMAN_LOG_FORMAT: format,
  })
  controller = await startControllerProcess(config, variables)
}

/** Deploy, refused version, drift, trouble with AWS and git, refused manifests. */
async function tellTheStory(): Promise<void> {
  await aws.cloud.setBehavior(image('v2'), { body: `go away, ${plants.refusedBody}` })
  repository.commit(
    { 'deploy/taskdefs/web.json': taskDefinition, [RELEASE]: release({ tag: 'v1' }) },
    { message: `Begin\n\nSecret: ${plants.commitMessage}` },
  )
  await start('json')
  await untilRelease('serves v1', ({ live }) => live?.taskDefinition !== undefined)
  await eventually(
    () => repository.git(['tag', '--list']),
    (tags) => tags.includes('deploy/demo/1'),
    { what: 'the tag', withinMs: 20_000 },
  )
  repository.commit(
    { [RELEASE]: release({ tag: 'v2' }), 'deploy/releases/api.yaml': inlineRelease },
    { message: plants.commitMessage },
  )
  await untilRollout('v2 is taken back', 2, (phase) => phase === 'RolledBack')
  aws.cloud.setWeights({ blue: 50, green: 50 })
  handMadeRevision()
  await eventually(controller.output, (text) => text.includes('DriftFound'), {
    what: 'the drift',
    withinMs: 20_000,
  })
  await troubleWithAws()
  keep('first controller', controller.output())
  expect(await controller.stop()).toBe(0)
  keep('first controller to its end', controller.output())
  await start('text')
  isGitDown = true
  await untilOutput('git to be away', 'SourceUnavailable', 'could not be fetched')
  isGitDown = false
  repository.commit({ [RELEASE]: refusedRelease, 'deploy/taskdefs/web.json': refusedTaskDefinition })
  await untilOutput('the refusal', 'refuses commit')
}

/** Somebody registers a revision of his own, with secrets, and starts it by hand. */
function handMadeRevision(): void {
  const call = (operation: string, input: Record<string, unknown>) =>
    aws.sandbox.world.call({ service: 'ecs', operation, input }).output
  const { taskDefinition: registered } = call('RegisterTaskDefinition', {
    family: 'demo-web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
    containerDefinitions: [
      {
        name: 'web',
        image: image('v1'),
        portMappings: [{ containerPort: 8080 }],
        environment: [{ name: 'CONNECTION', value: plants.handMade }],
        command: ['serve', plants.handMade],
      },
    ],
  }) as { readonly taskDefinition: { readonly taskDefinitionArn: string } }
  call('UpdateService', {
    cluster: 'demo',
    service: 'web-green',
    taskDefinition: registered.taskDefinitionArn,
  })
}

/** AWS refuses a registration, and says with what. */
async function troubleWithAws(): Promise<void> {
  let echoed = 0
  aws.intrude(({ operation, headers, body }) => {
    if (operation !== 'RegisterTaskDefinition') return undefined
    echoed += 1
    const { authorization, 'x-amz-security-token': token } = headers
    const message = `Invalid ${String(token)}, ${plants.environmentValue}: ${body.slice(0, 900)} from ${String(authorization)}`
    return { status: 400, type: 'ClientException', message }
  })
  repository.commit({ [RELEASE]: release({ tag: 'v4' }) })
  await eventually(
    () => echoed,
    (count) => count > 0,
    { what: 'a registration', withinMs: 30_000 },
  )
  await untilOutput('the failed registration', 'ActionFailed')
  aws.intrude(undefined)
}

async function untilOutput(what: string, ...texts: readonly string[]): Promise<void> {
  await eventually(controller.output, (output) => texts.every((text) => output.includes(text)), {
    what,
    withinMs: 30_000,
  })
}

const client = () => createClient({ server: controller.url, token: plants.apiAdmin, timeoutMs: 5_000 })

type ReleaseStatus = NonNullable<Awaited<ReturnType<ReturnType<typeof client>['release']>>['status']>

async function untilRelease(what: string, isDone: (status: ReleaseStatus) => boolean): Promise<void> {
  await eventually(
    async () => (await client().release({ environment: 'demo', release: 'web' })).status ?? {},
    (status) =>
      isDone(status) &&
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    { what, withinMs: 30_000 },
  )
}

async function untilRollout(what: string, number: number, isDone: (phase: string) => boolean): Promise<void> {
  await eventually(async () => (await client().rollout(`demo-web-${number}`)).status?.phase ?? '', isDone, {
    what,
    withinMs: 30_000,
  })
}

/** Asks the API and the command line for everything that they have. */
async function askEverything(): Promise<void> {
  await askApi()
  await askCommandLine()
  keep('second controller', controller.output())
  keep('tags', repository.git(['for-each-ref', '--format=%(refname) %(contents)', 'refs/tags']))
  const data = join(config, 'data')
  for (const path of filesBelow(data)) {
    const isObject = /\/git\/[^/]+\/(objects|test-index)/.test(path)
    if (!isObject) keep(path.slice(data.length), readFileSync(path, 'utf8'))
  }
}

async function askApi(): Promise<void> {
  const paths = ['', 'metrics', 'healthz', 'readyz', 'api/openapi.json']
  const lists = [
    'environments',
    'environments/demo',
    'environments/echo',
    'releases',
    'releases/demo/web',
    'rollouts',
  ]
  for (const path of [...paths, ...lists.map((list) => `api/v1/${list}`)]) await ask(path)
  for (const number of [1, 2, 3, 4]) await ask(`api/v1/rollouts/demo-web-${number}`)
  await ask(`api/v1/nothing?token=${plants.apiViewer.slice(0, 0)}`)
  const stream = await fetch(`${controller.url}/api/v1/watch`, { headers: bearer })
  const reader = stream.body?.getReader()
  await post('api/v1/environments/demo/reconcile', '{}')
  await post('api/v1/environments/demo/reconcile', `{"a": "${plants.apiAdmin}`)
  const first = await reader?.read()
  await reader?.cancel()
  keep('watch', Buffer.from(first?.value ?? []).toString())
}

const bearer = { authorization: `Bearer ${plants.apiAdmin}` }

async function ask(path: string): Promise<void> {
  const answer = await fetch(`${controller.url}/${path}`, { headers: bearer })
  keep(`GET ${path}`, await answer.text())
}

async function post(path: string, body: string): Promise<void> {
  const headers = { ...bearer, 'content-type': 'application/json' }
  const answer = await fetch(`${controller.url}/${path}`, { method: 'POST', headers, body })
  keep(`POST ${path}`, `${seen.get(`POST ${path}`) ?? ''}${await answer.text()}`)
}

async function askCommandLine(): Promise<void> {
  const manifests = join(directory, 'manifests')
  writeFiles(manifests, {
    'releases/web.yaml': refusedRelease,
    'releases/api.yaml': inlineRelease,
    'taskdefs/web.json': refusedTaskDefinition,
  })
  const variables = variablesFor({
    AWS_ENDPOINT_URL: aws.endpoint,
    SSL_CERT_FILE: front.certificateFile,
    STEERSMAN_LISTENERS_URL: aws.listenersUrl,
    STEERSMAN_SERVER: controller.url,
    STEERSMAN_TOKEN: plants.apiAdmin,
    STEERSMAN_CONFIG: config,
  })
  const kinds = ['environments', 'releases', 'rollouts'].flatMap((kind) =>
    ['wide', 'yaml', 'json', 'name'].map((format) => `get ${kind} -o ${format}`),
  )
  const others = [
    'status',
    'status demo -o json',
    'history demo/web',
    'history demo/web -o json',
    'diff',
    'diff demo -o json',
  ]
  const local = [
    `validate ${manifests}`,
    `validate ${manifests} -o json`,
    'pin demo/web --rollout 77 --reason test',
  ]
  for (const line of [...kinds, ...others, ...local]) {
    const { stdout, stderr } = await runProgram(line.split(' '), variables)
    keep(line, `${stdout}\n${stderr}`)
  }
}

function keep(where: string, text: string): void {
  seen.set(where, text)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

describe('secrets', () => {
  it('saw the whole story, so that there was something to leak', () => {
    expect(seen.get('first controller')).toContain('"event":"DriftFound"')
    expect(seen.get('first controller')).toContain('"event":"ActionFailed"')
    expect(seen.get('second controller')).toContain('refuses commit')
    expect(seen.get('tags')).toContain('deploy/demo/current')
    expect([...seen.keys()].join('\n')).toMatch(/history-1\.jsonl/)
    expect([...seen.keys()].join('\n')).toMatch(/store/)
    expect(seen.get('GET api/v1/releases/demo/web')).toContain('"kind":"Release"')
    expect(seen.get('get rollouts -o yaml')).toContain('demo-web-2')
  })

  it('stand in no output, answer, metric, history, tag or file of the controller', () => {
    const leaks = [...seen].flatMap(([where, text]) =>
      plantsIn(text)
        .filter((name) => !(where.startsWith('/store/') && mayBeStored.has(name)))
        .map((name) => `${name} in ${where}: ${around(text, plants[name as keyof typeof plants])}`),
    )
    expect(leaks).toEqual([])
  })
})

/** What a gate sends is part of a Rollout, and the schema says so; it is kept in files that only the controller's user may read. */
const mayBeStored: ReadonlySet<string> = new Set(['gateHeader', 'gateQuery'])

function around(text: string, secret: string): string {
  const at = text.indexOf(secret)
  return at < 0 ? '(encoded)' : text.slice(Math.max(0, at - 160), at + 20)
}
