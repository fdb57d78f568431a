import { createHash } from 'node:crypto'
import { taskDefinitionFacts } from '../../../controller/adapters/aws/platform/task-definitions.ts'
import { tagList } from '../../../controller/adapters/aws/client/plain.ts'
import { pauseOver } from '../../../controller/adapters/aws/platform/service-deployments.ts'
import { registration } from '../../../controller/adapters/aws/platform/scaling.ts'
import { contentOf, mergedTags } from '../../../controller/adapters/aws/platform/writes.ts'
import { rebuildActions } from '../../../controller/adapters/aws/traffic/weights.ts'
import type { Action, CodeDeployAction } from '../../../controller/core/action.ts'
import { isOfCodeDeploy } from '../../../controller/core/action.ts'
import type {
  Place,
  RuleFacts,
  Side,
  TaskDefinitionFacts,
  TargetGroupWeight,
} from '../../../controller/core/observation.ts'
import { seenAt } from '../../../controller/core/observation.ts'
import { settingsWith } from '../../../controller/core/plan/settings-with.ts'
import { forwardedTo } from '../../../controller/core/rollout/traffic.ts'
import { onlyTarget, updatable } from '../../../controller/engine/execute.ts'
import { isMovedByEcs, movedByEcs } from '../../../controller/engine/moved-by-ecs.ts'
import { servingContainer } from '../../../controller/engine/serving-container.ts'
import { missingRule } from '../../../controller/engine/gate-probe.ts'
import { lookAtTask, runTask, stopTask } from './core-gate-task.ts'
import { probe } from './core-probe.ts'
import { taskOfGate } from '../../../controller/engine/gate-task.ts'
import type { TaskLook } from '../../../controller/core/gate/task-look.ts'
import { DIGEST_TAG, withCircuitBreaker } from '../../../controller/engine/execute.ts'
import { desiredOf, renderedOf, subjectOf } from '../../../controller/engine/turn.ts'
import type { ReleaseSubject } from '../../../controller/engine/observe.ts'
import type { ServiceTarget } from '../../../controller/ports/platform.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { GateAttempt } from '../../../controller/ports/gate.ts'
import type { Members, Timestamp } from '../../../controller/sandbox/kernel/operation.ts'
import type { ServiceSettings } from '../../../controller/resources/types.ts'
import { pointSchedule } from './core-point-schedule.ts'
import type { Core } from './core.ts'
import type { CoreTurn } from './core-turn.ts'
import type { Steps } from './steps.ts'

export interface CoreResult {
  readonly attempt?: GateAttempt
  /** What was seen of a gate's task. */
  readonly look?: TaskLook
  /** The revision that was registered, or found. */
  readonly taskDefinition?: string
}

/** Carries one action out as the engine and the adapters do: the same requests in the same order. */
export function* execute(turn: CoreTurn, action: Action, mayStillAppear: boolean): Steps<CoreResult> {
  const { core, observation } = turn
  const subject = subjectOf(turn)
  if (subject === undefined) throw new Error(`nothing is known of release ${turn.key.release}`)
  if (isOfGate(action)) return yield* executeOfGate(turn, action, subject)
  if (action.kind === 'ContinueDeployment' || action.kind === 'StopDeployment')
    return yield* lead(core, action)
  assertPlayed(action)
  switch (action.kind) {
    case 'RegisterTaskDefinition':
      return yield* register(turn, action, mayStillAppear)
    case 'CreateService':
      return yield* createService(turn, action, subject)
    case 'UpdateService':
      return yield* updateService(turn, action, subject)
    case 'ScaleService':
      return yield* update(core, subject, action.side, { desiredCount: action.desiredCount })
    case 'SetScaling':
      return yield* setScaling(core, subject, action)
    case 'PointSchedule':
      return yield* pointSchedule(turn, action)
    case 'ApplySettings':
      return yield* update(core, subject, action.side, action.settings)
    case 'TagService':
      yield* core.aws.write('ecs:TagResource', {
        resourceArn: seenAt(observation, action.side).service?.arn,
        tags: tagList(action.tags),
      })
      return {}
    case 'UntagService':
      yield* core.aws.write('ecs:UntagResource', {
        resourceArn: seenAt(observation, action.side).service?.arn,
        tagKeys: action.keys,
      })
      return {}
    case 'PointTest': {
      if (observation.test === null) throw missingRule('the test rule')
      return yield* setWeights(core, observation.test, onlyTarget(observation, action.side))
    }
    case 'SetWeights':
      return yield* setProduction(turn, action)
  }
}

