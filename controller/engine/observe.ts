import type { Action } from '../core/action.ts'
import { isTagging } from '../core/action.ts'
import type {
  LoadBalancerFacts,
  Part,
  Place,
  ReleaseObservation,
  ScheduleName,
  Side,
  SideObservation,
  TargetGroupFacts,
} from '../core/observation.ts'
import { places, seenAt, sides, withSeenAt } from '../core/observation.ts'
import type { ServiceNames } from '../core/places.ts'
import type { TrafficRule } from '../resources/generated/rollout.ts'
import type { CodeDeployReference } from '../core/code-deploy.ts'
import type { CodeDeploy } from '../ports/code-deploy.ts'
import type { Platform } from '../ports/platform.ts'
import type { Schedules } from '../ports/schedules.ts'
import type { RuleReference, Traffic } from '../ports/traffic.ts'

/** What of AWS belongs to a release: enough to look at it. */
export interface ReleaseSubject {
  readonly cluster: string
  readonly serviceNames: ServiceNames
  /** Undefined, as the target groups, for a release that nobody sends requests to. */
  readonly loadBalancer: string | undefined
  readonly targetGroups: Readonly<Record<Side, string>> | undefined
  readonly rules: readonly TrafficRule[]
  readonly test: TrafficRule | undefined
  /** None while a rollout runs. */
  readonly schedules: readonly ScheduleName[]
  /** ARN of the deployment by which ECS brings the running rollout's version, once it is known. */
  readonly serviceDeployment?: string
  /** Where CodeDeploy is the release's engine. */
  readonly codeDeploy?: CodeDeployReference | undefined
}

export interface Eyes {
  readonly platform: Pick<Platform, 'services' | 'scaling' | 'tasks' | 'serviceDeployment'>
  readonly traffic: Pick<Traffic, 'loadBalancer' | 'targetGroups' | 'rules' | 'targets'>
  readonly schedules: Pick<Schedules, 'schedules'>
  readonly codeDeploy: Pick<CodeDeploy, 'look'>
}

/** An observation in which nothing was looked at yet. */
export const blankObservation: ReleaseObservation = {
  loadBalancer: null,
  sides: {
    blue: { service: null, targetGroup: null, members: undefined },
    green: { service: null, targetGroup: null, members: undefined },
  },
  production: [],
  test: null,
  seen: [],
}

/** What was seen no longer counts; the load balancer and the addresses of its listeners stay, since they don't change. */
export const blankLike = (observation: ReleaseObservation): ReleaseObservation => ({
  ...observation,
  seen: [],
})

/** What still counts of what was seen, once an action was answered well: all that it can't have changed. */
export function seenAfter(action: Action, before: ReleaseObservation): ReleaseObservation {
  if (isTagging(action)) return action.kind === 'TagTraffic' ? before : blankLike(before)
  switch (action.kind) {
    case 'RegisterTaskDefinition':
    case 'RunTask':
    case 'StopTask':
      return before
    case 'PointTest':
      return { ...before, seen: before.seen.filter((part) => part !== 'rules') }
    case 'PointSchedule':
      return { ...before, seen: before.seen.filter((part) => part !== 'schedules') }
    case 'ContinueDeployment':
      return { ...before, seen: before.seen.filter((part) => part !== 'deployment') }
    case 'ScaleService':
      return scaled(action, before)
    case 'SetScaling':
      return rescaled(action, before)
    case 'CreateService':
    case 'UpdateService':
    case 'ApplySettings':
    case 'StopDeployment':
    case 'SetWeights':
    case 'StartCodeDeploy':
    case 'ContinueCodeDeploy':
    case 'StopCodeDeploy':
    case 'ProbeGate':
      return blankLike(before)
  }
}

/** Only the count of one service is another one; its tasks must be looked at. */
function scaled(
  { side, desiredCount }: Extract<Action, { kind: 'ScaleService' }>,
  before: ReleaseObservation,
): ReleaseObservation {
  const known = seenAt(before, side)
  const { service } = known
  if (service === null) return blankLike(before)
  return {
    ...withSeenAt(before, side, { ...known, service: { ...service, desiredCount } }),
    seen: before.seen.filter((part) => part !== side),
  }
}

/** Asks for what hardly ever changes, so that looks which follow find it known, and then ask for all else in the same moment. */
export async function prepareLook(eyes: Eyes, subject: ReleaseSubject): Promise<void> {
  await frameOf(eyes, subject)
}

/** Only what autoscaling may do is another thing: its bounds hold the count. */
function rescaled(
  { side, minimum, maximum, suspended }: Extract<Action, { kind: 'SetScaling' }>,
  before: ReleaseObservation,
): ReleaseObservation {
  const seen = { ...before.sides[side], scaling: { minimum, maximum, suspended } }
  return { ...before, sides: { ...before.sides, [side]: seen } }
}

