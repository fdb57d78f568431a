import type { Change } from './diff/change.ts'
import { changeAt } from './diff/change.ts'

/** What one container of a service revision runs. */
export interface RunningImage {
  readonly container: string
  /** As the task definition names it. */
  readonly image: string
  /** What ECS resolved it to when the revision's first task started; undefined before that. */
  readonly digest: string | undefined
}

export interface TaggedImage {
  readonly repository: string
  readonly tag: string
}

/** How facts name a tag. */
export const tagName = ({ repository, tag }: TaggedImage): string => `${repository}:${tag}`

/** The tag of an image's name, `latest` where it says none; undefined for one that is named by its digest. https://docs.docker.com/reference/cli/docker/image/tag/ */
export function tagIn(image: string): TaggedImage | undefined {
  if (image === '' || image.includes('@')) return undefined
  const colon = image.lastIndexOf(':')
  if (colon <= image.lastIndexOf('/')) return { repository: image, tag: 'latest' }
  return { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
}

/** The tags of what runs that mean something else in the registry by now: they were pushed again. `meanings` are an image's digest and those of its platforms, by its tag. */
export const runningImageChanges = (
  running: readonly RunningImage[],
  meanings: Readonly<Record<string, readonly string[] | undefined>>,
): Change[] =>
  running.flatMap(({ container, image, digest }) => {
    const tagged = tagIn(image)
    if (tagged === undefined || digest === undefined) return []
    const meaning = meanings[tagName(tagged)]
    const [now] = meaning ?? []
    if (now === undefined || meaning?.includes(digest) === true) return []
    return [pushedAgain({ container, image: tagged, now, before: digest })]
  })

/** A tag that means another digest than the one that serves. */
export const pushedAgain = ({
  container,
  image,
  now,
  before,
}: {
  readonly container: string
  readonly image: TaggedImage
  readonly now: string
  readonly before: string
}): Change =>
  changeAt('taskDefinition', ['containerDefinitions', container, 'image'], {
    wanted: `${tagName(image)}@${now}`,
    live: `${tagName(image)}@${before}`,
    owner: 'Unmanaged',
    class: 'unmanaged',
  })
