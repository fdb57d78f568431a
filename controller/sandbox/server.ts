import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { administrate } from './admin/admin.ts'
import { mayAdministrate } from './admin/guard.ts'
import { createDataPlane, type DataPlane } from './data-plane/ports.ts'
import { probeProcess } from './data-plane/probe-process.ts'
import { createImages, type Images } from './images.ts'
import { systemClock, type Clock } from './kernel/clock.ts'
import type { Functions } from './lambda/functions.ts'
import { createFunctions } from './lambda/functions.ts'
import { systemRandom, type Random } from './kernel/random.ts'
import type { Settings } from './kernel/settings.ts'
import { otherModels } from './models.ts'
import { createProcessLauncher } from './process-launcher.ts'
import { createStateFile } from './state-file.ts'
import { answer, type WireAnswer } from './wire/answer.ts'
import { createWorld, type World } from './world.ts'

export interface SandboxOptions extends Partial<Settings> {
  /** 0 for any free port. */
  readonly port: number
  /** Loaded at the start where it exists, and kept current. */
  readonly stateFile?: string
  readonly clock?: Clock
  readonly random?: Random
}

export interface Sandbox {
  readonly url: string
  readonly port: number
  readonly world: World
  /** Stops the servers and every process of its tasks, and saves the state a last time. */
  close(): Promise<void>
}

/** Starts the whole sandbox on loopback: AWS's APIs and `/_sandbox/*` on one port, each listener on one of its own. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, stateFile, clock = systemClock, random = systemRandom, ...settings } = options
  const images = createImages()
  const functions = createFunctions()
  const launcher = createProcessLauncher()
  const build = otherModels({ images, launcher, functions })
  const world = createWorld({ clock, random, settings, others: build, probeProcess })
  const file = stateFile === undefined ? undefined : createStateFile(world, stateFile)
  const dataPlane = createDataPlane(world)
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    handle({ world, dataPlane, images, functions }, request, response).catch((cause: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: `the sandbox failed: ${String(cause)}` }))
    })
  })
  async function close(): Promise<void> {
    file?.close()
    await Promise.all([dataPlane.close(), shut(server)])
    launcher.close()
  }
  try {
    const listening = await listen(server, port)
    return { url: `http://127.0.0.1:${listening}`, port: listening, world, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

interface HandleParts {
  readonly world: World
  readonly dataPlane: DataPlane
  readonly images: Images
  readonly functions: Functions
}

/** No request of an AWS client is near this; a restored state may be. */
const LARGEST_BODY_BYTES = 64 * 1024 * 1024

async function handle(parts: HandleParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const path = request.url ?? '/'
  const method = request.method ?? 'GET'
  if (body === undefined) {
    response.writeHead(413, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ error: `the body is larger than ${LARGEST_BODY_BYTES} bytes` }))
    return
  }
  if (path.startsWith('/_sandbox/')) {
    const administrated = mayAdministrate(request.headers)
      ? await administrate(parts, { method, path, body })
      : {
          status: 403,
          body: { error: 'only programs on this machine may ask this; use the 127.0.0.1 address' },
        }
    response.writeHead(administrated.status, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(administrated.body)}\n`)
    return
  }
  const answered = answer(parts.world, { method, path, headers: flat(request), body })
  deliver(parts.world.clock, answered, response)
}

/** Sends an answer as the faults in force say: late, not at all, or as a broken connection. */
function deliver(clock: Clock, answered: WireAnswer, response: ServerResponse): void {
  if (answered.hold !== undefined) return hold(clock, answered.hold, response)
  const send = () => {
    if (answered.delivery === 'reset') {
      response.socket?.resetAndDestroy()
      return
    }
    if (answered.delivery === 'never' || response.destroyed) return
    response.writeHead(answered.status, {
      ...answered.headers,
      'content-length': Buffer.byteLength(answered.body),
    })
    response.end(answered.body)
  }
  if (answered.latencyMs <= 0) return send()
  response.once('close', clock.setTimer(answered.latencyMs, send))
}

/** Waits for what the call waits for, or until it does so no longer; a caller that has gone gets nothing, and takes nothing away. */
function hold(clock: Clock, held: NonNullable<WireAnswer['hold']>, response: ServerResponse): void {
  const end = (): void => {
    cancelTimer()
    forget()
  }
  const finish = (): void => {
    end()
    response.off('close', end)
    if (!response.destroyed) deliver(clock, held.finish(), response)
  }
  const cancelTimer = clock.setTimer(held.withinMs, finish)
  const forget = held.onReady(finish)
  response.once('close', end)
}

function flat(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  )
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(address === null || typeof address === 'string' ? port : address.port)
    })
  })
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
