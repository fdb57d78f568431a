import type { Action, CodeDeployAction, SideWeights } from '../../controller/core/action.ts'
import { isOfCodeDeploy } from '../../controller/core/action.ts'
import type {
  Part,
  ReleaseObservation,
  Place,
  ScalingFacts,
  Side,
  SideObservation,
} from '../../controller/core/observation.ts'
import { sides } from '../../controller/core/observation.ts'
import type { WorldService, WorldSide, WorldState, WorldTask } from './release-facts.ts'
import {
  DRAIN_MS,
  groupArn,
  membersOf,
  ruleFacts,
  serviceFacts,
  taskDefinitionArn,
  testRule,
} from './release-facts.ts'

export { groupArn, taskDefinitionArn, testRule } from './release-facts.ts'

/** AWS's answer to a write that it does not make. */
export class Refusal extends Error {}

/** How tasks of a task definition behave. */
export interface Behavior {
  readonly startMs: number
  readonly becomesHealthy: boolean
  readonly passesGates: boolean
}

const well: Behavior = { startMs: 2_000, becomesHealthy: true, passesGates: true }

/** The world is one of a pair: nothing is done to a service that stands alone. */
export function sideAt(place: Place): Side {
  if (place === 'only') throw new Error('a pair has no only service')
  return place
}

/** A pair of services behind rules, as small as it can be: it carries out actions, answers looks as of any moment, and lets people and bad luck change it. */
export class ReleaseWorld {
  now: number
  readonly behaviors = new Map<string, Behavior>()
  readonly production: readonly string[]
  /** Sides that show a healthy target whose task is not listed yet. */
  readonly unlisted = new Set<Side>()
  #state: WorldState
  #made = 0
  readonly #history: { readonly at: number; readonly state: WorldState }[] = []

