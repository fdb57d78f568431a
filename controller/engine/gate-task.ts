import { createHash } from 'node:crypto'
import type { ActionArguments } from '../core/action.ts'
import { RUN_TAG, sortTasks } from '../core/gate/task-look.ts'
import type { TaskLook } from '../core/gate/task-look.ts'
import { describeLook } from '../core/rollout/gate-task.ts'
import { gateStatus } from '../core/rollout/gates.ts'
import type { ReleaseObservation, TaskDefinitionFacts } from '../core/observation.ts'
import { otherSide, seenAt } from '../core/observation.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import type { DefaultedGate, ServiceSettings } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type { EcsDocument, Platform, Receipt, RunTaskRequest } from '../ports/platform.ts'

/** What tasks of gates need besides their action. */
interface TaskContext {
  readonly connections: { readonly platform: Platform }
  readonly observation: ReleaseObservation
  readonly rollout: RolloutState | undefined
  /** Throws unless the lease lasts for one more call. */
  readonly assertHeld: () => void
}

interface TaskResult extends Partial<Receipt> {
  readonly message: string
  readonly look?: TaskLook
}

/** Starts the task of a gate: the revision on trial with another command, in the network and with the capacity of the release's services. */
export async function runGateTask(
  { gate }: ActionArguments['RunTask'],
  context: TaskContext,
): Promise<TaskResult> {
  const { connections, observation } = context
  const asked = taskOfGate(gate, context.rollout)
  const definition = await connections.platform.taskDefinition(asked.rollout.spec.taskDefinition)
  const request = taskRequest(asked, { definition, observation })
  context.assertHeld()
  const { task, requestId } = await connections.platform.runTask(request)
  const look = { token: request.clientToken, kind: 'Own', task } as const
  return { message: describeLook(look), requestId, look }
}

export async function stopGateTask(
  { gate, task }: ActionArguments['StopTask'],
  context: TaskContext,
): Promise<TaskResult> {
  const { rollout } = taskOfGate(gate, context.rollout)
  const { requestId } = await context.connections.platform.stopTask({
    cluster: rollout.spec.service.cluster,
    task,
    reason: stopReason(gate, rollout),
  })
  return { message: '', requestId }
}

/** A look at the gate's task; at all of the gate's tasks, while it is not known which one is the rollout's. */
export async function lookAtTask(gate: string, context: TaskContext): Promise<TaskResult> {
  const asked = taskOfGate(gate, context.rollout)
  const look = await sought(asked, context)
  return { message: describeLook(look), look }
}

async function sought(asked: TaskOfGate, { connections }: TaskContext): Promise<TaskLook> {
  const { platform } = connections
  const { cluster } = asked.rollout.spec.service
  const token = tokenOf(asked)
  const arn = arnOf(asked)
  if (arn === undefined)
    return sortTasks(await platform.tasksStartedBy({ cluster, startedBy: startedBy(asked) }), token)
  const task = await platform.startedTask({ cluster, arn })
  return task === undefined ? { token, kind: 'Missing' } : { token, kind: 'Own', task }
}

/** A task gate of the running rollout. */
export interface TaskOfGate {
  readonly rollout: RolloutState
  readonly gate: DefaultedGate
  readonly task: NonNullable<DefaultedGate['task']>
}

/** The gate of this name. Throws a PortError where the running rollout has none. */
export function taskOfGate(name: string, rollout: RolloutState | undefined): TaskOfGate {
  const gate = rollout?.spec.gates?.find((candidate) => candidate.name === name)
  if (rollout !== undefined && gate?.task !== undefined) return { rollout, gate, task: gate.task }
  throw new PortError(`gate ${name} has no task`, { code: 'GateUnclear', handling: 'retry' })
}

/** The ARN of the gate's task, once ECS has named it. */
export const arnOf = ({ rollout, gate }: TaskOfGate): string | undefined =>
  gateStatus(rollout.status, gate.name)?.task?.arn

