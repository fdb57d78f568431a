import { mark } from '../../../controller/api/marks.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { Store } from '../../../controller/ports/store.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Asked } from '../run/asked.ts'
import { markingOf } from './marking.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import type { Life } from './life.ts'
import type { Machine, Surroundings } from './machine.ts'
import { bear } from './life.ts'
import type { WriteWatcher } from './simulated-process.ts'
import { SimulatedProcess } from './simulated-process.ts'

/** How soon a supervisor starts a process again that ended by itself, in milliseconds. */
export const RESTART_MS = 3_000

export interface SeatOptions {
  readonly surroundings: Surroundings
  readonly machine: Machine
  /** `controller 1`. */
  readonly name: string
  readonly environments: () => readonly DefaultedEnvironment[]
  readonly emit: (event: SteersmanEvent, who: string) => void
  /** Something that no program of ours may do, such as an unexpected error at its start. */
  readonly onDefect: (message: string) => void
  readonly onWrite: WriteWatcher
}

/** Whoever lost the lease ends, as `steersman run` does, and is started again: what it knows may be old. Over a table, and with shards in a cluster, it stands by instead. */
export const isLost = (event: SteersmanEvent): boolean => event.type === 'LeaseChanged' && !event.held

/** Where a controller runs, at whichever depth: what happenings, explorers and checkers may do with it. */
export interface ControllerSeat {
  readonly name: string
  /** How many of its processes were killed; one that ends by itself, such as a standby without the lease, is none. */
  readonly crashes: number
  /** How many processes it has had. */
  readonly lives: number
  readonly process: SimulatedProcess | undefined
  /** The controller with its store; undefined while none leads, and at core depth. */
  readonly life: Life | undefined
  /** Whether it leads and is known to wait for nothing but its next look at the environment. */
  readonly isAtRest: boolean
  /** Starts it, and from now on again whenever it ends. */
  start(): void
  /** SIGKILL; the supervisor starts it again after `downMs`. */
  kill(downMs: number): void
  /** SIGSTOP and, after a while, SIGCONT. */
  pause(durationMs: number): void
  /** Whether it leads and has read its environment, so that it takes what people ask for. */
  readonly isReady: boolean
  /** A webhook came in. */
  reconcile(environment: string): void
  /** A person asks for it by the HTTP API; `taken` is called once it is stored, and not at all on trouble. */
  ask(asked: Asked, taken: () => void): void
  /** The configuration directory changed. */
  configure(): void
}

/** The marks of the verb on its object; rejects when there is none, or on trouble with the store. */
async function put(store: Store, clock: Clock, asked: Asked): Promise<void> {
  const rollouts =
    asked.verb === 'abort' || asked.verb === 'rollback-now'
      ? (await store.list('Rollout', { labels: { [RELEASE_LABEL]: asked.release } })).items
      : []
  const marking = markingOf(asked, {
    clock,
    rollouts,
    environment: await store.get('Environment', ENVIRONMENT),
  })
  if (marking !== undefined) await mark(store, marking.subject, marking.change)
}

/** Where a controller runs under a supervisor: one process after the other, never two at once. */
export class Seat implements ControllerSeat {
  readonly name: string
  readonly #options: SeatOptions
  #lives = 0
  #crashes = 0
  #process: SimulatedProcess | undefined
  #life: Life | undefined
  /** Whether its supervisor still starts it again. */
  #isWanted = false

  constructor(options: SeatOptions) {
    this.#options = options
    this.name = options.name
  }

  /** How many of its processes were killed; one that ends by itself, such as a standby without the lease, is none. */
  get crashes(): number {
    return this.#crashes
  }

  get lives(): number {
    return this.#lives
  }

  get process(): SimulatedProcess | undefined {
    return this.#process
  }

  /** The store of the running life; undefined while none leads. */
  get life(): Life | undefined {
    return this.#process?.isDead === false ? this.#life : undefined
  }

