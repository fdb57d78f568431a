import { clientException, invalidParameter } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import type { TableView } from '../kernel/table.ts'
import { optionalRecords, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { ecsArn, lastPart } from './arns.ts'
import type { EcsWorld } from './parts.ts'
import type { EcsTables, TaskDefinitionState } from './state.ts'
import { checkedTags, putTags, tagsOf } from './tags.ts'
import { compatibilities, requiredAttributes, withContainerDefaults } from './task-definition-defaults.ts'
import { checkTaskDefinition, cpuUnits, memoryMebibytes } from './task-definition-validation.ts'

/** RegisterTaskDefinition and the rest of a task definition's life. */
export function taskDefinitionOperations(world: EcsWorld): Record<string, Operation> {
  const { tables } = world
  const write = { writes: true, bucket: 'ecs-task-definition-write' } as const
  const read = { writes: false, bucket: 'ecs-task-definition-read' } as const
  return {
    RegisterTaskDefinition: { ...write, handle: (input, context) => register(tables, input, context) },
    DeregisterTaskDefinition: { ...write, handle: (input, context) => deregister(tables, input, context) },
    DeleteTaskDefinitions: { ...write, handle: (input, context) => deleteMany(tables, input, context) },
    DescribeTaskDefinition: { ...read, handle: (input, context) => describe(tables, input, context) },
    ListTaskDefinitions: { ...read, handle: (input, context) => list(tables, input, context) },
    ListTaskDefinitionFamilies: { ...read, handle: (input, context) => listFamilies(tables, input, context) },
  }
}

/**
 * The task definition that a name means: a family (its newest ACTIVE revision), family:revision or an ARN.
 * Throws ClientException where there is none.
 */
function findTaskDefinition(
  view: TableView<TaskDefinitionState>,
  name: string,
  context: Pick<CallContext, 'region' | 'accountId'>,
): TaskDefinitionState {
  const byFamily = /^[A-Za-z0-9_-]{1,255}$/.test(name)
  const arn = name.startsWith('arn:') ? name : ecsArn(context, `task-definition/${name}`)
  const found = byFamily ? newestOf(view, name, context) : view.get(arn)
  if (found === undefined) throw clientException('Unable to describe task definition.')
  return found
}

/** As findTaskDefinition, for starting tasks: an inactive revision is refused as AWS refuses it. */
export function activeTaskDefinition(
  view: TableView<TaskDefinitionState>,
  name: string,
  context: Pick<CallContext, 'region' | 'accountId'>,
): TaskDefinitionState {
  let found: TaskDefinitionState
  try {
    found = findTaskDefinition(view, name, context)
  } catch (cause) {
    throw Object.assign(clientException('TaskDefinition not found.'), { cause })
  }
  if (found.status !== 'ACTIVE') throw clientException('TaskDefinition is inactive')
  return found
}

function newestOf(
  view: TableView<TaskDefinitionState>,
  family: string,
  context: Pick<CallContext, 'region'>,
): TaskDefinitionState | undefined {
  let newest: TaskDefinitionState | undefined
  for (const definition of view.list()) {
    if (definition.family !== family || definition.status !== 'ACTIVE') continue
    if (!definition.taskDefinitionArn.includes(`:${context.region}:`)) continue
    if (newest === undefined || definition.revision > newest.revision) newest = definition
  }
  return newest
}

function register(tables: EcsTables, input: Members, context: CallContext): Members {
  checkTaskDefinition(input)
  const tags = optionalRecords(input, 'tags') ?? []
  checkedTags(tags)
  const family = text(input, 'family')
  const familyArn = ecsArn(context, `task-definition/${family}`)
  const revision = (tables.highestRevision.get(familyArn) ?? 0) + 1
  const { containerDefinitions: _containers, family: _family, tags: _tags, ...rest } = input
  const members = taskMembers(rest)
  const networkMode = String(members['networkMode'])
  const definition: TaskDefinitionState = {
    taskDefinitionArn: `${familyArn}:${revision}`,
    family,
    revision,
    status: 'ACTIVE',
    members: { ...members, registeredBy: `arn:aws:iam::${context.accountId}:root` },
    containers: (optionalRecords(input, 'containerDefinitions') ?? []).map((container) =>
      withContainerDefaults(container, networkMode),
    ),
    registeredAt: context.now,
  }
  tables.highestRevision.put(familyArn, revision)
  tables.taskDefinitions.put(definition.taskDefinitionArn, definition)
  putTags(tables.tags, definition.taskDefinitionArn, tags)
  return {
    taskDefinition: definitionView(definition),
    tags: tagsOf(tables.tags, definition.taskDefinitionArn),
  }
}

function taskMembers(input: Members): Members {
  const cpu = optionalText(input, 'cpu')
  const memory = optionalText(input, 'memory')
  const requires = texts(input, 'requiresCompatibilities')
  return {
    volumes: [],
    placementConstraints: [],
    ...present(input),
    networkMode: input['networkMode'] ?? 'bridge',
    ...(cpu === undefined ? {} : { cpu: String(cpuUnits(cpu)) }),
    ...(memory === undefined ? {} : { memory: String(memoryMebibytes(memory)) }),
    ...(requires.length === 0 ? { requiresCompatibilities: undefined } : {}),
  }
}

function definitionView(definition: TaskDefinitionState): Members {
  const { members, containers, deregisteredAt } = definition
  return present({
    taskDefinitionArn: definition.taskDefinitionArn,
    containerDefinitions: containers,
    family: definition.family,
    revision: definition.revision,
    status: definition.status,
    ...members,
    requiresAttributes: requiredAttributes(members, containers),
    compatibilities: compatibilities(members, texts(members, 'requiresCompatibilities')),
    registeredAt: timestamp(definition.registeredAt),
    deregisteredAt: deregisteredAt === undefined ? undefined : timestamp(deregisteredAt),
  })
}

function deregister(tables: EcsTables, input: Members, context: CallContext): Members {
  const name = text(input, 'taskDefinition')
  if (!/:\d+$/.test(name)) throw clientException('Invalid revision number. Number must be positive.')
  const definition = findTaskDefinition(tables.taskDefinitions, name, context)
  if (definition.status === 'DELETE_IN_PROGRESS')
    throw clientException('The task definition is being deleted.')
  const inactive: TaskDefinitionState = { ...definition, status: 'INACTIVE', deregisteredAt: context.now }
  tables.taskDefinitions.put(definition.taskDefinitionArn, inactive)
  return { taskDefinition: definitionView(inactive) }
}

function deleteMany(tables: EcsTables, input: Members, context: CallContext): Members {
  const names = texts(input, 'taskDefinitions')
  if (names.length === 0 || names.length > 10) {
    throw invalidParameter('Specify between 1 and 10 task definitions.')
  }
  const taskDefinitions: Members[] = []
  const failures: Members[] = []
  for (const name of names) {
    const arn = name.startsWith('arn:') ? name : ecsArn(context, `task-definition/${name}`)
    const definition = tables.taskDefinitions.get(arn)
    if (definition === undefined) {
      failures.push({ arn, reason: 'MISSING', detail: 'The specified task definition does not exist.' })
    } else if (definition.status === 'ACTIVE') {
      const detail =
        'The specified task definition is still in ACTIVE status. Please deregister it and try again.'
      failures.push({ arn, reason: 'TASK_DEFINITION_NOT_INACTIVE', detail })
    } else {
      const deleted: TaskDefinitionState = { ...definition, status: 'DELETE_IN_PROGRESS' }
      tables.taskDefinitions.put(arn, deleted)
      taskDefinitions.push(definitionView(deleted))
    }
  }
  return { taskDefinitions, failures }
}

function describe(tables: EcsTables, input: Members, context: CallContext): Members {
  const name = text(input, 'taskDefinition')
  const definition = findTaskDefinition(context.read(tables.taskDefinitions), name, context)
  const wantsTags = texts(input, 'include').includes('TAGS')
  return {
    taskDefinition: definitionView(definition),
    tags: wantsTags ? tagsOf(context.read(tables.tags), definition.taskDefinitionArn) : [],
  }
}

function list(tables: EcsTables, input: Members, context: CallContext): Members {
  const prefix = optionalText(input, 'familyPrefix')
  const status = optionalText(input, 'status') ?? 'ACTIVE'
  const listed = context
    .read(tables.taskDefinitions)
    .list()
    .filter(
      (definition) =>
        definition.status === status &&
        (prefix === undefined || definition.family === prefix) &&
        definition.taskDefinitionArn.includes(`:${context.region}:`),
    )
    .toSorted((one, other) => compareText(one.family, other.family) || one.revision - other.revision)
  const ordered = optionalText(input, 'sort') === 'DESC' ? listed.toReversed() : listed
  const { items, ...rest } = pageOf(ordered, input)
  return { taskDefinitionArns: items.map((definition) => definition.taskDefinitionArn), ...rest }
}

function listFamilies(tables: EcsTables, input: Members, context: CallContext): Members {
  const prefix = optionalText(input, 'familyPrefix') ?? ''
  const status = optionalText(input, 'status') ?? 'ACTIVE'
  const active = new Map<string, boolean>()
  for (const definition of context.read(tables.taskDefinitions).list()) {
    if (!definition.family.startsWith(prefix)) continue
    if (!definition.taskDefinitionArn.includes(`:${context.region}:`)) continue
    active.set(definition.family, active.get(definition.family) === true || definition.status === 'ACTIVE')
  }
  const families = [...active]
    .filter(([, isActive]) => status === 'ALL' || isActive === (status === 'ACTIVE'))
    .map(([family]) => lastPart(family))
    .toSorted(compareText)
  const { items, ...rest } = pageOf(families, input)
  return { families: items, ...rest }
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
