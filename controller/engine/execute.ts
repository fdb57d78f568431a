import { createHash } from 'node:crypto'
import type { Action, ActionArguments, ActionKind } from '../core/action.ts'
import { describeAction, theService } from '../core/action.ts'
import type { DesiredRelease } from '../core/desired.ts'
import type { TaskLook } from '../core/gate/task-look.ts'
import type { ReleaseObservation, RuleFacts, Place, ServiceFacts, Side } from '../core/observation.ts'
import { otherSide, seenAt } from '../core/observation.ts'
import { withActions } from '../core/plan/actions.ts'
import { leavesProviders } from '../core/plan/settings.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { forwardedTo, targetGroupWeights, onlyTo } from '../core/rollout/traffic.ts'
import type { RenderedTaskDefinition } from '../core/task-definition.ts'
import type { RecentWrite, ServiceSettings } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type { GateAttempt } from '../ports/gate.ts'
import type { EcsDocument, ServiceReference, ServiceTarget } from '../ports/platform.ts'
import type { Connections } from './connections.ts'
import { continueDeployment, startDeployment, stopDeployment } from './code-deploy.ts'
import { gateProbe, missingRule } from './gate-probe.ts'
import { lookAtTask, runGateTask, stopGateTask } from './gate-task.ts'
import { isMovedByEcs, movedByEcs } from './moved-by-ecs.ts'
import type { ReleaseSubject } from './observe.ts'
import { servingContainer } from './serving-container.ts'

/** All that carrying out an action may need besides its arguments. */
export interface ExecutionContext {
  readonly connections: Connections
  readonly environment: string
  readonly release: string
  readonly subject: ReleaseSubject
  readonly observation: ReleaseObservation
  readonly rendered: RenderedTaskDefinition | undefined
  readonly rollout: RolloutState | undefined
  readonly settings: ServiceSettings | undefined
  /** What rules do before they forward, where a write brings that; left out, they keep what they do. */
  readonly actions?: DesiredRelease['actions']
  /** The newest earlier write to the same object, as it was before this one was intended. */
  readonly earlier: RecentWrite | undefined
  /** Whether an earlier write without an answer may still come to light. */
  readonly mayStillAppear: boolean
  /** Throws unless the lease lasts for one more call: asked again where a write comes after a read, which may take long. */
  readonly assertHeld: () => void
  /** Fires where the action can't wait for its turn. */
  readonly hurry: AbortSignal
  readonly signal: AbortSignal
}

export interface ActionResult {
  readonly message: string
  readonly requestId?: string | undefined
  readonly attempt?: GateAttempt
  /** What was seen of a gate's task. */
  readonly look?: TaskLook
  readonly taskDefinition?: string
}

type Executors = {
  readonly [Kind in ActionKind]: (
    action: ActionArguments[Kind],
    context: ExecutionContext,
  ) => Promise<ActionResult>
}

/** One function per action, none missing: an action without one does not compile. */
const executors: Executors = {
  RegisterTaskDefinition: registerTaskDefinition,
  CreateService: createService,
  UpdateService: updateService,
  ScaleService: async ({ side, desiredCount }, context) => {
    const { requestId } = await context.connections.platform.updateService({
      service: serviceOf(side, context),
      desiredCount,
    })
    return { message: '', requestId }
  },
  SetScaling: async ({ side, ...given }, context) => {
    const { requestId } = await context.connections.platform.setScaling({
      service: serviceOf(side, context),
      ...given,
    })
    return { message: '', requestId }
  },
  ApplySettings: async ({ side, settings }, context) => {
    const { requestId } = await context.connections.platform.updateService({
      service: serviceOf(side, context),
      settings,
    })
    return { message: '', requestId }
  },
  TagService: async ({ side, tags }, context) => {
    const { requestId } = await context.connections.platform.tagService({ arn: arnOf(side, context), tags })
    return { message: '', requestId }
  },
  UntagService: async ({ side, keys }, context) => {
    const { requestId } = await context.connections.platform.untagService({ arn: arnOf(side, context), keys })
    return { message: '', requestId }
  },
  TagTraffic: async ({ arn, tags }, { connections }) => {
    const { requestId } = await connections.traffic.tag({ arn, tags })
    return { message: '', requestId }
  },
  ContinueDeployment: async (asked, { connections }) => {
    const { requestId } = await connections.platform.continueDeployment(asked)
    return { message: '', requestId }
  },
  StopDeployment: async ({ deployment, backTo }, { connections }) => {
    const goesBack = backTo !== undefined
    const { requestId } = await connections.platform.stopDeployment({ deployment, goesBack })
    return { message: '', requestId }
  },
  PointTest: async ({ side }, context) => {
    const { test } = context.observation
    if (test === null) throw missingRule('the test rule')
    return setWeights(test, onlyTarget(context.observation, side), context)
  },
  SetWeights: async ({ rule: arn, ...given }, context) => {
    const rule = context.observation.production.find((candidate) => candidate?.arn === arn)
    if (rule === undefined || rule === null) throw missingRule(`rule ${arn}`)
    const actions = withActions(rule.actions, context.actions)
    return setWeights({ ...rule, actions }, forwardedTo(context.observation, given), context)
  },
  PointSchedule: async ({ name, group, taskDefinition }, context) => {
    const { requestId } = await context.connections.schedules.pointSchedule({
      schedule: { name, group },
      taskDefinition,
      beforeWrite: context.assertHeld,
    })
    return { message: '', requestId }
  },
  StartCodeDeploy: startDeployment,
  ContinueCodeDeploy: continueDeployment,
  StopCodeDeploy: stopDeployment,
  RunTask: runGateTask,
  StopTask: stopGateTask,
  ProbeGate: probeGate,
}

