import type { BatchGetImageResponse } from '@aws-sdk/client-ecr'
import type { Scan } from '../../../core/scan.ts'
import { objectsIn, requiredText } from '../client/members.ts'
import { unreadable } from '../client/unreadable.ts'

/** Platforms of one image that are asked for; more is no image that anybody runs. */
const MOST_PLATFORMS = 20

/**
 * Digests of what ECR scans of an image: its own, or those of the platforms in an index, as ECR scans no index. What a build
 * adds for no platform, its attestations, is left out. Undefined when the image is not there.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export function platformsOf(digest: string, answer: BatchGetImageResponse): readonly string[] | undefined {
  const [found] = objectsIn(answer.images, 'a list of images')
  if (found === undefined) return undefined
  const listed = parsed(requiredText(found.imageManifest, "an image's manifest"))['manifests']
  if (listed === undefined) return [digest]
  if (!Array.isArray(listed)) throw unreadable("an image index's list of manifests")
  const platforms = listed.filter((manifest: unknown) => !isAttestation(manifest)).map(digestOf)
  if (platforms.length === 0 || platforms.length > MOST_PLATFORMS)
    throw unreadable(`an image index of 1 to ${MOST_PLATFORMS} platforms`)
  return platforms
}

/** What is known of all of them: the worst of each severity, and nothing before each one has a result. */
export function worstOf(scans: readonly Scan[]): Scan {
  const rank = { Failed: 0, Missing: 1, Running: 2, Done: 3 } as const
  const [worst = { kind: 'Missing' }] = scans.toSorted((one, other) => rank[one.kind] - rank[other.kind])
  if (worst.kind !== 'Done') return worst
  const counts: Record<string, number> = {}
  for (const scan of scans)
    for (const [severity, count] of Object.entries(scan.kind === 'Done' ? scan.counts : {}))
      counts[severity] = Math.max(counts[severity] ?? 0, count)
  return { kind: 'Done', counts }
}

const isAttestation = (manifest: unknown): boolean => {
  const platform = isMembers(manifest) ? manifest['platform'] : undefined
  return isMembers(platform) && platform['os'] === 'unknown' && platform['architecture'] === 'unknown'
}

function digestOf(manifest: unknown): string {
  const digest = isMembers(manifest) ? manifest['digest'] : undefined
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest
  throw unreadable("a platform's SHA-256 digest")
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch {
    throw unreadable("an image's manifest as JSON")
  }
  if (isMembers(manifest)) return manifest
  throw unreadable("an image's manifest")
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
