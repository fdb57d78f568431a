import type { Interfaces } from '../kernel/ports-between.ts'
import { optionalText, texts } from '../members.ts'
import type { EcsTables, TaskState } from './state.ts'

/** The interfaces of tasks with a network of their own: from their creation until they have stopped. */
export function interfacesOfTasks({ tasks }: EcsTables): Interfaces {
  return (region) =>
    tasks
      .list()
      .filter((task) => task.lastStatus !== 'STOPPED' && task.taskArn.includes(`:${region}:`))
      .flatMap(interfaceOf)
}

function interfaceOf(task: TaskState): ReturnType<Interfaces> {
  const id = optionalText(task.members, 'networkInterfaceId')
  if (id === undefined) return []
  return [
    {
      id,
      description: task.taskArn.replace(/:task\/.*$/, `:attachment/${String(task.members['attachmentId'])}`),
      subnetId: optionalText(task.members, 'subnetId') ?? '',
      securityGroups: texts(task.members, 'securityGroups'),
      address: task.address,
    },
  ]
}
