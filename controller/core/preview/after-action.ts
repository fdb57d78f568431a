import type { ServiceSettings } from '../../resources/types.ts'
import type { Action } from '../action.ts'
import { isTagging } from '../action.ts'
import type {
  Members,
  Place,
  ReleaseObservation,
  RuleFacts,
  ServiceFacts,
  Side,
  SideObservation,
} from '../observation.ts'
import { otherSide, seenAt, withSeenAt } from '../observation.ts'
import type { RuleAction } from '../desired.ts'
import { withActions } from '../plan/actions.ts'
import { begun, continued } from './imagined-deployment.ts'
import { forwardedTo, onlyTo, targetGroupWeights } from '../rollout/traffic.ts'

/** What would be seen after an action, if the world obeys at once. */
export function afterAction(
  observation: ReleaseObservation,
  action: Action,
  settings: ServiceSettings | undefined,
  /** Of a rule, where a write brings them. */
  actions?: readonly RuleAction[],
): ReleaseObservation {
  if (action.kind === 'TagTraffic') return observation
  if (isTagging(action)) return withSide(observation, action.side, (side) => withTags(side, action))
  switch (action.kind) {
    case 'CreateService':
    case 'UpdateService':
      return begun(
        withSide(observation, action.side, (side) =>
          running(side, { desiredCount: side.service?.desiredCount ?? 1, ...action, settings }),
        ),
        action,
      )
    case 'ContinueDeployment':
      return withSide(observation, 'only', continued)
    case 'StopDeployment':
      return observation
    case 'ScaleService':
      return withSide(observation, action.side, (side) =>
        running(side, {
          taskDefinition: side.service?.taskDefinition ?? '',
          desiredCount: action.desiredCount,
          settings: undefined,
        }),
      )
    case 'SetScaling': {
      const { minimum, maximum, suspended } = action
      return withSide(observation, action.side, (side) => ({
        ...side,
        scaling: { minimum, maximum, suspended },
      }))
    }
    case 'ApplySettings':
      return withSide(observation, action.side, (side) => withSettings(side, action.settings))
    case 'PointTest':
      return { ...observation, test: pointed(observation, action.side) }
    case 'SetWeights':
      return { ...observation, production: weighted(observation, action, actions) }
    case 'PointSchedule':
      return pointedSchedule(observation, action)
    case 'RegisterTaskDefinition':
    case 'StartCodeDeploy':
    case 'ContinueCodeDeploy':
    case 'StopCodeDeploy':
    case 'RunTask':
    case 'StopTask':
    case 'ProbeGate':
      return observation
  }
}

const weighted = (
  observation: ReleaseObservation,
  action: Extract<Action, { kind: 'SetWeights' }>,
  actions: readonly RuleAction[] | undefined,
): ReleaseObservation['production'] =>
  observation.production.map((rule) =>
    rule?.arn === action.rule
      ? {
          ...rule,
          weights: forwardedTo(observation, action),
          actions: withActions(rule.actions, actions),
        }
      : rule,
  )

function pointedSchedule(
  observation: ReleaseObservation,
  { name, group, taskDefinition }: Extract<Action, { kind: 'PointSchedule' }>,
): ReleaseObservation {
  const schedules = observation.schedules?.map((schedule) =>
    schedule?.name === name && schedule.group === group ? { ...schedule, taskDefinition } : schedule,
  )
  return { ...observation, ...(schedules === undefined ? {} : { schedules }) }
}

const withSide = (
  observation: ReleaseObservation,
  side: Place,
  change: (before: SideObservation) => SideObservation,
): ReleaseObservation => withSeenAt(observation, side, change(seenAt(observation, side)))

function running(
  side: SideObservation,
  wanted: {
    readonly taskDefinition: string
    readonly desiredCount: number
    readonly settings: ServiceSettings | undefined
  },
): SideObservation {
  const { taskDefinition, desiredCount } = wanted
  const before: ServiceFacts = side.service ?? {
    ...missingService,
    targetGroupArns: side.targetGroup === null ? [] : [side.targetGroup.arn],
  }
  return {
    ...side,
    service: {
      ...before,
      taskDefinition,
      desiredCount,
      runningCount: desiredCount,
      pendingCount: 0,
      deployments: [],
      settings: { ...before.settings, ...wanted.settings },
      tags: side.service === null ? tagsOf(wanted.settings) : before.tags,
    },
    members: healthyMembers(taskDefinition, desiredCount),
  }
}

const tagsOf = (settings: ServiceSettings | undefined): ServiceFacts['tags'] =>
  Object.fromEntries((settings?.tags ?? []).map(({ key, value }) => [key, value ?? '']))

const missingService: ServiceFacts = {
  arn: '',
  name: '',
  cluster: '',
  status: 'ACTIVE',
  taskDefinition: '',
  desiredCount: 0,
  runningCount: 0,
  pendingCount: 0,
  targetGroupArns: [],
  deployments: [],
  events: [],
  settings: {},
  tags: {},
}

function healthyMembers(taskDefinition: string, count: number): Members {
  const ids = Array.from({ length: count }, (_, index) => `imagined-${index}`)
  return {
    tasks: ids.map((id) => ({
      arn: id,
      taskDefinition,
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      createdAt: 0,
      targetIds: [id],
    })),
    targets: ids.map((id) => ({ id, port: 0, state: 'healthy', reason: undefined })),
  }
}

const withSettings = (side: SideObservation, settings: Readonly<Record<string, unknown>>): SideObservation =>
  side.service === null
    ? side
    : { ...side, service: { ...side.service, settings: { ...side.service.settings, ...settings } } }

function withTags(
  side: SideObservation,
  action: Extract<Action, { kind: 'TagService' | 'UntagService' }>,
): SideObservation {
  if (side.service === null) return side
  const { tags } = side.service
  const kept =
    action.kind === 'TagService'
      ? { ...tags, ...action.tags }
      : Object.fromEntries(Object.entries(tags).filter(([key]) => !action.keys.includes(key)))
  return { ...side, service: { ...side.service, tags: kept } }
}

function pointed(observation: ReleaseObservation, side: Side): RuleFacts | null {
  if (observation.test === null) return null
  const other = observation.sides[otherSide(side)].targetGroup?.arn
  const weights = targetGroupWeights(observation, onlyTo(side)).filter(
    (entry) => entry.targetGroupArn !== other,
  )
  return { ...observation.test, weights }
}
