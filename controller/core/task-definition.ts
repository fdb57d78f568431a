import { sha256 } from './canonical-json.ts'
import { normalize, readOnlyTaskDefinitionMembers, taskDefinitionShape } from './defaults.ts'
import type { Document } from './defaults/shape.ts'
import { isObject, scalarText } from './defaults/shape.ts'
import { tagIn } from './running-images.ts'

export interface TaskDefinitionSource {
  /** ECS's own RegisterTaskDefinition JSON. */
  readonly document: Document
  readonly environment: string
  readonly release: string
  /** The container that gets the image; left out, the one named as the release, or the only one. */
  readonly container?: string | undefined
  /** Left out, the document's own images run. */
  readonly image?: { readonly repository: string; readonly digest: string } | undefined
  /** Images of other containers. */
  readonly sidecars?: readonly {
    readonly container?: string
    readonly repository: string
    readonly digest: string
  }[]
}

export interface RenderedTaskDefinition {
  /** Ready for RegisterTaskDefinition, but for its tags. */
  readonly document: Document
  readonly family: string
  /** The container that got the image; undefined without one. */
  readonly containerName: string | undefined
  /** `sha256:…` over the document's meaning, image and tags included: meaningless edits do not change it. */
  readonly digest: string
  /** The document's own tags. */
  readonly tags: Readonly<Record<string, string>>
}

/** A document that holds no place for the release's image. */
export class TaskDefinitionError extends Error {
  override readonly name = 'TaskDefinitionError'
  readonly code = 'NoImageContainer'
}

/** Puts `repository@digest` into the release's container and the family `<environment>-<release>` on the document; the input stays as it is. */
export function renderTaskDefinition(source: TaskDefinitionSource): RenderedTaskDefinition {
  const family = `${source.environment}-${source.release}`
  const { image } = source
  const containerName = image === undefined ? undefined : imageContainer(source)
  const given = [
    ...(image === undefined ? [] : [{ ...image, container: containerName }]),
    ...(source.sidecars ?? []),
  ]
  for (const { container } of source.sidecars ?? []) imageContainer({ ...source, container })
  const containerDefinitions = containersOf(source.document).map((container) => {
    const own = given.find((each) => each.container === container['name'])
    return own === undefined ? container : { ...container, image: `${own.repository}@${own.digest}` }
  })
  const document = { ...registrableMembers(source.document), family, containerDefinitions }
  const { tags } = source.document
  return {
    document,
    family,
    containerName,
    digest: sha256(normalize(taskDefinitionShape, { ...document, tags }, 'strip')),
    tags: tagRecord(tags),
  }
}

/** The name of the container that gets the release's image. Throws {@link TaskDefinitionError} when there is no telling. */
export function imageContainer(
  source: Pick<TaskDefinitionSource, 'document' | 'release' | 'container'>,
): string {
  const names = containersOf(source.document).map((container) => String(container['name']))
  const wanted = source.container ?? (names.includes(source.release) ? source.release : names[0])
  const isCertain = source.container !== undefined || wanted === source.release || names.length === 1
  if (wanted !== undefined && isCertain && names.includes(wanted)) return wanted
  const expected = source.container ?? source.release
  throw new TaskDefinitionError(
    `the task definition has no container "${expected}"; expected one of that name, or image.container to name one of: ${names.join(', ')}`,
  )
}

/** The tag that says which content a revision holds: RegisterTaskDefinition has no token, so a repetition is found by it. */
const digestTag = 'steersman.dev/digest'

/** The tags to register a rendered document with: its own, and Steersman's. */
export function taskDefinitionTags(
  rendered: RenderedTaskDefinition,
  subject: { readonly environment: string; readonly release: string },
): Readonly<Record<string, string>> {
  return {
    ...rendered.tags,
    [digestTag]: rendered.digest,
    'steersman.dev/environment': subject.environment,
    'steersman.dev/release': subject.release,
  }
}

/** Whether an image of the document is named by a tag. */
export const namesTags = (document: Document): boolean =>
  containersOf(document).some(({ image }) => typeof image === 'string' && tagIn(image) !== undefined)

function containersOf(document: Document): readonly Document[] {
  const containers: unknown = document['containerDefinitions']
  return Array.isArray(containers) ? containers.filter(isObject) : []
}

function registrableMembers(document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => name !== 'tags' && !readOnlyTaskDefinitionMembers.has(name)),
  )
}

function tagRecord(tags: unknown): Readonly<Record<string, string>> {
  const pairs = (Array.isArray(tags) ? tags : []).filter(isObject)
  return Object.fromEntries(pairs.map((tag) => [scalarText(tag['key']), scalarText(tag['value'])]))
}
