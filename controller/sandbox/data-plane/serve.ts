import { request as connect, Agent, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Clock } from '../kernel/clock.ts'
import type { TaskNetwork } from '../kernel/ports-between.ts'
import { readCookies } from './cookies.ts'
import type { Router } from './route.ts'
import type { Routed, RoutedToTarget } from './routed.ts'

interface ServeParts {
  readonly listenerArn: string
  readonly route: Router
  readonly network: TaskNetwork
  /** Unscaled: `latencyMs` of an image is real time. */
  readonly clock: Clock
  readonly agent: Agent
}

/** Connections to the real processes of tasks are kept open and shared. */
export function processAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 64 })
}

/** Answers requests that arrive at a listener: chooses a target for each and lets its task answer. */
export function serve(parts: ServeParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.on('error', () => response.destroy())
    const routed = parts.route(routeRequest(parts.listenerArn, request))
    if (routed.kind === 'target' && routed.task.processPort !== undefined) {
      proxy(parts, { routed, port: routed.task.processPort, request, response })
      return
    }
    request.resume()
    if (routed.kind === 'target') answerFromTask(parts, { routed, request, response })
    else answerItself(routed, response)
  }
}

function routeRequest(listenerArn: string, request: IncomingMessage): Parameters<Router>[0] {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    listenerArn,
    method: request.method ?? 'GET',
    host: request.headers.host ?? '',
    path: mark < 0 ? url : url.slice(0, mark),
    headers,
    query: mark < 0 ? [] : [...new URLSearchParams(url.slice(mark + 1))],
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    cookies: readCookies(request.headers.cookie),
  }
}

/** A task that stops while it works on a request takes the request with it: 502, as in reality. */
function answerFromTask(
  parts: ServeParts,
  {
    routed,
    request,
    response,
  }: { routed: RoutedToTarget; request: IncomingMessage; response: ServerResponse },
): void {
  const { status, latencyMs, body } = routed.task.answer(request.url ?? '/')
  const finish = () => {
    const still = parts.network.taskAt(routed.target.id, routed.target.port)?.taskArn === routed.task.taskArn
    if (!still) return answerItself({ kind: 'error', status: 502 }, response)
    if (latencyMs > routed.idleTimeoutMs) return answerItself({ kind: 'error', status: 504 }, response)
    const type =
      body.startsWith('{') || body.startsWith('[') ? 'application/json' : 'text/plain; charset=utf-8'
    if (routed.setCookies.length > 0) response.setHeader('set-cookie', routed.setCookies)
    send(response, { status, type, body })
  }
  if (latencyMs <= 0) return finish()
  const cancel = parts.clock.setTimer(Math.min(latencyMs, routed.idleTimeoutMs + 1), finish)
  response.once('close', cancel)
}

const REASONS = {
  401: 'Authorization Required',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

function answerItself(routed: Exclude<Routed, RoutedToTarget>, response: ServerResponse): void {
  if (response.destroyed) return
  switch (routed.kind) {
    case 'fixed':
      return send(response, { status: routed.status, type: routed.contentType, body: routed.body })
    case 'redirect':
      response.setHeader('location', routed.location)
      return send(response, { status: routed.status, type: 'text/html', body: '' })
    case 'error': {
      const title = `${routed.status} ${REASONS[routed.status]}`
      const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
      return send(response, { status: routed.status, type: 'text/html', body })
    }
  }
}

function send(response: ServerResponse, answer: { status: number; type: string; body: string }): void {
  if (response.destroyed) return
  const noBody = answer.status === 204 || answer.status === 304
  const body = noBody ? '' : answer.body
  const headers = noBody ? {} : { 'content-type': answer.type, 'content-length': Buffer.byteLength(body) }
  response.writeHead(answer.status, headers)
  response.end(body)
}

/** Passes a request on to the real process of a task, both bodies streamed. */
function proxy(
  parts: ServeParts,
  exchange: { routed: RoutedToTarget; port: number; request: IncomingMessage; response: ServerResponse },
): void {
  const { routed, port, request, response } = exchange
  const upstream = connect({
    agent: parts.agent,
    host: '127.0.0.1',
    port,
    method: request.method,
    path: request.url,
    headers: forwardedHeaders(request),
    timeout: routed.idleTimeoutMs,
  })
  let timedOut = false
  upstream.once('timeout', () => {
    timedOut = true
    upstream.destroy()
  })
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answeredHeaders(routed, answer))
    answer.once('error', () => response.destroy())
    answer.pipe(response)
  })
  upstream.once('error', () => {
    if (response.headersSent) response.destroy()
    else answerItself({ kind: 'error', status: timedOut ? 504 : 502 }, response)
  })
  response.once('close', () => {
    if (!response.writableFinished) upstream.destroy()
  })
  request.pipe(upstream)
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'upgrade',
])

function forwardedHeaders(request: IncomingMessage): Record<string, string | string[]> {
  const headers = endToEnd(request)
  const before = request.headers['x-forwarded-for']
  const client = request.socket.remoteAddress ?? '127.0.0.1'
  headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`
  headers['x-forwarded-proto'] ??= 'http'
  return headers
}

function answeredHeaders(routed: RoutedToTarget, answer: IncomingMessage): Record<string, string | string[]> {
  const headers = endToEnd(answer)
  const own = answer.headers['set-cookie'] ?? []
  const held = routed.onApplicationCookie
  const marks =
    held !== undefined && own.some((cookie) => cookie.startsWith(`${held.name}=`)) ? [held.setCookie] : []
  const cookies = [...own, ...routed.setCookies, ...marks]
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return headers
}

function endToEnd(message: IncomingMessage): Record<string, string | string[]> {
  const named = Object.entries(message.headers).flatMap(([name, value]) =>
    value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, value] as const],
  )
  return Object.fromEntries(named)
}
