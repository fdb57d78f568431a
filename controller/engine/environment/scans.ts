import { durationMs } from '../../resources/duration.ts'
import { imagesOf, mainImageOf } from '../../resources/images.ts'
import type { DefaultedRelease, ReleaseStatus, ResolvedImage } from '../../resources/types.ts'
import type { DeployedRelease } from '../../core/revision.ts'
import type { RolloutState } from '../../core/rollout/state.ts'
import { isFinished } from '../../core/rollout/state.ts'
import type { Scan } from '../../core/scan.ts'
import { judgeScan } from '../../core/scan.ts'
import { fromTimestamp } from '../../core/time.ts'
import { PortError } from '../../ports/error.ts'
import type { Desire, EnvironmentState, Reader } from '../engine.ts'
import { getRelease, rolloutsOf } from '../objects.ts'
import type { ImageAnswer } from './images.ts'
import type { ExistingVersion } from './pins.ts'

/** Why a version is not rolled out before, or because of, its scan. */
export type HeldByScan = Extract<Desire, { kind: 'Waiting' | 'Stalled' }>

/** What a release is about to serve, and what is known of versions before. */
export interface ScannedVersion {
  readonly release: DefaultedRelease
  readonly image: ImageAnswer | undefined
  readonly existing: ExistingVersion | Extract<Desire, { kind: 'Stalled' }> | undefined
  readonly deployed: readonly DeployedRelease[]
}

/** What keeps a version from being rolled out where `images.requireScan` asks for a scan; undefined when nothing does. */
export async function heldByScan(
  engine: Reader,
  state: EnvironmentState,
  version: ScannedVersion,
): Promise<HeldByScan | undefined> {
  const { requireScan } = state.environment.spec.images ?? {}
  if (requireScan === undefined) return undefined
  const asked = toBeScanned(version)
  if (asked.kind !== 'Scan') return asked.kind === 'Stalled' ? asked : undefined
  const { release, deployed } = version
  const key = { environment: state.environment.metadata.name, release: release.metadata.name }
  const { all } = await rolloutsOf(engine.ports.store, key)
  const rollouts = all.map((rollout) => rollout.state)
  const status = (await getRelease(engine.ports.store, key))?.status
  const now = engine.ports.clock.now()
  const held: HeldByScan[] = []
  for (const image of asked.images) {
    if (wasLetThrough({ release: key.release, digest: image.digest, rollouts, deployed })) continue
    const scan = await state.connections.registry.scan(image).catch(unreadableScan)
    const found =
      scan?.kind === 'Stalled'
        ? scan
        : heldBy({ release, image, scan, maxSeverity: requireScan.maxSeverity, status, now })
    if (found !== undefined) held.push(found)
  }
  return worstOf(held)
}

/** What holds a version with several images: one that is refused, before one that is waited for. */
export const worstOf = (held: readonly HeldByScan[]): HeldByScan | undefined =>
  held.find(({ kind }) => kind === 'Stalled') ?? held[0]

/** The images whose scans have to be asked for; a version that has served here is one that it must be possible to go back to. */
export function toBeScanned({
  release,
  image,
  existing,
}: Omit<ScannedVersion, 'deployed'>):
  | { readonly kind: 'Scan'; readonly images: readonly ResolvedImage[] }
  | { readonly kind: 'Nothing' }
  | Extract<Desire, { kind: 'Stalled' }> {
  if (existing?.kind === 'Stalled' || (existing !== undefined && existing.wasVerified))
    return { kind: 'Nothing' }
  if (existing !== undefined) {
    const { repository } = mainImageOf(release)?.image ?? {}
    const digest = existing.imageDigest
    return repository === undefined || digest === undefined
      ? unknown(
          `nobody knows the image of ${existing.taskDefinition}, which has not served here, so no scan of it can be asked for; pin a rollout that served`,
        )
      : { kind: 'Scan', images: [{ repository, digest }, ...(existing.sidecars ?? [])] }
  }
  if (image === undefined)
    return unknown(
      'images.requireScan asks for a scan and the release has no spec.image; name its image there',
    )
  return image.kind === 'Found'
    ? { kind: 'Scan', images: [image.image, ...image.sidecars] }
    : { kind: 'Nothing' }
}

/** Whether a rollout with the image is under way or came through: what is found later takes nothing away from it. */
export function wasLetThrough({
  release,
  digest,
  rollouts,
  deployed,
}: {
  readonly release: string
  readonly digest: string
  readonly rollouts: readonly RolloutState[]
  readonly deployed: readonly DeployedRelease[]
}): boolean {
  return (
    deployed.some(
      (record) =>
        record.release === release &&
        [record.image, ...Object.values(record.sidecars ?? {})].includes(digest),
    ) ||
    rollouts.some(
      ({ spec, status }) =>
        [spec.image, ...(spec.sidecars ?? [])].some((image) => image?.digest === digest) &&
        (status.outcome === 'Succeeded' || !isFinished(status)),
    )
  )
}

/** What a scan makes of a version; a scan that is not there yet is waited for as long as an image would be. */
export function heldBy({
  release,
  image,
  scan,
  maxSeverity,
  status,
  now,
}: {
  readonly release: DefaultedRelease
  readonly image: ResolvedImage
  readonly scan: Scan | undefined
  readonly maxSeverity: Parameters<typeof judgeScan>[0]['maxSeverity']
  /** Of the stored Release. */
  readonly status: ReleaseStatus | undefined
  readonly now: number
}): HeldByScan | undefined {
  if (scan === undefined)
    return {
      kind: 'Stalled',
      reason: 'ImageScanNotSupported',
      message: `images.requireScan asks for a scan and ${image.repository} is not a repository of Amazon ECR; use an image in Amazon ECR`,
    }
  const name = `${image.repository}${image.tag === undefined ? '' : `:${image.tag}`}@${image.digest}`
  const verdict = judgeScan({ image: name, scan, maxSeverity })
  if (verdict.kind === 'Passed') return undefined
  if (verdict.kind === 'Refused') return { ...verdict, kind: 'Stalled' }
  const { waiting } = status ?? {}
  const isSame = waiting?.reason === 'ImageScanPending' && waiting.message.startsWith(`image ${name} `)
  // A time that was stored while the clock was ahead is no longer than the wait itself.
  const { wait = '0s' } =
    imagesOf(release).find(({ container }) => container === image.container)?.image ??
    mainImageOf(release)?.image ??
    {}
  const longest = now + durationMs(wait)
  const known = isSame ? waiting.until : undefined
  const until = known === undefined ? longest : Math.min(longest, fromTimestamp(known))
  return { kind: 'Waiting', reason: 'ImageScanPending', message: verdict.message, until }
}

/** What only a person can mend stops this release alone. */
export function unreadableScan(error: unknown): Extract<Desire, { kind: 'Stalled' }> {
  if (!(error instanceof PortError) || error.handling !== 'stall') throw error
  const { code: reason, message, remedy } = error
  return { kind: 'Stalled', reason, message: remedy === undefined ? message : `${message}; ${remedy}` }
}

const unknown = (message: string): Extract<Desire, { kind: 'Stalled' }> => ({
  kind: 'Stalled',
  reason: 'ImageScanUnknown',
  message,
})
