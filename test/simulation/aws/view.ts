import type { ServiceState } from '../../../controller/sandbox/ecs/state.ts'
import type { RegisteredTarget } from '../../../controller/sandbox/elb/state.ts'
import type { SimulatedAws } from './simulated-aws.ts'
import type { Pair } from './shape.ts'
import type { SideName } from './names.ts'
import { ACCOUNT, REGION, serviceName } from './shape.ts'

export const sideNames: readonly SideName[] = ['blue', 'green']

export interface SeenTarget {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'unused' | 'draining'
  /** The image's tag; undefined when no task listens there any more. */
  readonly version: string | undefined
  /** The status that its task answers with. */
  readonly status: number | undefined
  readonly taskDefinition: string | undefined
}

export interface SeenSide {
  readonly desiredCount: number
  readonly taskDefinition: string | undefined
  readonly targets: readonly SeenTarget[]
}

/** A release as it truly is, whatever any reader was told. */
export interface SeenRelease {
  /** Weights of the production rules, taken together; undefined when one of them forwards to no group at all. */
  readonly weights: Readonly<Record<SideName, number>> | undefined
  readonly testWeights: Readonly<Record<SideName, number>> | undefined
  readonly sides: Readonly<Record<SideName, SeenSide>>
}

/** Looks at the world's own tables: no call, no fault, no staleness. */
export function seeRelease(aws: SimulatedAws, pair: Pair): SeenRelease {
  return {
    weights: sumOf(pair.production.map((rule) => ruleWeights(aws, pair, rule))),
    testWeights: ruleWeights(aws, pair, pair.test),
    sides: { blue: sideOf(aws, pair, 'blue'), green: sideOf(aws, pair, 'green') },
  }
}

/** How many tasks a side is to have: the same as {@link seeRelease} says, for who asks for nothing else after every step. */
export const desiredCountOf = (aws: SimulatedAws, pair: Pair, side: SideName): number =>
  serviceOf(aws, pair, side)?.desiredCount ?? 0

/** Targets that a request to the side may reach: the healthy ones, or, as a load balancer does, all that stand when none is. */
export function reachable(side: SeenSide): readonly SeenTarget[] {
  const standing = side.targets.filter(({ state }) => state !== 'draining' && state !== 'unused')
  const healthy = standing.filter(({ state }) => state === 'healthy')
  return healthy.length > 0 ? healthy : standing
}

export const healthyTargets = (side: SeenSide): readonly SeenTarget[] =>
  side.targets.filter(({ state }) => state === 'healthy')

/** Whether no task is on its way to run or to stop, and no target waits for what its health checks say, or drains. */
export function isSettled({ ecs, world }: SimulatedAws): boolean {
  const tasks = ecs.tables.tasks.list()
  const targets = world.elb.tables.targets.list()
  return (
    tasks.every((task) => task.lastStatus === 'STOPPED' || task.lastStatus === task.desiredStatus) &&
    targets.every(({ state }) => state === 'healthy' || state === 'unused')
  )
}

type Weights = Readonly<Record<SideName, number>>

/** Undefined as soon as one of the rules sends its requests to nobody. */
function sumOf(rules: readonly (Weights | undefined)[]): Weights | undefined {
  const [first, ...more] = rules
  if (more.length === 0) return first
  let sum: Weights | undefined = { blue: 0, green: 0 }
  for (const rule of rules) {
    if (rule === undefined || rule.blue + rule.green <= 0) return undefined
    sum = { blue: sum.blue + rule.blue, green: sum.green + rule.green }
  }
  return sum
}

/** Undefined for a rule that forwards to no group. */
export function ruleWeights({ world }: SimulatedAws, pair: Pair, arn: string): Weights | undefined {
  const { listeners, rules } = world.elb.tables
  const actions = listeners.get(arn)?.defaultActions ?? rules.get(arn)?.actions ?? []
  const forward = actions.find(({ Type }) => Type === 'forward')?.ForwardConfig
  if (forward === undefined) return undefined
  const of = (side: SideName): number =>
    forward.TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn === pair.targetGroups[side])?.Weight ?? 0
  return { blue: of('blue'), green: of('green') }
}

const SERVICES = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/`

interface Index {
  readonly version: number
  readonly byGroup: ReadonlyMap<string, readonly RegisteredTarget[]>
}

/** Asked at every change of the world, so that the targets are sorted by their groups once a change. */
const indexes = new WeakMap<object, Index>()

function targetsOf({ world }: SimulatedAws, targetGroupArn: string): readonly RegisteredTarget[] {
  const { targets } = world.elb.tables
  let index = indexes.get(targets)
  if (index?.version !== targets.version) {
    index = {
      version: targets.version,
      byGroup: Map.groupBy(targets.list(), (target) => target.targetGroupArn),
    }
    indexes.set(targets, index)
  }
  return index.byGroup.get(targetGroupArn) ?? []
}

function serviceOf({ ecs }: SimulatedAws, pair: Pair, side: SideName): ServiceState | undefined {
  const found = ecs.tables.services.get(`${SERVICES}${serviceName(pair, side)}`)
  return found?.status === 'ACTIVE' ? found : undefined
}

function sideOf(aws: SimulatedAws, pair: Pair, side: SideName): SeenSide {
  const service = serviceOf(aws, pair, side)
  const targets = targetsOf(aws, pair.targetGroups[side]).map(({ id, port, state }) => {
    const task = aws.world.network.taskAt(id, port)
    const taskDefinition =
      task === undefined ? undefined : aws.ecs.tables.tasks.get(task.taskArn)?.taskDefinitionArn
    return { state, version: task?.version, status: task?.answer('/').status, taskDefinition }
  })
  return { desiredCount: service?.desiredCount ?? 0, taskDefinition: service?.taskDefinition, targets }
}
