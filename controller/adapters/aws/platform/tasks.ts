import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs'
import type { TaskFacts } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Platform, ServiceReference } from '../../../ports/platform.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'
import { createInstanceReads } from './container-instances.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const tasksPerCall = 100
const maxPages = 100

/** ListTasks, then DescribeTasks where there are any; instances only for tasks without an address of their own. */
export function createTaskReads(tools: AwsTools): Platform['tasks'] {
  const { clients, send, epoch } = tools
  const instances = createInstanceReads(tools)
  const shared = createSharedReads<readonly TaskFacts[]>(epoch)

  async function list({ cluster, name }: ServiceReference): Promise<string[]> {
    const arns: string[] = []
    let nextToken: string | undefined
    for (let page = 0; page < maxPages; page += 1) {
      const command = new ListTasksCommand({
        cluster,
        serviceName: name,
        maxResults: tasksPerCall,
        nextToken,
      })
      const answer = await send('ecs:ListTasks', (options) => clients.ecs.send(command, options))
      arns.push(...(answer.taskArns ?? []))
      nextToken = answer.nextToken
      if (nextToken === undefined) return arns
    }
    throw unreadable(`an end to the list of tasks of ${name}`)
  }

  async function describe(cluster: string, tasks: string[]): Promise<readonly Task[]> {
    const command = new DescribeTasksCommand({ cluster, tasks })
    const answer = await send('ecs:DescribeTasks', (options) => clients.ecs.send(command, options))
    return (answer.tasks ?? []).filter(({ lastStatus }) => lastStatus !== 'STOPPED')
  }

  async function read(reference: ServiceReference): Promise<readonly TaskFacts[]> {
    const arns = await listOrNone(() => list(reference))
    const tasks: Task[] = []
    for (let start = 0; start < arns.length; start += tasksPerCall) {
      tasks.push(...(await describe(reference.cluster, arns.slice(start, start + tasksPerCall))))
    }
    const onInstances = tasks.filter((task) => ownAddresses(task).length === 0)
    const ids = await instances(
      reference.cluster,
      onInstances.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []),
    )
    return tasks.map((task) => taskFacts(task, ids))
  }

  return (reference) => shared.share(`${reference.cluster} ${reference.name}`, () => read(reference))
}

async function listOrNone(list: () => Promise<string[]>): Promise<string[]> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof PortError && error.code === 'ServiceMissing') return []
    throw error
  }
}

function taskFacts(task: Task, instanceIds: ReadonlyMap<string, string>): TaskFacts {
  if (task.taskArn === undefined) throw unreadable("a task's ARN")
  const addresses = ownAddresses(task)
  return {
    arn: task.taskArn,
    taskDefinition: task.taskDefinitionArn ?? '',
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    createdAt: task.createdAt?.getTime() ?? 0,
    targetIds: addresses.length > 0 ? addresses : hostPorts(task, instanceIds),
  }
}

/** Addresses of the task's own network interfaces (awsvpc). */
function ownAddresses(task: Task): string[] {
  const attached = (task.attachments ?? [])
    .filter(({ type }) => type === 'ElasticNetworkInterface' || type === 'eni')
    .flatMap(({ details }) => details ?? [])
    .flatMap(({ name, value }) =>
      (name === 'privateIPv4Address' || name === 'privateIPv6Address') && value !== undefined ? [value] : [],
    )
  const ofContainers = (task.containers ?? [])
    .flatMap(({ networkInterfaces }) => networkInterfaces ?? [])
    .flatMap(({ privateIpv4Address, ipv6Address }) => [privateIpv4Address ?? [], ipv6Address ?? []].flat())
  return [...new Set([...attached, ...ofContainers])]
}

/** `<instance id>:<host port>` of every published port (bridge and host networking). */
function hostPorts(task: Task, instanceIds: ReadonlyMap<string, string>): string[] {
  const instanceId = instanceIds.get(task.containerInstanceArn ?? '')
  if (instanceId === undefined) return []
  const ports = (task.containers ?? [])
    .flatMap(({ networkBindings }) => networkBindings ?? [])
    .flatMap(({ hostPort }) => hostPort ?? [])
  return [...new Set(ports)].map((port) => `${instanceId}:${port}`)
}
