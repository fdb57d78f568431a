import type { Members } from '../../kernel/operation.ts'
import { optionalRecord } from '../../members.ts'
import { invalid, valueOf, type Item, type Value } from '../value.ts'

/** What the expressions of one request may name: `#name` and `:value`, each of which must be used. */
export interface Names {
  /** Reads an attribute, or a member of a map by dots; undefined where it is not there. */
  path(token: string): (item: Item) => Value | undefined
  value(token: string): Value
  /** Throws ValidationException for a name or a value that no expression used. */
  assertAllUsed(): void
}

/** Words that an expression must write as `#name`: those of DynamoDB's 573 that are likely here. */
const RESERVED: ReadonlySet<string> = new Set(
  'COUNTER DATA DATE HASH ITEM KEY KEYS LANGUAGE LOCK NAME OBJECT OWNER PATH PLAN POSITION RANGE REGION SESSION STATE STATUS TABLE TIME TIMESTAMP TTL TYPE USER UUID VALUE VALUES VERSION'.split(
    ' ',
  ),
)

export function namesOf(input: Members): Names {
  const names = optionalRecord(input, 'ExpressionAttributeNames') ?? {}
  const values = optionalRecord(input, 'ExpressionAttributeValues') ?? {}
  const unused = new Set([...Object.keys(names), ...Object.keys(values)])

  function attribute(part: string): string {
    if (!part.startsWith('#')) {
      if (RESERVED.has(part.toUpperCase()))
        throw invalid(`Invalid expression: Attribute name is a reserved keyword; reserved keyword: ${part}`)
      return part
    }
    const name = names[part]
    unused.delete(part)
    if (typeof name !== 'string')
      throw invalid(
        `Invalid expression: An expression attribute name used in the document path is not defined; attribute name: ${part}`,
      )
    return name
  }

  return {
    path(token) {
      const [first = '', ...inner] = token.split('.').map(attribute)
      return (item) => inner.reduce<Value | undefined>((value, part) => memberOf(value, part), item[first])
    },
    value(token) {
      unused.delete(token)
      if (values[token] === undefined)
        throw invalid(
          `Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${token}`,
        )
      return valueOf(values[token])
    },
    assertAllUsed() {
      const [first] = unused
      if (first !== undefined)
        throw invalid(
          `Value provided in ExpressionAttributeNames or -Values unused in expressions: keys: {${first}}`,
        )
    },
  }
}

const memberOf = (value: Value | undefined, part: string): Value | undefined =>
  (value?.['M'] as Item | undefined)?.[part]
