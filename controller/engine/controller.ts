import { durationMs } from '../resources/duration.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import type { ReleaseKey } from '../resources/names.ts'
import { PortError } from '../ports/error.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Engine, EnginePorts, EngineSettings, EnvironmentState } from './engine.ts'
import { reconcileEnvironment } from './environment/reconcile.ts'
import { createLead } from './lead.ts'
import { reconcileRelease } from './reconcile.ts'
import { createWorkQueue } from './work-queue.ts'

/** The engine as main.ts drives it. */
export interface Controller {
  /** Takes the lease and begins to work; throws PortError `LeaseHeld` when another controller acts on the same store. */
  start(): Promise<void>
  /** The environments as they are configured now; called again whenever the configuration changes. */
  setEnvironments(environments: readonly DefaultedEnvironment[]): Promise<void>
  /** Wants an environment looked at now: a push came in, or a person asked. */
  reconcile(environment: string): void
  reconcileRelease(key: ReleaseKey): void
  /** Whether the lease is held and every environment was read, or its trouble reported, at least once. */
  ready(): { readonly ready: boolean; readonly reasons: readonly string[] }
  /** Takes nothing new, lets running work end within `limitMs`, gives the lease up. */
  stop(limitMs: number): Promise<void>
}

export interface ControllerOptions {
  readonly ports: EnginePorts
  readonly settings: EngineSettings
}

/** Backoff of a key whose reconcile threw: passing trouble of a network, or a bug. */
const BACKOFF = { firstMs: 250, maximumMs: 60_000 }
const MAXIMUM_KEYS = 20_000

/** Puts queue, lease and reconciles together. */
export function createController({ ports, settings }: ControllerOptions): Controller {
  const environments = new Map<string, EnvironmentState>()
  const read = new Set<string>()
  const queue = createWorkQueue({
    clock: ports.clock,
    random: ports.random,
    concurrency: settings.concurrency,
    maximumKeys: MAXIMUM_KEYS,
    backoff: BACKOFF,
    work,
    onFailure: (failure) => tellFailure(ports.telemetry, failure),
    onStart: ({ waitedMs }) => {
      ports.telemetry.emit({ type: 'QueueWaited', durationMs: waitedMs })
      ports.telemetry.emit({
        type: 'QueueSeen',
        depth: queue.depth(),
        longestRunningSeconds: queue.longestRunningMs() / 1000,
      })
    },
  })
  const lead = createLead({
    clock: ports.clock,
    leases: ports.leases,
    telemetry: ports.telemetry,
    name: 'controller',
    onTaken: addAll,
  })
  const engine: Engine = {
    ports,
    settings,
    lead,
    environments,
    enqueueEnvironment: (environment) => queue.add(environmentKey(environment)),
    enqueueRelease: (key) => queue.add(releaseKey(key)),
  }

  function addAll(): void {
    for (const name of environments.keys()) queue.add(environmentKey(name))
  }

  async function work(key: string): Promise<number | undefined> {
    const startedAt = ports.clock.monotonic()
    const [kind, environment = '', release] = key.split('/')
    const again =
      release === undefined
        ? await workEnvironment(environment)
        : await reconcileRelease(engine, { environment, release })
    const durationMs = ports.clock.monotonic() - startedAt
    ports.telemetry.emit({
      type: 'Reconciled',
      kind: kind === 'environment' ? 'Environment' : 'Release',
      key,
      result: 'success',
      durationMs,
    })
    return again
  }

  async function workEnvironment(name: string): Promise<number | undefined> {
    const state = environments.get(name)
    if (state === undefined) return undefined
    try {
      await reconcileEnvironment(engine, name)
    } catch (error) {
      if (!(error instanceof PortError) || error.handling === 'retry') throw error
      tellFailure(ports.telemetry, {
        key: environmentKey(name),
        error,
        retryMs: intervalMs(state, ports.random.next()),
      })
    } finally {
      read.add(name)
    }
    return intervalMs(state, ports.random.next())
  }

  async function setEnvironments(wanted: readonly DefaultedEnvironment[]): Promise<void> {
    const names = new Set(wanted.map((environment) => environment.metadata.name))
    const gone = [...environments].filter(([name, state]) => !names.has(name) || hasChanged(state, wanted))
    for (const [name, state] of gone) {
      environments.delete(name)
      if (!names.has(name)) queue.forget(environmentKey(name))
      await state.connections.close()
    }
    for (const environment of wanted) {
      const { name } = environment.metadata
      if (!environments.has(name)) environments.set(name, newState(environment, ports.connect(environment)))
      queue.add(environmentKey(name))
    }
  }

  return {
    setEnvironments,
    start: async () => {
      await lead.begin()
      queue.start()
    },
    reconcile: engine.enqueueEnvironment,
    reconcileRelease: engine.enqueueRelease,
    ready: () => readiness(lead.holds(), environments, read),
    stop: async (limitMs) => {
      await queue.drain(limitMs)
      await lead.end()
      await Promise.all([...environments.values()].map((state) => state.connections.close()))
    },
  }
}

const environmentKey = (name: string): string => `environment/${name}`
const releaseKey = ({ environment, release }: ReleaseKey): string => `release/${environment}/${release}`

const newState = (
  environment: DefaultedEnvironment,
  connections: EnvironmentState['connections'],
): EnvironmentState => ({
  environment,
  connections,
  desires: undefined,
  claimed: [],
  fetched: undefined,
  lastSeen: new Map(),
  sweep: new Map(),
})

const hasChanged = (state: EnvironmentState, wanted: readonly DefaultedEnvironment[]): boolean => {
  const now = wanted.find((environment) => environment.metadata.name === state.environment.metadata.name)
  return JSON.stringify(now?.spec) !== JSON.stringify(state.environment.spec)
}

/** The poll's interval with a tenth of jitter either way, so that many environments do not ask at the same moment. */
const intervalMs = ({ environment }: EnvironmentState, chance: number): number =>
  durationMs(environment.spec.source.interval) * (0.9 + chance * 0.2)

function readiness(
  leads: boolean,
  environments: ReadonlyMap<string, EnvironmentState>,
  read: ReadonlySet<string>,
): { readonly ready: boolean; readonly reasons: readonly string[] } {
  const unread = [...environments.keys()].filter((name) => !read.has(name))
  const reasons = [
    ...(leads ? [] : ['the lease is not held']),
    ...unread.map((name) => `environment ${name} was not read yet`),
  ]
  return { ready: reasons.length === 0, reasons }
}

function tellFailure(
  telemetry: Telemetry,
  { key, error, retryMs }: { readonly key: string; readonly error: unknown; readonly retryMs: number },
): void {
  const kind = key.startsWith('environment/') ? 'Environment' : 'Release'
  const code = error instanceof PortError ? error.code : error instanceof Error ? error.name : 'Unknown'
  const message = error instanceof Error ? error.message : String(error)
  telemetry.emit({ type: 'ReconcileFailed', kind, key, code, message, retryMs })
}
