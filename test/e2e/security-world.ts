import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Cloud } from '../../controller/demo/cloud.ts'
import { layCloud } from '../../controller/demo/cloud.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import type { Sandbox } from '../../controller/sandbox/server.ts'
import { eventually } from '../support/eventually.ts'

const MAIN = fileURLToPath(new URL('../../controller/main.ts', import.meta.url))

/** Speed of the sandbox's own waits. */
const SPEED = 20

/** What a finished process said. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running controller, as its own process. */
export interface ControllerProcess {
  readonly pid: number
  readonly url: string
  output(): string
  /** Its exit code, when it has ended by itself. */
  ended(): Promise<number | null>
  /** Ends it with SIGTERM; resolves to its exit code. */
  stop(): Promise<number | null>
}

export type Variables = Readonly<Record<string, string>>

/** The program's own command line, run to its end. */
export async function runProgram(args: readonly string[], variables: Variables = {}): Promise<Said> {
  const child = start(args, variables)
  const said = listenTo(child)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said() }
}

/** Starts `run --config` and waits for the line that says where it listens. */
export async function startControllerProcess(
  config: string,
  variables: Variables,
): Promise<ControllerProcess> {
  const child = start(['run', '--config', config], variables)
  const said = listenTo(child)
  const output = (): string => `${said().stdout}\n${said().stderr}`
  const ended = once(child, 'close') as Promise<[number | null]>
  const address = /the controller is running at (http:\/\/[\w.:]+)/
  await eventually(output, (text) => address.test(text) || child.exitCode !== null, {
    what: 'the controller to listen',
    withinMs: 30_000,
  })
  const url = address.exec(output())?.[1]
  if (url === undefined) throw new Error(`the controller did not start: ${output()}`)
  return {
    pid: child.pid ?? 0,
    url,
    output,
    ended: async () => (await ended)[0],
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT')
        child.kill('SIGTERM')
      }
      return (await ended)[0]
    },
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>

function start(args: readonly string[], variables: Variables): Child {
  return spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...variables },
  })
}

function listenTo(child: Child): () => { readonly stdout: string; readonly stderr: string } {
  const parts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (chunk: string) => {
      parts[name] += chunk
    })
  }
  return () => ({ ...parts })
}

/** What an attacker or a careless AWS answers instead of the sandbox; undefined lets a call through. */
export type Intrusion = (call: {
  readonly operation: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}) => { readonly status: number; readonly type: string; readonly message: string } | undefined

/** The sandbox with a door in front of it, at which calls can be counted and answered by somebody else. */
export interface GuardedCloud {
  readonly sandbox: Sandbox
  readonly cloud: Cloud
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string
  readonly listenersUrl: string
  /** Names of all operations that came, oldest first. */
  readonly operations: readonly string[]
  intrude(intrusion: Intrusion | undefined): void
  close(): Promise<void>
}

/** Starts the sandbox, lays the demo's shape in it and puts the door in front. */
export async function startGuardedCloud(): Promise<GuardedCloud> {
  const sandbox = await startSandbox({ port: 0, speed: SPEED })
  const cloud = layCloud(sandbox, { isTerraform: false })
  const operations: string[] = []
  let intrusion: Intrusion | undefined
  const server = createServer((request, response) => {
    const answered = readText(request).then((body) => {
      const { headers } = request
      const operation = operationOf(headers, body)
      operations.push(operation)
      const answer = intrusion?.({ operation, headers, body })
      if (answer === undefined) pass({ sandbox, request, response, body })
      else
        response
          .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify({ __type: answer.type, message: answer.message }))
    })
    answered.catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    sandbox,
    cloud,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    listenersUrl: `${sandbox.url}/_sandbox/listeners`,
    operations,
    intrude(next) {
      intrusion = next
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await sandbox.close()
    },
  }
}

function operationOf(headers: IncomingMessage['headers'], body: string): string {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.').at(-1) ?? ''
  return new URLSearchParams(body).get('Action') ?? ''
}

function pass({
  sandbox,
  request,
  response,
  body,
}: {
  readonly sandbox: Sandbox
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
}): void {
  const { method, url, headers } = request
  const through = httpRequest(
    { host: '127.0.0.1', port: sandbox.port, method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  through.on('error', () => response.destroy())
  through.end(body)
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Writes files below a directory, with the folders that they need. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode: 0o600 })
  }
}
