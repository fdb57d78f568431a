import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { once } from 'node:events'
import { gapsOfMoto } from './moto-gaps.ts'
import type { Call, Gap } from './moto-gaps.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024

/**
 * A server on loopback that passes everything on to moto and fills the gaps that would show as changes in a second plan, or
 * as an error, though nothing is wrong with the modules. All else is moto's own answer.
 */
export async function startMotoFront(moto: string): Promise<{ url: string; close: () => Promise<void> }> {
  const gaps = gapsOfMoto()
  const server = createServer((request, response) => {
    serve(gaps, moto, request, response).catch((error: unknown) => {
      response.writeHead(502).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return { url: `http://127.0.0.1:${address.port}`, close: () => closed(server) }
}

async function closed(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

async function serve(
  gaps: readonly Gap[],
  moto: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request)
  if (body.length > BODY_LIMIT_BYTES) throw new Error('a request is larger than any of Terraform')
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const form = new URLSearchParams(isForm ? body.toString('utf8') : '')
  const target = String(request.headers['x-amz-target'] ?? '')
  const call = { method: request.method ?? 'GET', path: request.url ?? '/', target, body, form }
  for (const gap of gaps) {
    const text = gap.answer?.(call)
    if (text !== undefined) return send(response, jsonOrXml(text))
  }
  const answer = await passOn(moto, request, body)
  // No operation has two gaps.
  const mended = isForm || target !== '' ? mendedText(gaps, call, answer) : undefined
  send(response, mended === undefined ? answer : { ...answer, body: Buffer.from(mended) })
}

function mendedText(gaps: readonly Gap[], call: Call, { body }: Answer): string | undefined {
  const text = body.toString('utf8')
  return gaps.map((gap) => gap.mend?.(call, text)).find((mended) => mended !== undefined)
}

function jsonOrXml(text: string): Answer {
  const type = text.startsWith('{') ? 'application/json' : 'text/xml'
  return { status: 200, headers: { 'content-type': type }, body: Buffer.from(text) }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  // An answer to HEAD has a length and no body.
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {}
  response.writeHead(status, { ...headers, ...length }).end(body)
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'expect'])

async function passOn(moto: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const method = request.method ?? 'GET'
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    HOP_BY_HOP.has(name) || name === 'content-length' || typeof value !== 'string' ? [] : [[name, value]],
  )
  const answer = await fetch(`${moto}${request.url ?? '/'}`, {
    method,
    headers: [...headers, ['accept-encoding', 'identity']],
    redirect: 'manual',
    ...(body.length > 0 && method !== 'GET' && method !== 'HEAD' ? { body: new Uint8Array(body) } : {}),
  })
  const kept = Array.from(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name))
  return {
    status: answer.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}
