import { plainObject } from '../../../core/plain-object.ts'
import type { EcsDocument } from '../../../ports/platform.ts'
import { objectsIn, optionalText, textOrEmpty } from './members.ts'

/** A described object as plain JSON: times as ISO 8601 (as the AWS CLI shows them), nothing undefined. What is so already is given back as it is, and not kept twice. */
export function plainDocument(described: object): EcsDocument {
  const said = Object.entries(described)
  const plain = said.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, plainValue(value)] as const],
  )
  const isPlain =
    Object.getPrototypeOf(described) === Object.prototype &&
    plain.length === said.length &&
    plain.every(([, value], index) => value === said[index]?.[1])
  return isPlain ? (described as EcsDocument) : plainObject(plain)
}

/** AWS's list of tags, with lower-case members, as a record. */
export function tagRecord(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> {
  return plainObject(
    objectsIn(tags, 'a list of tags').flatMap(({ key, value }) => {
      const name = optionalText(key, "a tag's key")
      return name === undefined ? [] : [[name, textOrEmpty(value, "a tag's value")] as const]
    }),
  )
}

/** A record of tags in ECS's shape. */
export function tagList(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}

function plainValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return plainList(value)
  return typeof value === 'object' && value !== null ? plainDocument(value) : value
}

function plainList(list: readonly unknown[]): readonly unknown[] {
  const plain = list.map(plainValue)
  return plain.every((item, index) => item === list[index]) ? list : plain
}
