import type { ScanRequirement } from '../resources/types.ts'

/** What a registry knows of the scan of an image. */
export type Scan =
  /** No scan was started, or nobody may see it yet. */
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Running' }
  /** It can't be had, in the registry's own words. */
  | { readonly kind: 'Failed'; readonly why: string }
  /** Findings by their severity. */
  | { readonly kind: 'Done'; readonly counts: Readonly<Record<string, number>> }

export type ScanVerdict =
  | { readonly kind: 'Passed' }
  | { readonly kind: 'Pending'; readonly message: string }
  | { readonly kind: 'Refused'; readonly reason: string; readonly message: string }

/** From the least; https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFindings.html */
const SEVERITIES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const

/**
 * Whether an image may be rolled out by what its scan found. A severity that nobody has judged (UNDEFINED, UNTRIAGED, or one
 * that is new) counts as CRITICAL: it may be as bad as that.
 */
export function judgeScan({
  image,
  scan,
  maxSeverity,
}: {
  /** As messages name it. */
  readonly image: string
  readonly scan: Scan
  readonly maxSeverity: ScanRequirement['maxSeverity']
}): ScanVerdict {
  switch (scan.kind) {
    case 'Missing':
      return {
        kind: 'Pending',
        message: `image ${image} was not scanned yet; turn on scan on push for its repository, or start a scan of this image`,
      }
    case 'Running':
      return { kind: 'Pending', message: `image ${image} is being scanned` }
    case 'Failed':
      return {
        kind: 'Refused',
        reason: 'ImageScanFailed',
        message: `image ${image} has no result of a scan: ${scan.why}; scan it again, push one that can be scanned, or let an admin change images.requireScan`,
      }
    case 'Done':
      return judgeCounts({ image, counts: scan.counts, maxSeverity })
  }
}

function judgeCounts({
  image,
  counts,
  maxSeverity,
}: {
  readonly image: string
  readonly counts: Readonly<Record<string, number>>
  readonly maxSeverity: ScanRequirement['maxSeverity']
}): ScanVerdict {
  const limit = rankOf(maxSeverity)
  const above = Object.entries(counts)
    .filter(([severity, count]) => count > 0 && rankOf(severity) > limit)
    .toSorted(([one], [other]) => rankOf(other) - rankOf(one) || one.localeCompare(other))
  if (above.length === 0) return { kind: 'Passed' }
  const told = above.map(([severity, count]) => `${count} ${severity}`).join(', ')
  return {
    kind: 'Refused',
    reason: 'ImageFindings',
    message: `the scan of image ${image} found ${told}; at most ${maxSeverity} is let through here: push an image without them, or let an admin change images.requireScan`,
  }
}

function rankOf(severity: string): number {
  const rank = SEVERITIES.findIndex((known) => known === severity)
  return rank < 0 ? SEVERITIES.length - 1 : rank
}
