import type { Clock } from '../../../controller/ports/clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { RELEASE_LABEL } from '../../../controller/resources/metadata.ts'
import { markingOf } from '../process/marking.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Asked } from '../run/asked.ts'
import type { ControllerSeat, SeatOptions } from '../process/seat.ts'
import { isLost, RESTART_MS } from '../process/seat.ts'
import { SimulatedProcess } from '../process/simulated-process.ts'
import { CoreController } from './core-controller.ts'
import type { CoreLease } from './core-lease.ts'
import type { CoreStore } from './core-store.ts'
import type { Decisions } from './core.ts'

/** What controllers at core depth on one machine share beside its mirror. */
export interface CoreMachine {
  readonly store: CoreStore
  readonly lease: CoreLease
}

/** A seat whose controllers are the core's decisions and the loop around them, straight on the world. */
export class CoreSeat implements ControllerSeat {
  readonly name: string
  readonly life = undefined
  readonly #options: SeatOptions
  readonly #shared: CoreMachine
  readonly #decisions: () => Decisions
  #lives = 0
  #crashes = 0
  #process: SimulatedProcess | undefined
  #controller: CoreController | undefined
  #isWanted = false

  constructor(options: SeatOptions, shared: CoreMachine, decisions: () => Decisions) {
    this.#options = options
    this.#shared = shared
    this.#decisions = decisions
    this.name = options.name
  }

  get lives(): number {
    return this.#lives
  }

  get crashes(): number {
    return this.#crashes
  }

  get process(): SimulatedProcess | undefined {
    return this.#process
  }

  /** What the controllers keep; it outlives them. */
  get store(): CoreStore {
    return this.#shared.store
  }

  get isAtRest(): boolean {
    const process = this.#process
    return process?.isRunning === true && !process.isCutOff && this.#controller?.isAtRest === true
  }

  start(): void {
    this.#isWanted = true
    this.#run()
  }

  kill(downMs: number): void {
    if (this.#process?.isDead === false) this.#crashes += 1
    this.#endFor(downMs)
  }

  pause(durationMs: number): void {
    const process = this.#process
    if (process === undefined) return
    process.pause()
    this.#options.surroundings.time.after(durationMs, () => process.resume())
  }

  get isReady(): boolean {
    return this.#process?.isDead === false && this.#controller?.isReady === true
  }

  ask(asked: Asked, taken: () => void): void {
    const { process } = this
    process?.deliver(() => {
      try {
        this.#mark(asked, process.clock)
      } catch {
        return
      }
      taken()
      if ('release' in asked) this.#controller?.reconcileRelease(asked.release)
      else this.#controller?.reconcile()
    })
  }

  reconcile(): void {
    this.#process?.deliver(() => this.#controller?.reconcile())
  }

  configure(): void {
    this.#process?.deliver(() => this.#reconfigure())
  }

  #mark(asked: Asked, clock: Clock): void {
    const { store } = this.#shared
    const rollouts = 'release' in asked ? store.list('Rollout', RELEASE_LABEL, asked.release) : []
    const marking = markingOf(asked, { clock, rollouts, environment: store.get('Environment', ENVIRONMENT) })
    if (marking === undefined) return
    const { kind, name } = marking.subject
    const object = store.get(kind, name)
    if (object === undefined) throw new Error(`no ${kind} ${name}`)
    const marks = marking.change(object)
    if (marks === undefined) return
    const { metadata } = object
    store.update({ ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...marks } } })
  }

  #endFor(downMs: number): void {
    this.#process?.kill()
    this.#options.machine.living.delete(this.#instance)
    this.#controller = undefined
    if (this.#isWanted) this.#options.surroundings.time.after(downMs, () => this.#run())
  }

  get #instance(): string {
    return `${this.name}, life ${this.#lives}`
  }

  #run(): void {
    const { surroundings, machine, emit, onWrite } = this.#options
    if (this.#process !== undefined && !this.#process.isDead) return
    this.#lives += 1
    const name = this.#instance
    const process = new SimulatedProcess(surroundings.time, machine.wallOffsetMs)
    process.onWrite = onWrite
    this.#process = process
    machine.living.add(name)
    const controller = new CoreController({
      surroundings,
      mirror: machine.mirror,
      ...this.#shared,
      process,
      name,
      decisions: this.#decisions(),
      emit: (event) => {
        if (process.isDead) return
        emit(event, name)
        if (isLost(event)) this.#endFor(RESTART_MS)
      },
      onDefect: (error) => this.#failed(error, process),
    })
    this.#controller = controller
    try {
      controller.start()
    } catch (error) {
      this.#failed(error, process)
      return
    }
    this.#configure((error) => this.#failed(error, process))
  }

  /** Trouble with a configuration that changed ends no controller: the directory is looked at again after a while. */
  #reconfigure(): void {
    const controller = this.#controller
    const process = this.#process
    if (controller === undefined || process === undefined) return
    this.#configure((error) => {
      if (!(error instanceof PortError)) return this.#failed(error, process)
      this.#options.surroundings.time.after(
        RESTART_MS,
        () => this.#controller === controller && this.configure(),
      )
    })
  }

  #configure(onError: (error: unknown) => void): void {
    const [environment] = this.#options.environments()
    if (environment !== undefined) this.#controller?.configure(environment, onError)
  }

  /** As `steersman run` does, a process that can't begin ends, and its supervisor tries again. */
  #failed(error: unknown, process: SimulatedProcess): void {
    if (process.isDead || process !== this.#process) return
    if (!(error instanceof PortError))
      this.#options.onDefect(
        `${this.#instance} threw ${error instanceof Error ? error.stack : String(error)}`,
      )
    this.#endFor(RESTART_MS)
  }
}
