import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import type { EngineSettings } from '../../controller/engine/engine.ts'
import { REQUESTED_AT_ANNOTATION } from '../../controller/resources/metadata.ts'
import { rolloutObjectName } from '../../controller/resources/names.ts'
import type {
  Condition,
  DefaultedEnvironment,
  EnvironmentStatus,
  ReleaseStatus,
} from '../../controller/resources/types.ts'
import { validateEnvironment } from '../../controller/resources/validate.ts'
import type { StoredObject } from '../../controller/ports/store.ts'
import { asRollout } from '../../controller/engine/objects.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import type { Sandbox } from '../../controller/sandbox/server.ts'
import { eventually } from './eventually.ts'
import type { Load } from './load.ts'
import { startLoad, versionIn } from './load.ts'
import type { Incarnation } from './machine/incarnation.ts'
import { bearController } from './machine/incarnation.ts'
import type { Mortality } from './machine/mortality.ts'
import { createMortality } from './machine/mortality.ts'
import type { ReleaseVariant } from './machine/release-files.ts'
import { releaseFiles } from './machine/release-files.ts'
import type { PairShape } from './machine/shape.ts'
import { ACCOUNT, callSandbox, IMAGE_REPOSITORY, makeCluster, makePair, REGION } from './machine/shape.ts'
import type { CommitOptions, TestRepository, TreeEntry } from './repository.ts'
import { createRepository } from './repository.ts'
import { makeTemporaryDirectory } from './temp-directory.ts'

type EnvironmentSpec = Record<string, unknown>

export interface MachineOptions {
  /** How much faster than AWS the sandbox is. */
  readonly speed?: number
  /** Members of the Environment's spec, over the usual ones. */
  readonly spec?: EnvironmentSpec
  readonly settings?: Partial<EngineSettings>
  readonly signingKeyFile?: string
  /** Other environments on the same machine, by name, with their spec's members. */
  readonly others?: Readonly<Record<string, EnvironmentSpec>>
}

/** Where a test's own end closes what it opened: vitest's test context. */
export interface Ending {
  onTestFinished(close: () => Promise<void>): unknown
}

/** How a scenario runs: beside others, for most of it is waiting, and with patience for a busy machine. */
export const STORY = { concurrent: true, timeout: 90_000 } as const

type HandCall = Parameters<typeof callSandbox>[1]

export const WEB: PairShape = { release: 'web', loadBalancer: 'demo', port: 80, testPort: 8081 }
const PATIENCE = { withinMs: 30_000, everyMs: 15 }

/**
 * A whole Steersman in this process, for the story of one environment `demo` on branch `demo`: the sandbox with the demo's shape, a real git repository, the
 * file store, the engine with all real adapters. It is closed when the test ends.
 */
