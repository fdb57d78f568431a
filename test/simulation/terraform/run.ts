import type { StateLock, TerraformProcess } from '../../../controller/ports/terraform.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Time } from '../time/time.ts'
import { between } from '../time/randomness.ts'
import type { Cloud, CloudObject } from './cloud.ts'
import type { PlannedChange, SavedPlan, State } from './plan.ts'
import { makePlan } from './plan.ts'
import type { WantedRoot } from './root.ts'

/** What goes wrong with one process, at its nth step. */
export interface Trouble {
  readonly command: 'plan' | 'apply'
  /** `hangs`: it goes on only when it is calm, or ends when it is interrupted. `deaf`: it does not even heed that. */
  readonly how: 'fails' | 'hangs' | 'deaf' | 'killed'
  readonly step: number
  /** Told when it strikes. */
  readonly strike: () => void
}

/** How a process ended. */
export type RunEnd =
  | { readonly kind: 'Planned'; readonly plan: SavedPlan }
  | { readonly kind: 'Applied' | 'Failed' | 'Interrupted' | 'Killed' | 'Stale' }
  | { readonly kind: 'Locked'; readonly lock: StateLock }

/** Where the state lies, with its lock. */
export interface Backend {
  state: State
  lock: StateLock | undefined
}

/** What a run has around it. */
export interface RunSurroundings {
  readonly time: Time
  readonly random: Random
  readonly backend: Backend
  readonly cloud: Cloud
  /** Addresses whose objects were made by processes that were killed before the state knew of them. */
  readonly lost: Set<string>
  /** Told of what it does. */
  readonly onAct: (act: RunAct) => void
}

/** What a process does to the world. */
export type RunAct =
  /** It holds the lock, and begins to change things. */
  | { readonly type: 'ApplyBegins'; readonly run: TerraformRun; readonly plan: SavedPlan }
  | {
      readonly type: 'Changed' | 'MadeAgain'
      readonly run: TerraformRun
      readonly plan: SavedPlan
      readonly change: PlannedChange
    }
  | { readonly type: 'Saved' | 'Ended'; readonly run: TerraformRun }

export interface RunRequest {
  readonly process: TerraformProcess
  readonly directory: string
  /** The life of the controller that started it. */
  readonly by: string
  readonly lock: StateLock
  /** Undefined takes no lock. */
  readonly lockTimeoutMs: number | undefined
  readonly trouble: Trouble | undefined
  readonly work:
    | { readonly command: 'plan'; readonly wanted: WantedRoot | undefined }
    | { readonly command: 'apply'; readonly plan: SavedPlan }
}

/** Between two tries to take the lock, in milliseconds. */
const LOCK_PAUSE_MS = 1_000
/** From an interrupt to the end, with the state saved and the lock freed. */
const INTERRUPTED_MS = 800

/** A process of Terraform: it goes on whatever becomes of the controller that started it. */
export class TerraformRun {
  readonly request: RunRequest
  readonly #around: RunSurroundings
  readonly #onEnd: (() => void)[] = []
  #cancel = (): void => undefined
  #end: RunEnd | undefined
  #isAtWork = false
  #isInterrupted = false
  /** What goes on when the process hangs no more. */
  #goOn: (() => void) | undefined
  /** The state as it will be saved. */
  #draft = new Map<string, CloudObject>()
  #made: string[] = []

  constructor(around: RunSurroundings, request: RunRequest) {
    this.#around = around
    this.request = request
    this.#after(between(around.random, 100, 600), () => this.#takeLock(request.lockTimeoutMs))
  }

  get end(): RunEnd | undefined {
    return this.#end
  }

  /** Whether it is changing things: an apply that holds its lock. */
  get isApplying(): boolean {
    return this.#isAtWork && this.request.work.command === 'apply' && this.#end === undefined
  }

  get holdsLock(): boolean {
    return this.#around.backend.lock?.id === this.request.lock.id
  }

