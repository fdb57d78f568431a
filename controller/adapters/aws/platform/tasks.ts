import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs'
import type { TaskFacts } from '../../../core/observation.ts'
import type { Asked } from '../../../ports/asked.ts'
import { PortError } from '../../../ports/error.ts'
import type { Platform, ServiceReference } from '../../../ports/platform.ts'
import {
  objectsIn,
  optionalText,
  portOrZero,
  requiredText,
  textOrEmpty,
  textsIn,
  timeOrZero,
} from '../client/members.ts'
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

  async function list({ cluster, name }: ServiceReference, asked: Asked): Promise<string[]> {
    const arns: string[] = []
    let nextToken: string | undefined
    for (let page = 0; page < maxPages; page += 1) {
      const command = new ListTasksCommand({
        cluster,
        serviceName: name,
        maxResults: tasksPerCall,
        nextToken,
      })
      const answer = await send('ecs:ListTasks', (options) => clients.ecs.send(command, options), asked)
      arns.push(...textsIn(answer.taskArns, 'a list of tasks'))
      nextToken = optionalText(answer.nextToken, 'a page token')
      if (nextToken === undefined) return arns
    }
    throw unreadable(`an end to the list of tasks of ${name}`)
  }

  async function describe(cluster: string, tasks: string[], asked: Asked): Promise<readonly Task[]> {
    const command = new DescribeTasksCommand({ cluster, tasks })
    const answer = await send('ecs:DescribeTasks', (options) => clients.ecs.send(command, options), asked)
    return objectsIn(answer.tasks, 'a list of tasks').filter(({ lastStatus }) => lastStatus !== 'STOPPED')
  }

  const known = new Map<string, readonly TaskFacts[]>()

  /** A task that runs keeps its revision and addresses; one that is to stop is not listed any more. So each is described until it runs, and then never again. */
  async function read(key: string, reference: ServiceReference, asked: Asked): Promise<readonly TaskFacts[]> {
    const arns = await listOrNone(() => list(reference, asked))
    const running = (known.get(key) ?? []).filter((task) => isSettled(task) && arns.includes(task.arn))
    const others = arns.filter((arn) => !running.some((task) => task.arn === arn))
    const tasks = [...running, ...(await readTasks(reference, others, asked))]
    remember(known, key, tasks)
    return tasks
  }

  async function readTasks(
    reference: ServiceReference,
    arns: readonly string[],
    asked: Asked,
  ): Promise<readonly TaskFacts[]> {
    const tasks: Task[] = []
    for (let start = 0; start < arns.length; start += tasksPerCall) {
      tasks.push(...(await describe(reference.cluster, arns.slice(start, start + tasksPerCall), asked)))
    }
    const onInstances = tasks.filter((task) => ownAddresses(task).length === 0)
    const ids = await instances(
      reference.cluster,
      onInstances.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []),
    )
    return tasks.map((task) => taskFacts(task, ids))
  }

  return (reference, asked) => {
    const key = `${reference.cluster} ${reference.name}`
    return shared.share(key, (hurry) => read(key, reference, { hurry }), asked?.hurry)
  }
}

/** Services whose tasks are remembered; beyond, the ones asked for longest ago are described anew. */
const servicesKept = 2_000

function remember(known: Map<string, readonly TaskFacts[]>, key: string, tasks: readonly TaskFacts[]): void {
  known.delete(key)
  known.set(key, tasks)
  const [oldest] = known.keys()
  if (known.size > servicesKept && oldest !== undefined) known.delete(oldest)
}

/** A task of which nothing that is told here can change any more, but that it stops. */
export const isSettled = ({ lastStatus, desiredStatus, targetIds }: TaskFacts): boolean =>
  lastStatus === 'RUNNING' && desiredStatus === 'RUNNING' && targetIds.length > 0

async function listOrNone(list: () => Promise<string[]>): Promise<string[]> {
  try {
    return await list()
  } catch (error) {
    if (error instanceof PortError && error.code === 'ServiceMissing') return []
    throw error
  }
}

/** A task as described, in the core's terms. */
export function taskFacts(task: Task, instanceIds: ReadonlyMap<string, string>): TaskFacts {
  const addresses = ownAddresses(task)
  return {
    arn: requiredText(task.taskArn, "a task's ARN"),
    taskDefinition: textOrEmpty(task.taskDefinitionArn, "a task's task definition"),
    lastStatus: textOrEmpty(task.lastStatus, "a task's status"),
    desiredStatus: textOrEmpty(task.desiredStatus, "a task's wanted status"),
    createdAt: timeOrZero(task.createdAt, "a task's time"),
    targetIds: addresses.length > 0 ? addresses : hostPorts(task, instanceIds),
  }
}

/** Addresses of the task's own network interfaces (awsvpc). */
function ownAddresses(task: Task): string[] {
  const attached = objectsIn(task.attachments, "a task's attachments")
    .filter(({ type }) => type === 'ElasticNetworkInterface' || type === 'eni')
    .flatMap(({ details }) => objectsIn(details, "an attachment's details"))
    .flatMap(({ name, value }) =>
      name === 'privateIPv4Address' || name === 'privateIPv6Address' ? addressesIn(value) : [],
    )
  const ofContainers = objectsIn(task.containers, "a task's containers")
    .flatMap(({ networkInterfaces }) => objectsIn(networkInterfaces, "a container's network interfaces"))
    .flatMap(({ privateIpv4Address, ipv6Address }) => [privateIpv4Address, ipv6Address].flatMap(addressesIn))
  return [...new Set([...attached, ...ofContainers])]
}

function addressesIn(value: unknown): string[] {
  const address = textOrEmpty(value, "a task's address")
  return address === '' ? [] : [address]
}

/** `<instance id>:<host port>` of every published port (bridge and host networking). */
function hostPorts(task: Task, instanceIds: ReadonlyMap<string, string>): string[] {
  const instanceId = instanceIds.get(task.containerInstanceArn ?? '')
  if (instanceId === undefined) return []
  const ports = objectsIn(task.containers, "a task's containers")
    .flatMap(({ networkBindings }) => objectsIn(networkBindings, "a container's network bindings"))
    .map(({ hostPort }) => portOrZero(hostPort, 'a host port'))
    .filter((port) => port > 0)
  return [...new Set(ports)].map((port) => `${instanceId}:${port}`)
}