/** Looks at the asked parts, all at once, and adds them to what was seen before. */
export async function observe(
  eyes: Eyes,
  subject: ReleaseSubject,
  before: ReleaseObservation,
  parts: readonly Part[],
): Promise<ReleaseObservation> {
  const wants = (part: Part): boolean => parts.includes(part)
  const framed = frameOf(eyes, subject)
  const membersIf = async (place: Place): Promise<SideObservation['members']> =>
    wants(place)
      ? membersOf(eyes, subject, place, place === 'only' ? null : (await framed).targetGroups[place])
      : undefined
  const named = namedServices(subject)
  const [frame, services, scaling, rules, schedules, codeDeploy, blue, green, only] = await Promise.all([
    framed,
    wants('services')
      ? eyes.platform.services(named.map(({ name }) => ({ cluster: subject.cluster, name })))
      : undefined,
    wants('scaling')
      ? eyes.platform.scaling(named.map(({ name }) => ({ cluster: subject.cluster, name })))
      : undefined,
    wants('rules') ? framed.then(({ loadBalancer }) => rulesOf(eyes, subject, loadBalancer)) : undefined,
    wants('schedules') ? eyes.schedules.schedules(subject.schedules) : before.schedules,
    wants('codeDeploy') && subject.codeDeploy !== undefined
      ? eyes.codeDeploy.look(subject.codeDeploy)
      : undefined,
    membersIf('blue'),
    membersIf('green'),
    membersIf('only'),
  ])
  const seenNow = (place: Place, members: SideObservation['members']): SideObservation => {
    const known = seenAt(before, place)
    const index = named.findIndex((one) => one.place === place)
    return {
      service: services === undefined ? known.service : (services[index] ?? null),
      targetGroup: place === 'only' ? null : frame.targetGroups[place],
      members: members ?? known.members,
      ...scalingOf(scaling === undefined ? known.scaling : (scaling[index] ?? null)),
    }
  }
  const one = subject.serviceNames.only === undefined ? undefined : seenNow('only', only)
  const known = before.only?.deployment
  const deployment = wants('deployment') ? await deploymentSeen(eyes, subject, one) : known
  return {
    loadBalancer: frame.loadBalancer,
    sides: { blue: seenNow('blue', blue), green: seenNow('green', green) },
    ...(one === undefined ? {} : { only: { ...one, ...(deployment === undefined ? {} : { deployment }) } }),
    production: rules?.production ?? before.production,
    test: rules === undefined ? before.test : rules.test,
    ...(schedules === undefined ? {} : { schedules }),
    ...codeDeployOf(codeDeploy ?? before.codeDeploy),
    seen: [...new Set([...before.seen, ...parts])],
  }
}

/** The deployment that the rollout has begun; before that is known, the one that the service is in. */
async function deploymentSeen(
  { platform }: Eyes,
  subject: ReleaseSubject,
  one: SideObservation | undefined,
): Promise<SideObservation['deployment']> {
  const arn = deploymentAsked(subject, one)
  return arn === undefined ? null : platform.serviceDeployment(arn)
}

/** ARN of the deployment that a look reads; undefined where there is none. */
export const deploymentAsked = (
  { serviceDeployment }: ReleaseSubject,
  one: SideObservation | undefined,
): string | undefined => serviceDeployment ?? one?.service?.serviceDeployment

/** The release's services in a fixed order. */
export const namedServices = ({
  serviceNames,
}: Pick<ReleaseSubject, 'serviceNames'>): readonly { readonly place: Place; readonly name: string }[] =>
  places.flatMap((place) => {
    const name = serviceNames[place]
    return name === undefined ? [] : [{ place, name }]
  })

const codeDeployOf = (
  codeDeploy: ReleaseObservation['codeDeploy'],
): Pick<ReleaseObservation, 'codeDeploy'> => (codeDeploy === undefined ? {} : { codeDeploy })

const scalingOf = (scaling: SideObservation['scaling']): Pick<SideObservation, 'scaling'> =>
  scaling === undefined ? {} : { scaling }

interface Frame {
  readonly loadBalancer: LoadBalancerFacts | null
  readonly targetGroups: Readonly<Record<Side, TargetGroupFacts | null>>
}

/** What hardly ever changes, and is cached by the adapter. */
async function frameOf({ traffic }: Eyes, subject: ReleaseSubject): Promise<Frame> {
  const { targetGroups } = subject
  if (subject.loadBalancer === undefined || targetGroups === undefined)
    return { loadBalancer: null, targetGroups: { blue: null, green: null } }
  const [loadBalancer, groups] = await Promise.all([
    traffic.loadBalancer(subject.loadBalancer),
    traffic.targetGroups(sides.map((side) => targetGroups[side])),
  ])
  return {
    loadBalancer: loadBalancer ?? null,
    targetGroups: { blue: groups[0] ?? null, green: groups[1] ?? null },
  }
}

async function rulesOf(
  { traffic }: Eyes,
  subject: ReleaseSubject,
  loadBalancer: LoadBalancerFacts | null,
): Promise<Pick<ReleaseObservation, 'production' | 'test'>> {
  if (loadBalancer === null) return { production: [], test: null }
  const references = [...subject.rules, ...(subject.test === undefined ? [] : [subject.test])].map(
    referenceOf,
  )
  const facts = await traffic.rules(loadBalancer.arn, references)
  return {
    production: subject.rules.map((_, index) => facts[index] ?? null),
    test: subject.test === undefined ? null : (facts[subject.rules.length] ?? null),
  }
}

async function membersOf(
  { platform, traffic }: Eyes,
  subject: ReleaseSubject,
  place: Place,
  targetGroup: TargetGroupFacts | null,
): Promise<SideObservation['members']> {
  const name = subject.serviceNames[place]
  if (name === undefined) return { tasks: [], targets: [] }
  const [tasks, targets] = await Promise.all([
    platform.tasks({ cluster: subject.cluster, name }),
    targetGroup === null ? [] : traffic.targets(targetGroup.arn),
  ])
  return { tasks, targets }
}

/** How the traffic port is asked for a rule. */
export function referenceOf(rule: TrafficRule): RuleReference {
  if (rule.ruleArn !== undefined) return { ruleArn: rule.ruleArn }
  return {
    port: rule.port ?? 0,
    ...(rule.host === undefined ? {} : { host: rule.host }),
    ...(rule.path === undefined ? {} : { path: rule.path }),
  }
}