export async function startMachine(ending: Ending, options: MachineOptions = {}): Promise<Machine> {
  const directory = await makeTemporaryDirectory('steersman-machine')
  const sandbox = await startSandbox({ port: 0, speed: options.speed ?? 50 })
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
export class Machine {
  readonly sandbox: Sandbox
  readonly repository: TestRepository
  /** Everything that was told, in order. */
  readonly events: SteersmanEvent[] = []
  readonly #options: MachineOptions
  readonly #directory: string
  readonly #loads: Load[] = []
  readonly #byHand = new Map<string, number>()
  #spec: EnvironmentSpec
  #life: { readonly incarnation: Incarnation; readonly mortality: Mortality } | undefined

  constructor({ options, sandbox, repository, directory }: Parts) {
    this.#options = options
    this.sandbox = sandbox
    this.repository = repository
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
    await this.#change(kind, name, marks)
    this.reconcile()
    if (kind !== 'Environment') this.#controller.reconcileRelease({ environment: 'demo', release: 'web' })
  }

  /** Resolves when the environment was reconciled once more, from its beginning. */
  async nextReconcile(environment = 'demo'): Promise<void> {
    const id = `${performance.now()}`
    await this.#change('Environment', environment, { [REQUESTED_AT_ANNOTATION]: id })
    this.reconcile(environment)
    const handled = async (): Promise<unknown> => (await this.environment(environment)).lastHandledReconcileAt
    await eventually(handled, (at) => at === id, { what: `a reconcile of ${environment}`, ...PATIENCE })
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
  async untilDeployed(commit: string): Promise<void> {
    await this.untilEnvironment(
      (status) => status.deployed?.commit === commit && isTrue(status.conditions, 'Ready'),
      {
        what: `commit ${commit.slice(0, 8)} to be deployed`,
      },
    )
  }

  async untilEnvironment(
    holds: (status: EnvironmentStatus) => boolean,
    { what = 'the environment', name = 'demo' }: { readonly what?: string; readonly name?: string } = {},
  ): Promise<EnvironmentStatus> {
    return eventually(() => this.environment(name), holds, { what, ...PATIENCE })
  }

  async untilRelease(
    holds: (status: ReleaseStatus) => boolean,
    { what = 'the release', name = 'web' }: { readonly what?: string; readonly name?: string } = {},
  ): Promise<ReleaseStatus> {
    return eventually(() => this.release(name), holds, { what, ...PATIENCE })
  }

  /** Resolves when the rollout is in the phase, or was. */
  async untilPhase(phase: string, number: number, release = 'web'): Promise<void> {
    const rollout = rolloutObjectName({ environment: 'demo', release, number })
    const entered = (): boolean =>
      this.events.some(
        (event) => event.type === 'PhaseEntered' && event.rollout === rollout && event.phase === phase,
      )
    await eventually(entered, Boolean, { what: `phase ${phase} of ${rollout}`, ...PATIENCE })
  }

  /** How the rollout ended; waits for its end. */
  async outcomeOf(
    number: number,
    release = 'web',
  ): Promise<{ readonly outcome: string; readonly reason: string }> {
    const state = await eventually(
      () => this.rollout(number, release),
      (seen) => seen?.status.finishedAt !== undefined,
      { what: `the end of rollout ${number}`, ...PATIENCE },
    )
    return { outcome: state?.status.outcome ?? '', reason: state?.status.reason ?? '' }
  }

  /** The version that a request to the port gets. */
  async served(port = 80, loadBalancer = 'demo'): Promise<string> {
    const response = await fetch(await this.url(port, loadBalancer))
    return response.ok ? versionIn(await response.text()) : String(response.status)
  }

  async url(port = 80, loadBalancer = 'demo'): Promise<string> {
    const response = await fetch(`${this.sandbox.url}/_sandbox/listeners`)
    const rows = (await response.json()) as { loadBalancer: string; port: number; url: string }[]
    const row = rows.find((candidate) => candidate.port === port && candidate.loadBalancer === loadBalancer)
    if (row === undefined) throw new Error(`no listener at port ${port} of ${loadBalancer}`)
    return row.url
  }

  /** Requests from now on, until the test stops them or ends. */
  async load(): Promise<Load> {
    const load = startLoad(await this.url())
    this.#loads.push(load)
    await load.more(10)
    return load
  }

  /** Weights of the production listener, by side. */
  weights(release = 'web', port = 80): { readonly blue: number; readonly green: number } {
    const { elb } = this.sandbox.world
    const listener = elb.tables.listeners.list().find((candidate) => candidate.port === port)
    const output = callSandbox(this.sandbox, {
      service: 'elasticloadbalancing',
      operation: 'DescribeListeners',
      input: { ListenerArns: [listener?.arn] },
    }) as {
      Listeners: {
        DefaultActions: { ForwardConfig: { TargetGroups: { TargetGroupArn: string; Weight: number }[] } }[]
      }[]
    }
    const groups = output.Listeners[0]?.DefaultActions[0]?.ForwardConfig.TargetGroups ?? []
    const of = (side: string): number =>
      groups.find((group) => group.TargetGroupArn.includes(`/${release}-${side}/`))?.Weight ?? 0
    return { blue: of('blue'), green: of('green') }
  }

  /** Sets weights as a person with the console does. */
  setWeightsByHand(weights: { readonly blue: number; readonly green: number }, port = 80): void {
    const { elb } = this.sandbox.world
    const listener = elb.tables.listeners.list().find((candidate) => candidate.port === port)
    const TargetGroups = (['blue', 'green'] as const).map((side) => ({
      TargetGroupArn: elb.tables.targetGroups.list().find((group) => group.name === `web-${side}`)?.arn,
      Weight: weights[side],
    }))
    const DefaultActions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }]
    const input = { ListenerArn: listener?.arn, DefaultActions }
    this.byHand({ service: 'elasticloadbalancing', operation: 'ModifyListener', input })
  }

  desiredCount(service: string): number {
    const { services } = callSandbox(this.sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: [service] },
    }) as { services: { desiredCount: number }[] }
    return services[0]?.desiredCount ?? 0
  }

  /** Family and revision that the service runs. */
  revisionOf(service: string): string {
    const { services } = callSandbox(this.sandbox, {
      service: 'ecs',
      operation: 'DescribeServices',
      input: { cluster: 'demo', services: [service] },
    }) as { services: { taskDefinition: string }[] }
    return services[0]?.taskDefinition.split('/').at(-1) ?? ''
  }

  /** A call that somebody else makes: it is left out of {@link Machine.writes}. */
  byHand(call: HandCall): void {
    callSandbox(this.sandbox, call)
    this.#byHand.set(call.operation, (this.#byHand.get(call.operation) ?? 0) + 1)
  }

  /** Writes to AWS that the controllers made so far, by operation. */
  writes(): Record<string, number> {
    const rows = this.sandbox.world.calls.list().filter(({ writes }) => writes)
    const counts = rows.map(
      ({ operation, count }) => [operation, count - this.#madeByOthers(operation)] as const,
    )
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }

  /** The behaviour of an image's tasks, by its tag. */
  async behaves(version: string, behavior: object): Promise<void> {
    await this.#admin('POST', 'images', { image: `${IMAGE_REPOSITORY}:${version}`, behavior })
  }

  async fault(fault: object): Promise<void> {
    await this.#admin('POST', 'faults', fault)
  }

  async noFaults(): Promise<void> {
    await this.#admin('DELETE', 'faults')
  }

  /** What `deploy/demo/current` names; undefined without it. */
  currentCommit(): string | undefined {
    const tags = this.repository.git([
      'for-each-ref',
      '--format=%(*objectname) %(objectname)',
      'refs/tags/deploy/demo/current',
    ])
    return tags.trim().split(' ')[0] || undefined
  }

  /** The numbers of the records in git. */
  records(): number[] {
    const names = this.repository.git([
      'for-each-ref',
      '--format=%(refname:lstrip=4)',
      'refs/tags/deploy/demo',
    ])
    return names
      .split('\n')
      .map(Number)
      .filter(Number.isInteger)
      .filter((number) => number > 0)
      .toSorted((a, b) => a - b)
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
    await Promise.all(this.#loads.map((load) => load.stop()))
    if (this.#life?.mortality.isDead() !== true) await this.stop()
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
      const annotations = { ...object.metadata.annotations, ...marks }
      await this.#store.update({ ...object, metadata: { ...object.metadata, annotations } })
      return true
    }
    await eventually(changed, Boolean, { what: `an annotation of ${kind} ${name}`, ...PATIENCE })
  }

  #madeByOthers(operation: string): number {
    return (SHAPE_WRITES[operation] ?? 0) + (this.#byHand.get(operation) ?? 0)
  }

  async #admin(method: string, path: string, body?: object): Promise<void> {
    const response = await fetch(`${this.sandbox.url}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await response.text())
  }

  #environments(): DefaultedEnvironment[] {
    const all = { demo: this.#spec, ...this.#options.others }
    return Object.entries(all).map(([name, spec]) =>
      environmentOf(name, { path: this.repository.path, spec }),
    )
  }
}

/** What making the shape of one pair costs; the machine's own. */
const SHAPE_WRITES: Readonly<Record<string, number>> = {
  CreateCluster: 1,
  CreateLoadBalancer: 1,
  CreateTargetGroup: 2,
  ModifyTargetGroupAttributes: 2,
  CreateListener: 2,
}

function environmentOf(
  name: string,
  { path, spec }: { readonly path: string; readonly spec: EnvironmentSpec },
): DefaultedEnvironment {
  const { source, ...rest } = spec
  const checked = validateEnvironment({
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Environment',
    metadata: { name },
    spec: {
      source: {
        repository: path,
        branch: name,
        path: 'deploy',
        interval: '1s',
        ...(source as object | undefined),
      },
      aws: { region: REGION, accountId: ACCOUNT },
      ...rest,
    },
  })
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('; '))
  return checked.value
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}
