import { fileURLToPath } from 'node:url'
import type { KubeCall } from '../../../controller/adapters/kubernetes/calls.ts'
import { fromKube } from '../../../controller/adapters/kubernetes/objects.ts'
import { uuidSource } from '../../../controller/adapters/system/random.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Kind, StoredObject } from '../../../controller/ports/store.ts'
import { controllerRules } from '../../support/kube-api/access.ts'
import type { KubeUser } from '../../support/kube-api/access.ts'
import { answer } from '../../support/kube-api/answer.ts'
import { KubeFailure } from '../../support/kube-api/failure.ts'
import { readKinds } from '../../support/kube-api/kinds.ts'
import type { KubeKind, KubeObject } from '../../support/kube-api/model.ts'
import type { Change } from '../../support/kube-api/objects.ts'
import { KubeObjects } from '../../support/kube-api/objects.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { between } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'
import { ClusterFaults } from './cluster-faults.ts'
import { MemoryResponse } from './memory-response.ts'

export const NAMESPACE = 'steersman'

/** Its own; never written into anything by a controller (I9). */
const CLUSTER_TOKEN = 'TheSimulationsClusterTokenXyz0123456789'

const kinds = readKinds(fileURLToPath(new URL('../../../crds', import.meta.url)))
const API_VERSION = 'steersman.dev/v1alpha1'
/** What somebody writes who has nothing to do with Steersman. */
export const TOUCHED = 'example.com/noted'
/** As often as real servers send them. */
const BOOKMARKS_MS = 60_000
/** How soon the garbage collector comes. */
const COLLECTED = { from: 50, to: 3_000 }

/** A request that was answered, whatever became of it: `PUT`, `Rollout/prod-web-1`; the path is empty unless something was written. */
export interface ClusterDone {
  readonly method: string
  readonly path: string
}

/** A watch of a controller as the way to the server sees it. */
export interface OpenWatch {
  /** The connection breaks: whatever was on its way is gone. */
  cut(): void
}

/** The Kubernetes cluster that controllers share: the API server of the tests, without its sockets and in the simulation's time. */
export class SimulatedCluster {
  readonly faults: ClusterFaults
  readonly server: KubeObjects
  /** Watches that are open. */
  readonly watches = new Set<OpenWatch>()
  /** How much later than usual lines of watches come. */
  watchLatenessMs = 0
  /** No more lines of watches come that are open by now, and nobody is told; ended by whoever has begun it. */
  isSilent = false
  /** The next write of whichever controller is on its way for so much longer; told whose it is. */
  heldUp: { readonly forMs: number; readonly onHeld: (process: SimulatedProcess) => void } | undefined
  readonly #users: readonly KubeUser[]
  readonly #onAnswered: (done: ClusterDone, process: SimulatedProcess) => void
  readonly #listeners: Listener[] = []
  /** While somebody writes who is no controller. */
  #isByHand = false
  readonly #shown = new WeakMap<KubeObject, StoredObject>()
  #touched = 0
  #revision: number

