import type { DesiredRelease } from '../desired.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { TaskDefinitionFacts } from '../observation.ts'
import { renderTaskDefinition } from '../task-definition.ts'
import type { RenderedTaskDefinition } from '../task-definition.ts'
import { imageParts } from './image-name.ts'

/**
 * Whether a revision that somebody else registered is just what the release names, but for its family and its tags: then nothing has to be registered. A tag
 * in it stands for the digest that `spec.adopted` says its tasks ran.
 */
export function hasContentOf(
  revision: TaskDefinitionFacts,
  { release, rendered }: { readonly release: DesiredRelease; readonly rendered: RenderedTaskDefinition },
): boolean {
  const { image, sidecars = [], spec } = release
  const { containerName } = rendered
  const { image: ran, images: alsoRan = {} } = spec.adopted ?? {}
  const given = [
    ...(image === undefined ? [] : [{ ...image, container: containerName, ran }]),
    ...sidecars.map((each) => ({ ...each, ran: alsoRan[each.container ?? ''] })),
  ]
  if (!given.every((each) => runsImage(revision, each))) return false
  const tags = Object.entries(rendered.tags).map(([key, value]) => ({ key, value }))
  const same = renderTaskDefinition({
    document: { ...revision.document, tags },
    environment: release.environment,
    release: release.name,
    ...(containerName === undefined ? {} : { container: containerName }),
    ...(image === undefined ? {} : { image }),
    sidecars,
  })
  return same.digest === rendered.digest
}

/** An image that the release gives to a container, and the digest that the container's tag is known to have stood for. */
interface GivenImage {
  readonly container?: string | undefined
  readonly repository: string
  readonly digest: string
  readonly ran: string | undefined
}

function runsImage({ document }: TaskDefinitionFacts, given: GivenImage): boolean {
  const container = containersOf(document).find(({ name }) => name === given.container)
  if (typeof container?.['image'] !== 'string') return false
  const { repository, digest } = imageParts(container['image'])
  return repository === given.repository && (digest ?? given.ran) === given.digest
}

/** The container definitions of a task definition, as ECS writes them. */
export function containersOf(document: Document): readonly Document[] {
  const containers: unknown = document['containerDefinitions']
  return Array.isArray(containers) ? containers.filter(isObject) : []
}
