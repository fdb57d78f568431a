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

/** Asks for what hardly ever changes, so that looks which follow find it known, and then ask for all else in the same moment. */
export async function prepareLook(eyes: Eyes, subject: ReleaseSubject): Promise<void> {
  await frameOf(eyes, subject)
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
  const membersIf = async (side: Side): Promise<SideObservation['members']> =>
    wants(side) ? membersOf(eyes, subject, side, (await framed).targetGroups[side]) : undefined
  const [frame, services, rules, blue, green] = await Promise.all([
    framed,
    wants('services')
      ? eyes.platform.services(
          sides.map((side) => ({ cluster: subject.cluster, name: subject.serviceNames[side] })),
        )
      : undefined,
    wants('rules') ? framed.then(({ loadBalancer }) => rulesOf(eyes, subject, loadBalancer)) : undefined,
    membersIf('blue'),
    membersIf('green'),
  ])
  const sideOf = (side: Side, index: number, members: SideObservation['members']): SideObservation => ({
    service: services === undefined ? before.sides[side].service : (services[index] ?? null),
    targetGroup: frame.targetGroups[side],
    members: members ?? before.sides[side].members,
  })
  return {
    loadBalancer: frame.loadBalancer,
    sides: { blue: sideOf('blue', 0, blue), green: sideOf('green', 1, green) },
    production: rules?.production ?? before.production,
    test: rules === undefined ? before.test : rules.test,
    seen: [...new Set([...before.seen, ...parts])],
  }
}

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
