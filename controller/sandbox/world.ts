import { createElbModel, type ElbModel } from './elb/model.ts'
import type { ProcessProbe } from './elb/health-checks.ts'
import { createRouter, type Router } from './data-plane/route.ts'
import { createCalls, type Calls } from './kernel/calls.ts'
import { scaledClock, type Clock } from './kernel/clock.ts'
import { AwsError, throttled, unknownOperation } from './kernel/error.ts'
import { createFaults, type Faults } from './kernel/faults.ts'
import type { CallContext, DoneCall, Hold, Members, Operation, ServiceModel } from './kernel/operation.ts'
import type { Interfaces, TargetRegistry, TaskNetwork } from './kernel/ports-between.ts'
import type { Random } from './kernel/random.ts'
import { settingsWith, type Settings } from './kernel/settings.ts'
import type { Table, TableView } from './kernel/table.ts'
import { createThrottle } from './kernel/throttle.ts'

export interface CallRequest {
  readonly service: string
  readonly operation: string
  readonly input: Members
  /** Decides in which words throttling and unknown operations are refused; default: what the service speaks. */
  readonly protocol?: 'query' | 'json'
  readonly region?: string
  readonly principal?: string
  /** As the request's headers have them. */
  readonly host?: string
  readonly userAgent?: string
}

/** What a call came to, faults included. */
export type Reply = {
  /** Real milliseconds by which the answer is held back. */
  readonly latencyMs: number
  /** `reset`: the connection breaks and nothing has happened. `never`: it happened, but no answer comes. */
  readonly delivery: 'sent' | 'reset' | 'never'
  /** There is no answer yet: it is what `finish` gives once the time is over or what is waited for may be there. */
  readonly hold?: Hold & { readonly finish: () => Reply }
} & (
  | { readonly error: AwsError; readonly output?: undefined }
  | { readonly output: Members; readonly error?: undefined }
)

export interface World {
  readonly settings: Settings
  /** Unscaled. */
  readonly clock: Clock
  readonly random: Random
  readonly faults: Faults
  readonly calls: Calls
  readonly elb: ElbModel
  /** The tasks, as load balancing reaches them. */
  readonly network: TaskNetwork
  readonly models: ReadonlyMap<string, ServiceModel>
  /** One call, with throttling, faults, staleness and counting; never throws an AwsError. */
  attempt(request: CallRequest): Reply
  /** The same for callers without a wire: throws the AwsError; a fault of delivery is thrown as `RequestTimeout`. */
  call(request: CallRequest): { output: Members }
  /**
   * The scaling policies of a service (`cluster/name`) want so many tasks. Returns how many it has then; throws a RangeError where it has no policy.
   */
  demand(service: string, wanted: number): number
  route: Router
  dump(): Record<string, unknown>
  /** Replaces the whole world; throws a RangeError when it is not a dump. */
  load(state: unknown): void
}

/** The rest of AWS: built once load balancing is there, because tasks register with it. */
export interface OtherModels {
  readonly models: readonly ServiceModel[]
  readonly network: TaskNetwork
  /** State beside the models', such as the images' behaviours, by name. */
  readonly extras?: Readonly<Record<string, { dump(): unknown; load(state: unknown): void }>>
  /** Why a caller is turned away by every service, such as for credentials that have expired. */
  readonly refusal?: CallerRefusal
  /** Told of each call that changes something, when it is over. */
  readonly written?: (call: DoneCall) => void
  /** What the scaling policies of a service would do. */
  readonly demand?: (service: string, wanted: number, context: CallContext) => number
}

/** Looks at an access key id; undefined: the caller may go on. */
type CallerRefusal = (accessKeyId: string | undefined, protocol: 'query' | 'json') => AwsError | undefined

