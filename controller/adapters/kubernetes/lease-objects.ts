import { PortError } from '../../ports/error.ts'
import type { Lease, LeaseHolder } from '../../ports/store.ts'
import { isRecord } from '../../resources/problem.ts'
import type { KubeClient } from './calls.ts'

/** A `coordination.k8s.io/v1` Lease (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/). */
export interface KubeLease {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec?: {
    readonly holderIdentity?: string | null
    readonly leaseDurationSeconds?: number | null
    readonly acquireTime?: string | null
    readonly renewTime?: string | null
    readonly leaseTransitions?: number | null
  }
}

/** The rest of who holds it: the server's own fields have one name alone. */
const HOLDER = 'steersman.dev/lease-holder'

/** By which Steersman's leases are found among those of others. */
const LABEL = { 'app.kubernetes.io/managed-by': 'steersman' }
const SELECTOR = Object.entries(LABEL)
  .map(([name, value]) => `${name}=${value}`)
  .join(',')

/** A renewal that is not answered by then is tried again, while the lease is still good. */
const TIMEOUT_MS = 4_000

/** Far more than there are controllers and shards. */
const MOST = 500

/** The Lease objects of a namespace, by the names that the port gives leases. */
export class LeaseObjects {
  readonly #client: Pick<KubeClient, 'request'>
  readonly #namespace: string

  constructor({
    client,
    namespace,
  }: {
    readonly client: Pick<KubeClient, 'request'>
    readonly namespace: string
  }) {
    this.#client = client
    this.#namespace = namespace
  }

  async read(name: string): Promise<KubeLease | undefined> {
    try {
      return (await this.#client.request({
        method: 'GET',
        path: this.#path(name),
        timeoutMs: TIMEOUT_MS,
      })) as KubeLease
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined
      throw error
    }
  }

  /** Those that this version of Steersman has written. */
  async list(): Promise<readonly KubeLease[]> {
    const { items } = (await this.#client.request({
      method: 'GET',
      path: this.#path(),
      query: { labelSelector: SELECTOR, limit: String(MOST) },
      timeoutMs: TIMEOUT_MS,
    })) as { readonly items: readonly KubeLease[] }
    return items
  }

  /** Creates the object, or replaces the one that was read; `Conflict` or `AlreadyExists` where somebody else was faster. */
  async save(
    name: string,
    stored: KubeLease | undefined,
    { spec, holder }: { readonly spec: NonNullable<KubeLease['spec']>; readonly holder: LeaseHolder },
  ): Promise<KubeLease> {
    const { managedFields: _managed, ...metadata } = stored?.metadata ?? { name: leaseObjectName(name) }
    const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {}
    const labels = isRecord(metadata['labels']) ? metadata['labels'] : {}
    return (await this.#client.request({
      method: stored === undefined ? 'POST' : 'PUT',
      path: stored === undefined ? this.#path() : this.#path(name),
      query: { fieldManager: 'steersman' },
      body: {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          ...metadata,
          labels: { ...labels, ...LABEL },
          annotations: { ...annotations, [HOLDER]: JSON.stringify(holder) },
        },
        spec,
      },
      timeoutMs: TIMEOUT_MS,
    })) as KubeLease
  }

  /** Deletes the object, where given as long as nobody has written it since it was read; one that is gone is no error. */
  async remove(name: string, stored?: KubeLease): Promise<void> {
    const { uid, resourceVersion } = stored?.metadata ?? {}
    try {
      await this.#client.request({
        method: 'DELETE',
        path: this.#path(name),
        ...(stored === undefined ? {} : { body: { preconditions: { uid, resourceVersion } } }),
        timeoutMs: TIMEOUT_MS,
      })
    } catch (error) {
      if (!hasCode(error, 'NotFound')) throw error
    }
  }

  #path(name?: string): string {
    const all = `/apis/coordination.k8s.io/v1/namespaces/${this.#namespace}/leases`
    return name === undefined ? all : `${all}/${leaseObjectName(name)}`
  }
}

const PREFIX = 'steersman-'

/** Of the Lease of that name in the cluster. */
export const leaseObjectName = (name: string): string => `${PREFIX}${name}`

/** The other way round. */
export const leaseName = ({ metadata }: KubeLease): string => String(metadata['name']).slice(PREFIX.length)

export const epochOf = ({ spec }: KubeLease): number => (spec?.leaseTransitions ?? 0) + 1

/** Undefined when it was given up. */
export function leaseOf(name: string, stored: KubeLease): Lease | undefined {
  const { holderIdentity, leaseDurationSeconds, renewTime } = stored.spec ?? {}
  if (holderIdentity === undefined || holderIdentity === null || holderIdentity === '') return undefined
  const renewedAt = Date.parse(renewTime ?? '')
  return {
    name,
    epoch: epochOf(stored),
    holder: holderOf(stored, holderIdentity),
    renewedAt: Number.isNaN(renewedAt) ? 0 : renewedAt,
    expiresAt: (Number.isNaN(renewedAt) ? 0 : renewedAt) + (leaseDurationSeconds ?? 0) * 1_000,
  }
}

/** Somebody else's tool may hold it: then there is its name alone. */
function holderOf({ metadata }: KubeLease, identity: string): LeaseHolder {
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {}
  try {
    const holder: unknown = JSON.parse(String(annotations[HOLDER]))
    if (isRecord(holder) && identity === identityOf(holder as unknown as LeaseHolder))
      return holder as unknown as LeaseHolder
  } catch {
    // Said below.
  }
  return { host: identity, bootId: '', pid: 0, processStartedAt: 0, instance: identity }
}

export const identityOf = ({ host, instance }: LeaseHolder): string => `${host}_${instance}`

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof PortError && error.code === code
