import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AwsLimits } from '../../controller/adapters/aws/client/limits.ts'
import { systemClock } from '../../controller/adapters/system/clock.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import type { EngineSettings } from '../../controller/engine/engine.ts'
import { annotations } from '../../controller/resources/annotations.ts'
import { REQUESTED_AT_ANNOTATION } from '../../controller/resources/metadata.ts'
import { rolloutObjectName } from '../../controller/resources/names.ts'
import type {
  Condition,
  DefaultedEnvironment,
  EnvironmentStatus,
  ReleaseStatus,
} from '../../controller/resources/types.ts'
import type { Clock } from '../../controller/ports/clock.ts'
import type { StoredObject } from '../../controller/ports/store.ts'
import type { Terraform } from '../../controller/ports/terraform.ts'
import { asRollout } from '../../controller/engine/objects.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import type { Sandbox } from '../../controller/sandbox/server.ts'
import type { Incarnation } from './machine/incarnation.ts'
import { bearController } from './machine/incarnation.ts'
import type { Mortality } from './machine/mortality.ts'
import { createMortality } from './machine/mortality.ts'
import type { ReleaseVariant } from './machine/release-files.ts'
import { releaseFiles } from './machine/release-files.ts'
import type { PairShape } from './machine/shape.ts'
import { ACCOUNT, makeCluster, makePair } from './machine/shape.ts'
import type { EnvironmentSpec } from './machine/environment.ts'
import { environmentOf } from './machine/environment.ts'
import { PATIENCE, patiently } from './machine/patience.ts'
import { Surroundings } from './machine/surroundings.ts'
import type { CommitOptions, TestRepository, TreeEntry } from './repository.ts'
import { createRepository } from './repository.ts'
import { makeDirectoryInMemory } from './temp-directory.ts'

export interface MachineOptions {
  /** How much faster than AWS the sandbox is. */
  readonly speed?: number
  /** Members of the Environment's spec, over the usual ones. */
  readonly spec?: EnvironmentSpec
  readonly settings?: Partial<EngineSettings>
  readonly signingKeyFile?: string
  /** How fast it may ask AWS; left out, as AWS allows. */
  readonly limits?: AwsLimits
  /** The controller's pauses after failures are cut to so long: longer ones would only be waited for. */
  readonly longestPauseMs?: number
  /** Asks who has changed what drifts. */
  readonly trail?: boolean
  /** Called before there is anything in the sandbox: requests to listeners that are made later can be watched. */
  readonly watch?: (sandbox: Sandbox) => void
  /** Runs the environment's Terraform. */
  readonly terraform?: Terraform
  /** Other environments on the same machine, by name, with their spec's members. */
  readonly others?: Readonly<Record<string, EnvironmentSpec>>
}

/** Where a test's own end closes what it opened: vitest's test context. */
export interface Ending {
  onTestFinished(close: () => Promise<void>): unknown
}

/** How a scenario runs: beside others, for most of it is waiting, and with patience for a busy machine. */
export const STORY = { concurrent: true, timeout: 180_000 } as const

export const WEB: PairShape = { release: 'web', loadBalancer: 'demo', port: 80, testPort: 8081 }

/**
 * A whole Steersman in this process, for the story of one environment `demo` on branch `demo`: the sandbox with the demo's shape, a real git repository, the
 * file store, the engine with all real adapters. It is closed when the test ends.
 */
export async function startMachine(ending: Ending, options: MachineOptions = {}): Promise<Machine> {
  const directory = await makeDirectoryInMemory('steersman-machine')
  const sandbox = await startSandbox({ port: 0, speed: options.speed ?? 50 })
  options.watch?.(sandbox)
  makeCluster(sandbox, 'demo')
  makePair(sandbox, WEB)
  const repository = createRepository()
  const machine = new Machine({ options, sandbox, repository, directory: directory.path })
  ending.onTestFinished(async () => {
    await machine.close()
    await sandbox.close()
    repository.remove()
    await directory.remove()
  })
  return machine
}

interface Parts {
  readonly options: MachineOptions
  readonly sandbox: Sandbox
  readonly repository: TestRepository
  readonly directory: string
}

