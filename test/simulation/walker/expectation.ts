import { ENVIRONMENT, REGION, ACCOUNT } from '../aws/shape.ts'
import { isRecord } from '../../../controller/resources/problem.ts'
import { RELEASE } from './base.ts'
import type { Document, Documents } from './change.ts'
import { valueAt } from './document.ts'
import type { Town } from './town.ts'
import type { SeenWorld } from './world.ts'
import { differences } from './world.ts'

/** Where the world is not what the documents say, found by reading both and by no code of the controller. */
export function* unmet(town: Town, documents: Documents, world: SeenWorld): Generator<string> {
  const { release } = documents
  const count: unknown = valueAt(release, '/spec/service/desiredCount')
  if (world.live === undefined) yield 'the traffic is not at exactly one side'
  if (count !== undefined && world.desiredCount !== count)
    yield `the live side wants ${world.desiredCount} tasks, the manifest ${JSON.stringify(count)}`
  if (world.healthy !== world.desiredCount)
    yield `${world.healthy} of ${world.desiredCount} targets are healthy`
  if (world.idleCount !== 0 || world.idleTargets !== 0)
    yield `the idle side has ${world.idleCount} tasks and ${world.idleTargets} targets`
  const idle = world.live === 'blue' ? 'green' : 'blue'
  if (world.testWeights === undefined || world.testWeights[idle] <= 0)
    yield `the test listener does not point at the idle side: ${JSON.stringify(world.testWeights)}`
  yield* differences(valueAt(release, '/spec/service/settings') ?? {}, world.service, '/service')
  yield* unwantedTags(documents, world)
  yield* unmetContent(town, documents, world)
}

/** Nobody but Steersman tags services here, so what the manifest does not name is left over from before. */
function* unwantedTags({ release }: Documents, { service }: SeenWorld): Generator<string> {
  const wanted = (valueAt(release, '/spec/service/settings/tags') ?? []) as readonly Tag[]
  for (const { key } of (service['tags'] ?? []) as readonly Tag[])
    if (!key.startsWith('steersman.dev/') && !wanted.some((tag) => tag.key === key))
      yield `the service still has the tag ${key}`
}

interface Tag {
  readonly key: string
}

function* unmetContent(
  { rollouts, simulation }: Town,
  documents: Documents,
  world: SeenWorld,
): Generator<string> {
  const pinned = pinnedTo(documents, rollouts)
  if (pinned !== undefined) {
    if (world.taskDefinitionArn !== pinned) yield `${world.taskDefinitionArn} serves, pinned is ${pinned}`
    return
  }
  const image = imageOf(documents, simulation.branch.head ?? '')
  const written = renderedTaskDefinition(documents)
  yield* differences(written, world.taskDefinition, '/taskDefinition')
  const digest = image.digest ?? simulation.aws.images.find(`${image.repository}:${image.tag ?? ''}`)?.digest
  const containers = (world.taskDefinition['containerDefinitions'] ?? []) as readonly {
    readonly name: string
    readonly image: string
  }[]
  const runs = containers.find(({ name }) => name === RELEASE)?.image
  if (runs !== `${image.repository}@${digest ?? ''}`)
    yield `${runs ?? 'nothing'} runs instead of ${image.repository}@${digest ?? ''}`
}

/** What decides whether other tasks are needed: two documents with the same answer need no rollout between them. */
export function taskContent(town: Town, documents: Documents): string {
  const pinned = pinnedTo(documents, town.rollouts)
  const { aws, branch } = town.simulation
  const { repository, digest, tag } = imageOf(documents, branch.head ?? '')
  const image = digest ?? aws.images.find(`${repository}:${tag ?? ''}`)?.digest
  if (pinned !== undefined) return town.contents.get(pinned) ?? pinned
  return JSON.stringify([renderedTaskDefinition(documents), repository, image])
}

/** Settings that tasks have from their start: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const OF_TASKS: ReadonlySet<string> = new Set([
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'enableExecuteCommand',
])

/** Whether tasks that run do not have what the manifest says of tasks. */
export function needsOtherTasks({ release }: Documents, world: SeenWorld): boolean {
  const settings = (valueAt(release, '/spec/service/settings') ?? {}) as Document
  const named = Object.fromEntries(Object.entries(settings).filter(([name]) => OF_TASKS.has(name)))
  return differences(named, world.service).next().done !== true
}

/** ARN of the task definition that a pin names; undefined without one. */
function pinnedTo({ release }: Documents, rollouts: Town['rollouts']): string | undefined {
  const arn = valueAt(release, '/spec/pin/taskDefinition')
  if (typeof arn === 'string') return arn
  const number = valueAt(release, '/spec/pin/rollout')
  if (number === undefined) return undefined
  return rollouts.find(({ spec }) => spec.number === number)?.spec.taskDefinition ?? 'nothing'
}

interface WrittenImage {
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
  readonly tagFromCommit?: unknown
}

function imageOf({ release }: Documents, head: string): WrittenImage {
  const image = valueAt(release, '/spec/image') as WrittenImage
  // Every commit of a walk touches the release's file.
  return image.tagFromCommit === undefined ? image : { ...image, tag: head }
}

/** The task definition as it is written, with its placeholders filled in by hand. */
function renderedTaskDefinition({ release, taskDefinition }: Documents): unknown {
  const { tag } = imageOf({ release } as Documents, '')
  const written: unknown = valueAt(release, '/spec/taskDefinition/inline') ?? taskDefinition
  return JSON.parse(
    JSON.stringify(written)
      .replaceAll('${environment}', ENVIRONMENT)
      .replaceAll('${region}', REGION)
      .replaceAll('${account}', ACCOUNT)
      .replaceAll('${imageTag}', tag ?? ''),
    (_name, value: unknown) => (isRecord(value) ? withoutFamily(value) : value),
  )
}

/** The family is always the release's own, so that naming it changes nothing. */
function withoutFamily(value: Document): Document {
  const { family: _family, ...rest } = value
  return rest
}
