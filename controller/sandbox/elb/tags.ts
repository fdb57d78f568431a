import { AwsError, notFound, validationError } from '../kernel/error.ts'
import type { CallContext, Members, Operation, Tagged } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { kindOf } from './arn.ts'
import { describing, found, modifying } from './describe.ts'
import { requiredText, structures, text, texts } from './input.ts'
import type { Attributes, ElbParts, ElbTables } from './state.ts'

const PER_RESOURCE = 50
const ARNS_PER_DESCRIBE = 20

/** The operations on tags. */
export function tagOperations(elb: ElbParts): Record<string, Operation> {
  const { tags } = elb.tables
  return {
    AddTags: modifying((input, context) => {
      const added = tagsOf(input)
      const arns = texts(input, 'ResourceArns')
      for (const arn of arns) checkExists(elb, arn, context)
      for (const arn of arns) tags.put(arn, checkedCount({ ...tags.get(arn), ...added }))
      return {}
    }),
    RemoveTags: modifying((input, context) => {
      const removed = new Set(texts(input, 'TagKeys'))
      const arns = texts(input, 'ResourceArns')
      for (const arn of arns) checkExists(elb, arn, context)
      for (const arn of arns) {
        tags.put(
          arn,
          Object.fromEntries(Object.entries(tags.get(arn) ?? {}).filter(([key]) => !removed.has(key))),
        )
      }
      return {}
    }),
    DescribeTags: describing((input, context) => {
      const arns = texts(input, 'ResourceArns')
      if (arns.length > ARNS_PER_DESCRIBE) {
        throw validationError(`At most ${ARNS_PER_DESCRIBE} resources can be described at once`)
      }
      for (const arn of arns) checkExists(elb, arn, context)
      const rows = context.read(tags)
      return { TagDescriptions: arns.map((arn) => ({ ResourceArn: arn, Tags: show(rows.get(arn) ?? {}) })) }
    }),
  }
}

/** Everything of a region that has tags. */
export function taggedInElb(tables: ElbTables, context: CallContext): Tagged[] {
  const view = context.read(tables.tags)
  return [tables.loadBalancers, tables.targetGroups, tables.listeners, tables.rules]
    .flatMap((table: Table<{ readonly arn: string }>) => context.read(table).list())
    .filter(({ arn }) => arn.split(':')[3] === context.region)
    .map(({ arn }) => ({ arn, tags: view.get(arn) ?? {} }))
}

/** The `Tags` of a request; throws DuplicateTagKeys and TooManyTags. */
export function tagsOf(input: Members): Attributes {
  const pairs = structures(input, 'Tags').map(
    (tag) => [requiredText(tag, 'Key'), text(tag, 'Value') ?? ''] as const,
  )
  const keys = pairs.map(([key]) => key)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined)
    throw new AwsError('DuplicateTagKeys', `Tag key '${twice}' was specified more than once`)
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw validationError("Tag keys that begin with 'aws:' are reserved")
  }
  return checkedCount(Object.fromEntries(pairs))
}

function checkedCount(tags: Attributes): Attributes {
  if (Object.keys(tags).length > PER_RESOURCE) {
    throw new AwsError('TooManyTags', 'The maximum number of tags has been reached')
  }
  return tags
}

function checkExists({ tables }: ElbParts, arn: string, context: CallContext): void {
  const kind = kindOf(arn)
  if (kind === undefined) throw validationError(`'${arn}' is not a valid ELBv2 ARN`)
  const known = [tables.loadBalancers, tables.targetGroups, tables.listeners, tables.rules]
  if (known.some((table) => table.get(arn) !== undefined)) return
  if (
    context
      .read(tables.listeners)
      .list()
      .some((listener) => listener.defaultRuleArn === arn)
  )
    return
  if (kind === 'rule') throw notFound('RuleNotFound', `Rule '${arn}' not found`)
  const byKind = {
    loadBalancer: tables.loadBalancers,
    targetGroup: tables.targetGroups,
    listener: tables.listeners,
  }
  found<unknown>(byKind[kind], arn, kind)
}

function show(tags: Attributes): Members[] {
  return Object.entries(tags).map(([key, value]) => ({ Key: key, Value: value }))
}
