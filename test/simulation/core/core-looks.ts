import type { ScalableTarget } from '@aws-sdk/client-application-auto-scaling'
import type {
  Listener,
  LoadBalancer,
  Rule,
  TargetGroup,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { resourceId, scalingFacts } from '../../../controller/adapters/aws/platform/scaling.ts'
import { isSettled } from '../../../controller/adapters/aws/platform/tasks.ts'
import { loadBalancerFacts } from '../../../controller/adapters/aws/traffic/load-balancers.ts'
import { isDefaultAction, isNamed } from '../../../controller/adapters/aws/traffic/rules.ts'
import { targetGroupFacts } from '../../../controller/adapters/aws/traffic/target-groups.ts'
import { targetFacts } from '../../../controller/adapters/aws/traffic/targets.ts'
import type {
  LoadBalancerFacts,
  Part,
  Place,
  ReleaseObservation,
  RuleFacts,
  ScalingFacts,
  ScheduleFacts,
  ServiceDeploymentFacts,
  ServiceFacts,
  Side,
  SideObservation,
  TargetFacts,
  TargetGroupFacts,
  TaskFacts,
} from '../../../controller/core/observation.ts'
import { places, seenAt, sides } from '../../../controller/core/observation.ts'
import type { ReleaseSubject } from '../../../controller/engine/observe.ts'
import { deploymentAsked, namedServices, referenceOf } from '../../../controller/engine/observe.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { schedules as readSchedules } from './core-schedules.ts'
import type { CoreAws } from './core-aws.ts'
import { factsOfDeployment, factsOfRule, factsOfService, factsOfTask } from './core-facts.ts'
import type { Steps } from './steps.ts'
import { together } from './steps.ts'

/** How long the load balancer and the target groups are remembered, as the adapters do, in milliseconds. */
const KEPT_MS = { loadBalancer: 600_000, targetGroup: 60_000 }

interface Frame {
  readonly loadBalancer: LoadBalancerFacts | null
  readonly groups: Readonly<Record<Side, TargetGroupFacts | null>>
}

interface Remembered<Value> {
  readonly value: Value
  readonly at: number
}

type Services = readonly (ServiceFacts | null)[]
type Scaling = readonly (ScalingFacts | null)[]
type Schedules = readonly (ScheduleFacts | null)[]

interface Framed {
  readonly frame: Frame
  readonly seen: readonly Seen[]
}

type Seen =
  | { readonly part: 'rules'; readonly rules: readonly (RuleFacts | null)[] }
  | { readonly part: Place; readonly members: NonNullable<SideObservation['members']> }

/** The engine's looks at AWS and the adapters' ways of reading, in the same order: services and scaling at once, and rules and members as soon as the frame is known. */
export class CoreLooks {
  readonly #aws: CoreAws
  readonly #monotonic: () => number
  readonly #loadBalancers = new Map<string, Remembered<LoadBalancerFacts>>()
  readonly #targetGroups = new Map<string, Remembered<TargetGroupFacts>>()
  readonly #tasks = new Map<string, readonly TaskFacts[]>()

  constructor(aws: CoreAws, monotonic: () => number) {
    this.#aws = aws
    this.#monotonic = monotonic
  }

  *observe(
    subject: ReleaseSubject,
    before: ReleaseObservation,
    parts: readonly Part[],
  ): Steps<ReleaseObservation> {
    const branches: Steps<Framed | Services | Scaling | Schedules>[] = [this.#framed(subject, parts)]
    if (parts.includes('services')) branches.push(this.#services(subject))
    if (parts.includes('scaling')) branches.push(this.#scaling(subject))
    if (parts.includes('schedules')) branches.push(readSchedules(this.#aws, subject.schedules))
    const [{ frame, seen }, ...others] = (yield* together(branches)) as [
      Framed,
      ...(Services | Scaling | Schedules)[],
    ]
    const services = parts.includes('services') ? (others.shift() as Services) : undefined
    const scaling = parts.includes('scaling') ? (others.shift() as Scaling) : undefined
    const schedules = parts.includes('schedules') ? (others.shift() as Schedules) : before.schedules
    const added = {
      ...this.#added(subject, { before, parts, frame, services, scaling, seen }),
      ...(schedules === undefined ? {} : { schedules }),
    }
    return parts.includes('deployment') ? yield* this.#withDeployment(subject, added) : added
  }

  *#withDeployment(subject: ReleaseSubject, seen: ReleaseObservation): Steps<ReleaseObservation> {
    const arn = deploymentAsked(subject, seen.only)
    const deployment = arn === undefined ? null : yield* this.#deployment(arn)
    return seen.only === undefined ? seen : { ...seen, only: { ...seen.only, deployment } }
  }

  *#deployment(arn: string): Steps<ServiceDeploymentFacts | null> {
    const output = yield* this.#aws.read('ecs:DescribeServiceDeployments', { serviceDeploymentArns: [arn] })
    const [found] = output['serviceDeployments'] as Members[]
    return found === undefined ? null : factsOfDeployment(found)
  }

  /** What hangs on the load balancer and the target groups. */
  *#framed(subject: ReleaseSubject, parts: readonly Part[]): Steps<Framed> {
    const frame = this.#knownFrame(subject) ?? (yield* this.#frame(subject))
    const branches: Steps<Seen>[] = []
    if (parts.includes('rules')) branches.push(this.#rules(subject, frame.loadBalancer))
    for (const place of places)
      if (parts.includes(place)) {
        const group = place === 'only' ? null : frame.groups[place]
        branches.push(this.#members(subject, place, group))
      }
    return { frame, seen: yield* together(branches) }
  }

  #added(
    subject: ReleaseSubject,
    {
      before,
      parts,
      frame,
      services,
      scaling,
      seen,
    }: {
      readonly before: ReleaseObservation
      readonly parts: readonly Part[]
      readonly frame: Frame
      readonly services: Services | undefined
      readonly scaling: Scaling | undefined
      readonly seen: readonly Seen[]
    },
  ): ReleaseObservation {
    let { production, test } = before
    const members: Partial<Record<Place, SideObservation['members']>> = {}
    for (const one of seen) {
      if (one.part === 'rules') {
        production = subject.rules.map((_, index) => one.rules[index] ?? null)
        test = subject.test === undefined ? null : (one.rules[subject.rules.length] ?? null)
      } else members[one.part] = one.members
    }
    const named = namedServices(subject)
    const seenNow = (place: Place): SideObservation => {
      const known = seenAt(before, place)
      const index = named.findIndex((one) => one.place === place)
      return {
        service: services === undefined ? known.service : (services[index] ?? null),
        targetGroup: place === 'only' ? null : frame.groups[place],
        members: members[place] ?? known.members,
        ...(known.deployment === undefined ? {} : { deployment: known.deployment }),
        ...scalingOf(scaling === undefined ? known.scaling : (scaling[index] ?? null)),
      }
    }
    return {
      loadBalancer: frame.loadBalancer,
      sides: { blue: seenNow('blue'), green: seenNow('green') },
      ...(subject.serviceNames.only === undefined ? {} : { only: seenNow('only') }),
      production,
      test,
      seen: [...new Set([...before.seen, ...parts])],
    }
  }

  #knownFrame({ loadBalancer, targetGroups }: ReleaseSubject): Frame | undefined {
    if (loadBalancer === undefined || targetGroups === undefined)
      return { loadBalancer: null, groups: { blue: null, green: null } }
    const balancer = this.#fresh(this.#loadBalancers, loadBalancer, KEPT_MS.loadBalancer)
    const blue = this.#fresh(this.#targetGroups, targetGroups.blue, KEPT_MS.targetGroup)
    const green = this.#fresh(this.#targetGroups, targetGroups.green, KEPT_MS.targetGroup)
    if (balancer === undefined || blue === undefined || green === undefined) return undefined
    return { loadBalancer: balancer, groups: { blue, green } }
  }

  #fresh<Value>(
    kept: ReadonlyMap<string, Remembered<Value>>,
    name: string,
    keptMs: number,
  ): Value | undefined {
    const known = kept.get(name)
    return known === undefined || this.#monotonic() - known.at >= keptMs ? undefined : known.value
  }

  *#frame({ loadBalancer: name, targetGroups }: ReleaseSubject): Steps<Frame> {
    if (name === undefined || targetGroups === undefined)
      throw new Error('what no load balancer serves has a frame that is always known')
    const at = this.#monotonic()
    const known = this.#fresh(this.#loadBalancers, name, KEPT_MS.loadBalancer)
    const loadBalancer = known ?? (yield* this.#loadBalancer(name)) ?? null
    if (known === undefined && loadBalancer !== null)
      this.#loadBalancers.set(name, { value: loadBalancer, at })
    const names = sides.map((side) => targetGroups[side])
    const output = yield* this.#aws.read('elasticloadbalancing:DescribeTargetGroups', { Names: names })
    const found = (output['TargetGroups'] as TargetGroup[]).map(targetGroupFacts)
    for (const group of found) this.#targetGroups.set(group.name, { value: group, at })
    const of = (side: Side): TargetGroupFacts | null =>
      found.find((group) => group.name === targetGroups[side]) ?? null
    return { loadBalancer, groups: { blue: of('blue'), green: of('green') } }
  }

  *#loadBalancer(name: string): Steps<LoadBalancerFacts | undefined> {
    try {
      const output = yield* this.#aws.read('elasticloadbalancing:DescribeLoadBalancers', { Names: [name] })
      return (output['LoadBalancers'] as LoadBalancer[]).map(loadBalancerFacts)[0]
    } catch (error) {
      if (error instanceof PortError && error.code === 'LoadBalancerMissing') return undefined
      throw error
    }
  }

  *#services(subject: ReleaseSubject): Steps<Services> {
    const { cluster } = subject
    const names = namedServices(subject).map(({ name }) => name)
    const output = yield* this.#aws.read('ecs:DescribeServices', {
      cluster,
      services: names,
      include: ['TAGS'],
    })
    const services = output['services'] as Members[]
    return names.map((name) => {
      const service = services.find(({ serviceName }) => serviceName === name)
      return service === undefined || service['status'] === 'INACTIVE' ? null : factsOfService(service)
    })
  }

  *#scaling(subject: ReleaseSubject): Steps<Scaling> {
    const { cluster } = subject
    const ids = namedServices(subject).map(({ name }) => resourceId({ cluster, name }))
    const output = yield* this.#aws.read('application-autoscaling:DescribeScalableTargets', {
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceIds: ids,
      MaxResults: 50,
    })
    const targets = output['ScalableTargets'] as ScalableTarget[]
    return ids.map((id) => {
      const found = targets.find(({ ResourceId }) => ResourceId === id)
      return found === undefined ? null : scalingFacts(found)
    })
  }

  *#rules(subject: ReleaseSubject, loadBalancer: LoadBalancerFacts | null): Steps<Seen> {
    if (loadBalancer === null) return { part: 'rules', rules: [] }
    const wanted = [...subject.rules, ...(subject.test === undefined ? [] : [subject.test])].map(referenceOf)
    const output = yield* this.#aws.read('elasticloadbalancing:DescribeListeners', {
      LoadBalancerArn: loadBalancer.arn,
      PageSize: 400,
    })
    const listeners = output['Listeners'] as Listener[]
    const rules = new Map<Listener, Rule[]>()
    for (const reference of wanted) {
      const listener = listeners.find((candidate) => isNamed(candidate, reference))
      if (listener === undefined || isDefaultAction(reference) || rules.has(listener)) continue
      const described = yield* this.#aws.read('elasticloadbalancing:DescribeRules', {
        ListenerArn: listener.ListenerArn,
        PageSize: 400,
      })
      rules.set(listener, described['Rules'] as Rule[])
    }
    return { part: 'rules', rules: wanted.map((reference) => factsOfRule(listeners, rules, reference)) }
  }

  *#members(subject: ReleaseSubject, place: Place, group: TargetGroupFacts | null): Steps<Seen> {
    const [tasks, targets] = (yield* together<readonly TaskFacts[] | readonly TargetFacts[]>([
      this.#tasksOf(subject.cluster, subject.serviceNames[place] ?? ''),
      this.#targets(group),
    ])) as [readonly TaskFacts[], readonly TargetFacts[]]
    return { part: place, members: { tasks, targets } }
  }

  *#targets(group: TargetGroupFacts | null): Steps<readonly TargetFacts[]> {
    if (group === null) return []
    const output = yield* this.#aws.read('elasticloadbalancing:DescribeTargetHealth', {
      TargetGroupArn: group.arn,
    })
    return (output['TargetHealthDescriptions'] as TargetHealthDescription[]).map(targetFacts)
  }

  /** Each task is described until it runs, and then never again. */
  *#tasksOf(cluster: string, service: string): Steps<readonly TaskFacts[]> {
    const arns = yield* this.#listed(cluster, service)
    const known = this.#tasks.get(service) ?? []
    const running = known.filter((task) => isSettled(task) && arns.includes(task.arn))
    const others = arns.filter((arn) => !running.some((task) => task.arn === arn))
    const tasks = [...running]
    if (others.length > 0) {
      const output = yield* this.#aws.read('ecs:DescribeTasks', { cluster, tasks: others })
      for (const task of output['tasks'] as Members[])
        if (task['lastStatus'] !== 'STOPPED') tasks.push(factsOfTask(task))
    }
    this.#tasks.set(service, tasks)
    return tasks
  }

  *#listed(cluster: string, serviceName: string): Steps<readonly string[]> {
    try {
      const output = yield* this.#aws.read('ecs:ListTasks', { cluster, serviceName, maxResults: 100 })
      return output['taskArns'] as string[]
    } catch (error) {
      if (error instanceof PortError && error.code === 'ServiceMissing') return []
      throw error
    }
  }
}

const scalingOf = (scaling: SideObservation['scaling']): Pick<SideObservation, 'scaling'> =>
  scaling === undefined ? {} : { scaling }
