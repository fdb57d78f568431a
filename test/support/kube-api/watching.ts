import { expired } from './failure.ts'
import type { KubeKind, KubeObject } from './model.ts'
import { apiVersionOf } from './model.ts'
import type { KubeObjects } from './objects.ts'

/** As much of a response of HTTP as is written. */
export interface StreamedResponse {
  writeHead(code: number, headers: Readonly<Record<string, string>>): unknown
  flushHeaders(): void
  write(text: string): unknown
  end(text?: string): unknown
  /** Called once when the client is gone, or nothing more is sent. */
  once(event: 'close', listener: () => void): unknown
}

export interface WatchRequest {
  readonly kind: KubeKind
  readonly namespace: string | undefined
  readonly matches: (object: KubeObject) => boolean
  /** Undefined, or 0: what there is first, and then what changes. */
  readonly after: number | undefined
  readonly bookmarksMs: number | undefined
  readonly timeoutMs: number
}

/** Streams changes as lines of JSON until the client goes, the time is over or the changes it asks for were forgotten. */
export function streamChanges(response: StreamedResponse, objects: KubeObjects, request: WatchRequest): void {
  const { namespace, after } = request
  const { view } = request.kind
  const kind = view?.of ?? request.kind
  const show = view?.show ?? ((object: KubeObject) => object)
  const matches = (object: KubeObject): boolean => request.matches(show(object))
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  const send = (type: string, object: unknown): void => {
    response.write(`${JSON.stringify({ type, object })}\n`)
  }
  let seen = after === undefined || after === 0 ? objects.revision : after
  if (after === undefined || after === 0)
    for (const object of objects.list(kind, namespace)) if (matches(object)) send('ADDED', show(object))

  const advance = (): void => {
    const changes = objects.changesAfter(seen)
    if (changes === undefined) {
      send('ERROR', expired(`too old resource version: ${seen} (${objects.revision})`).body())
      end()
      return
    }
    seen = Math.max(seen, objects.revision)
    for (const change of changes) {
      if (change.kind !== kind || (namespace !== undefined && change.object.metadata.namespace !== namespace))
        continue
      const type = typeSeen(change, matches)
      if (type !== undefined) send(type, show(change.object))
    }
  }
  const forget = objects.onChange(advance)
  const bookmarks =
    request.bookmarksMs === undefined ? undefined : setInterval(() => bookmark(), request.bookmarksMs)
  const timeout = setTimeout(() => end(), request.timeoutMs)
  response.once('close', stop)
  advance()

  function bookmark(): void {
    send('BOOKMARK', {
      kind: kind.kind,
      apiVersion: apiVersionOf(request.kind),
      metadata: { resourceVersion: String(seen), creationTimestamp: null },
    })
  }
  function end(): void {
    stop()
    response.end()
  }
  function stop(): void {
    forget()
    clearInterval(bookmarks)
    clearTimeout(timeout)
  }
}

/** An object that no longer matches a selector is gone for those who watch by it. */
function typeSeen(
  {
    type,
    object,
    before,
  }: {
    readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
    readonly object: KubeObject
    readonly before: KubeObject | undefined
  },
  matches: (object: KubeObject) => boolean,
): 'ADDED' | 'MODIFIED' | 'DELETED' | undefined {
  const did = before !== undefined && matches(before)
  const does = type !== 'DELETED' && matches(object)
  if (did && does) return type
  if (does) return 'ADDED'
  return did ? 'DELETED' : undefined
}