  onEnd(callback: () => void): void {
    if (this.#end === undefined) this.#onEnd.push(callback)
    else callback()
  }

  /** SIGINT. */
  interrupt(): void {
    if (this.#end !== undefined || this.#isInterrupted || this.#isDeaf) return
    this.#isInterrupted = true
    this.#goOn = undefined
    this.#after(INTERRUPTED_MS, () => this.#finish({ kind: 'Interrupted' }))
  }

  /** SIGKILL: the lock stays, and the state knows nothing of what was made. */
  kill(): void {
    if (this.#end !== undefined) return
    for (const address of this.#made) this.#around.lost.add(address)
    this.#close({ kind: 'Killed' })
  }

  /** Nothing holds it up any more. */
  calm(): void {
    const goOn = this.#goOn
    this.#goOn = undefined
    goOn?.()
  }

  get #isDeaf(): boolean {
    return this.request.trouble?.how === 'deaf' && this.#goOn !== undefined
  }

  #after(delayMs: number, act: () => void): void {
    this.#cancel()
    this.#cancel = this.#around.time.after(delayMs, () => {
      if (this.#end === undefined) act()
    })
  }

  #takeLock(leftMs: number | undefined): void {
    const { backend } = this.#around
    if (leftMs === undefined) return this.#work()
    if (backend.lock === undefined) {
      backend.lock = this.request.lock
      return this.#work()
    }
    if (leftMs <= 0) return this.#close({ kind: 'Locked', lock: backend.lock })
    this.#after(LOCK_PAUSE_MS, () => this.#takeLock(leftMs - LOCK_PAUSE_MS))
  }

  #work(): void {
    const { work } = this.request
    this.#isAtWork = true
    if (work.command === 'plan') return this.#step(0, () => this.#plan(work.wanted))
    const { plan } = work
    if (plan.serial !== this.#around.backend.state.serial) return this.#finish({ kind: 'Stale' })
    this.#draft = new Map(plan.refreshed)
    this.#around.onAct({ type: 'ApplyBegins', run: this, plan })
    this.#change(plan, 0)
  }

  #plan(wanted: WantedRoot | undefined): void {
    const { backend, cloud } = this.#around
    if (wanted === undefined) return this.#finish({ kind: 'Failed' })
    this.#finish({ kind: 'Planned', plan: makePlan(backend.state, cloud, wanted) })
  }

  #change(plan: SavedPlan, index: number): void {
    const change = plan.changes[index]
    if (change === undefined) return this.#finish({ kind: 'Applied' })
    this.#step(index, () => {
      this.#make(plan, change)
      this.#change(plan, index + 1)
    })
  }

  #make(plan: SavedPlan, change: PlannedChange): void {
    const { cloud, lost, onAct } = this.#around
    const { address, known, wanted } = change
    const isAgain = change.action === 'create' && lost.delete(address)
    if (wanted === undefined) {
      if (known !== undefined) cloud.destroy(known)
      this.#draft.delete(address)
    } else if (change.action === 'update' && known !== undefined) {
      cloud.update(known, wanted.values)
      this.#draft.set(address, { ...known, values: wanted.values })
    } else {
      this.#draft.set(address, cloud.create(wanted))
      if (change.action === 'create') this.#made.push(address)
    }
    onAct({ type: isAgain ? 'MadeAgain' : 'Changed', run: this, plan, change })
  }

  /** Something that takes a moment, and that trouble may come to. */
  #step(index: number, act: () => void): void {
    const { random } = this.#around
    const { trouble } = this.request
    const tookMs = between(random, 800, this.request.work.command === 'plan' ? 6_000 : 9_000)
    this.#after(tookMs, () => {
      if (trouble === undefined || index !== trouble.step % this.#steps) return act()
      trouble.strike()
      // The machine may have gone down by it.
      if (this.#end !== undefined) return
      if (trouble.how === 'fails') return this.#finish({ kind: 'Failed' })
      if (trouble.how === 'killed') return this.kill()
      this.#goOn = act
    })
  }

  get #steps(): number {
    const { work } = this.request
    return work.command === 'plan' ? 1 : work.plan.changes.length
  }

  /** Ends by itself: an apply saves what it has made, and the lock is freed. */
  #finish(end: RunEnd): void {
    const { backend, onAct } = this.#around
    const { work } = this.request
    if (this.isApplying && work.command === 'apply' && end.kind !== 'Stale') {
      backend.state = this.#saved(work.plan)
      onAct({ type: 'Saved', run: this })
    }
    if (this.holdsLock) backend.lock = undefined
    this.#close(end)
  }

  #saved({ outputs }: SavedPlan): State {
    const { serial } = this.#around.backend.state
    const known = Object.entries(outputs).flatMap(([name, address]) => {
      const object = this.#draft.get(address)
      return object === undefined ? [] : [[name, object.arn] as const]
    })
    return { serial: serial + 1, objects: this.#draft, outputs: Object.fromEntries(known) }
  }

  #close(end: RunEnd): void {
    this.#cancel()
    this.#goOn = undefined
    this.#end = end
    this.#around.onAct({ type: 'Ended', run: this })
    for (const callback of this.#onEnd.splice(0)) callback()
  }
}
