import type { EcsDocument } from '../../../ports/platform.ts'
import { objectsIn, optionalText, textOrEmpty } from './members.ts'

/** A described object as plain JSON: times as ISO 8601 (as the AWS CLI shows them), nothing undefined. */
export function plainDocument(described: object): EcsDocument {
  const document: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(described)) {
    if (value !== undefined && value !== null) document[key] = plainValue(value)
  }
  return document
}

/** AWS's list of tags, with lower-case members, as a record. */
export function tagRecord(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    objectsIn(tags, 'a list of tags').flatMap(({ key, value }) => {
      const name = optionalText(key, "a tag's key")
      return name === undefined ? [] : [[name, textOrEmpty(value, "a tag's value")]]
    }),
  )
}

/** A record of tags in ECS's shape. */
export function tagList(tags: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}

function plainValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plainValue)
  return typeof value === 'object' && value !== null ? plainDocument(value) : value
}
