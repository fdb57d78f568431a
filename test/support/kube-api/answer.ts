import type { StreamedResponse } from './watching.ts'
import { isRecord } from '../../../controller/resources/problem.ts'
import type { KubeUser } from './access.ts'
import { assertAllowed, userOf } from './access.ts'
import { discover } from './discovery.ts'
import { badRequest, invalid, KubeFailure } from './failure.ts'
import type { KubeKind, KubeObject, SentObject } from './model.ts'
import { apiVersionOf } from './model.ts'
import type { KubeObjects } from './objects.ts'
import { patched } from './patches.ts'
import type { KubePath } from './paths.ts'
import { parsePath } from './paths.ts'
import { selectorOf } from './selectors.ts'
import { asTable, wantsTable } from './table.ts'
import { streamChanges } from './watching.ts'

/** A request as it came, for tests that count. */
export interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly user: string
}

/** As much of a request of HTTP as an answer depends on; "node:http" has it, and so has whoever carries requests without sockets. */
export interface KubeRequest {
  readonly method?: string | undefined
  /** With the query. */
  readonly url?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> & {
    readonly authorization?: string | undefined
    readonly accept?: string | undefined
    readonly 'user-agent'?: string | undefined
    readonly 'content-type'?: string | undefined
  }
}

export interface Exchange {
  readonly request: KubeRequest
  readonly response: StreamedResponse
  readonly body: string
  readonly objects: KubeObjects
  readonly kinds: readonly KubeKind[]
  readonly users: readonly KubeUser[]
  readonly requests: SeenRequest[]
  readonly bookmarksMs: number
}

interface Asked extends Exchange {
  readonly path: KubePath
  readonly query: URLSearchParams
  readonly verb: string
}

/** Answers one request; throws a KubeFailure for what is refused. */
export async function answer(exchange: Exchange): Promise<void> {
  const { request, response, kinds, users, requests } = exchange
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'https://api')
  const user = userOf(users, request.headers.authorization)
  requests.push({ method: request.method ?? '', url: request.url ?? '', user: user.name })
  const found = discover(pathname, kinds)
  if (found !== undefined) return send(response, 200, found)
  const path = parsePath(pathname, kinds)
  const verb = verbOf(request.method, path, query)
  assertAllowed(user, {
    verb,
    group: path.kind.group,
    resource: path.subresource === undefined ? path.kind.plural : `${path.kind.plural}/${path.subresource}`,
    namespace: path.namespace,
    name: path.name ?? nameIn(query),
  })
  carryOut({ ...exchange, path, query, verb })
}

/** Who lists or watches one object by its name is allowed it as who gets it. */
const nameIn = (query: URLSearchParams): string | undefined =>
  /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1]

function verbOf(method: string | undefined, { name }: KubePath, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
      return name !== undefined
        ? 'get'
        : query.get('watch') === 'true' || query.get('watch') === '1'
          ? 'watch'
          : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      throw new KubeFailure(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      )
  }
}

function carryOut(asked: Asked): void {
  const { response, objects, path, verb, body } = asked
  const { namespace = '', name = '' } = path
  const { view } = path.kind
  const kind = view?.of ?? path.kind
  if (view !== undefined && !['get', 'list', 'watch', 'delete'].includes(verb)) throw notServed(verb)
  switch (verb) {
    case 'get':
      return sendObject(asked, objects.get(kind, namespace, name))
    case 'list':
      return sendList(asked)
    case 'watch':
      return watch(asked)
    case 'create':
      return send(response, 201, objects.create(written(asked, parseBody(body))))
    case 'update':
      return send(response, 200, replace(asked, parseBody(body)))
    case 'patch':
      return send(response, 200, patch(asked))
    case 'delete':
      return send(response, 200, objects.remove(kind, { namespace, name }, preconditionsOf(body)))
    default:
      throw notServed(verb)
  }
}

const notServed = (verb: string): KubeFailure =>
  new KubeFailure(405, 'MethodNotAllowed', `${verb} is not served`)

/** As the name of the path has it. */
const shown = ({ view }: KubeKind, object: KubeObject): KubeObject => view?.show(object) ?? object

