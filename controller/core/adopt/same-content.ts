import type { DesiredRelease } from '../desired.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { TaskDefinitionFacts } from '../observation.ts'
import { renderTaskDefinition } from '../task-definition.ts'
import type { RenderedTaskDefinition } from '../task-definition.ts'
import { imageParts } from './image-name.ts'

/**
 * Whether a revision that somebody else registered is just what the release names, but for its family and its tags: then nothing has to be registered. A tag
 * in it stands for the digest that `spec.adopted.image` says its tasks ran.
 */
export function hasContentOf(
  revision: TaskDefinitionFacts,
  { release, rendered }: { readonly release: DesiredRelease; readonly rendered: RenderedTaskDefinition },
): boolean {
  const { image, spec } = release
  if (image !== undefined && !runsImage(revision, { image, rendered, ran: spec.adopted?.image })) return false
  const tags = Object.entries(rendered.tags).map(([key, value]) => ({ key, value }))
  const same = renderTaskDefinition({
    document: { ...revision.document, tags },
    environment: release.environment,
    release: release.name,
    ...(rendered.containerName === undefined ? {} : { container: rendered.containerName }),
    ...(image === undefined ? {} : { image }),
  })
  return same.digest === rendered.digest
}

function runsImage(
  { document }: TaskDefinitionFacts,
  {
    image,
    rendered,
    ran,
  }: {
    readonly image: { readonly repository: string; readonly digest: string }
    readonly rendered: RenderedTaskDefinition
    readonly ran: string | undefined
  },
): boolean {
  const container = containersOf(document).find(({ name }) => name === rendered.containerName)
  if (typeof container?.['image'] !== 'string') return false
  const { repository, digest } = imageParts(container['image'])
  return repository === image.repository && (digest ?? ran) === image.digest
}

/** The container definitions of a task definition, as ECS writes them. */
export function containersOf(document: Document): readonly Document[] {
  const containers: unknown = document['containerDefinitions']
  return Array.isArray(containers) ? containers.filter(isObject) : []
}