  constructor(
    options: { readonly rules?: readonly string[]; readonly test?: boolean; readonly now?: number } = {},
  ) {
    const { rules = ['arn:rule/1'], test = true, now = Date.UTC(2026, 0, 1) } = options
    this.now = now
    this.production = rules
    const empty = { service: null, tasks: [] }
    this.#state = {
      sides: { blue: empty, green: empty },
      rules: Object.fromEntries([
        ...rules.map((rule) => [rule, { [groupArn('blue')]: 100, [groupArn('green')]: 0 }] as const),
        ...(test ? [[testRule, { [groupArn('green')]: 100 }] as const] : []),
      ]),
    }
    this.#history.push({ at: now, state: this.#state })
  }

  get state(): WorldState {
    return this.#state
  }

  behaves(version: string, behavior: Partial<Behavior>): void {
    this.behaviors.set(taskDefinitionArn(version), { ...well, ...behavior })
  }

  /** Lets time pass: what was started becomes healthy, what was stopped is drained and replaced. */
  pass(durationMs: number): void {
    this.now += durationMs
    for (const side of sides) this.#schedule(side)
  }

  /** Weight that a rule gives to a side. */
  weight(rule: string, side: Side): number {
    return this.#state.rules[rule]?.[groupArn(side)] ?? 0
  }

  takesTraffic(side: Side): boolean {
    return this.production.some((rule) => this.weight(rule, side) > 0)
  }

  /** Task definitions of the targets that take requests or are about to, healthy or not. */
  targets(side: Side): readonly { readonly taskDefinition: string; readonly healthy: boolean }[] {
    return this.#state.sides[side].tasks
      .filter((task) => task.stoppedAt > this.now)
      .map((task) => ({ taskDefinition: task.taskDefinition, healthy: task.healthyAt <= this.now }))
  }

  healthy(side: Side): number {
    return this.targets(side).filter((target) => target.healthy).length
  }

  execute(action: Action): void {
    assertOfPair(action)
    if ('deployment' in action) throw new Error('ECS moves nothing of a pair')
    switch (action.kind) {
      case 'CreateService':
        this.#create(action)
        return
      case 'UpdateService':
      case 'ScaleService':
        this.#update(action)
        return
      case 'SetScaling': {
        const { side, minimum, maximum, suspended } = action
        this.setScaling(side, { minimum, maximum, suspended })
        return
      }
      case 'SetWeights':
        this.setWeights(action.rule, action.weights)
        return
      case 'PointTest':
        this.setGroups(testRule, { [groupArn(action.side)]: 100 })
        break
      default:
    }
  }

  #update(action: Extract<Action, { kind: 'UpdateService' | 'ScaleService' }>): void {
    const side = sideAt(action.side)
    const { service } = this.#state.sides[side]
    if (service?.status !== 'ACTIVE') throw new Refusal('ServiceNotActive')
    this.setService(side, {
      desiredCount: action.desiredCount ?? service.desiredCount,
      ...(action.kind === 'UpdateService' ? { taskDefinition: action.taskDefinition } : {}),
      ...(action.kind === 'UpdateService' && action.forceNewDeployment === true
        ? { deployedAt: this.now, failed: false }
        : {}),
    })
  }

  /** Registers a scalable target, which brings the count into its bounds as AWS does. */
  setScaling(side: Side, scaling: ScalingFacts): void {
    this.#changeSide(side, { scaling })
    const count = this.#state.sides[side].service?.desiredCount
    if (count === undefined) return
    const within = Math.min(Math.max(count, scaling.minimum), scaling.maximum)
    if (within !== count) this.setService(side, { desiredCount: within })
  }

  /** Autoscaling wants another count of a side, because of its load, and may not do all of it. */
  demand(side: Side, wanted: number): void {
    const { scaling, service } = this.#state.sides[side]
    if (scaling === undefined || scaling === null || service === null) return
    const count = Math.min(Math.max(wanted, scaling.minimum), scaling.maximum)
    const isIn = count < service.desiredCount
    if (scaling.suspended === 'All' || (isIn && scaling.suspended === 'ScaleIn')) return
    this.setService(side, { desiredCount: count })
  }

  setWeights(rule: string, weights: SideWeights): void {
    const groups = { [groupArn('blue')]: weights.blue, [groupArn('green')]: weights.green }
    this.#change({ rules: { ...this.#state.rules, [rule]: groups } })
  }

  /** A rule that holds the given target groups only. */
  setGroups(rule: string, groups: Readonly<Record<string, number>>): void {
    this.#change({ rules: { ...this.#state.rules, [rule]: groups } })
  }

  /** Points the test rule at a side, as a person might. */
  pointTest(side: Side): void {
    if (testRule in this.#state.rules) this.setGroups(testRule, { [groupArn(side)]: 100 })
  }

  setService(side: Side, change: Partial<WorldService>): void {
    const { service } = this.#state.sides[side]
    if (service === null) return
    const isNew = change.taskDefinition !== undefined && change.taskDefinition !== service.taskDefinition
    const deployment = isNew ? { deployedAt: this.now, failed: false } : {}
    this.#changeSide(side, { service: { ...service, ...deployment, ...change } })
    this.#schedule(side)
  }

  /** The service is gone, and its tasks with it. */
  removeService(side: Side): void {
    this.#changeSide(side, { service: null, tasks: this.#stopped(side, () => true) })
  }

  /** Tasks die; ECS starts others in their place. */
  kill(side: Side, howMany = Infinity): void {
    let left = howMany
    this.#changeSide(side, { tasks: this.#stopped(side, () => left-- > 0) })
    this.#schedule(side)
  }

  /** Whether a request through the test rule would be answered well. */
  passesGate(): boolean {
    const [group] = Object.entries(this.#state.rules[testRule] ?? {}).flatMap(([arn, weight]) =>
      weight > 0 ? [arn] : [],
    )
    const side = sides.find((candidate) => groupArn(candidate) === group)
    const targets = side === undefined ? [] : this.targets(side).filter(({ healthy }) => healthy)
    return (
      targets.length > 0 && targets.every(({ taskDefinition }) => this.#behavior(taskDefinition).passesGates)
    )
  }

  /** What a look at some parts shows, as it was `ageMs` ago. */
  look(before: ReleaseObservation, parts: readonly Part[], ageMs = 0): ReleaseObservation {
    const at = this.now - ageMs
    const state =
      this.#history.findLast((entry) => entry.at <= at)?.state ?? this.#history[0]?.state ?? this.#state
    const wants = (part: Part): boolean => parts.includes(part)
    const rules = wants('rules') ? this.production.map((rule) => ruleFacts(rule, state)) : before.production
    return {
      loadBalancer: { arn: 'arn:lb', name: 'shop', dnsName: 'shop.example.com', type: 'application' },
      sides: {
        blue: this.#side('blue', { state, at, before, parts }),
        green: this.#side('green', { state, at, before, parts }),
      },
      production: rules,
      test: wants('rules') ? ruleFacts(testRule, state) : before.test,
      seen: [...new Set([...before.seen, ...parts])],
    }
  }

  #side(
    side: Side,
    look: {
      readonly state: WorldState
      readonly at: number
      readonly before: ReleaseObservation
      readonly parts: readonly Part[]
    },
  ): SideObservation {
    const { state, at, before, parts } = look
    const seen = state.sides[side]
    return {
      service: parts.includes('services') ? serviceFacts(side, seen) : before.sides[side].service,
      targetGroup: {
        arn: groupArn(side),
        name: `web-${side}`,
        targetType: 'ip',
        port: 80,
        protocol: 'HTTP',
        loadBalancerArns: ['arn:lb'],
      },
      members: parts.includes(side) ? this.#members(side, at, seen) : before.sides[side].members,
      ...scalingOf(parts.includes('scaling') ? (seen.scaling ?? null) : before.sides[side].scaling),
    }
  }

  #members(side: Side, at: number, seen: WorldSide): ReturnType<typeof membersOf> {
    const { tasks, targets } = membersOf(seen, at)
    const newer = { id: 'newer', port: 80, state: 'healthy', reason: undefined } as const
    return { tasks, targets: this.unlisted.has(side) ? [...targets, newer] : targets }
  }

  #create(action: Extract<Action, { kind: 'CreateService' }>): void {
    const { taskDefinition, desiredCount } = action
    const side = sideAt(action.side)
    const isAssociated = Object.values(this.#state.rules).some((groups) => groupArn(side) in groups)
    if (!isAssociated) throw new Refusal('TargetGroupNotAssociated')
    if (this.#state.sides[side].service !== null) return
    const service = {
      taskDefinition,
      desiredCount,
      status: 'ACTIVE',
      deployedAt: this.now,
      failed: false,
    } as const
    this.#changeSide(side, { service })
    this.#schedule(side)
  }

  /** ECS's scheduler, one round: starts what is missing, stops what is too much, and what is old once the new is healthy. */
  #schedule(side: Side): void {
    const { service, tasks } = this.#state.sides[side]
    if (service === null) return
    const live = tasks.filter((task) => task.stoppedAt > this.now)
    const current = live.filter((task) => task.taskDefinition === service.taskDefinition)
    const surplus = new Set(current.slice(service.desiredCount))
    const isReplaced = current.filter((task) => task.healthyAt <= this.now).length >= service.desiredCount
    const kept = tasks
      .filter((task) => task.stoppedAt + DRAIN_MS > this.now)
      .map((task) => {
        const isOld = task.taskDefinition !== service.taskDefinition && isReplaced
        return task.stoppedAt > this.now && (isOld || surplus.has(task))
          ? { ...task, stoppedAt: this.now }
          : task
      })
    const missing = service.failed || service.status !== 'ACTIVE' ? 0 : service.desiredCount - current.length
    const started = Array.from({ length: Math.max(0, missing) }, () => this.#start(service.taskDefinition))
    this.#changeSide(side, { tasks: [...kept, ...started] })
  }

  #start(taskDefinition: string): WorldTask {
    this.#made += 1
    const { startMs, becomesHealthy } = this.#behavior(taskDefinition)
    const healthyAt = becomesHealthy ? this.now + startMs : Infinity
    return { id: `task-${this.#made}`, taskDefinition, createdAt: this.now, healthyAt, stoppedAt: Infinity }
  }

  #stopped(side: Side, dies: () => boolean): readonly WorldTask[] {
    return this.#state.sides[side].tasks.map((task) =>
      task.stoppedAt > this.now && dies() ? { ...task, stoppedAt: this.now } : task,
    )
  }

  #behavior(taskDefinition: string): Behavior {
    return this.behaviors.get(taskDefinition) ?? well
  }

  #changeSide(side: Side, change: Partial<WorldSide>): void {
    this.#change({ sides: { ...this.#state.sides, [side]: { ...this.#state.sides[side], ...change } } })
  }

  #change(change: Partial<WorldState>): void {
    this.#state = { ...this.#state, ...change }
    this.#history.push({ at: this.now, state: this.#state })
  }
}

const scalingOf = (scaling: SideObservation['scaling']): Pick<SideObservation, 'scaling'> =>
  scaling === undefined ? {} : { scaling }

/** A pair's traffic is moved by its weights: nothing of it is CodeDeploy's. */
export function assertOfPair(action: Action): asserts action is Exclude<Action, CodeDeployAction> {
  if (isOfCodeDeploy(action)) throw new Error('CodeDeploy moves nothing of a pair')
}