function* setProduction(
  { core, observation }: CoreTurn,
  action: Extract<Action, { kind: 'SetWeights' }>,
): Steps<CoreResult> {
  const rule = observation.production.find((candidate) => candidate?.arn === action.rule)
  if (rule === undefined || rule === null) throw missingRule(`rule ${action.rule}`)
  return yield* setWeights(core, rule, forwardedTo(observation, action))
}

function* updateService(
  turn: CoreTurn,
  { side, taskDefinition: arn, desiredCount, forceNewDeployment }: Extract<Action, { kind: 'UpdateService' }>,
  subject: ReleaseSubject,
): Steps<CoreResult> {
  const own = yield* ownMembers(turn, arn)
  return yield* update(turn.core, subject, side, {
    ...updatable(settingsOf(turn), seenAt(turn.observation, side).service),
    ...own,
    taskDefinition: arn,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(forceNewDeployment === undefined ? {} : { forceNewDeployment }),
  })
}

/** Lets ECS's own deployment go on, or ends it. */
function* lead(
  core: Core,
  action: Extract<Action, { kind: 'ContinueDeployment' | 'StopDeployment' }>,
): Steps<CoreResult> {
  const { deployment: serviceDeploymentArn } = action
  if (action.kind === 'StopDeployment') {
    const stopType = action.backTo !== undefined ? 'ROLLBACK' : 'ABORT'
    yield* core.aws.write('ecs:StopServiceDeployment', { serviceDeploymentArn, stopType })
    return {}
  }
  try {
    const asked = { serviceDeploymentArn, hookId: action.hook, action: 'CONTINUE' }
    yield* core.aws.write('ecs:ContinueServiceDeployment', asked)
    return {}
  } catch (error) {
    throw pauseOver(error)
  }
}

/** What makes ECS move the traffic of the service, where it shall. */
function* ownMembers({ core, active, observation, ...turn }: CoreTurn, revision: string): Steps<Members> {
  const rollout = active?.state
  if (!isMovedByEcs(rollout)) return {}
  const definition = yield* taskDefinition(core, revision)
  const settings = settingsOf({ core, active, observation, ...turn })
  return movedByEcs(rollout, { settings, observation, definition })
}

function assertPlayed(
  action: Action,
): asserts action is Exclude<Action, CodeDeployAction | { kind: 'TagTraffic' }> {
  if (action.kind === 'TagTraffic') throw new Error('only the real controller looks deeply')
  if (isOfCodeDeploy(action))
    throw new Error('releases that CodeDeploy deploys are played at full depth only')
}

function* setScaling(
  core: Core,
  { cluster, serviceNames }: ReleaseSubject,
  { kind: _kind, side, ...given }: Extract<Action, { kind: 'SetScaling' }>,
): Steps<CoreResult> {
  yield* core.aws.write(
    'application-autoscaling:RegisterScalableTarget',
    registration({ service: { cluster, name: serviceNames[side] ?? '' }, ...given }),
  )
  return {}
}

type GateAction = Extract<Action, { readonly gate: string }>

const isOfGate = (action: Action): action is GateAction => 'gate' in action

function* executeOfGate(turn: CoreTurn, action: GateAction, subject: ReleaseSubject): Steps<CoreResult> {
  const gate = turn.active?.state.spec.gates?.find(({ name }) => name === action.gate)
  switch (action.kind) {
    case 'RunTask': {
      const asked = taskOfGate(action.gate, turn.active?.state)
      const definition = yield* taskDefinition(turn.core, action.taskDefinition)
      return { look: yield* runTask(turn, asked, definition) }
    }
    case 'StopTask':
      yield* stopTask(turn, action)
      return {}
    case 'ProbeGate':
      return gate?.task === undefined
        ? { attempt: yield* probe(turn, action.gate, subject) }
        : { look: yield* lookAtTask(turn, action.gate) }
  }
}

const settingsOf = (turn: CoreTurn): ServiceSettings | undefined =>
  settingsWith(turn.active?.state, desiredOf(turn))

