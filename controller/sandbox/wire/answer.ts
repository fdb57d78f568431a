import { AwsError } from '../kernel/error.ts'
import type { Hold, Members } from '../kernel/operation.ts'
import { uuid } from '../kernel/random.ts'
import type { Reply, World } from '../world.ts'
import { jsonError, readJson, writeJson } from './json.ts'
import { ec2Members } from './query.ts'
import { restWires } from './rest.ts'
import { addressed, type Addressed, type Protocol, type WireRequest } from './service.ts'
import { ec2Answer, ec2Error, queryAnswer, queryError, s3Error } from './xml.ts'

export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How long the answer is to be held back, in real milliseconds. */
  readonly latencyMs: number
  /** Under a fault the connection is reset instead, or nothing is ever sent. */
  readonly delivery: Reply['delivery']
  /** There is no answer yet: whoever carries it waits, and takes what `finish` gives. */
  readonly hold?: Hold & { readonly finish: () => WireAnswer }
}

const NAMESPACES: Record<string, string> = {
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
}

const CONTENT_TYPES: Record<Protocol, string> = {
  'json-1.1': 'application/x-amz-json-1.1',
  'json-1.0': 'application/x-amz-json-1.0',
  query: 'text/xml',
  ec2: 'text/xml;charset=UTF-8',
  s3: 'application/xml',
  'rest-json': 'application/json',
}

/**
 * Answers one request of an AWS client, without sockets: the same bytes that the HTTP server sends. Never throws. `known` is what {@link addressed} said of it,
 * where that was asked before.
 */
export function answer(world: World, request: WireRequest, known?: Addressed): WireAnswer {
  const requestId = uuid(world.random)
  let to: Addressed = {
    service: 's3',
    protocol: 's3',
    operation: '',
    region: undefined,
    accessKeyId: undefined,
  }
  try {
    to = known ?? addressed(request)
    const input = readInput(to, request)
    const reply = world.attempt({
      service: to.service,
      operation: to.operation,
      protocol: to.protocol.includes('json') ? 'json' : 'query',
      input,
      ...(to.region === undefined ? {} : { region: to.region }),
      ...(to.accessKeyId === undefined ? {} : { principal: to.accessKeyId }),
      ...callerOf(request),
    })
    return written(to, requestId, reply)
  } catch (thrown) {
    const error =
      thrown instanceof AwsError
        ? thrown
        : new AwsError('InternalFailure', `the sandbox failed: ${String(thrown)}`, 500, 'server')
    return {
      status: error.status,
      headers: { ...headersOf(to.protocol, requestId), ...ofRest(to, { error }) },
      body: writeError(to, error, requestId),
      latencyMs: 0,
      delivery: 'sent',
    }
  }
}

function written(to: Addressed, requestId: string, reply: Reply): WireAnswer {
  const { hold } = reply
  const text =
    reply.error === undefined
      ? { status: 200, body: writeOutput(to, reply.output, requestId) }
      : { status: reply.error.status, body: writeError(to, reply.error, requestId) }
  return {
    ...text,
    headers: { ...headersOf(to.protocol, requestId), ...ofRest(to, reply) },
    latencyMs: reply.latencyMs,
    delivery: reply.delivery,
    ...(hold === undefined ? {} : { hold: { ...hold, finish: () => written(to, requestId, hold.finish()) } }),
  }
}

/** What the trail and URLs of the sandbox's own say of a request. */
const callerOf = ({ headers }: WireRequest): { readonly host?: string; readonly userAgent?: string } => ({
  ...(headers['host'] === undefined ? {} : { host: headers['host'] }),
  ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
})

function readInput({ protocol, service, parameters = {} }: Addressed, request: WireRequest): Members {
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return readJson(request.body)
    case 'query':
      return parameters
    case 'ec2':
      return ec2Members(parameters)
    case 's3':
      return {}
    case 'rest-json':
      return restWires.get(service)?.input(request) ?? {}
  }
}

function headersOf(protocol: Protocol, requestId: string): Record<string, string> {
  return { 'content-type': CONTENT_TYPES[protocol], 'x-amzn-RequestId': requestId }
}

/** Services that speak REST say in headers what others have in the body. */
const ofRest = (
  { service, protocol }: Addressed,
  { error, output }: { readonly error?: AwsError | undefined; readonly output?: Members | undefined },
): Readonly<Record<string, string>> =>
  protocol === 'rest-json' ? (restWires.get(service)?.headers(error ?? output ?? {}) ?? {}) : {}

function writeOutput(to: Addressed, output: Members, requestId: string): string {
  if (to.protocol === 'rest-json') return restWires.get(to.service)?.body(output) ?? ''
  if (to.protocol === 'json-1.0' || to.protocol === 'json-1.1') return writeJson(output)
  const write = to.protocol === 'ec2' ? ec2Answer : queryAnswer
  return write({ action: to.operation, namespace: NAMESPACES[to.service] ?? '', output, requestId })
}

function writeError(to: Addressed, error: AwsError, requestId: string): string {
  switch (to.protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return jsonError(error)
    case 'query':
      return queryError(error, NAMESPACES[to.service] ?? '', requestId)
    case 'ec2':
      return ec2Error(error, requestId)
    case 's3':
      return s3Error(error, requestId)
    case 'rest-json':
      return restWires.get(to.service)?.error(error) ?? ''
  }
}