/** Carries one action out, once. Errors are PortErrors; what to do about them was classed where they came from. */
export async function execute(action: Action, context: ExecutionContext): Promise<ActionResult> {
  const run = executors[action.kind] as (action: Action, context: ExecutionContext) => Promise<ActionResult>
  const result = await run(action, context)
  return { ...result, message: result.message === '' ? describeAction(action) : result.message }
}

/** Looks for the revision by its digest first: RegisterTaskDefinition has no token, and a revision that nobody uses is still one too many. */
async function registerTaskDefinition(
  { family, digest }: ActionArguments['RegisterTaskDefinition'],
  context: ExecutionContext,
): Promise<ActionResult> {
  const { platform } = context.connections
  const newest = await platform.newestTaskDefinition(family)
  if (newest !== undefined && newest.tags[DIGEST_TAG] === digest) {
    return {
      message: `task definition ${family}:${newest.revision} has this content already`,
      taskDefinition: newest.arn,
    }
  }
  if (context.mayStillAppear) {
    throw new PortError(`an earlier registration of ${family} got no answer and may still appear`, {
      code: 'RegistrationUnclear',
      handling: 'wait',
    })
  }
  const { rendered } = context
  if (rendered === undefined)
    throw new PortError(`the content of ${family} was not read yet`, {
      code: 'ContentMissing',
      handling: 'wait',
    })
  const tags = {
    ...rendered.tags,
    [DIGEST_TAG]: digest,
    'steersman.dev/environment': context.environment,
    'steersman.dev/release': context.release,
  }
  context.assertHeld()
  const { taskDefinition, requestId } = await platform.registerTaskDefinition({
    document: rendered.document,
    tags,
  })
  return {
    message: `registered ${family}:${taskDefinition.revision}`,
    requestId,
    taskDefinition: taskDefinition.arn,
  }
}

/** The tag of a task definition that holds the digest of its content. */
export const DIGEST_TAG = 'steersman.dev/digest'

async function updateService(
  { side, taskDefinition, desiredCount, forceNewDeployment }: ActionArguments['UpdateService'],
  context: ExecutionContext,
): Promise<ActionResult> {
  const settings = {
    ...updatable(context.settings, seenAt(context.observation, side).service),
    ...(await ownMembers(taskDefinition, context)),
  }
  context.assertHeld()
  const { requestId } = await context.connections.platform.updateService({
    service: serviceOf(side, context),
    taskDefinition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    settings,
    ...(forceNewDeployment === undefined ? {} : { forceNewDeployment }),
  })
  return { message: '', requestId }
}

/** What makes ECS move the traffic of the service, where it shall. */
async function ownMembers(
  taskDefinition: string,
  { rollout, settings, observation, connections }: ExecutionContext,
): Promise<EcsDocument> {
  if (!isMovedByEcs(rollout)) return {}
  const definition = await connections.platform.taskDefinition(taskDefinition)
  return movedByEcs(rollout, { settings, observation, definition })
}

