import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation, Tagged } from '../kernel/operation.ts'
import { optionalRecords, optionalText, present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { number, passes, required, tagsIn } from './input.ts'
import { groupOf, keyOf, type Ec2World, type Tag } from './state.ts'

/** CreateTags, DeleteTags and DescribeTags, of security groups and their rules. */
export function tagOperations(world: Ec2World): Record<string, Operation> {
  return {
    CreateTags: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const added = tagsIn(input)
        return change(world, input, context, (before) => [
          ...before.filter((tag) => added.every((one) => one.key !== tag.key)),
          ...added,
        ])
      },
    },
    DeleteTags: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => change(world, input, context, (before) => without(before, input)),
    },
    DescribeTags: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
  }
}

/** All ids are looked at before anything is changed. */
function change(
  world: Ec2World,
  input: Members,
  context: CallContext,
  tags: (before: readonly Tag[]) => readonly Tag[],
): Members {
  const ids = texts(input, 'ResourceId')
  if (ids.length === 0) required(input, 'ResourceId')
  for (const id of ids) checkResource(world, id, context)
  for (const id of ids) world.tags.put(id, tags(world.tags.get(id) ?? []))
  return { return: true }
}

function checkResource(world: Ec2World, id: string, context: CallContext): void {
  if (!id.startsWith('sgr-')) {
    world.groups.put(keyOf(id, context), groupOf(world, world.groups, id, context))
    return
  }
  if (world.rules.get(keyOf(id, context)) === undefined) {
    throw new AwsError(
      'InvalidSecurityGroupRuleId.NotFound',
      `The security group rule ID '${id}' does not exist`,
    )
  }
}

/** A tag that is named with a value goes only if it has that value. */
function without(before: readonly Tag[], input: Members): Tag[] {
  const named = optionalRecords(input, 'Tag')
  if (named === undefined) return []
  return before.filter((tag) =>
    named.every((one) => one['Key'] !== tag.key || (optionalText(one, 'Value') ?? tag.value) !== tag.value),
  )
}

/** Everything of a region that has tags. */
export function taggedInEc2(world: Ec2World, context: CallContext): Tagged[] {
  return taggedResources(world, context).map(({ resourceId, resourceType, tags }) => ({
    arn: `arn:aws:ec2:${context.region}:${context.accountId}:${resourceType}/${resourceId}`,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  }))
}

function taggedResources(
  world: Ec2World,
  context: CallContext,
): { readonly resourceId: string; readonly resourceType: string; readonly tags: readonly Tag[] }[] {
  return [...context.read(world.groups).list(), ...context.read(world.rules).list()]
    .filter((row) => row.region === context.region)
    .map((row) => ('ruleId' in row ? row.ruleId : row.groupId))
    .map((resourceId) => ({
      resourceId,
      resourceType: resourceId.startsWith('sgr-') ? 'security-group-rule' : 'security-group',
      tags: context.read(world.tags).get(resourceId) ?? [],
    }))
}

function describe(world: Ec2World, input: Members, context: CallContext): Members {
  const all = taggedResources(world, context).flatMap(({ tags, ...resource }) =>
    tags.map((tag) => ({ ...resource, ...tag })),
  )
  const found = all.filter((row) =>
    passes(input, (name) =>
      new Map([
        ['resource-id', [row.resourceId]],
        ['resource-type', [row.resourceType]],
        ['key', [row.key]],
        ['value', [row.value]],
      ]).get(name),
    ),
  )
  const asked = { maxResults: number(input, 'MaxResults'), nextToken: input['NextToken'] }
  const { items, nextToken } = pageOf(found, asked, 1000)
  return present({ tagSet: items, nextToken })
}
