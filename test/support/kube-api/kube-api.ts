import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { KubeUser } from './access.ts'
import type { SeenRequest } from './answer.ts'
import { answer } from './answer.ts'
import { KubeFailure } from './failure.ts'
import { readKinds } from './kinds.ts'
import { KubeObjects } from './objects.ts'

export interface KubeApiOptions {
  /** Certificate, key and kubeconfigs lie here. */
  readonly directory: string
  /** Folder of the CustomResourceDefinitions. */
  readonly crds: string
  /** Left out, one that may do everything, with the token `admin`. */
  readonly users?: readonly KubeUser[]
  /** How often a watch that asks for them gets a bookmark, in milliseconds. */
  readonly bookmarksMs?: number
}

export interface KubeApi {
  readonly url: string
  readonly objects: KubeObjects
  readonly requests: SeenRequest[]
  /** How many connections were made so far. */
  readonly connections: number
  /** Writes a kubeconfig of a user and resolves to its path. */
  kubeconfig(user?: string, namespace?: string): string
  /** Breaks every connection, as a load balancer in front of a real server may. */
  cut(): void
  /** Answers every request like that until it is called with undefined. */
  fail(failure: KubeFailure | undefined): void
  close(): Promise<void>
}

const admin: KubeUser = { name: 'admin', token: 'admin' }

/**
 * A Kubernetes API server that fits in one process, for tests: custom resources with their schemas, defaults, pruning and CEL rules, the status subresource,
 * resource versions, watches with bookmarks, RBAC, Leases, Events and Secrets, over HTTPS. Needs openssl.
 */
export async function startKubeApi({
  directory,
  crds,
  users = [admin],
  bookmarksMs = 1_000,
}: KubeApiOptions): Promise<KubeApi> {
  const objects = new KubeObjects()
  const kinds = readKinds(crds)
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  let failure: KubeFailure | undefined
  let connections = 0
  const { key, certificate } = makeCertificate(directory)
  const server = createServer({ key, cert: certificate }, (request, response) => {
    handle(request, response).catch((error: unknown) => refuse(response, error))
  })
  server.on('secureConnection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    objects,
    requests,
    get connections() {
      return connections
    },
    kubeconfig,
    cut,
    fail,
    close,
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (failure !== undefined) throw failure
    await answer({
      request,
      response,
      body: await bodyOf(request),
      objects,
      kinds,
      users,
      requests,
      bookmarksMs,
    })
  }

  function kubeconfig(user = admin.name, namespace = 'steersman'): string {
    const path = join(directory, `kubeconfig-${user}-${namespace}.yaml`)
    const token = users.find(({ name }) => name === user)?.token
    writeFileSync(path, kubeconfigText({ url, certificate, token: token ?? 'nobody', namespace }))
    return path
  }

  function cut(): void {
    for (const socket of sockets) socket.destroy()
  }

  function fail(with_: KubeFailure | undefined): void {
    failure = with_
  }

  async function close(): Promise<void> {
    cut()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}

/** Of a request's body; larger ones are refused, as the real server does. */
const BODY_LIMIT = 3 * 1024 * 1024

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > BODY_LIMIT)
      throw new KubeFailure(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728')
  }
  return Buffer.concat(chunks).toString('utf8')
}

function refuse(response: ServerResponse, error: unknown): void {
  const failure =
    error instanceof KubeFailure
      ? error
      : new KubeFailure(
          500,
          'InternalError',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        )
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(failure.code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(failure.body()))
}

function makeCertificate(directory: string): { readonly key: string; readonly certificate: string } {
  const keyFile = join(directory, 'kube-api-key.pem')
  const certificateFile = join(directory, 'kube-api-certificate.pem')
  execFileSync(
    'openssl',
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1'
      .split(' ')
      .concat('-keyout', keyFile, '-out', certificateFile),
    { stdio: 'ignore', timeout: 30_000 },
  )
  return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') }
}

function kubeconfigText({
  url,
  certificate,
  token,
  namespace,
}: {
  readonly url: string
  readonly certificate: string
  readonly token: string
  readonly namespace: string
}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      {
        name: 'test',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
      },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
  })
}
