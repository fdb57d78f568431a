import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { optionalRecord, text, texts } from '../members.ts'
import { groupOf, keyOf, type LogGroup } from './state.ts'

/** ListTagsForResource, TagResource and UntagResource, of log groups. */
export function logTagOperations(groups: Table<LogGroup>): Record<string, Operation> {
  const change = (input: Members, context: CallContext, tags: (before: LogGroup['tags']) => Members) => {
    const group = named(groups, input, context)
    groups.put(keyOf(group.name, context), { ...group, tags: tags(group.tags) as LogGroup['tags'] })
    return {}
  }
  return {
    ListTagsForResource: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => ({ tags: named(groups, input, context).tags }),
    },
    TagResource: {
      writes: true,
      bucket: 'other',
      handle: (input, context) =>
        change(input, context, (before) => ({ ...before, ...optionalRecord(input, 'tags') })),
    },
    UntagResource: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const gone = texts(input, 'tagKeys')
        return change(input, context, (before) =>
          Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key))),
        )
      },
    },
  }
}

/** The group that a request names by its ARN, with or without `:*` behind it. */
function named(groups: Table<LogGroup>, input: Members, context: CallContext): LogGroup {
  const [, name = ''] = /:log-group:([^:]*)/.exec(text(input, 'resourceArn')) ?? []
  return groupOf(groups, name, context)
}