/** The client token of the gate's one task; as it was stored, since a rollout's own times may be corrected. At most 64 characters. */
export function tokenOf({ rollout, gate }: TaskOfGate): string {
  const stored = gateStatus(rollout.status, gate.name)?.task?.token
  const identity = `${rollout.name}/${rollout.status.startedAt ?? ''}/${gate.name}`
  return stored ?? createHash('sha256').update(identity).digest('hex').slice(0, 36)
}

/** Who starts tasks of a gate, the same for each of its rollouts, so that one list shows those of earlier ones too. At most 128 characters. */
export function startedBy({ rollout: { spec }, gate }: TaskOfGate): string {
  const name = `steersman/${spec.environment}/${spec.release}/${gate.name}`
  if (name.length <= 128) return name
  return `steersman/${createHash('sha256').update(name).digest('hex')}`
}

/** Why a task was stopped, as ECS shows it. */
export const stopReason = (gate: string, { name }: RolloutState): string =>
  `gate ${gate} of ${name}: its time is over`

/** What ECS is asked to start. */
export function taskRequest(
  asked: TaskOfGate,
  seen: {
    readonly definition: TaskDefinitionFacts | undefined
    readonly observation: ReleaseObservation
  },
): RunTaskRequest {
  const { rollout, gate, task } = asked
  const { spec } = rollout
  const clientToken = tokenOf(asked)
  return {
    cluster: spec.service.cluster,
    taskDefinition: spec.taskDefinition,
    container: task.container ?? imageContainer(seen.definition, asked),
    command: task.command,
    settings: taskSettings(spec.service.settings, describedSettings(asked, seen.observation)),
    startedBy: startedBy(asked),
    clientToken,
    tags: {
      'steersman.dev/environment': spec.environment,
      'steersman.dev/release': spec.release,
      'steersman.dev/rollout': rollout.name,
      'steersman.dev/gate': gate.name,
      [RUN_TAG]: clientToken,
    },
  }
}

function imageContainer(
  definition: TaskDefinitionFacts | undefined,
  { rollout: { spec }, gate }: TaskOfGate,
): string {
  const containers = (definition?.document['containerDefinitions'] ?? []) as readonly {
    readonly name: string
  }[]
  const names = containers.map(({ name }) => name)
  const wanted = spec.traffic?.container ?? (names.includes(spec.release) ? spec.release : names[0])
  const isCertain =
    spec.traffic?.container !== undefined || wanted === spec.release || containers.length === 1
  if (wanted !== undefined && isCertain) return wanted
  throw new PortError(`it is not clear in which container gate ${gate.name} runs its command`, {
    code: 'GateContainerUnclear',
    handling: 'stall',
    remedy: `set task.container of gate ${gate.name}`,
  })
}

/** Settings of a service that a task outside it takes, too. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const SHARED = [
  'networkConfiguration',
  'platformVersion',
  'placementConstraints',
  'placementStrategy',
] as const

/** As the release has them; what it leaves to Terraform, as the services have it. Capacity providers and launch type exclude each other. */
function taskSettings(own: ServiceSettings | undefined, described: EcsDocument): EcsDocument {
  const given: EcsDocument = { ...own }
  const capacity = [given, described]
    .map((settings) => capacityOf(settings))
    .find((found) => Object.keys(found).length > 0)
  const shared = SHARED.flatMap((name) => {
    const value = given[name] ?? described[name]
    return isEmpty(value) ? [] : [[name, value] as const]
  })
  return { ...capacity, ...Object.fromEntries(shared) }
}

function capacityOf({ capacityProviderStrategy, launchType }: EcsDocument): EcsDocument {
  if (!isEmpty(capacityProviderStrategy)) return { capacityProviderStrategy }
  return launchType === undefined ? {} : { launchType }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** The services of a pair are alike; the one that serves was there first. */
function describedSettings({ rollout }: TaskOfGate, observation: ReleaseObservation): EcsDocument {
  const { side } = rollout.spec.to
  const { sides } = observation
  if (side === undefined) return seenAt(observation, 'only').service?.settings ?? {}
  return (sides[otherSide(side)].service ?? sides[side].service)?.settings ?? {}
}
