import { createScanMemory } from '../../../controller/adapters/aws/registry/scan-memory.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { SteadyClock } from '../../../controller/engine/steady-clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { durationMs } from '../../../controller/resources/duration.ts'
import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import { SETTINGS } from '../process/life.ts'
import type { Surroundings } from '../process/machine.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { CoreAws } from './core-aws.ts'
import { ensureEnvironment, reconcileEnvironment } from './core-environment.ts'
import { CoreGit } from './core-git.ts'
import { CoreLead } from './core-lead.ts'
import type { CoreLease } from './core-lease.ts'
import { CoreLooks } from './core-looks.ts'
import { CoreQueue } from './core-queue.ts'
import { reconcileRelease } from './core-reconcile.ts'
import type { CoreStore } from './core-store.ts'
import type { Core, CoreEnvironment, Decisions } from './core.ts'
import type { MemoryMirror } from '../git/mirror.ts'
import type { Steps } from './steps.ts'
import { run } from './steps.ts'

export interface CoreControllerOptions {
  readonly surroundings: Surroundings
  readonly mirror: MemoryMirror
  readonly store: CoreStore
  readonly lease: CoreLease
  readonly process: SimulatedProcess
  /** Tells this life from every other: `controller 1, life 2`. */
  readonly name: string
  readonly decisions: Decisions
  readonly emit: (event: SteersmanEvent) => void
  /** What no program of ours may throw. */
  readonly onDefect: (error: unknown) => void
}

const ENVIRONMENT_KEY = 'environment'

/** The engine's loop around the core's decisions for one environment: queue, lease and reconciles, straight on the world and without a promise. */
export class CoreController {
  readonly #core: Core
  readonly #queue: CoreQueue
  #state: CoreEnvironment | undefined

  constructor(options: CoreControllerOptions) {
    const { process, emit, onDefect } = options
    const { clock } = process
    const random = options.surroundings.randomness.stream(options.name)
    this.#queue = new CoreQueue({
      clock,
      random,
      work: (key) => this.#work(key),
      onFailure: ({ key, error, retryMs }) => this.#tellFailure(key, error, retryMs),
      onDefect,
    })
    const lead = new CoreLead({
      lease: options.lease,
      process,
      instance: options.name,
      emit,
      onTaken: () => {
        if (this.#state !== undefined) this.reconcile()
      },
    })
    const configured = (): DefaultedEnvironment | undefined => this.#state?.environment
    this.#core = { ...connected(options), lead, configured, ...this.#enqueuers() }
  }

  /** Takes the lease; throws PortError `LeaseHeld` when another one has it. */
  start(): void {
    this.#core.lead.begin()
  }

  /** The environment as it is configured now. */
  configure(environment: DefaultedEnvironment, onError: (error: unknown) => void): void {
    if (JSON.stringify(this.#state?.environment.spec) !== JSON.stringify(environment.spec))
      this.#state = newEnvironment(environment, this.#state?.ledSince ?? this.#core.clock.monotonic())
    run(this.#configured(), () => this.#queue.add(ENVIRONMENT_KEY), onError)
  }

  /** Whether it leads, and waits for nothing but the next look at the environment. */
  get isAtRest(): boolean {
    return this.#core.lead.holds() && this.#queue.restsBut(ENVIRONMENT_KEY)
  }

  /** Whether it leads, and has begun with its environment. */
  get isReady(): boolean {
    return this.#core.lead.holds() && this.#state !== undefined
  }

  /** A person asked for something of the release. */
  reconcileRelease(release: string): void {
    this.#core.enqueueRelease(release)
  }

  /** A push came in. */
  reconcile(): void {
    if (this.#state !== undefined) this.#core.enqueueEnvironment('Everything')
  }

  *#configured(): Steps<void> {
    if (this.#state !== undefined && this.#core.lead.holds())
      yield* ensureEnvironment(this.#core, this.#state)
  }

  #enqueuers(): Pick<Core, 'enqueueEnvironment' | 'enqueueRelease' | 'enqueuePatiently'> {
    return {
      enqueueEnvironment: (wanted) => {
        if (this.#state !== undefined && this.#state.asked !== 'Everything') this.#state.asked = wanted
        this.#queue.add(ENVIRONMENT_KEY)
      },
      enqueueRelease: (release) => this.#queue.add(`release/${release}`),
      enqueuePatiently: (release) => this.#queue.addPatiently(`release/${release}`),
    }
  }

  *#work(key: string): Steps<number | undefined> {
    const state = this.#state
    if (state === undefined) return undefined
    if (key !== ENVIRONMENT_KEY)
      return yield* reconcileRelease(this.#core, state, key.slice('release/'.length))
    const chance = this.#core.random.next()
    const againMs = durationMs(state.environment.spec.source.interval) * (0.9 + chance * 0.2)
    const { clock } = this.#core
    try {
      const extent = yield* reconcileEnvironment(this.#core, state)
      if (extent === 'Record') return Math.max(0, state.dueAt - clock.monotonic())
    } catch (error) {
      if (!(error instanceof PortError) || error.handling === 'retry') throw error
      this.#tellFailure(key, error, againMs)
    }
    state.dueAt = clock.monotonic() + againMs
    return againMs
  }

  #tellFailure(key: string, { code, message }: PortError, retryMs: number): void {
    const kind = key === ENVIRONMENT_KEY ? 'Environment' : 'Release'
    this.#core.emit({ type: 'ReconcileFailed', kind, key, code, message, retryMs })
  }
}

function connected({
  surroundings,
  mirror,
  store,
  process,
  name,
  decisions,
  emit,
}: CoreControllerOptions): Omit<
  Core,
  'lead' | 'configured' | 'enqueueEnvironment' | 'enqueueRelease' | 'enqueuePatiently'
> {
  const { time, aws: world, remote, forge, randomness } = surroundings
  const random = randomness.stream(`${name} network`)
  const lateness = (operation: string): number => world.lateness(random, operation)
  const clock = new SteadyClock(process.clock)
  const aws = new CoreAws({ world: world.as(name), process, time, random, lateness })
  return {
    process,
    clock,
    ports: { clock },
    unsettled: new Map(),
    random,
    settings: SETTINGS,
    decisions,
    world,
    aws,
    looks: new CoreLooks(aws, () => process.clock.monotonic()),
    git: new CoreGit({ remote, mirror, forge, process, random }),
    store,
    digests: new Map(),
    scans: createScanMemory(process.clock),
    emit,
  }
}

const newEnvironment = (environment: DefaultedEnvironment, ledSince: number): CoreEnvironment => ({
  environment,
  ledSince,
  desires: undefined,
  releases: [],
  held: undefined,
  read: undefined,
  asked: undefined,
  dueAt: 0,
  fetched: undefined,
  lastSeen: new Map(),
  sweep: new Map(),
})
