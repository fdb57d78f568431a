import { readOnlyTaskDefinitionMembers } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { TaskDefinitionFacts } from '../observation.ts'
import { escaped } from './escaped.ts'
import { containersOf } from './same-content.ts'
import { peoplesTags } from './tags.ts'

/** RegisterTaskDefinition's JSON of a revision, as a repository holds it: without its family, and without the image of the container that the release names one for. */
export function taskDefinitionDocument(
  { document, tags }: TaskDefinitionFacts,
  imageContainer: string | undefined,
): Document {
  const members = Object.fromEntries(
    Object.entries(document).filter(
      ([name]) => name !== 'family' && name !== 'tags' && !readOnlyTaskDefinitionMembers.has(name),
    ),
  )
  const containerDefinitions = containersOf(document).map((container) => {
    const { image, ...rest } = container
    return container['name'] === imageContainer ? rest : { ...rest, image }
  })
  const own = Object.entries(peoplesTags(tags)).map(([key, value]) => ({ key, value }))
  const whole = { ...members, containerDefinitions, ...(own.length === 0 ? {} : { tags: own }) }
  return escaped(withoutEmptyLists(whole)) as Document
}

/** Names of environment variables that may hold a secret: whoever commits the file should have a look at them first. */
export function suspectVariables(document: Document): readonly string[] {
  return containersOf(document).flatMap((container) => {
    const variables: unknown = container['environment']
    if (!Array.isArray(variables)) return []
    return variables.filter(isObject).flatMap(({ name }) => {
      const text = String(name)
      return SECRETIVE.test(text) ? [`${String(container['name'])}.${text}`] : []
    })
  })
}

const SECRETIVE = /pass(word|wd|phrase)?|secret|token|credential|private|api_?key|access_?key|dsn|_url$/i

/** ECS shows lists that nobody filled. */
function withoutEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyLists)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !(Array.isArray(member) && member.length === 0))
      .map(([name, member]) => [name, withoutEmptyLists(member)]),
  )
}