export interface WorldOptions {
  readonly clock: Clock
  readonly random: Random
  readonly settings?: Partial<Settings>
  readonly others?: (parts: {
    clock: Clock
    random: Random
    settings: Settings
    targets: TargetRegistry
    /** The load balancers' network interfaces. */
    interfaces: Interfaces
    elb: ServiceModel
  }) => OtherModels
  /** Checks the health of tasks that are real processes; without it the task network is asked. */
  readonly probeProcess?: ProcessProbe
}

const NOBODY: TaskNetwork = { probe: () => undefined, taskAt: () => undefined }

/** An AWS in one process without sockets, on the given clock and chance only. */
export function createWorld(options: WorldOptions): World {
  const settings = settingsWith(options.settings)
  const { clock, random } = options
  const scaled = scaledClock(clock, settings)
  let others: OtherModels = { models: [], network: NOBODY }
  const network = () => others.network
  const elb = createElbModel({
    clock: scaled,
    random,
    settings,
    network,
    ...(options.probeProcess === undefined ? {} : { probeProcess: options.probeProcess }),
  })
  if (options.others !== undefined)
    others = options.others({
      clock: scaled,
      random,
      settings,
      targets: elb.registry,
      interfaces: elb.interfaces,
      elb,
    })
  const models = new Map<string, ServiceModel>([elb, ...others.models].map((model) => [model.service, model]))
  const faults = createFaults(random)
  const calls = createCalls()
  const attempt = createAttempt({
    clock,
    settings,
    models,
    faults,
    calls,
    refusal: others.refusal ?? (() => undefined),
    written: others.written ?? (() => undefined),
  })
  return {
    settings,
    clock,
    random,
    faults,
    calls,
    elb,
    network: others.network,
    models,
    attempt,
    call: (request) => ({ output: outputOf(attempt(request)) }),
    demand(service, wanted) {
      if (others.demand === undefined) throw new RangeError('this world has no autoscaling')
      const { accountId, region } = settings
      const read = <T>(table: Table<T>): TableView<T> => table
      return others.demand(service, wanted, { now: scaled.now(), accountId, region, read })
    },
    route: createRouter({ tables: elb.tables, clock, random, settings, network }),
    ...stateOf(models, others.extras ?? {}),
  }
}

function outputOf(reply: Reply): Members {
  if (reply.error !== undefined) throw reply.error
  if (reply.delivery !== 'sent') throw new AwsError('RequestTimeout', 'The answer was never sent', 408)
  return reply.output
}

function createAttempt(parts: {
  clock: Clock
  settings: Settings
  models: ReadonlyMap<string, ServiceModel>
  faults: Faults
  calls: Calls
  refusal: CallerRefusal
  written: (call: DoneCall) => void
}): (request: CallRequest) => Reply {
  const throttle = createThrottle(parts.clock)
  return (request) => {
    const { service, operation: name } = request
    const operations = parts.models.get(service)?.operations
    const operation =
      operations !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined
    const known = operation !== undefined
    parts.calls.note(
      { service, operation: name, writes: operation?.writes ?? soundsLikeWrite(name), known },
      {
        at: parts.clock.now(),
        ...(request.principal === undefined ? {} : { principal: request.principal }),
      },
    )
    const strike = parts.faults.strike(service, name)
    const protocol = request.protocol ?? (SPEAKS_JSON.has(service) ? 'json' : 'query')
    // What is written is written to the present, whatever reads show.
    const staleForMs = operation?.writes === true ? 0 : strike.staleForMs
    const context = contextOf(parts, request, staleForMs)
    const sent = { latencyMs: strike.latencyMs, delivery: 'sent' } as const
    if (operation === undefined) return { ...sent, error: unknownOperation(protocol, name) }
    const refused = parts.refusal(request.principal, protocol)
    if (refused !== undefined) return { ...sent, error: refused }
    const scope = `${context.accountId}/${context.region}`
    if (parts.settings.throttling && !throttle.take(scope, operation.bucket)) {
      return { ...sent, error: throttled(protocol) }
    }
    if (strike.error === 'ConnectionReset') return { ...sent, delivery: 'reset', output: {} }
    if (strike.error !== undefined && strike.error !== 'TimeoutAfterWrite') {
      return { ...sent, error: injected(strike.error) }
    }
    const finish = (): Reply => {
      const reply = handled(operation, request.input, context)
      if (operation.writes) parts.written({ ...request, userAgent: request.userAgent, context, ...reply })
      return { ...sent, ...reply, ...(strike.error === 'TimeoutAfterWrite' ? { delivery: 'never' } : {}) }
    }
    const hold = operation.hold?.(request.input, context)
    return hold === undefined ? finish() : { ...sent, output: {}, hold: { ...hold, finish } }
  }
}

