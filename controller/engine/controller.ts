import { PortError } from '../ports/error.ts'
import { shardOf } from '../core/shards.ts'
import { durationMs } from '../resources/duration.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { Terraform } from '../ports/terraform.ts'
import type { Engine, EnginePorts, EngineSettings, EnvironmentState, Extent } from './engine.ts'
import { deepSweep } from './environment/deep-sweep.ts'
import { ensureEnvironment } from './environment/object.ts'
import { mirrorAgain } from './environment/releases.ts'
import { reconcileEnvironment } from './environment/reconcile.ts'
import { reconcileInfrastructure } from './infrastructure/reconcile.ts'
import { followMarks } from './follow-store.ts'
import type { Leadership } from './leads.ts'
import { ALONE, Leads } from './leads.ts'
import { ledStore } from './led-store.ts'
import { Listeners } from './listen.ts'
import { newState } from './new-state.ts'
import { reconcileRelease } from './reconcile.ts'
import { SteadyClock } from './steady-clock.ts'
import { WorkQueue } from './work-queue.ts'

/** Whether the controller can be relied on, and if not, why. */
export interface ReadinessReport {
  readonly ready: boolean
  readonly reasons: readonly string[]
}

/** Backoff of a key whose reconcile threw: passing trouble of a network, or a bug. */
const BACKOFF = { firstMs: 250, maximumMs: 60_000 }
const MAXIMUM_KEYS = 20_000

/** How soon a reconcile is begun anew that lost its lease on the way, in milliseconds; whoever does not hold it does nothing then. */
export const LEASE_LOST_RETRY_MS = 1_000

/** A lease that ran out says nothing of the release: where it is ours again, its rollout's deadline must not wait for a backoff. */
const cutOffMs = (error: unknown): number | undefined =>
  error instanceof PortError && error.code === 'LeaseLost' ? LEASE_LOST_RETRY_MS : undefined

/** The engine as main.ts drives it: queue, lease and reconciles put together. */
export class Controller {
  readonly #ports: EnginePorts
  readonly #engine: Engine
  readonly #queue: WorkQueue
  /** Terraform takes minutes, and must not keep releases waiting. */
  readonly #terraformQueue: WorkQueue
  /** AWS's limits make deep looks slow: they must not keep releases waiting either. */
  readonly #deepQueue: WorkQueue
  readonly #stopping = new AbortController()
  readonly #cleaned = new WeakSet<Terraform>()
  readonly #leads: Leads
  readonly #leadership: Leadership
  readonly #listeners: Listeners
  readonly #environments = new Map<string, EnvironmentState>()
  /** Environments that were read, or whose trouble was reported, at least once. */
  readonly #read = new Set<string>()

  constructor({
    ports,
    settings,
    leadership = ALONE,
  }: {
    readonly ports: EnginePorts
    readonly settings: EngineSettings
    readonly leadership?: Leadership
  }) {
    this.#leadership = leadership
    const { clock, random, leases, telemetry } = ports
    this.#ports = ports
    const queueOf = (concurrency: number, work = (key: string) => this.#work(key)): WorkQueue =>
      new WorkQueue({
        clock,
        random,
        concurrency,
        maximumKeys: MAXIMUM_KEYS,
        backoff: BACKOFF,
        cutOffMs,
        work,
        onFailure: (failure) => this.#tellFailure(failure),
        onStart: ({ waitedMs }) => this.#tellQueue(waitedMs),
      })
    this.#queue = queueOf(settings.concurrency)
    this.#terraformQueue = queueOf(settings.terraformConcurrency)
    this.#leads = new Leads({
      ...leadership,
      clock,
      leases,
      telemetry,
      callTimeoutMs: settings.callTimeoutMs,
      onTaken: (shard) => this.#takeOver(shard),
    })
    this.#deepQueue = queueOf(DEEP_SWEEPS, (key) => deepSweep(this.#engine, key.slice(DEEP.length)))
    this.#engine = {
      ports: { ...ports, clock: new SteadyClock(clock), store: ledStore(ports.store, this.#leads) },
      settings,
      leads: this.#leads,
      shared: ports.store,
      stopping: this.#stopping.signal,
      environments: this.#environments,
      hurries: new Map(),
      unsettled: new Map(),
      enqueueEnvironment: (name) => this.#ask(name, 'Everything'),
      enqueueRecord: (name) => this.#ask(name, 'Record'),
      enqueueInfrastructure: (name) => this.#terraformQueue.add(infrastructureKey(name)),
      enqueueDeepSweep: (name) => this.#deepQueue.addPatiently(`${DEEP}${name}`),
      enqueueRelease: (key) => this.#queue.add(releaseKey(key)),
      enqueuePatiently: (key) => this.#queue.addPatiently(releaseKey(key)),
      enqueueAtOnce: (key) => {
        this.#engine.hurries.get(releaseObjectName(key))?.wish()
        this.#queue.addFirst(releaseKey(key))
      },
    }
    this.#listeners = new Listeners(this.#engine)
  }

