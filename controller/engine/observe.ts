import type { Action } from '../core/action.ts'
import type {
  LoadBalancerFacts,
  Part,
  ReleaseObservation,
  Side,
  SideObservation,
  TargetGroupFacts,
} from '../core/observation.ts'
import { sides } from '../core/observation.ts'
import type { TrafficRule } from '../resources/generated/rollout.ts'
import type { Platform } from '../ports/platform.ts'
import type { RuleReference, Traffic } from '../ports/traffic.ts'

/** What of AWS belongs to a release: enough to look at it. */
export interface ReleaseSubject {
  readonly cluster: string
  readonly serviceNames: Readonly<Record<Side, string>>
  readonly loadBalancer: string
  readonly targetGroups: Readonly<Record<Side, string>>
  readonly rules: readonly TrafficRule[]
  readonly test: TrafficRule | undefined
}

export interface Eyes {
  readonly platform: Platform
  readonly traffic: Traffic
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
  switch (action.kind) {
    case 'RegisterTaskDefinition':
    case 'RunTask':
    case 'StopTask':
      return before
    case 'PointTest':
      return { ...before, seen: before.seen.filter((part) => part !== 'rules') }
    case 'ScaleService':
      return scaled(action, before)
    case 'SetScaling':
      return rescaled(action, before)
    case 'CreateService':
    case 'UpdateService':
    case 'ApplySettings':
    case 'TagService':
    case 'UntagService':
    case 'SetWeights':
    case 'ProbeGate':
      return blankLike(before)
  }
}

/** Only the count of one service is another one; its tasks must be looked at. */
function scaled(
  { side, desiredCount }: Extract<Action, { kind: 'ScaleService' }>,
  before: ReleaseObservation,
): ReleaseObservation {
  const { service } = before.sides[side]
  if (service === null) return blankLike(before)
  const seen = { ...before.sides[side], service: { ...service, desiredCount } }
  return {
    ...before,
    sides: { ...before.sides, [side]: seen },
    seen: before.seen.filter((part) => part !== side),
  }
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
  const pair = sides.map((side) => ({ cluster: subject.cluster, name: subject.serviceNames[side] }))
  const [frame, services] = await Promise.all([
    frameOf(eyes, subject),
    wants('services') ? eyes.platform.services(pair) : undefined,
  ])
  const [scaling, rules, blue, green] = await Promise.all([
    wants('scaling') ? eyes.platform.scaling(pair) : undefined,
    wants('rules') ? rulesOf(eyes, subject, frame.loadBalancer) : undefined,
    wants('blue') ? membersOf(eyes, subject, 'blue', frame.targetGroups.blue) : undefined,
    wants('green') ? membersOf(eyes, subject, 'green', frame.targetGroups.green) : undefined,
  ])
  const sideOf = (side: Side, index: number, members: SideObservation['members']): SideObservation => ({
    service: services === undefined ? before.sides[side].service : (services[index] ?? null),
    targetGroup: frame.targetGroups[side],
    members: members ?? before.sides[side].members,
    ...scalingOf(scaling === undefined ? before.sides[side].scaling : (scaling[index] ?? null)),
  })
  return {
    loadBalancer: frame.loadBalancer,
    sides: { blue: sideOf('blue', 0, blue), green: sideOf('green', 1, green) },
    production: rules?.production ?? before.production,
    test: rules === undefined ? before.test : rules.test,
    seen: [...new Set([...before.seen, ...parts])],
  }
}

const scalingOf = (scaling: SideObservation['scaling']): Pick<SideObservation, 'scaling'> =>
  scaling === undefined ? {} : { scaling }

interface Frame {
  readonly loadBalancer: LoadBalancerFacts | null
  readonly targetGroups: Readonly<Record<Side, TargetGroupFacts | null>>
}

/** What hardly ever changes, and is cached by the adapter. */
async function frameOf({ traffic }: Eyes, subject: ReleaseSubject): Promise<Frame> {
  const [loadBalancer, groups] = await Promise.all([
    traffic.loadBalancer(subject.loadBalancer),
    traffic.targetGroups(sides.map((side) => subject.targetGroups[side])),
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
  side: Side,
  targetGroup: TargetGroupFacts | null,
): Promise<SideObservation['members']> {
  const [tasks, targets] = await Promise.all([
    platform.tasks({ cluster: subject.cluster, name: subject.serviceNames[side] }),
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