function* register(
  turn: CoreTurn,
  { family, digest }: Extract<Action, { kind: 'RegisterTaskDefinition' }>,
  mayStillAppear: boolean,
): Steps<CoreResult> {
  const { core, key } = turn
  const newest = yield* taskDefinition(core, family)
  if (newest?.tags[DIGEST_TAG] === digest) return { taskDefinition: newest.arn }
  if (mayStillAppear)
    throw new PortError(`an earlier registration of ${family} got no answer and may still appear`, {
      code: 'RegistrationUnclear',
      handling: 'wait',
    })
  const rendered = renderedOf(turn)
  if (rendered === undefined)
    throw new PortError(`the content of ${family} was not read yet`, {
      code: 'ContentMissing',
      handling: 'wait',
    })
  const { document } = rendered
  const secrets = contentOf(document['containerDefinitions'])
  const tags = {
    ...rendered.tags,
    [DIGEST_TAG]: digest,
    'steersman.dev/environment': key.environment,
    'steersman.dev/release': key.release,
  }
  core.lead.assertHeldFor(core.settings.callTimeoutMs, turn.epoch)
  const asked = { ...document, ...mergedTags(document['tags'], tags) }
  const output = yield* core.aws.write('ecs:RegisterTaskDefinition', asked, secrets)
  return { taskDefinition: String((output['taskDefinition'] as Members)['taskDefinitionArn']) }
}

/** A revision, or a family's newest one; undefined when there is none. */
export function* taskDefinition(core: Core, name: string): Steps<TaskDefinitionFacts | undefined> {
  try {
    const output = yield* core.aws.read('ecs:DescribeTaskDefinition', {
      taskDefinition: name,
      include: ['TAGS'],
    })
    const described = output['taskDefinition'] as Members
    const registeredAt = new Date((described['registeredAt'] as Timestamp | undefined)?.epochMs ?? 0)
    return taskDefinitionFacts(
      { ...described, registeredAt },
      output['tags'] as { key: string; value: string }[],
    )
  } catch (error) {
    if (error instanceof PortError && /Unable to describe task definition/i.test(error.message))
      return undefined
    throw error
  }
}

function* targetOf(
  { core, observation, active }: CoreTurn,
  side: Side,
  revision: string,
): Steps<ServiceTarget> {
  const { targetGroup } = observation.sides[side]
  if (targetGroup === null)
    throw new PortError(`the ${side} target group does not exist`, {
      code: 'TargetGroupMissing',
      handling: 'stall',
    })
  const definition = yield* taskDefinition(core, revision)
  return {
    targetGroupArn: targetGroup.arn,
    ...servingContainer(definition, { rollout: active?.state }),
  }
}

function* createService(
  turn: CoreTurn,
  action: Extract<Action, { kind: 'CreateService' }>,
  { cluster, serviceNames }: ReleaseSubject,
): Steps<CoreResult> {
  const { core, key, active } = turn
  const { side, desiredCount } = action
  const loadBalancers = side === 'only' ? undefined : [yield* targetOf(turn, side, action.taskDefinition)]
  const serviceName = serviceNames[side]
  const identity = `${active?.state.name ?? ''}/${active?.state.status.startedAt ?? ''}/${cluster}/${serviceName}`
  const own = yield* ownMembers(turn, action.taskDefinition)
  const settings: Members = { ...withCircuitBreaker(settingsOf(turn)), ...own }
  const tags = {
    'steersman.dev/environment': key.environment,
    'steersman.dev/release': key.release,
    ...(side === 'only' ? {} : { 'steersman.dev/side': side }),
  }
  core.lead.assertHeldFor(core.settings.callTimeoutMs, turn.epoch)
  yield* core.aws.write('ecs:CreateService', {
    ...settings,
    taskDefinition: action.taskDefinition,
    desiredCount,
    clientToken: createHash('sha256').update(identity).digest('hex').slice(0, 36),
    cluster,
    serviceName,
    ...(loadBalancers === undefined ? {} : { loadBalancers }),
    ...mergedTags(settings['tags'], tags),
  })
  return {}
}

function* update(
  core: Core,
  { cluster, serviceNames }: ReleaseSubject,
  side: Place,
  members: object,
): Steps<CoreResult> {
  yield* core.aws.write('ecs:UpdateService', { ...members, cluster, service: serviceNames[side] })
  return {}
}

function* setWeights(core: Core, rule: RuleFacts, weights: readonly TargetGroupWeight[]): Steps<CoreResult> {
  const actions = rebuildActions(rule, weights)
  if (rule.kind === 'ListenerDefault')
    yield* core.aws.write('elasticloadbalancing:ModifyListener', {
      ListenerArn: rule.arn,
      DefaultActions: actions,
    })
  else yield* core.aws.write('elasticloadbalancing:ModifyRule', { RuleArn: rule.arn, Actions: actions })
  return {}
}
