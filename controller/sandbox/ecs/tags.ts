import { invalidParameter, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation, Tagged } from '../kernel/operation.ts'
import type { Table, TableView } from '../kernel/table.ts'
import { optionalRecords, optionalText, text, texts } from '../members.ts'
import { placeOf } from './arns.ts'
import type { EcsWorld } from './parts.ts'
import type { EcsTables, TagsState } from './state.ts'

/** TagResource, UntagResource and ListTagsForResource of everything in ECS that has an ARN. */
export function tagOperations(world: EcsWorld): Record<string, Operation> {
  const { tables } = world
  return {
    TagResource: {
      writes: true,
      bucket: 'ecs-tag-write',
      handle(input) {
        const arn = existing(tables, text(input, 'resourceArn'))
        putTags(tables.tags, arn, optionalRecords(input, 'tags') ?? [])
        return {}
      },
    },
    UntagResource: {
      writes: true,
      bucket: 'ecs-tag-write',
      handle(input) {
        const arn = existing(tables, text(input, 'resourceArn'))
        const gone = texts(input, 'tagKeys')
        const kept = (tables.tags.get(arn)?.tags ?? []).filter((tag) => !gone.includes(tag.key))
        tables.tags.put(arn, { tags: kept })
        return {}
      },
    },
    ListTagsForResource: {
      writes: false,
      bucket: 'ecs-tag-read',
      handle(input, context) {
        return { tags: tagsOf(context.read(tables.tags), existing(tables, text(input, 'resourceArn'))) }
      },
    },
  }
}

/** Everything of a region that has tags and is not deleted. */
export function taggedInEcs(tables: EcsTables, context: CallContext): Tagged[] {
  const view = context.read(tables.tags)
  const isThere = ({ status }: { readonly status: string }): boolean => status !== 'INACTIVE'
  const arns = [
    ...context
      .read(tables.clusters)
      .list()
      .filter(isThere)
      .map(({ clusterArn }) => clusterArn),
    ...context
      .read(tables.services)
      .list()
      .filter(isThere)
      .map(({ serviceArn }) => serviceArn),
    ...context
      .read(tables.taskDefinitions)
      .list()
      .filter(isThere)
      .map(({ taskDefinitionArn }) => taskDefinitionArn),
    ...context
      .read(tables.tasks)
      .list()
      .map(({ taskArn }) => taskArn),
  ]
  return arns
    .filter((arn) => placeOf(arn).region === context.region)
    .map((arn) => ({
      arn,
      tags: Object.fromEntries((view.get(arn)?.tags ?? []).map(({ key, value }) => [key, value])),
    }))
}

/** The tags of a resource, in the order they were given. */
export function tagsOf(view: TableView<TagsState>, arn: string): Members[] {
  return (view.get(arn)?.tags ?? []).map((tag) => ({ ...tag }))
}

/** Adds tags to a resource, or changes those that it has; refuses more than 50 and the reserved prefix. */
export function putTags(table: Table<TagsState>, arn: string, tags: readonly Members[]): void {
  if (tags.length === 0) return
  const merged = new Map((table.get(arn)?.tags ?? []).map((tag) => [tag.key, tag.value]))
  for (const [key, value] of checkedTags(tags)) merged.set(key, value)
  if (merged.size > 50) throw invalidParameter('Too many tags: a resource can have 50.')
  table.put(arn, { tags: [...merged].map(([key, value]) => ({ key, value })) })
}

/** Tags as pairs, checked as AWS checks them; call it before anything is written. */
export function checkedTags(tags: readonly Members[]): [string, string][] {
  if (tags.length > 50) throw invalidParameter('Too many tags: a resource can have 50.')
  return tags.map((tag) => {
    const key = text(tag, 'key')
    const value = optionalText(tag, 'value') ?? ''
    if (key.length > 128 || value.length > 256) throw invalidParameter('A tag key or value is too long.')
    if (/^aws:/i.test(key)) throw invalidParameter('Tag keys can not start with the reserved prefix aws:.')
    return [key, value]
  })
}

function existing(tables: EcsTables, arn: string): string {
  if (!arn.startsWith('arn:')) throw invalidParameter('Invalid ARN.')
  const kind = arn.split(':')[5]?.split('/')[0]
  if (kind === 'cluster' && tables.clusters.get(arn)?.status !== 'ACTIVE') {
    throw notFound('ClusterNotFoundException', 'Cluster not found.')
  }
  if (kind === 'service' && tables.services.get(arn) === undefined) {
    throw notFound('ServiceNotFoundException', 'Service not found.')
  }
  if (kind === 'task' && tables.tasks.get(arn) === undefined) {
    throw invalidParameter('The specified task was not found.')
  }
  if (kind === 'task-definition' && tables.taskDefinitions.get(arn) === undefined) {
    throw invalidParameter(
      'The specified task definition is invalid. Specify a valid task definition and try again.',
    )
  }
  return arn
}
