import type { Random } from '../../../controller/ports/random.ts'
import type { RunningApply, StateLock, TerraformProcess } from '../../../controller/ports/terraform.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Pair } from '../aws/shape.ts'
import type { Time } from '../time/time.ts'
import { Cloud } from './cloud.ts'
import type { State } from './plan.ts'
import type { Backend, RunAct, RunRequest, Trouble } from './run.ts'
import { TerraformRun } from './run.ts'

/** What happens around the state, as checkers are told of it. */
export type TerraformAct =
  | RunAct
  | { readonly type: 'Planned'; readonly run: TerraformRun }
  | { readonly type: 'Unlocked'; readonly lock: StateLock; readonly by: string }

const HOST = 'simulation'

/** Terraform as it is outside of every controller: the state in its backend, what it has made, and the processes that run. */
export class SimulatedTerraform {
  readonly backend: Backend
  readonly cloud: Cloud
  /** Told of everything that happens. */
  onAct: (act: TerraformAct) => void = () => undefined
  readonly #time: Time
  readonly #random: Random
  readonly #runs: TerraformRun[] = []
  readonly #lost = new Set<string>()
  readonly #troubles: Trouble[] = []
  #boots = 1
  #numbers = 0
  #changedMs = 0

  constructor({
    time,
    random,
    aws,
    pairs,
  }: {
    readonly time: Time
    readonly random: Random
    readonly aws: SimulatedAws
    readonly pairs: readonly Pair[]
  }) {
    this.#time = time
    this.#random = random
    this.cloud = new Cloud(aws, pairs)
    const objects = new Map(this.cloud.listeners().map((object) => [object.address, object]))
    const state: State = { serial: 1, objects, outputs: {} }
    this.backend = { state, lock: undefined }
  }

  get runs(): readonly TerraformRun[] {
    return this.#runs
  }

  /** When anything changed last, in virtual milliseconds since the start. */
  get changedMs(): number {
    return this.#changedMs
  }

  /** Starts a process; the next trouble of its kind comes to it. */
  start(asked: Pick<RunRequest, 'by' | 'lockTimeoutMs' | 'work'>, directory: string): TerraformRun {
    this.#numbers += 1
    const { command } = asked.work
    const index = this.#troubles.findIndex((one) => one.command === command)
    const [trouble] = index < 0 ? [] : this.#troubles.splice(index, 1)
    const process: TerraformProcess = {
      host: HOST,
      boot: `boot ${this.#boots}`,
      pid: 1_000 + this.#numbers,
      startTime: String(this.#time.elapsed()),
    }
    const lock = this.#lockOf(`steersman-${this.#numbers}@${HOST}`, command)
    const run = new TerraformRun(
      {
        time: this.#time,
        random: this.#random,
        backend: this.backend,
        cloud: this.cloud,
        lost: this.#lost,
        onAct: (act) => this.#act(act),
      },
      { ...asked, process, directory, lock, trouble },
    )
    this.#runs.push(run)
    return run
  }

  /** The run of a process that was stored; undefined where nothing of the kind ever ran. */
  runOf({ process: { pid, boot, startTime } }: RunningApply): TerraformRun | undefined {
    return this.#runs.find(
      ({ request: { process } }) =>
        process.pid === pid && process.boot === boot && process.startTime === startTime,
    )
  }

  /** Somebody else takes the lock, if it is free: its id, or undefined. */
  lockBySomebody(): string | undefined {
    if (this.backend.lock !== undefined) return undefined
    this.#numbers += 1
    this.backend.lock = this.#lockOf('ada@laptop', 'apply')
    return this.backend.lock.id
  }

  /** Whoever holds that lock gives it back. */
  giveBack(id: string): void {
    if (this.backend.lock?.id === id) this.backend.lock = undefined
  }

  /** The lock is freed by force; false where it is another one. */
  unlock(id: string, by: string): boolean {
    const { lock } = this.backend
    if (lock?.id !== id) return false
    this.backend.lock = undefined
    this.#act({ type: 'Unlocked', lock, by })
    return true
  }

  /** The next process of that command runs into it. */
  trouble(trouble: Trouble): void {
    this.#troubles.push(trouble)
  }

  /** The machine goes down. */
  powerLoss(): void {
    this.#boots += 1
    for (const run of this.#runs) run.kill()
  }

  /** Everything that goes wrong stops. */
  calm(): void {
    this.#troubles.length = 0
    for (const run of this.#runs) run.calm()
  }

  #lockOf(who: string, command: 'plan' | 'apply'): StateLock {
    return {
      id: `lock-${this.#numbers}`,
      who,
      operation: command === 'plan' ? 'OperationTypePlan' : 'OperationTypeApply',
      since: this.#time.now(),
      path: 'demo.tfstate',
    }
  }

  #act(act: TerraformAct): void {
    this.#changedMs = this.#time.elapsed()
    this.onAct(act)
  }
}
