import type { NamedImage } from '../../resources/images.ts'
import { imagesOf, mainImageOf } from '../../resources/images.ts'
import type { DefaultedRelease, ReleaseStatus, ResolvedImage } from '../../resources/types.ts'
import { durationMs } from '../../resources/duration.ts'
import { fromTimestamp } from '../../core/time.ts'
import type { LoadedRelease } from '../../core/manifest.ts'
import type { Source } from '../../ports/source.ts'
import type { Desire, EnvironmentState, Reader } from '../engine.ts'
import { getRelease } from '../objects.ts'

export type ImageAnswer =
  | {
      readonly kind: 'Found'
      /** Of the container that takes the requests. */
      readonly image: ResolvedImage
      /** Of the other containers that get one. */
      readonly sidecars: readonly ResolvedImage[]
    }
  | Extract<Desire, { kind: 'Waiting' | 'Stalled' }>

/** Annotation of a stored Release: its images as they were resolved for its commit, so that a tag that moves later changes nothing. */
export const IMAGE_ANNOTATION = 'steersman.dev/image'
export const COMMIT_ANNOTATION = 'steersman.dev/commit'

/** The tag that the wanted commit names; undefined without an image, or with a digest. */
async function tagOf(
  source: Source,
  commit: string,
  image: NamedImage['image'] | undefined,
): Promise<string | undefined> {
  if (image?.tagFromCommit === undefined) return image?.tag
  const { paths } = image.tagFromCommit
  if (paths === undefined) return commit
  return source.newestTouching({ head: commit, paths })
}

/** The tag that `${imageTag}` stands for. */
export const ownTagOf = (
  source: Source,
  commit: string,
  release: DefaultedRelease,
): Promise<string | undefined> => tagOf(source, commit, mainImageOf(release)?.image)

/** Whether a gate asks for the image's tag. */
export const usesImageTag = (loaded: LoadedRelease): boolean =>
  JSON.stringify(loaded.release.spec.gates ?? []).includes('${imageTag}')

/** What becomes of a release whose gates ask for a tag that nobody remembers. */
export const imageTagUnknown = {
  kind: 'Stalled',
  reason: 'ImageTagUnknown',
  message:
    'a gate uses ${imageTag}, and nobody remembers the tag of the pinned task definition; pin a rollout instead',
} as const

/** Turns the tags of the release's images into the digests that will run. One that is not there yet is waited for as long as the release says. */
export async function resolveImages(
  engine: Reader,
  state: EnvironmentState,
  { release, commit }: { readonly release: DefaultedRelease; readonly commit: string },
): Promise<ImageAnswer | undefined> {
  const named = imagesOf(release)
  if (named.length === 0) return undefined
  const key = { environment: state.environment.metadata.name, release: release.metadata.name }
  const stored = await getRelease(engine.ports.store, key)
  const marks = stored?.object.metadata.annotations ?? {}
  const answers = await Promise.all(
    named.map(async (one): Promise<ResolvedImage | Unresolved> => {
      const { repository, digest: given } = one.image
      if (given !== undefined) return resolvedImage(one, undefined, given)
      const tag = await tagOf(state.connections.source, commit, one.image)
      if (tag === undefined) return noTag(one)
      const digest =
        rememberedDigest(marks, { commit, name: `${repository}:${tag}` }) ??
        (await state.connections.registry.resolve({ repository, tag }))
      const now = engine.ports.clock.now()
      return digest === undefined
        ? imageMissing(one, { tag, status: stored?.status, now })
        : resolvedImage(one, tag, digest)
    }),
  )
  return imageAnswer(answers)
}

export type Unresolved = Extract<ImageAnswer, { kind: 'Waiting' | 'Stalled' }>

/** All images of a release together: what only a person can mend says first why they can't be had. */
export function imageAnswer(answers: readonly (ResolvedImage | Unresolved)[]): ImageAnswer | undefined {
  const missing = answers.flatMap((answer) => ('kind' in answer ? [answer] : []))
  const worst = missing.find(({ kind }) => kind === 'Stalled') ?? missing[0]
  if (worst !== undefined) return worst
  const [image, ...sidecars] = answers.flatMap((answer) => ('kind' in answer ? [] : [answer]))
  return image === undefined ? undefined : { kind: 'Found', image, sidecars }
}

export const resolvedImage = (
  { container, image: { repository } }: NamedImage,
  tag: string | undefined,
  digest: string,
): ResolvedImage => ({
  ...(container === undefined ? {} : { container }),
  repository,
  ...(tag === undefined ? {} : { tag }),
  digest,
})

/** An image whose tag is made from commits, and no commit makes one. */
export const noTag = ({ image, path }: NamedImage): Unresolved => ({
  kind: 'Stalled',
  reason: 'TagFromCommitMissing',
  message: `no commit touches ${image.tagFromCommit?.paths?.join(', ') ?? ''}; mend ${path.slice(1).replaceAll('/', '.')}.tagFromCommit.paths`,
})

/** What the same tag was resolved to for the same commit before. */
export function rememberedDigest(
  marks: Readonly<Record<string, string>>,
  wanted: { readonly commit: string; readonly name: string },
): string | undefined {
  if (marks[COMMIT_ANNOTATION] !== wanted.commit) return undefined
  const resolved = (marks[IMAGE_ANNOTATION] ?? '').split(' ').map((text) => text.split('@'))
  return resolved.find(([name]) => name === wanted.name)?.[1]
}

/** An image that is not in the registry: it is waited for, and how long is told. */
export function imageMissing(
  { image }: NamedImage,
  {
    tag,
    status,
    now,
  }: { readonly tag: string; readonly status: ReleaseStatus | undefined; readonly now: number },
): Unresolved {
  const message = `image ${image.repository}:${tag} is not in the registry yet`
  const known =
    status?.waiting?.reason === 'ImageNotFound' && status.waiting.message === message
      ? status.waiting.until
      : undefined
  // A time that was stored while the clock was ahead is no longer than the wait itself.
  const longest = now + durationMs(image.wait)
  const until = known === undefined ? longest : Math.min(longest, fromTimestamp(known))
  return { kind: 'Waiting', reason: 'ImageNotFound', message, until }
}
