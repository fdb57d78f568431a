import { setTimeout as sleep } from 'node:timers/promises'
import { PortError } from '../../ports/error.ts'
import { isRecord } from '../../resources/problem.ts'
import type { KubeClient } from './calls.ts'

export interface KubeSecretsOptions {
  readonly client: Pick<KubeClient, 'request' | 'stream'>
  readonly namespace: string
  /** How long to wait before a Secret is asked for again whose watch ended, in milliseconds; longer from time to time while that fails. */
  readonly retryMs?: number
}

/** Secrets of a namespace, each by its name: they are never listed. */
export interface KubeSecrets {
  /** Asks for them; resolves when each was answered, well or not. From then on they are watched. */
  follow(names: readonly string[]): Promise<void>
  /** What the cluster last said; undefined where there is no such Secret or key. Throws the PortError with which it was refused. */
  value(name: string, key: string): string | undefined
  /** Ends the watches. */
  close(): void
}

/** The longest wait between two attempts, in milliseconds: also how late a change is seen where a Secret may be read, and not be watched. */
const LONGEST_MS = 30_000

type Known =
  | { readonly kind: 'There'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Refused'; readonly error: PortError }

interface Followed {
  known: Known | undefined
  readonly answered: Promise<void>
}

/** Reads Secrets of the cluster and keeps them in memory, and nowhere else. */
export function createKubeSecrets({ client, namespace, retryMs = 1_000 }: KubeSecretsOptions): KubeSecrets {
  const followed = new Map<string, Followed>()
  const closing = new AbortController()
  const path = `/api/v1/namespaces/${namespace}/secrets`
  return { follow, value, close: () => closing.abort() }

  async function follow(names: readonly string[]): Promise<void> {
    for (const name of names) if (!followed.has(name)) begin(name)
    await Promise.all(names.map(async (name) => followed.get(name)?.answered))
  }

  function value(name: string, key: string): string | undefined {
    const known = followed.get(name)?.known
    if (known?.kind === 'Refused') throw known.error
    const data = known?.kind === 'There' && Object.hasOwn(known.data, key) ? known.data[key] : undefined
    return typeof data === 'string' ? Buffer.from(data, 'base64').toString() : undefined
  }

  function begin(name: string): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    const secret: Followed = { known: undefined, answered: promise }
    followed.set(name, secret)
    keep(name, secret, resolve).then(resolve, resolve)
  }

  /** Until the end; throws nothing. */
  async function keep(name: string, secret: Followed, answered: () => void): Promise<void> {
    let failures = 0
    while (!closing.signal.aborted) {
      try {
        const { known, version } = await read(client, `${path}/${name}`)
        secret.known = known
        answered()
        await watch({ name, version }, secret, () => (failures = 0))
      } catch (error) {
        failures += 1
        if (error instanceof Refusal && !(error.mayPass && secret.known !== undefined))
          secret.known = { kind: 'Refused', error: error.why }
        answered()
      }
      const pauseMs = Math.min(LONGEST_MS, retryMs * 2 ** Math.min(failures, 10))
      await sleep(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
    }
  }

  /**
   * From what was read: a Secret that is deleted between the two would be in no answer else. Without a version, from what there is. A role that names Secrets allows it for
   * one of them, by its field selector. https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch
   */
  async function watch(
    { name, version }: { readonly name: string; readonly version: string | undefined },
    secret: Followed,
    heard: () => void,
  ): Promise<void> {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      fieldSelector: `metadata.name=${name}`,
      ...(version === undefined ? {} : { resourceVersion: version }),
    }
    for await (const line of client.stream({ path, query }, closing.signal)) {
      const { type, object } = line as { readonly type: string; readonly object: unknown }
      heard()
      if (type === 'ADDED' || type === 'MODIFIED') secret.known = knownOf(object)
      else if (type === 'DELETED') secret.known = { kind: 'Missing' }
      else if (type === 'ERROR') return
    }
  }
}

async function read(
  client: Pick<KubeClient, 'request'>,
  path: string,
): Promise<{ readonly known: Known; readonly version?: string }> {
  try {
    const object = await client.request({ method: 'GET', path })
    return { known: knownOf(object), ...versionOf(object) }
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    if (error.code === 'NotFound') return { known: { kind: 'Missing' } }
    throw new Refusal(error)
  }
}

/** That a Secret could not be read, in contrast to a watch that ended. */
class Refusal extends Error {
  readonly why: PortError
  readonly mayPass: boolean

  constructor(why: PortError) {
    super(why.message)
    this.why = why
    this.mayPass = why.handling === 'retry'
  }
}

const knownOf = (object: unknown): Known => ({
  kind: 'There',
  data: isRecord(object) && isRecord(object['data']) ? object['data'] : {},
})

function versionOf(object: unknown): { readonly version?: string } {
  const metadata = isRecord(object) ? object['metadata'] : undefined
  const version = isRecord(metadata) ? metadata['resourceVersion'] : undefined
  return typeof version === 'string' ? { version } : {}
}