async function createService(
  { side, taskDefinition, desiredCount }: ActionArguments['CreateService'],
  context: ExecutionContext,
): Promise<ActionResult> {
  const target = side === 'only' ? undefined : await targetOf(side, taskDefinition, context)
  const service = serviceOf(side, context)
  const identity = `${context.rollout?.name ?? ''}/${context.rollout?.status.startedAt ?? ''}/${service.cluster}/${service.name}`
  const own = await ownMembers(taskDefinition, context)
  context.assertHeld()
  const { requestId } = await context.connections.platform.createService({
    service,
    taskDefinition,
    desiredCount,
    ...(target === undefined ? {} : { target }),
    settings: { ...withCircuitBreaker(context.settings), ...own },
    clientToken: createHash('sha256').update(identity).digest('hex').slice(0, 36),
    tags: {
      'steersman.dev/environment': context.environment,
      'steersman.dev/release': context.release,
      ...(side === 'only' ? {} : { 'steersman.dev/side': side }),
    },
  })
  return { message: '', requestId }
}

async function targetOf(
  side: Side,
  taskDefinition: string,
  context: ExecutionContext,
): Promise<ServiceTarget> {
  const { targetGroup } = context.observation.sides[side]
  if (targetGroup === null)
    throw new PortError(`the ${side} target group does not exist`, {
      code: 'TargetGroupMissing',
      handling: 'stall',
    })
  const definition = await context.connections.platform.taskDefinition(taskDefinition)
  return { targetGroupArn: targetGroup.arn, ...servingContainer(definition, context) }
}

/** Services of a pair have ECS's circuit breaker on, so that hopeless deployments end; going back is ours. */
export function withCircuitBreaker(settings: ServiceSettings | undefined): Readonly<Record<string, unknown>> {
  const deploymentConfiguration = {
    ...settings?.deploymentConfiguration,
    deploymentCircuitBreaker: { enable: true, rollback: false },
  }
  return { ...settings, deploymentConfiguration }
}

/** Settings that CreateService takes and UpdateService does not. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const createOnly = new Set(['launchType', 'schedulingStrategy', 'tags'])

/** A service's settings as UpdateService takes them. */
export function updatable(
  settings: ServiceSettings | undefined,
  service: ServiceFacts | null,
): Readonly<Record<string, unknown>> {
  const named = Object.fromEntries(
    Object.entries(withCircuitBreaker(settings)).filter(([name]) => !createOnly.has(name)),
  )
  return leavesProviders(service, settings) ? { ...named, capacityProviderStrategy: [] } : named
}

async function setWeights(
  rule: RuleFacts,
  weights: ReturnType<typeof targetGroupWeights>,
  context: ExecutionContext,
): Promise<ActionResult> {
  const { connections, hurry } = context
  const { requestId } = await connections.traffic.setWeights({ rule, weights }, { hurry })
  return { message: '', requestId }
}

/** The test rule names one side's group alone, so that a gate can never be answered by the other. */
export function onlyTarget(
  observation: ReleaseObservation,
  side: Side,
): ReturnType<typeof targetGroupWeights> {
  const other = observation.sides[otherSide(side)].targetGroup?.arn
  return targetGroupWeights(observation, onlyTo(side)).filter((entry) => entry.targetGroupArn !== other)
}

async function probeGate(
  { gate }: ActionArguments['ProbeGate'],
  context: ExecutionContext,
): Promise<ActionResult> {
  const asked = context.rollout?.spec.gates?.find(({ name }) => name === gate)
  if (asked?.task !== undefined) return lookAtTask(gate, context)
  const attempt = await context.connections.gates.probe(gateProbe(gate, context), context.signal)
  return { message: attempt.message, attempt }
}

function serviceOf(place: Place, { release, subject }: ExecutionContext): ServiceReference {
  const name = subject.serviceNames[place]
  if (name === undefined) throw new Error(`release ${release} has no ${place} service`)
  return { cluster: subject.cluster, name }
}

function arnOf(place: Place, { observation }: ExecutionContext): string {
  const { service } = seenAt(observation, place)
  if (service !== null) return service.arn
  throw new PortError(`${theService(place)} does not exist any more`, {
    code: 'ServiceMissing',
    handling: 'retry',
  })
}
