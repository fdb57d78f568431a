import {
  runningTask,
  runTaskInput,
  startedTask,
} from '../../../controller/adapters/aws/platform/started-tasks.ts'
import { sortTasks } from '../../../controller/core/gate/task-look.ts'
import type { StartedTask, TaskLook } from '../../../controller/core/gate/task-look.ts'
import {
  arnOf,
  startedBy,
  stopReason,
  taskOfGate,
  taskRequest,
  tokenOf,
} from '../../../controller/engine/gate-task.ts'
import type { TaskOfGate } from '../../../controller/engine/gate-task.ts'
import type { ActionArguments } from '../../../controller/core/action.ts'
import type { Members, Timestamp } from '../../../controller/sandbox/kernel/operation.ts'
import type { TaskDefinitionFacts } from '../../../controller/core/observation.ts'
import type { Core } from './core.ts'
import type { CoreTurn } from './core-turn.ts'
import type { Steps } from './steps.ts'

/** Starts the task of a gate, by the same request as the engine does. */
export function* runTask(
  turn: CoreTurn,
  asked: TaskOfGate,
  definition: TaskDefinitionFacts | undefined,
): Steps<TaskLook> {
  const { core, observation } = turn
  const request = taskRequest(asked, { definition, observation })
  core.lead.assertHeldFor(core.settings.callTimeoutMs, turn.epoch)
  const output = yield* core.aws.write('ecs:RunTask', runTaskInput(request), request.command)
  const tasks = (output['tasks'] as Members[]).map(withDates)
  return { token: request.clientToken, kind: 'Own', task: runningTask({ ...output, tasks }) }
}

/** Stops the task of a gate, as the engine does. */
export function* stopTask(
  { core, active }: CoreTurn,
  { gate, task }: ActionArguments['StopTask'],
): Steps<void> {
  const { rollout } = taskOfGate(gate, active?.state)
  const { cluster } = rollout.spec.service
  yield* core.aws.write('ecs:StopTask', { cluster, task, reason: stopReason(gate, rollout) })
}

/** A look at the gate's task; at all of the gate's tasks, while it is not known which one is the rollout's. */
export function* lookAtTask({ core, active }: CoreTurn, gate: string): Steps<TaskLook> {
  const asked = taskOfGate(gate, active?.state)
  const { cluster } = asked.rollout.spec.service
  const token = tokenOf(asked)
  const arn = arnOf(asked)
  if (arn === undefined) {
    const starter = { cluster, startedBy: startedBy(asked) }
    const running = yield* list(core, { ...starter, desiredStatus: 'RUNNING' })
    const stopped = yield* list(core, { ...starter, desiredStatus: 'STOPPED' })
    return sortTasks(yield* describe(core, cluster, [...running, ...stopped]), token)
  }
  const [task] = yield* describe(core, cluster, [arn])
  return task === undefined ? { token, kind: 'Missing' } : { token, kind: 'Own', task }
}

/** The task as the SDK hands it over. */
const withDates = (task: Members): Members => ({
  ...task,
  createdAt: new Date((task['createdAt'] as Timestamp).epochMs),
})

function* list(core: Core, input: Members): Steps<readonly string[]> {
  const output = yield* core.aws.read('ecs:ListTasks', input)
  return output['taskArns'] as string[]
}

function* describe(core: Core, cluster: string, tasks: readonly string[]): Steps<readonly StartedTask[]> {
  if (tasks.length === 0) return []
  const output = yield* core.aws.read('ecs:DescribeTasks', { cluster, tasks, include: ['TAGS'] })
  return (output['tasks'] as Members[]).map((task) => startedTask(withDates(task)))
}
