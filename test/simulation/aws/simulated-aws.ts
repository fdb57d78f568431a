import type { Functions } from '../../../controller/sandbox/lambda/functions.ts'
import { createFunctions } from '../../../controller/sandbox/lambda/functions.ts'
import type { Callback } from '../../../controller/core/gate/callback.ts'
import { createImages } from '../../../controller/sandbox/images.ts'
import type { Images } from '../../../controller/sandbox/images.ts'
import type { CodeDeployModel } from '../../../controller/sandbox/codedeploy/model.ts'
import type { EcsModel } from '../../../controller/sandbox/ecs/model.ts'
import type { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { otherModels } from '../../../controller/sandbox/models.ts'
import type { CallRequest, Reply, World } from '../../../controller/sandbox/world.ts'
import { createWorld } from '../../../controller/sandbox/world.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Time } from '../time/time.ts'
import { EventRoad } from './event-road.ts'

/** A call of anybody to AWS, as it reaches AWS. */
export interface AwsCall {
  /** `controller 1`, or `people`. */
  readonly who: string
  readonly service: string
  readonly operation: string
  readonly input: Members
  readonly writes: boolean
}

/** What is told of each call. */
export interface AwsListener {
  beforeCall?(call: AwsCall): void
  /** `happened`: whether the world took it, whatever its caller gets to know. */
  afterCall?(call: AwsCall, reply: Reply, happened: boolean): void
}

/** What people do by hand is done to one of these. */
type HandService =
  | 'ecs'
  | 'elasticloadbalancing'
  | 'monitoring'
  | 'application-autoscaling'
  | 'scheduler'
  | 'codedeploy'
  | 'sqs'
  | 'events'

/** What a hook answers; it throws for `error`. */
export type HookAnswer = 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS' | 'error'

/** What changes weights. */
const MOVES: ReadonlySet<string> = new Set(['ModifyListener', 'ModifyRule'])

/** The sandbox's world, unchanged, in virtual time: whoever calls it is known, and each call is told. */
export class SimulatedAws {
  readonly images: Images
  readonly world: World
  readonly ecs: EcsModel
  readonly codeDeploy: CodeDeployModel
  /** By how many milliseconds AWS's answer to this very read lies behind; explorers replace it. */
  staleness: (call: AwsCall) => number = () => 0
  /** Writes that are held up on their way: each with this probability, up to so many milliseconds. */
  late: { readonly probability: number; readonly mostMs: number } | undefined
  /** The next change of weights is held up on its way. */
  heldUp: { readonly forMs: number; readonly onHeld: () => void } | undefined
  /** What gates find out. */
  readonly gates = {
    areAnswered: true,
    /** Told of each gate that is not answered. */
    struck: (): void => undefined,
    /** Told of each that does not get through, since the asking process is cut off. */
    lost: (): void => undefined,
    /** Versions that answered one as they should. */
    passed: new Set<string>(),
    /** Told of each request of a warming that a version has answered well. */
    warmed: (_version: string): void => undefined,
    /** What hooks answer, and how they are told what was answered to whom. */
    hook: 'SUCCEEDED' as HookAnswer,
    hookAnswered: (_executionId: string, _answer: HookAnswer): void => undefined,
    /** Told of each webhook that came in: who sent it will be called back. */
    posted: (_callback: Callback): void => undefined,
    /** What any query of Prometheus gives. */
    measured: 0,
  }
  /** What tells of changes, on its way to the queue. */
  readonly news: EventRoad
  /** Refuses calls in its own words; undefined lets them through. */
  refusal: (call: AwsCall) => AwsError | undefined = () => undefined
  readonly #listeners: AwsListener[] = []

  constructor({ time, random }: { readonly time: Time; readonly random: Random }) {
    this.images = createImages()
    this.news = new EventRoad(time)
    this.world = createWorld({
      clock: { now: () => time.now(), setTimer: (delayMs, run) => time.after(delayMs, run) },
      random,
      others: otherModels({
        images: this.images,
        functions: hooksOf(this.gates),
        travel: (event, arrive) => this.news.carry(event, arrive),
      }),
    })
    this.ecs = this.world.models.get('ecs') as EcsModel
    this.codeDeploy = this.world.models.get('codedeploy') as CodeDeployModel
  }

  /** What is there by now has stood there for long, so that no old reading shows what was before it; calls are throttled from now on. */
  begin(): void {
    this.world.load(this.world.dump())
    this.world.settings.throttling = true
  }

  /** By how much longer a write is under way than usual, in milliseconds. */
  lateness(random: Random, operation: string): number {
    const held = this.heldUp
    if (held !== undefined && MOVES.has(operation)) {
      this.heldUp = undefined
      held.onHeld()
      return held.forMs
    }
    if (this.late === undefined || random.next() >= this.late.probability) return 0
    return Math.floor(random.next() * this.late.mostMs)
  }

  listen(listener: AwsListener): void {
    this.#listeners.push(listener)
  }

  /** The world as one caller reaches it. */
  as(who: string): World {
    return { ...this.world, attempt: (request) => this.#attempt(who, request) }
  }

  /** What a person does by hand: throttling and faults do not strike it. Throws the AwsError. */
  byHand(service: HandService, operation: string, input: Members): Members {
    const faults = this.world.faults.list()
    this.world.faults.clear()
    const { throttling } = this.world.settings
    this.world.settings.throttling = false
    try {
      const reply = this.#attempt('people', { service, operation, input })
      if (reply.error !== undefined) throw reply.error
      return reply.output
    } finally {
      this.world.settings.throttling = throttling
      for (const fault of faults) this.world.faults.add(fault)
    }
  }

  #attempt(who: string, request: CallRequest): Reply {
    const { service, operation, input } = request
    const writes = this.world.models.get(service)?.operations[operation]?.writes ?? false
    const call: AwsCall = { who, service, operation, input, writes }
    for (const listener of this.#listeners) listener.beforeCall?.(call)
    const staleForMs = this.staleness(call)
    if (staleForMs > 0) this.world.faults.add({ service, operation, staleForMs, count: 1 })
    const refusal = this.refusal(call)
    const reply: Reply =
      refusal === undefined ? this.world.attempt(request) : { error: refusal, delivery: 'sent', latencyMs: 0 }
    const happened = reply.error === undefined && reply.delivery !== 'reset'
    for (const listener of this.#listeners) listener.afterCall?.(call, reply, happened)
    return reply
  }
}

/** Functions of any name, all of which answer as gates are to be answered at that moment. */
const hooksOf = (gates: SimulatedAws['gates']): Functions => ({
  ...createFunctions(),
  invoke(_name, payload) {
    const { hook } = gates
    gates.hookAnswered((payload as { readonly executionId: string }).executionId, hook)
    if (hook === 'error') return { functionError: 'Unhandled' }
    return { payload: { hookStatus: hook, ...(hook === 'IN_PROGRESS' ? { callBackDelay: 5 } : {}) } }
  },
})
