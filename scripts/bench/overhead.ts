import { systemClock } from '../../controller/adapters/system/clock.ts'
import { createMetrics } from '../../controller/adapters/telemetry/metrics.ts'
import { createRedactor } from '../../controller/adapters/telemetry/redactor.ts'
import { createApi } from '../../controller/api/create-api.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'
import type { Sandbox } from '../../controller/sandbox/server.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import type { EnvironmentStatus } from '../../controller/resources/types.ts'
import { eventually } from '../../test/support/eventually.ts'
import { environmentOf } from '../../test/support/machine/environment.ts'
import type { Incarnation } from '../../test/support/machine/incarnation.ts'
import { bearController } from '../../test/support/machine/incarnation.ts'
import { createMortality } from '../../test/support/machine/mortality.ts'
import { releaseFiles } from '../../test/support/machine/release-files.ts'
import { ACCOUNT, makeCluster, makePair } from '../../test/support/machine/shape.ts'
import type { TestRepository } from '../../test/support/repository.ts'
import { createRepository } from '../../test/support/repository.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import type { CallLog } from './call-log.ts'
import { classify, logCalls, median } from './call-log.ts'
import { Closers } from './closers.ts'

export const POLL_MS = 250
const ROUNDS = 7
/** The first versions fill both sides and warm the program up. */
const WARM_UP = 2
const SPEED = 20
const PRODUCTION_PORT = 80
const TEST_PORT = 8081

/** One release, from `POST …/reconcile` on. */
export interface Round {
  /** To full traffic. */
  readonly totalMs: number
  /** What the sandbox needs: from the start of the tasks until all targets are healthy. */
  readonly startMs: number
  /** From the gate's first request to its last. */
  readonly gateMs: number
  readonly overheadMs: number
  readonly calls: number
  readonly callsByOperation: Readonly<Record<string, number>>
  readonly polls: number
  readonly pollIntervalMs: number
}

export interface Overhead {
  readonly overheadMs: number
  readonly awsCallsPerRelease: number
  readonly polls: { readonly count: number; readonly intervalMs: number }
  readonly rounds: readonly Round[]
}

/** Measures releases one after the other, each onto an empty side, in one process with the sandbox: its own clock says what it needed. */
export async function measureOverhead(): Promise<Overhead> {
  const closers = new Closers()
  try {
    const bench = await open(closers)
    const rounds: Round[] = []
    for (let version = 1; version <= WARM_UP + ROUNDS; version++) {
      const round = await release(bench, `v${version}`)
      if (version > WARM_UP) rounds.push(round)
    }
    const of = (pick: (round: Round) => number): number => median(rounds.map(pick))
    return {
      overheadMs: of(({ overheadMs }) => overheadMs),
      awsCallsPerRelease: of(({ calls }) => calls),
      polls: { count: of(({ polls }) => polls), intervalMs: of(({ pollIntervalMs }) => pollIntervalMs) },
      rounds,
    }
  } finally {
    await closers.close()
  }
}

interface Bench {
  readonly sandbox: Sandbox
  readonly repository: TestRepository
  readonly log: CallLog
  readonly phases: { readonly phase: string; readonly at: number }[]
  readonly incarnation: Incarnation
  readonly apiUrl: string
}

async function open(closers: Closers): Promise<Bench> {
  const directory = await makeTemporaryDirectory('steersman-bench')
  closers.add(directory.remove)
  const repository = createRepository()
  closers.add(() => repository.remove())
  const sandbox = await startSandbox({ port: 0, speed: SPEED })
  closers.add(() => sandbox.close())
  const log = logCalls(sandbox)
  makeCluster(sandbox, 'demo')
  makePair(sandbox, {
    release: 'web',
    loadBalancer: 'demo',
    port: PRODUCTION_PORT,
    testPort: TEST_PORT,
  })
  const phases: { phase: string; at: number }[] = []
  const emit = (event: SteersmanEvent): void => {
    if (event.type === 'PhaseEntered') phases.push({ phase: event.phase, at: performance.now() })
  }
  const incarnation = await bearController({
    dataDir: directory.path,
    sandboxUrl: sandbox.url,
    accountId: ACCOUNT,
    settings: { pollMs: POLL_MS, concurrency: 10, callTimeoutMs: 5_000 },
    emit,
    mortality: createMortality(),
    signingKeyFile: undefined,
  })
  const { controller } = incarnation
  await controller.start()
  closers.add(() => controller.stop(5_000))
  await controller.setEnvironments([
    environmentOf('demo', { path: repository.path, spec: { source: { interval: '1m' } } }),
  ])
  const apiUrl = await serve(incarnation, closers)
  return { sandbox, repository, log, phases, incarnation, apiUrl }
}

async function serve({ controller, store }: Incarnation, closers: Closers): Promise<string> {
  const api = await createApi({
    store,
    clock: systemClock,
    tokens: [],
    metrics: createMetrics({ version: 'bench', commit: 'bench', redactor: createRedactor() }),
    ready: () => controller.ready(),
    reconcile: (environment) => controller.reconcile(environment),
    reconcileRelease: (key) => controller.reconcileRelease(key),
    reconcileAtOnce: (key) => controller.reconcileAtOnce(key),
    listen: { host: '127.0.0.1', port: 0 },
    version: 'bench',
  })
  closers.add(() => api.close())
  return api.url
}

