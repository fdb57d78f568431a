import type { Sandbox } from '../../controller/sandbox/server.ts'
import { GATE_PATHS } from './release.ts'

export type Side = 'blue' | 'green'

/** A write to the production rule that the load balancer accepted. */
export interface RuleWrite {
  /** Monotonic milliseconds. */
  readonly at: number
  /** What the rule says since then; a side that it does not name has 0. */
  readonly weights: Readonly<Record<Side, number>>
}

/** A call to AWS. */
export interface SeenCall {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly operation: string
}

/** Sees what reaches the sandbox, at the moment when it is handled there. */
export interface Witness {
  weights(): RuleWrite['weights']
  /** Writes of the controller to the production rule since {@link Witness.begin}. */
  readonly writes: readonly RuleWrite[]
  /** Calls to AWS since {@link Witness.begin}. */
  readonly calls: readonly SeenCall[]
  /** When a gate of the stage last asked, in monotonic milliseconds. */
  lastAsked(stage: keyof typeof GATE_PATHS): number | undefined
  /** Forgets the writes and calls; from now on `onWrite` is told of each. */
  begin(onWrite: (write: RuleWrite) => void): void
  /** Makes the rule sticky or not, as a person would; nothing else of it changes. */
  setSticky(sticky: boolean): void
}

const PRODUCTION_PORT = 80
const STICKY_SECONDS = 3_600

/** Watches from now on. Listeners that are made later are watched whole; of earlier ones no request is seen. */
export function watchSandbox({ world }: Sandbox): Witness {
  const { production, forward, weights } = ruleOf(world)
  const asked = new Map<string, number>()
  let writes: RuleWrite[] = []
  let calls: SeenCall[] = []
  let tell: (write: RuleWrite) => void = () => undefined
  let byHand = false
  const attempt = world.attempt.bind(world)
  const route = world.route.bind(world)
  Object.assign(world, {
    attempt(request: Parameters<typeof attempt>[0]) {
      const reply = attempt(request)
      const { operation, input } = request
      calls.push({ at: performance.now(), operation })
      const isWrite = operation === 'ModifyListener' && input['ListenerArn'] === production()?.arn
      if (isWrite && reply.error === undefined && !byHand) {
        const write = { at: performance.now(), weights: weights() }
        writes.push(write)
        tell(write)
      }
      return reply
    },
    route(request: Parameters<typeof route>[0]) {
      asked.set(request.path, performance.now())
      return route(request)
    },
  })
  return {
    weights,
    get writes() {
      return writes
    },
    get calls() {
      return calls
    },
    lastAsked: (stage) => asked.get(GATE_PATHS[stage]),
    begin(onWrite) {
      writes = []
      calls = []
      tell = onWrite
    },
    setSticky(sticky) {
      byHand = true
      const TargetGroupStickinessConfig = sticky
        ? { Enabled: true, DurationSeconds: STICKY_SECONDS }
        : { Enabled: false }
      const ForwardConfig = { TargetGroups: forward()?.TargetGroups, TargetGroupStickinessConfig }
      world.call({
        service: 'elasticloadbalancing',
        operation: 'ModifyListener',
        input: { ListenerArn: production()?.arn, DefaultActions: [{ Type: 'forward', ForwardConfig }] },
      })
      byHand = false
    },
  }
}

/** The production listener, as it is whenever one asks. */
function ruleOf(world: Sandbox['world']) {
  const { listeners, targetGroups } = world.elb.tables
  const production = () => listeners.list().find(({ port }) => port === PRODUCTION_PORT)
  const forward = () => production()?.defaultActions[0]?.ForwardConfig
  const arnOf = (side: Side): string =>
    targetGroups.list().find(({ name }) => name === `web-${side}`)?.arn ?? ''
  const weightOf = (side: Side): number =>
    forward()?.TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn === arnOf(side))?.Weight ?? 0
  const weights = (): RuleWrite['weights'] => ({ blue: weightOf('blue'), green: weightOf('green') })
  return { production, forward, weights }
}