  /** Takes the leases that are free and begins to work; throws PortError `LeaseHeld` where another controller has the only one and this one does not stand by. */
  async start(): Promise<void> {
    await this.#leads.begin()
    this.#queue.start()
    this.#terraformQueue.start()
    this.#deepQueue.start()
    if (!this.#leadership.standsBy) return
    followMarks(this.#engine).catch((error: unknown) =>
      this.#tellFailure({ key: 'store', error, retryMs: 0 }),
    )
  }

  /** The environments as they are configured now; called again whenever the configuration changes. */
  async setEnvironments(wanted: readonly DefaultedEnvironment[]): Promise<void> {
    const names = new Set(wanted.map((environment) => environment.metadata.name))
    const led = new Map([...this.#environments].map(([name, { ledSince }]) => [name, ledSince]))
    for (const [name, state] of this.#environments) {
      if (names.has(name) && !hasChanged(state, wanted)) continue
      this.#environments.delete(name)
      if (!names.has(name)) this.#forget(name)
      await state.connections.close()
    }
    for (const environment of wanted) {
      const { name } = environment.metadata
      const ledSince = led.get(name) ?? this.#ports.clock.monotonic()
      const state =
        this.#environments.get(name) ?? newState(environment, this.#ports.connect(environment), ledSince)
      this.#environments.set(name, state)
      if (this.#leads.of(name).holds()) {
        await this.#cleanUp(state)
        // Where others may lead as well, each environment is stored with its first look: a start must not wait for many.
        if (!this.#leadership.standsBy) await ensureEnvironment(this.#engine, state)
      }
      this.#queue.add(environmentKey(name))
    }
    this.#listeners.follow()
  }

  /** What a controller that died has left of Terraform is ended and removed, once; an apply that still runs is followed later. */
  async #cleanUp({ connections, environment }: EnvironmentState): Promise<void> {
    const terraform = connections.infrastructure?.terraform
    if (terraform === undefined || this.#cleaned.has(terraform)) return
    this.#cleaned.add(terraform)
    try {
      await terraform.clean()
    } catch (error) {
      const key = infrastructureKey(environment.metadata.name)
      this.#tellFailure({ key, error, retryMs: 0 })
    }
  }

  /** Wants an environment looked at now: a push came in, or a person asked. */
  reconcile(environment: string): void {
    if (this.#environments.has(environment)) this.#engine.enqueueEnvironment(environment)
  }

  /** Wants the Releases in the store brought back to what git says: somebody else has changed or deleted one. */
  mirrorAgain(environment: string): void {
    const state = this.#environments.get(environment)
    if (state !== undefined) mirrorAgain(this.#engine, state)
  }

  reconcileRelease(key: ReleaseKey): void {
    if (this.#environments.has(key.environment)) this.#engine.enqueueRelease(key)
  }

  /** The same for a person's wish to have the traffic back. */
  reconcileAtOnce(key: ReleaseKey): void {
    if (this.#environments.has(key.environment)) this.#engine.enqueueAtOnce(key)
  }

  /** Whether the lease is held, or this one stands by, and every environment that it leads was read, or its trouble reported, at least once. */
  ready(): ReadinessReport {
    const led = [...this.#environments.keys()].filter((name) => this.#leads.of(name).holds())
    const unread = led.filter((name) => !this.#read.has(name))
    const isIdle = !this.#leadership.standsBy && !this.#leads.holdsAny
    const reasons = [
      ...(isIdle ? ['the lease is not held'] : []),
      ...unread.map((name) => `environment ${name} was not read yet`),
    ]
    return { ready: reasons.length === 0, reasons }
  }

  /** Whether it waits for nothing but its next looks at the environments: until something comes from outside, all stays as it is. */
  get isAtRest(): boolean {
    const isLook = (key: string): boolean => kindOf(key) === 'Environment'
    return [this.#queue, this.#terraformQueue, this.#deepQueue].every((queue) => queue.restsBut(isLook))
  }

  /** Takes nothing new, lets running work end within `limitMs`, gives the lease up. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping.abort(new Error('the controller ends'))
    const queues = [this.#queue, this.#terraformQueue, this.#deepQueue]
    await Promise.all(queues.map((queue) => queue.drain(limitMs)))
    await this.#leads.end()
    await Promise.all([...this.#environments.values()].map((state) => state.connections.close()))
  }

  #forget(environment: string): void {
    this.#queue.forget(environmentKey(environment))
    this.#terraformQueue.forget(infrastructureKey(environment))
    this.#deepQueue.forget(`${DEEP}${environment}`)
    forgetUnsettled(this.#engine, environment)
    this.#ports.telemetry.emit({ type: 'EnvironmentRemoved', environment })
  }

  /** What another controller may have changed meanwhile is not known any more. */
  #takeOver(shard: string): void {
    const { shards, standsBy } = this.#leadership
    for (const [name, state] of this.#environments) {
      if (shardOf(name, shards) !== shard) continue
      if (!standsBy) {
        this.#engine.enqueueEnvironment(name)
        continue
      }
      this.#environments.set(
        name,
        newState(state.environment, state.connections, this.#ports.clock.monotonic()),
      )
      forgetUnsettled(this.#engine, name)
      const look = (): void => this.#engine.enqueueEnvironment(name)
      this.#cleanUp(state).then(look, look)
    }
  }

  /** Who asks for everything is not put off with less. */
  #ask(name: string, wanted: Extent): void {
    const state = this.#environments.get(name)
    if (state !== undefined && state.asked !== 'Everything') state.asked = wanted
    this.#queue.add(environmentKey(name))
  }

  async #work(key: string): Promise<number | undefined> {
    const { clock, telemetry } = this.#ports
    const startedAt = clock.monotonic()
    const [kind, environment = '', release] = key.split('/')
    const againMs = await this.#workOn({ kind, environment, release })
    const tookMs = clock.monotonic() - startedAt
    telemetry.emit({ type: 'Reconciled', kind: kindOf(key), key, result: 'success', durationMs: tookMs })
    return againMs
  }

  #workOn({
    kind,
    environment,
    release,
  }: {
    readonly kind: string | undefined
    readonly environment: string
    readonly release: string | undefined
  }): Promise<number | undefined> {
    if (kind === 'infrastructure') return reconcileInfrastructure(this.#engine, environment)
    if (release === undefined) return this.#workEnvironment(environment)
    return reconcileRelease(this.#engine, { environment, release })
  }

  /** Trouble that only time or a person can mend is looked at again at the usual interval; the rest is thrown, for the queue's backoff. */
  async #workEnvironment(name: string): Promise<number | undefined> {
    const state = this.#environments.get(name)
    if (state === undefined) return undefined
    const { clock, random } = this.#ports
    const againMs = intervalMs(state, random.next())
    try {
      const extent = await reconcileEnvironment(this.#engine, name)
      if (extent === 'Record') return Math.max(0, state.dueAt - clock.monotonic())
    } catch (error) {
      if (!(error instanceof PortError) || error.handling === 'retry') throw error
      this.#tellFailure({ key: environmentKey(name), error, retryMs: againMs })
    } finally {
      this.#read.add(name)
    }
    state.dueAt = clock.monotonic() + againMs
    return againMs
  }

  #tellQueue(waitedMs: number): void {
    const { telemetry } = this.#ports
    telemetry.emit({ type: 'QueueWaited', durationMs: waitedMs })
    telemetry.emit({
      type: 'QueueSeen',
      depth: this.#queue.depth(),
      longestRunningSeconds: this.#queue.longestRunningMs() / 1000,
    })
  }

  #tellFailure({
    key,
    error,
    retryMs,
  }: {
    readonly key: string
    readonly error: unknown
    readonly retryMs: number
  }): void {
    const kind = kindOf(key)
    const code = error instanceof PortError ? error.code : error instanceof Error ? error.name : 'Unknown'
    const message = error instanceof Error ? error.message : String(error)
    this.#ports.telemetry.emit({ type: 'ReconcileFailed', kind, key, code, message, retryMs })
  }
}

function forgetUnsettled({ unsettled }: Engine, environment: string): void {
  for (const [name, { environment: of }] of unsettled) if (of === environment) unsettled.delete(name)
}

const kindOf = (key: string): 'Environment' | 'Release' | 'Infrastructure' =>
  key.startsWith('environment/') || key.startsWith(DEEP)
    ? 'Environment'
    : key.startsWith('infrastructure/')
      ? 'Infrastructure'
      : 'Release'

/** Environments that are looked at deeply at the same time. */
const DEEP_SWEEPS = 2
const DEEP = 'deep/'
const infrastructureKey = (name: string): string => `infrastructure/${name}`
const environmentKey = (name: string): string => `environment/${name}`
const releaseKey = ({ environment, release }: ReleaseKey): string => `release/${environment}/${release}`

const hasChanged = (state: EnvironmentState, wanted: readonly DefaultedEnvironment[]): boolean => {
  const now = wanted.find((environment) => environment.metadata.name === state.environment.metadata.name)
  return JSON.stringify(now?.spec) !== JSON.stringify(state.environment.spec)
}

/** The poll's interval with a tenth of jitter either way, so that many environments do not ask at the same moment. */
const intervalMs = ({ environment }: EnvironmentState, chance: number): number =>
  durationMs(environment.spec.source.interval) * (0.9 + chance * 0.2)