  /** Starts it, and from now on again whenever it ends. */
  start(): void {
    this.#isWanted = true
    this.#begin()
  }

  /** SIGKILL; the supervisor starts it again after `downMs`. */
  kill(downMs: number): void {
    if (this.#process?.isDead === false) this.#crashes += 1
    this.#endFor(downMs)
  }

  /** SIGSTOP and, after a while, SIGCONT. */
  pause(durationMs: number): void {
    const process = this.#process
    if (process === undefined) return
    process.pause()
    this.#options.surroundings.time.after(durationMs, () => process.resume())
  }

  /** A webhook came in. */
  reconcile(environment: string): void {
    this.#process?.deliver(() => this.#life?.controller.reconcile(environment))
  }

  get isAtRest(): boolean {
    const { life, process } = this
    return (
      process?.isRunning === true && !process.isCutOff && this.isReady && life?.controller.isAtRest === true
    )
  }

  get isReady(): boolean {
    return this.life?.isReady() === true
  }

  ask(asked: Asked, taken: () => void): void {
    const { life, process } = this
    if (life === undefined || process === undefined) return
    const { store, controller } = life
    const wake = (): void => {
      taken()
      if ('release' in asked)
        controller.reconcileRelease({ environment: ENVIRONMENT, release: asked.release })
      else this.reconcile(ENVIRONMENT)
    }
    process.deliver(() => void put(store, process.clock, asked).then(wake, () => undefined))
  }

  /** The configuration directory changed. */
  configure(): void {
    const life = this.#life
    const { process } = this
    if (life === undefined || process === undefined) return
    process.deliver(() => void this.#configure(life, process))
  }

  async #configure({ controller }: Life, process: SimulatedProcess): Promise<void> {
    try {
      await controller.setEnvironments(this.#options.environments())
    } catch (error) {
      if (!(error instanceof PortError)) return this.#failed(error, process)
      // The directory is looked at again after a while.
      this.#options.surroundings.time.after(
        RESTART_MS,
        () => this.#life?.controller === controller && this.configure(),
      )
    }
  }

  #endFor(downMs: number): void {
    this.#end()
    if (this.#isWanted) this.#again(downMs)
  }

  #again(afterMs: number): void {
    this.#options.surroundings.time.after(afterMs, () => this.#begin())
  }

  #end(): void {
    this.#process?.kill()
    this.#options.machine.living.delete(this.#instance)
    this.#life = undefined
  }

  get #instance(): string {
    return `${this.name}, life ${this.#lives}`
  }

  #begin(): void {
    this.#run().catch((error: unknown) => this.#options.onDefect(`${this.name} threw ${String(error)}`))
  }

  async #run(): Promise<void> {
    const { surroundings, machine, emit, environments, onWrite } = this.#options
    if (this.#process !== undefined && !this.#process.isDead) return
    this.#lives += 1
    const name = this.#instance
    const process = new SimulatedProcess(surroundings.time, machine.wallOffsetMs)
    process.onWrite = onWrite
    this.#process = process
    machine.living.add(name)
    const tell = (event: SteersmanEvent): void => {
      emit(event, name)
      if (isLost(event) && machine.table === undefined && machine.shards.length === 1)
        this.#endFor(RESTART_MS)
    }
    const onFailed = (reason: Error): void => this.#failed(reason, process)
    const life = bear({ surroundings, machine, process, name, emit: tell, onFailed })
    this.#life = life
    try {
      await life.begin(environments())
    } catch (error) {
      this.#failed(error, process)
    }
  }

  /** As `steersman run` does, a process that can't begin ends, and its supervisor tries again. */
  #failed(error: unknown, process: SimulatedProcess): void {
    if (process.isDead || process !== this.#process) return
    if (!(error instanceof PortError)) this.#options.onDefect(`${this.#instance} threw ${String(error)}`)
    this.#endFor(RESTART_MS)
  }
}
