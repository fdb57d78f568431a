import type { DefaultedRelease, ResolvedImage } from '../../resources/types.ts'
import { durationMs } from '../../resources/duration.ts'
import { fromTimestamp } from '../../core/time.ts'
import type { Source } from '../../ports/source.ts'
import type { Desire, EnvironmentState, Reader } from '../engine.ts'
import { getRelease } from '../objects.ts'

export type ImageAnswer =
  { readonly kind: 'Found'; readonly image: ResolvedImage } | Extract<Desire, { kind: 'Waiting' | 'Stalled' }>

/** Annotation of a stored Release: the image as it was resolved for its commit, so that a tag that moves later changes nothing. */
export const IMAGE_ANNOTATION = 'steersman.dev/image'
export const COMMIT_ANNOTATION = 'steersman.dev/commit'

/** The tag that the wanted commit names; undefined without an image, or with a digest. */
export async function tagOf(
  source: Source,
  commit: string,
  image: DefaultedRelease['spec']['image'],
): Promise<string | undefined> {
  if (image?.tagFromCommit === undefined) return image?.tag
  const { paths } = image.tagFromCommit
  if (paths === undefined) return commit
  return source.newestTouching({ head: commit, paths })
}

/** Turns the image's tag into the digest that will run. An image that is not there yet is waited for as long as the release says. */
export async function resolveImage(
  engine: Reader,
  state: EnvironmentState,
  wanted: { readonly release: DefaultedRelease; readonly commit: string },
): Promise<ImageAnswer | undefined> {
  const { image } = wanted.release.spec
  if (image === undefined) return undefined
  const container = image.container === undefined ? {} : { container: image.container }
  if (image.digest !== undefined)
    return { kind: 'Found', image: { ...container, repository: image.repository, digest: image.digest } }
  const tag = await tagOf(state.connections.source, wanted.commit, image)
  if (tag === undefined) {
    return {
      kind: 'Stalled',
      reason: 'TagFromCommitMissing',
      message: `no commit touches ${image.tagFromCommit?.paths?.join(', ') ?? ''}; mend spec.image.tagFromCommit.paths`,
    }
  }
  const known = await rememberedDigest(engine, state, { ...wanted, name: `${image.repository}:${tag}` })
  const digest = known ?? (await state.connections.registry.resolve({ repository: image.repository, tag }))
  if (digest !== undefined)
    return { kind: 'Found', image: { ...container, repository: image.repository, tag, digest } }
  return imageMissing(engine, state, {
    release: wanted.release,
    name: `${image.repository}:${tag}`,
    wait: image.wait,
  })
}

/** What the same tag was resolved to for the same commit before. */
async function rememberedDigest(
  engine: Reader,
  state: EnvironmentState,
  wanted: { readonly release: DefaultedRelease; readonly commit: string; readonly name: string },
): Promise<string | undefined> {
  const key = { environment: state.environment.metadata.name, release: wanted.release.metadata.name }
  const stored = await getRelease(engine.ports.store, key)
  const marks = stored?.object.metadata.annotations ?? {}
  const [name, digest] = (marks[IMAGE_ANNOTATION] ?? '').split('@')
  return marks[COMMIT_ANNOTATION] === wanted.commit && name === wanted.name ? digest : undefined
}

async function imageMissing(
  engine: Reader,
  state: EnvironmentState,
  missing: { readonly release: DefaultedRelease; readonly name: string; readonly wait: string },
): Promise<ImageAnswer> {
  const key = { environment: state.environment.metadata.name, release: missing.release.metadata.name }
  const message = `image ${missing.name} is not in the registry yet`
  const status = (await getRelease(engine.ports.store, key))?.status
  const now = engine.ports.clock.now()
  const known =
    status?.waiting?.reason === 'ImageNotFound' && status.waiting.message === message
      ? status.waiting.until
      : undefined
  // A time that was stored while the clock was ahead is no longer than the wait itself.
  const longest = now + durationMs(missing.wait)
  const until = known === undefined ? longest : Math.min(longest, fromTimestamp(known))
  if (now < until) return { kind: 'Waiting', reason: 'ImageNotFound', message, until }
  return { kind: 'Waiting', reason: 'ImageNotFound', message, until }
}
