import { AwsError, invalidParameter } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  present,
  text,
} from '../members.ts'
import { activeCluster } from './clusters.ts'
import type { EcsWorld } from './parts.ts'
import { checkNetwork } from './service-input.ts'
import { instanceFor, launchTypeOf } from './service-tasks.ts'
import type { TaskDefinitionState } from './state.ts'
import { checkedTags, putTags, tagsOf } from './tags.ts'
import { activeTaskDefinition } from './task-definitions.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { taskView } from './task-view.ts'

/** A client token of RunTask is remembered for a day (ECS API reference, "Ensuring idempotency"). */
const TOKEN_MS = 24 * 3_600_000

/** Starts tasks by hand, the same ones again when a client token repeats the request. */
export function runTask(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  input: Members,
  context: CallContext,
): Members {
  const { tables } = world
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const repeated = earlierAnswer(world, input, clusterArn)
  if (repeated !== undefined) return repeated
  const definition = activeTaskDefinition(tables.taskDefinitions, text(input, 'taskDefinition'), context)
  const network = optionalRecord(input, 'networkConfiguration')
  checkNetwork(network, String(definition.members['networkMode']))
  const count = optionalInteger(input, 'count') ?? 1
  if (count < 1 || count > 10) throw invalidParameter('count must be between 1 and 10.')
  const tags = optionalRecords(input, 'tags') ?? []
  checkedTags(tags)
  checkOverrides(input, definition)
  const launchType = launchTypeOf(input)
  const instance = launchType === 'EC2' ? instanceFor(world, clusterArn) : undefined
  if (launchType === 'EC2' && instance === undefined) {
    throw invalidParameter('No Container Instances were found in your cluster.')
  }
  const taskArns: string[] = []
  for (let index = 0; index < count; index += 1) {
    const { taskArn } = lifecycle.start({
      clusterArn,
      definition,
      group: optionalText(input, 'group') ?? `family:${definition.family}`,
      ...present({ startedBy: optionalText(input, 'startedBy') }),
      ...(network === undefined ? {} : { networkConfiguration: network }),
      ...(instance === undefined ? {} : { instance }),
      loadBalancers: [],
      members: taskMembers(input, launchType),
    })
    putTags(tables.tags, taskArn, [...propagated(world, input, definition), ...tags])
    taskArns.push(taskArn)
  }
  rememberToken(world, input, clusterArn, taskArns)
  return answerFor(world, taskArns)
}

function taskMembers(input: Members, launchType: string): Members {
  const overrides = optionalRecord(input, 'overrides') ?? {}
  return present({
    launchType,
    platformVersion: launchType === 'FARGATE' ? '1.4.0' : undefined,
    platformFamily: launchType === 'FARGATE' ? 'Linux' : undefined,
    enableExecuteCommand: optionalFlag(input, 'enableExecuteCommand') ?? false,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...present(overrides) },
  })
}

function checkOverrides(input: Members, definition: TaskDefinitionState): void {
  const overrides = optionalRecords(optionalRecord(input, 'overrides') ?? {}, 'containerOverrides') ?? []
  for (const override of overrides) {
    const name = optionalText(override, 'name')
    if (!definition.containers.some((container) => container['name'] === name)) {
      throw invalidParameter(
        `Override for container named ${name ?? ''} is not a container in the TaskDefinition.`,
      )
    }
  }
}

function propagated(world: EcsWorld, input: Members, definition: TaskDefinitionState): Members[] {
  if (optionalText(input, 'propagateTags') !== 'TASK_DEFINITION') return []
  return tagsOf(world.tables.tags, definition.taskDefinitionArn)
}

function tokenKey(input: Members, clusterArn: string): string | undefined {
  const token = optionalText(input, 'clientToken')
  if ((token ?? '').length > 64) throw invalidParameter('clientToken must be at most 64 characters.')
  return token === undefined ? undefined : `${clusterArn} ${token}`
}

function requestOf(input: Members): string {
  return JSON.stringify([input['taskDefinition'], input['count'], input['overrides'], input['launchType']])
}

function earlierAnswer(world: EcsWorld, input: Members, clusterArn: string): Members | undefined {
  const key = tokenKey(input, clusterArn)
  const known = key === undefined ? undefined : world.tables.tokens.get(key)
  if (known === undefined) return undefined
  if (world.clock.now() - known.createdAt >= TOKEN_MS / world.settings.speed) return undefined
  if (known.request !== requestOf(input)) {
    throw new AwsError('ConflictException', 'The clientToken was used with different parameters.')
  }
  return answerFor(world, known.taskArns)
}

function rememberToken(world: EcsWorld, input: Members, clusterArn: string, taskArns: string[]): void {
  const key = tokenKey(input, clusterArn)
  const { tokens } = world.tables
  const now = world.clock.now()
  for (const [old, token] of tokens.dump()) {
    if (now - token.createdAt >= TOKEN_MS / world.settings.speed) tokens.delete(old)
  }
  if (key !== undefined) tokens.put(key, { createdAt: now, taskArns, request: requestOf(input) })
}

function answerFor(world: EcsWorld, taskArns: readonly string[]): Members {
  const { tasks, tags } = world.tables
  const found = taskArns.map((arn) => tasks.get(arn)).filter((task) => task !== undefined)
  return { tasks: found.map((task) => taskView(task, tagsOf(tags, task.taskArn))), failures: [] }
}