  constructor({
    time,
    random,
    shards,
    onAnswered,
  }: {
    readonly time: Time
    readonly random: Random
    /** Leases over which the controllers spread their environments. */
    readonly shards: number
    /** Told of each request, whatever became of it. */
    readonly onAnswered: (done: ClusterDone, process: SimulatedProcess) => void
  }) {
    this.#onAnswered = onAnswered
    const rules = controllerRules(shards)
    this.#users = [{ name: 'controller', token: CLUSTER_TOKEN, rules, namespace: NAMESPACE }]
    this.faults = new ClusterFaults(random)
    this.server = new KubeObjects({
      uid: uuidSource(random),
      soon: (act) => void time.after(between(random, COLLECTED.from, COLLECTED.to), act),
    })
    this.#revision = this.server.revision
    this.server.onChange(() => this.#tell())
  }

  /** Answers one request as the server does; a refusal is an answer too. */
  async answer(call: KubeCall, process: SimulatedProcess): Promise<MemoryResponse> {
    const response = new MemoryResponse()
    const before = this.server.revision
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) query.set(name, value)
    await answer({
      request: {
        method: call.method,
        url: `${call.path}?${query.toString()}`,
        headers: {
          authorization: `Bearer ${CLUSTER_TOKEN}`,
          accept: 'application/json',
          'user-agent': 'steersman',
          'content-type': call.contentType ?? 'application/json',
        },
      },
      response,
      body: call.body === undefined ? '' : JSON.stringify(call.body),
      objects: this.server,
      kinds,
      users: this.#users,
      requests: [],
      bookmarksMs: BOOKMARKS_MS,
    }).catch((error: unknown) => refuse(response, error))
    this.#onAnswered(
      { method: call.method, path: this.server.revision > before ? namedBy(call) : '' },
      process,
    )
    return response
  }

  /** Told of each change, and whether people made it. */
  listen(listener: Listener): void {
    this.#listeners.push(listener)
  }

  /** The objects of a kind, as they are stored. */
  objects(kind: Kind): readonly StoredObject[] {
    return this.raw(kind).map((object) => {
      const shown = this.#shown.get(object) ?? fromKube(kind, object)
      this.#shown.set(object, shown)
      return shown
    })
  }

  raw(kind: string): readonly KubeObject[] {
    return this.server.list(kindOf(kind), NAMESPACE)
  }

  /** Somebody applies an object with `kubectl`: it is made, or its spec is replaced. */
  apply(kind: Kind, name: string, spec: object): void {
    const before = this.raw(kind).find(({ metadata }) => metadata.name === name)
    const sent = { apiVersion: API_VERSION, kind, metadata: before?.metadata ?? { name }, spec }
    const write = { kind: kindOf(kind), namespace: NAMESPACE, sent: { ...sent }, manager: 'kubectl' }
    this.#byHand(() => (before === undefined ? this.server.create(write) : this.server.replace(write)))
  }

  /** Somebody changes an object with `kubectl edit`. */
  edit(object: KubeObject, change: (object: KubeObject) => object): void {
    const sent = change(object) as KubeObject
    const write = { kind: kindOf(object.kind), namespace: NAMESPACE, sent, manager: 'kubectl-edit' }
    this.#byHand(() => this.server.replace(write))
  }

  /** Somebody writes an annotation of their own on it, where it is there. */
  touch({ path }: KubeCall): void {
    const [, plural = '', name = ''] = PATH.exec(path) ?? []
    const kind = kinds.find((known) => known.plural === plural)
    if (kind === undefined || !this.server.has(kind, NAMESPACE, name)) return
    this.#touched += 1
    this.edit(this.server.get(kind, NAMESPACE, name), (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...annotationsOf(object), [TOUCHED]: String(this.#touched) },
      },
    }))
  }

  /** Somebody deletes an object with `kubectl delete`. */
  delete({ kind, metadata }: KubeObject): void {
    const place = { namespace: NAMESPACE, name: metadata.name }
    this.#byHand(() => this.server.remove(kindOf(kind), place, {}))
  }

  /** Every watch's connection breaks. */
  cutWatches(): void {
    for (const watch of this.watches) watch.cut()
  }

  /** Everything in the cluster, as text. */
  text(): string {
    return JSON.stringify(
      kinds.filter(({ view }) => view === undefined).map((kind) => this.server.list(kind, NAMESPACE)),
    )
  }

  get isCalm(): boolean {
    return this.watchLatenessMs === 0 && !this.isSilent
  }

  calm(): void {
    this.faults.clear()
    this.heldUp = undefined
    this.watchLatenessMs = 0
    this.isSilent = false
  }

  #byHand(act: () => unknown): void {
    this.#isByHand = true
    try {
      act()
    } finally {
      this.#isByHand = false
    }
  }

  #tell(): void {
    const changes = this.server.changesAfter(this.#revision) ?? []
    this.#revision = this.server.revision
    for (const change of changes) for (const listener of this.#listeners) listener(change, this.#isByHand)
  }
}

type Listener = (change: Change, isByHand: boolean) => void

const PATH = /\/([a-z]+)\/([^/]+)(?:\/status)?$/

/** `lease/steersman-controller`, `Rollout/prod-web-1`. */
function namedBy({ method, path, body }: KubeCall): string {
  const sent = body as { readonly kind?: string; readonly metadata?: { readonly name?: string } } | undefined
  const [, plural = '', name = ''] = PATH.exec(path) ?? []
  const kind = sent?.kind ?? kinds.find((known) => known.plural === plural)?.kind ?? ''
  const named = method === 'POST' ? (sent?.metadata?.name ?? '') : name
  return `${kind === 'Lease' ? 'lease' : kind}/${named}`
}

function kindOf(name: string): KubeKind {
  const kind = kinds.find((known) => known.kind === name && known.view === undefined)
  if (kind === undefined) throw new RangeError(`no kind ${name}`)
  return kind
}

export const annotationsOf = ({ metadata }: KubeObject): Readonly<Record<string, string>> =>
  (metadata['annotations'] as Readonly<Record<string, string>> | undefined) ?? {}

function refuse(response: MemoryResponse, error: unknown): void {
  if (!(error instanceof KubeFailure)) throw error
  response.writeHead(error.code)
  response.end(JSON.stringify(error.body()))
}