function written({ request, query, path }: Asked, sent: SentObject): Parameters<KubeObjects['create']>[0] {
  const { kind, namespace = '', name } = path
  if (sent['apiVersion'] !== apiVersionOf(kind) || sent['kind'] !== kind.kind)
    throw badRequest(`the object provided is unrecognized: expected ${apiVersionOf(kind)}, Kind=${kind.kind}`)
  if (name !== undefined && sent.metadata?.['name'] !== name)
    throw badRequest(
      `the name of the object (${String(sent.metadata?.['name'])}) does not match the name on the URL (${name})`,
    )
  const given = sent.metadata?.['namespace'] ?? namespace
  if (given !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
  const manager =
    query.get('fieldManager') ?? (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? ''
  return { kind, namespace, sent, manager }
}

function replace(asked: Asked, sent: SentObject): KubeObject {
  const { objects, path } = asked
  return path.subresource === undefined
    ? objects.replace(written(asked, sent))
    : objects.replaceStatus(written(asked, sent))
}

/** A patch without a version is tried on what there is; one with a version conflicts as an update does. */
function patch(asked: Asked): KubeObject {
  const { request, objects, path, body, query } = asked
  const { kind, namespace = '', name = '' } = path
  const type = request.headers['content-type']
  const isApply = type?.startsWith('application/apply-patch+yaml') === true
  if (isApply && query.get('fieldManager') === null)
    throw invalid(kind, name, [
      { field: 'fieldManager', message: 'Required value: is required for apply patch' },
    ])
  if (isApply && !objects.has(kind, namespace, name))
    return objects.create(written(asked, patched({}, body, type) as SentObject))
  return replace(asked, patched(objects.get(kind, namespace, name), body, type) as SentObject)
}

function parseBody(body: string): SentObject {
  try {
    const value: unknown = JSON.parse(body)
    if (isRecord(value)) return value
  } catch {
    // Said below.
  }
  throw badRequest('the body is no JSON object')
}

function preconditionsOf(body: string): Readonly<Record<string, unknown>> {
  const { preconditions } = body === '' ? {} : parseBody(body)
  return isRecord(preconditions) ? preconditions : {}
}

function sendObject({ request, response, path }: Asked, stored: KubeObject): void {
  const object = shown(path.kind, stored)
  send(
    response,
    200,
    wantsTable(request) ? asTable(path.kind, [object], object.metadata.resourceVersion) : object,
  )
}

function sendList({ request, response, objects, path, query }: Asked): void {
  const { kind, namespace } = path
  const matches = selectorOf(query, kind)
  const all = objects
    .list(kind.view?.of ?? kind, namespace)
    .map((object) => shown(kind, object))
    .filter((object) => matches(object))
  const from = Number(query.get('continue') ?? 0)
  const limit = Number(query.get('limit') ?? 0)
  const items = limit > 0 ? all.slice(from, from + limit) : all
  const isMore = limit > 0 && from + limit < all.length
  const resourceVersion = String(objects.revision)
  if (wantsTable(request)) return send(response, 200, asTable(kind, items, resourceVersion))
  send(response, 200, {
    apiVersion: apiVersionOf(kind),
    kind: `${kind.kind}List`,
    metadata: { resourceVersion, ...(isMore ? { continue: String(from + limit) } : {}) },
    items,
  })
}

function watch({ response, objects, path, query, bookmarksMs }: Asked): void {
  // As a server without the feature WatchList answers, which was off by default until 1.32; clients then list first.
  if (query.has('sendInitialEvents'))
    throw invalid(path.kind, '', [
      {
        field: 'sendInitialEvents',
        message:
          'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      },
    ])
  const text = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(text))
    throw invalid(path.kind, '', [
      { field: 'resourceVersion', message: `Invalid value: "${text}": strconv.ParseUint: invalid syntax` },
    ])
  const after = text === '' ? undefined : Number(text)
  streamChanges(response, objects, {
    kind: path.kind,
    namespace: path.namespace,
    matches: selectorOf(query, path.kind),
    after,
    bookmarksMs: query.get('allowWatchBookmarks') === 'true' ? bookmarksMs : undefined,
    timeoutMs: Number(query.get('timeoutSeconds') ?? 1_800) * 1_000,
  })
}

function send(response: StreamedResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