async function release(bench: Bench, version: string): Promise<Round> {
  const { log, repository, phases } = bench
  const commit = repository.commit(releaseFiles({ version, keepPrevious: '1ms' }), { branch: 'demo' })
  await eventually(
    () => fetch(`${bench.apiUrl}/api/v1/environments/demo`),
    ({ ok }) => ok,
    PATIENCE,
  )
  const idle = await whenQuiet(bench)
  log.calls.length = 0
  log.requests.length = 0
  phases.length = 0
  const startedAt = performance.now()
  await post(bench)
  const healthyAt = await whenHealthy(bench, idle)
  await eventually(
    () => statusOf(bench),
    (status) => status.deployed?.commit === commit && isReady(status),
    PATIENCE,
  )
  const until = phases.find(({ phase }) => phase === 'Succeeded')?.at ?? performance.now()
  const recorded = performance.now()
  return roundOf(bench, { startedAt, healthyAt, until: Math.max(until, recorded) })
}

const PATIENCE = { withinMs: 60_000, everyMs: 5 }

async function post({ apiUrl }: Bench): Promise<void> {
  const response = await fetch(`${apiUrl}/api/v1/environments/demo/reconcile`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  if (!response.ok) throw new Error(`the reconcile was refused: ${await response.text()}`)
}

/** Waits until the old side is at zero and nobody asks AWS any more; resolves to the target group of the idle side. */
async function whenQuiet(bench: Bench): Promise<string> {
  const { tables } = bench.sandbox.world.elb
  const liveGroups = (): string[] =>
    tables.listeners
      .list()
      .filter(({ port }) => port === PRODUCTION_PORT)
      .flatMap(({ defaultActions }) => defaultActions)
      .flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? [])
      .filter(({ Weight }) => (Weight ?? 0) > 0)
      .map(({ TargetGroupArn }) => TargetGroupArn)
  const idleGroup = (): string =>
    tables.targetGroups.list().find(({ arn }) => !liveGroups().includes(arn))?.arn ?? ''
  await eventually(
    () => tables.targets.list().filter(({ targetGroupArn }) => targetGroupArn === idleGroup()).length,
    (count) => count === 0,
    PATIENCE,
  )
  return idleGroup()
}

async function whenHealthy({ sandbox }: Bench, group: string): Promise<number> {
  const states = (): string[] =>
    sandbox.world.elb.tables.targets
      .list()
      .filter(({ targetGroupArn }) => targetGroupArn === group)
      .map(({ state }) => state)
  await eventually(states, (seen) => seen.length === 2 && seen.every((state) => state === 'healthy'), {
    ...PATIENCE,
    everyMs: 2,
  })
  return performance.now()
}

async function statusOf({ incarnation }: Bench): Promise<EnvironmentStatus> {
  return (await incarnation.store.get('Environment', 'demo'))?.status ?? {}
}

const isReady = ({ conditions }: EnvironmentStatus): boolean =>
  conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false

function roundOf(
  { log, phases, sandbox }: Bench,
  {
    startedAt,
    healthyAt,
    until,
  }: { readonly startedAt: number; readonly healthyAt: number; readonly until: number },
): Round {
  const calls = log.calls.filter(({ at }) => at <= until)
  const { listeners } = sandbox.world.elb.tables
  const arnOf = (port: number): string =>
    listeners.list().find((listener) => listener.port === port)?.arn ?? ''
  const started = calls.find(
    ({ operation, input }) =>
      operation === 'CreateService' || (operation === 'UpdateService' && input['desiredCount'] !== 0),
  )
  const shifted = calls.find(
    ({ operation, input }) =>
      operation === 'ModifyListener' && input['ListenerArn'] === arnOf(PRODUCTION_PORT),
  )
  const asked = log.requests.filter(({ listenerArn }) => listenerArn === arnOf(TEST_PORT))
  if (started === undefined || shifted === undefined || asked[0] === undefined)
    throw new Error('a release did not start, was not verified or took no traffic')
  const totalMs = shifted.at - startedAt
  const startMs = healthyAt - started.at
  const gateMs = (asked.at(-1)?.at ?? 0) - asked[0].at
  const finished = phases.filter(({ phase }) => phase === 'Succeeded')
  const { counted, polls, pollIntervalMs } = classify(
    calls,
    [...asked, ...finished].map(({ at }) => at),
  )
  const callsByOperation = Object.fromEntries(
    [...new Set(counted.map(({ operation }) => operation))].map((operation) => [
      operation,
      counted.filter((call) => call.operation === operation).length,
    ]),
  )
  return {
    totalMs,
    startMs,
    gateMs,
    overheadMs: totalMs - startMs - gateMs,
    calls: counted.length,
    callsByOperation,
    polls: polls.length,
    pollIntervalMs,
  }
}