/** What a story can do and see; made by {@link startMachine}. */
export class Machine extends Surroundings {
  /** Everything that was told, in order. */
  readonly events: SteersmanEvent[] = []
  readonly #options: MachineOptions
  readonly #directory: string
  readonly #awsClock: Clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + this.#agedMs,
  }
  #agedMs = 0
  #spec: EnvironmentSpec
  #life: { readonly incarnation: Incarnation; readonly mortality: Mortality } | undefined

  constructor({ options, sandbox, repository, directory }: Parts) {
    super({ sandbox, repository })
    this.#options = options
    this.#directory = directory
    this.#spec = options.spec ?? {}
  }

  /** Starts a controller on the data directory, as a first one or after another's end. */
  async start(mortality: Mortality = createMortality()): Promise<void> {
    const incarnation = await bearController({
      dataDir: this.#directory,
      sandboxUrl: this.sandbox.url,
      accountId: ACCOUNT,
      settings: this.#options.settings ?? {},
      emit: (event) => this.events.push(event),
      mortality,
      signingKeyFile: this.#options.signingKeyFile,
      terraform: this.#options.terraform,
      trail: this.#options.trail,
      awsClock: this.#awsClock,
      clock: this.#clock,
      ...(this.#options.limits === undefined ? {} : { limits: this.#options.limits }),
    })
    this.#life = { incarnation, mortality }
    await incarnation.controller.start()
    await incarnation.controller.setEnvironments(this.#environments())
  }

  /** Ends the controller as SIGTERM does. */
  async stop(): Promise<void> {
    await this.#life?.incarnation.controller.stop(5_000)
    this.#life = undefined
  }

  /** Ends the controller as SIGKILL does: nothing of it goes on, nothing is given back. */
  kill(): void {
    this.#life?.mortality.die()
  }

  /** Forgets what the store knows: a disk that was lost. The controller must be stopped. */
  async loseStore(): Promise<void> {
    await rm(join(this.#directory, 'store'), { recursive: true })
  }

  /** Makes all that AWS has answered older than the adapters keep it, which would take a minute: the next look asks again. */
  age(): void {
    this.#agedMs += 60_000
  }

  /** Changes the Environment, as an edit of the configuration directory does. */
  async configure(spec: EnvironmentSpec): Promise<void> {
    this.#spec = { ...this.#spec, ...spec }
    await this.#controller.setEnvironments(this.#environments())
  }

  /** Commits a release to the branch and tells the controller, as a forge's webhook does. */
  push(variant: ReleaseVariant, commit: CommitOptions = {}): string {
    return this.pushFiles(releaseFiles(variant), commit)
  }

  pushFiles(files: Readonly<Record<string, TreeEntry>>, commit: CommitOptions = {}): string {
    const id = this.repository.commit(files, { branch: 'demo', ...commit })
    this.reconcile()
    return id
  }

  /** What a webhook does. */
  reconcile(environment = 'demo'): void {
    this.#life?.incarnation.controller.reconcile(environment)
  }

  /** What a verb of the CLI does: an annotation, and a look at it. */
  async ask(
    kind: 'Environment' | 'Release' | 'Rollout',
    name: string,
    marks: Record<string, string>,
  ): Promise<void> {
    await this.mark(kind, name, marks)
    this.reconcile()
  }

  /** The same without a look at the environment. */
  async mark(
    kind: 'Environment' | 'Release' | 'Rollout',
    name: string,
    marks: Record<string, string>,
  ): Promise<void> {
    await this.#change(kind, name, marks)
    if (kind === 'Environment') return
    const key = { environment: 'demo', release: 'web' }
    const isWayBack = marks[annotations.abort] !== undefined || marks[annotations.failback] !== undefined
    if (isWayBack) this.#controller.reconcileAtOnce(key)
    else this.#controller.reconcileRelease(key)
  }

  /** Resolves when the environment was reconciled once more, from its beginning. */
  async nextReconcile(environment = 'demo'): Promise<void> {
    const id = `${performance.now()}`
    await this.#change('Environment', environment, { [REQUESTED_AT_ANNOTATION]: id })
    this.reconcile(environment)
    const handled = async (): Promise<unknown> => (await this.environment(environment)).lastHandledReconcileAt
    await patiently(handled, (at) => at === id, { what: `a reconcile of ${environment}` })
  }

  async environment(name = 'demo'): Promise<EnvironmentStatus> {
    return (await this.#store.get('Environment', name))?.status ?? {}
  }

  async release(name = 'web', environment = 'demo'): Promise<ReleaseStatus> {
    return (await this.#store.get('Release', `${environment}-${name}`))?.status ?? {}
  }

  /** The newest rollout of the release, finished or not; undefined before the first. */
  async rollout(number?: number, release = 'web'): Promise<RolloutState | undefined> {
    const last = number ?? (await this.release(release)).lastRollout
    if (last === undefined) return undefined
    const stored = await this.#store.get(
      'Rollout',
      rolloutObjectName({ environment: 'demo', release, number: last }),
    )
    return stored === undefined ? undefined : asRollout(stored).state
  }

  /** Resolves when all releases of the commit serve and the tag says so. */
  async untilDeployed(commit: string, withinMs = PATIENCE.withinMs): Promise<void> {
    await this.untilEnvironment(
      (status) => status.deployed?.commit === commit && isTrue(status.conditions, 'Ready'),
      {
        what: `commit ${commit.slice(0, 8)} to be deployed`,
        withinMs,
      },
    )
  }

  async untilEnvironment(
    holds: (status: EnvironmentStatus) => boolean,
    {
      what = 'the environment',
      name = 'demo',
      withinMs = PATIENCE.withinMs,
    }: { readonly what?: string; readonly name?: string; readonly withinMs?: number } = {},
  ): Promise<EnvironmentStatus> {
    return patiently(() => this.environment(name), holds, { what, withinMs })
  }

  async untilRelease(
    holds: (status: ReleaseStatus) => boolean,
    { what = 'the release', name = 'web' }: { readonly what?: string; readonly name?: string } = {},
  ): Promise<ReleaseStatus> {
    return patiently(() => this.release(name), holds, { what })
  }

  /** Resolves when the rollout is in the phase, or was. */
  async untilPhase(phase: string, number: number, release = 'web'): Promise<void> {
    const rollout = rolloutObjectName({ environment: 'demo', release, number })
    const entered = (): boolean =>
      this.events.some(
        (event) => event.type === 'PhaseEntered' && event.rollout === rollout && event.phase === phase,
      )
    await patiently(entered, Boolean, { what: `phase ${phase} of ${rollout}` })
  }

  /** How the rollout ended; waits for its end. */
  async outcomeOf(
    number: number,
    release = 'web',
  ): Promise<{ readonly outcome: string; readonly reason: string }> {
    const state = await patiently(
      () => this.rollout(number, release),
      (seen) => seen?.status.finishedAt !== undefined,
      { what: `the end of rollout ${number}` },
    )
    return { outcome: state?.status.outcome ?? '', reason: state?.status.reason ?? '' }
  }

  /** Changes that the store has seen so far. */
  async storeChanges(): Promise<number> {
    return Number((await this.#store.list('Release')).resourceVersion)
  }

  /** Types of the conditions that are true. */
  async conditions(name = 'demo'): Promise<string[]> {
    const { conditions = [] } = await this.environment(name)
    return conditions
      .filter(({ status }) => status === 'True')
      .map(({ type, reason }) => `${type}(${reason ?? ''})`)
      .toSorted()
  }

  async close(): Promise<void> {
    await this.endLoads()
    if (this.#life?.mortality.isDead() !== true) await this.stop()
  }

  get #clock(): Clock {
    const { longestPauseMs = Infinity } = this.#options
    return {
      ...systemClock,
      sleep: (durationMs, signal) => systemClock.sleep(Math.min(durationMs, longestPauseMs), signal),
    }
  }

  get #controller(): Incarnation['controller'] {
    if (this.#life === undefined) throw new Error('no controller runs')
    return this.#life.incarnation.controller
  }

  get #store(): Incarnation['store'] {
    if (this.#life === undefined) throw new Error('no controller runs')
    return this.#life.incarnation.store
  }

  async #change(kind: StoredObject['kind'], name: string, marks: Record<string, string>): Promise<void> {
    const changed = async (): Promise<boolean> => {
      const object = await this.#store.get(kind, name)
      if (object === undefined) throw new Error(`there is no ${kind} ${name}`)
      const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, ...marks } }
      await this.#store.update({ ...object, metadata })
      return true
    }
    await patiently(changed, Boolean, { what: `an annotation of ${kind} ${name}` })
  }

  #environments(): DefaultedEnvironment[] {
    const all = { demo: this.#spec, ...this.#options.others }
    return Object.entries(all).map(([name, spec]) =>
      environmentOf(name, { path: this.repository.path, spec }),
    )
  }
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}