const SPEAKS_JSON: ReadonlySet<string> = new Set([
  'ecs',
  'ecr',
  'logs',
  'application-autoscaling',
  'tagging',
  'monitoring',
  'lambda',
  'scheduler',
  'sqs',
  'events',
  'cloudtrail',
  'dynamodb',
  'codedeploy',
])

/** For operations that the sandbox does not have: AWS names its reads after these verbs. */
function soundsLikeWrite(operation: string): boolean {
  return !/^(Describe|List|Get|Batch(Get|Check)|Lookup|Search|Query|Scan|Head|GET|HEAD)/.test(operation)
}

function contextOf(
  { clock, settings }: { clock: Clock; settings: Settings },
  request: CallRequest,
  staleForMs: number,
): CallContext {
  const now = clock.now()
  return {
    now,
    region: request.region ?? settings.region,
    accountId: settings.accountId,
    read: <T>(table: Table<T>) => (staleForMs > 0 ? table.asOf(now - staleForMs) : table),
    ...(request.principal === undefined ? {} : { principal: request.principal }),
    ...(request.host === undefined ? {} : { host: request.host }),
  }
}

function handled(
  operation: Operation,
  input: Members,
  context: CallContext,
): { output: Members } | { error: AwsError } {
  try {
    return { output: operation.handle(input, context) }
  } catch (thrown) {
    if (thrown instanceof AwsError) return { error: thrown }
    throw thrown
  }
}

function injected(code: string): AwsError {
  const message = `${code} (injected by a fault of the sandbox)`
  if (code.startsWith('ServiceUnavailable')) return new AwsError(code, message, 503, 'server')
  if (/^Internal|^ServerException$/.test(code)) return new AwsError(code, message, 500, 'server')
  return new AwsError(code, message, code === 'AccessDenied' ? 403 : 400)
}

interface Stateful {
  dump(): unknown
  load(state: unknown): void
}

function stateOf(
  models: ReadonlyMap<string, ServiceModel>,
  extras: Readonly<Record<string, Stateful>>,
): { dump(): Record<string, unknown>; load(state: unknown): void } {
  // What stands beside the models comes first: tasks look at the images' behaviours when they are loaded.
  const all: [string, Stateful][] = [...Object.entries(extras), ...models]
  const parts = all.filter(([, part]) => part.dump() !== undefined)
  return {
    dump: () => Object.fromEntries(parts.map(([name, part]) => [name, part.dump()])),
    load(state) {
      if (typeof state !== 'object' || state === null || Array.isArray(state)) {
        throw new RangeError(
          'a state is an object with one member per service, as GET /_sandbox/state gives it',
        )
      }
      const byName = new Map<string, unknown>(Object.entries(state))
      const missing = parts.map(([name]) => name).filter((name) => !byName.has(name))
      if (missing.length > 0) throw new RangeError(`the state has no ${missing.join(', ')}`)
      const before = parts.map(([, part]) => part.dump())
      try {
        for (const [name, part] of parts) part.load(byName.get(name))
      } catch (cause) {
        for (const [index, [, part]] of parts.entries()) part.load(before[index])
        throw new RangeError('the state is not one of this sandbox; nothing was changed', { cause })
      }
    },
  }
}
