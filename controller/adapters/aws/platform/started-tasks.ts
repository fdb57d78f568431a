import {
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs'
import type { StartedTask } from '../../../core/gate/task-look.ts'
import { PortError } from '../../../ports/error.ts'
import type { EcsDocument, Platform, RunTaskRequest } from '../../../ports/platform.ts'
import { objectsIn, optionalText, requiredText, textOrEmpty, textsIn, timeOrZero } from '../client/members.ts'
import { tagList } from '../client/plain.ts'
import type { AwsTools } from '../client/tools.ts'
import { afterWrite, unreadable } from '../client/unreadable.ts'
import { withRawBody } from './raw-request.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const tasksPerCall = 100
const maxPages = 20

type StartedTasks = Pick<Platform, 'runTask' | 'stopTask' | 'startedTask' | 'tasksStartedBy'>

/** Tasks that belong to no service. A stopped one is listed and described for about an hour. */
export function createStartedTasks({ clients, send }: AwsTools): StartedTasks {
  async function list(
    { cluster, startedBy }: { readonly cluster: string; readonly startedBy: string },
    desiredStatus: 'RUNNING' | 'STOPPED',
  ): Promise<readonly string[]> {
    const arns: string[] = []
    let nextToken: string | undefined
    for (let page = 0; page < maxPages; page += 1) {
      const command = new ListTasksCommand({ cluster, startedBy, desiredStatus, nextToken })
      const answer = await send('ecs:ListTasks', (options) => clients.ecs.send(command, options))
      arns.push(...textsIn(answer.taskArns, 'a list of tasks'))
      nextToken = optionalText(answer.nextToken, 'a page token')
      if (nextToken === undefined) return arns
    }
    throw unreadable(`an end to the list of tasks started by ${startedBy}`)
  }

  async function describe(cluster: string, tasks: readonly string[]): Promise<readonly StartedTask[]> {
    const command = new DescribeTasksCommand({ cluster, tasks: [...tasks], include: ['TAGS'] })
    const answer = await send('ecs:DescribeTasks', (options) => clients.ecs.send(command, options))
    return objectsIn(answer.tasks, 'a list of tasks').map(startedTask)
  }

  return {
    async tasksStartedBy(starter) {
      const arns = [...(await list(starter, 'RUNNING')), ...(await list(starter, 'STOPPED'))]
      const found: StartedTask[] = []
      for (let start = 0; start < arns.length; start += tasksPerCall)
        found.push(...(await describe(starter.cluster, arns.slice(start, start + tasksPerCall))))
      return found
    },

    async startedTask({ cluster, arn }) {
      const [task] = await describe(cluster, [arn])
      return task
    },

    async runTask(request) {
      const command = withRawBody(
        new RunTaskCommand({ taskDefinition: request.taskDefinition }),
        runTaskInput(request),
      )
      const answer = await send('ecs:RunTask', (options) => clients.ecs.send(command, options), {
        secrets: request.command,
      })
      return { requestId: answer.$metadata.requestId, task: runningTask(answer) }
    },

    async stopTask(request) {
      const command = new StopTaskCommand(request)
      const answer = await send('ecs:StopTask', (options) => clients.ecs.send(command, options))
      return { requestId: answer.$metadata.requestId }
    },
  }
}

/** The request as ECS takes it. */
export const runTaskInput = ({
  container,
  command,
  settings,
  tags,
  ...request
}: RunTaskRequest): EcsDocument => ({
  ...settings,
  ...request,
  count: 1,
  overrides: { containerOverrides: [{ name: container, command }] },
  tags: tagList(tags),
})

/** The task that ECS started; throws where it found no place for it. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
export function runningTask({
  tasks,
  failures,
}: {
  readonly tasks?: readonly Task[] | undefined
  readonly failures?:
    readonly { readonly reason?: string | undefined; readonly detail?: string | undefined }[] | undefined
}): StartedTask {
  const [task] = afterWrite(() => objectsIn(tasks, 'a list of tasks'))
  if (task !== undefined) return afterWrite(() => startedTask(task))
  const [failure] = afterWrite(() => objectsIn(failures, 'a list of failures'))
  if (failure === undefined) throw unreadable('the task', { ambiguous: true })
  throw new PortError(`ECS found no place for the task: ${failure.reason ?? 'no reason given'}`, {
    code: 'CapacityUnavailable',
    handling: 'wait',
  })
}

/** A task as described, in the core's terms. */
export function startedTask(task: Task): StartedTask {
  const lastStatus = textOrEmpty(task.lastStatus, "a task's status")
  const overrides = objectsIn(task.overrides?.containerOverrides, "a task's overrides")
  const name = overrides.find(({ command }) => command !== undefined)?.name
  const container = objectsIn(task.containers, "a task's containers").find((one) => one.name === name)
  return {
    arn: requiredText(task.taskArn, "a task's ARN"),
    lastStatus,
    createdAt: timeOrZero(task.createdAt, "a task's time"),
    exitCode: lastStatus === 'STOPPED' && endedByItself(task) ? container?.exitCode : undefined,
    stoppedReason: optionalText(task.stoppedReason, "a task's end")?.slice(0, 500),
    tags: Object.fromEntries(
      objectsIn(task.tags, "a task's tags").map(({ key = '', value = '' }) => [key, value]),
    ),
  }
}

/** A command that somebody ends from outside may exit with 0, too. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
const endedByItself = ({ stopCode }: Task): boolean =>
  stopCode === undefined || stopCode === 'EssentialContainerExited'
