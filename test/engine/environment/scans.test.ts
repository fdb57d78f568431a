import { describe, expect, it } from 'vitest'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import {
  heldBy,
  toBeScanned,
  unreadableScan,
  wasLetThrough,
} from '../../../controller/engine/environment/scans.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { DefaultedRelease, RolloutStatus } from '../../../controller/resources/types.ts'
import { validateRelease } from '../../../controller/resources/validate.ts'
import { releaseDocument } from '../../resources/documents.ts'

const NOW = Date.UTC(2026, 0, 1)
const digest = `sha256:${'1'.repeat(64)}`
const repository = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web'
const image = { repository, tag: 'v1', digest }
const version = {
  kind: 'Version',
  taskDefinition: 'web:3',
  imageDigest: digest,
  imageTag: 'v1',
  wasVerified: false,
} as const

describe('the image whose scan is asked for', () => {
  const release = releaseOf({ image: { repository, tag: 'v1', wait: '10m' } })
  const found = { kind: 'Found', image, sidecars: [] } as const

  it("is the release's own", () => {
    expect(toBeScanned({ release, image: found, existing: undefined })).toEqual({
      kind: 'Scan',
      images: [image],
    })
  })

  it('is none where the version has served here', () => {
    expect(toBeScanned({ release, image: undefined, existing: { ...version, wasVerified: true } })).toEqual({
      kind: 'Nothing',
    })
  })

  it('is that of a pinned task definition which has not served', () => {
    expect(toBeScanned({ release, image: undefined, existing: version })).toEqual({
      kind: 'Scan',
      images: [{ repository, digest }],
    })
  })

  it.each([
    ['nobody knows it', { existing: { ...version, imageDigest: undefined } }],
    ['the release names none', { existing: undefined, release: releaseOf({}) }],
  ])('stalls where %s', (_, changed) => {
    expect(toBeScanned({ release, image: undefined, ...changed })).toMatchObject({
      kind: 'Stalled',
      reason: 'ImageScanUnknown',
    })
  })
})

describe('what was let through', () => {
  const rollout = (status: Partial<RolloutStatus>, of = digest): RolloutState =>
    ({ name: 'prod-web-1', spec: { image: { repository, digest: of } }, status }) as unknown as RolloutState
  const other = `sha256:${'2'.repeat(64)}`

  it.each<[string, readonly RolloutState[], boolean]>([
    ['came through', [rollout({ phase: 'Succeeded', outcome: 'Succeeded' })], true],
    ['is under way', [rollout({ phase: 'Verifying' })], true],
    ['failed', [rollout({ phase: 'RolledBack', outcome: 'RolledBack' })], false],
    ['was never tried', [], false],
    ['was another', [rollout({ phase: 'Succeeded', outcome: 'Succeeded' }, other)], false],
  ])('%s: %#', (_, rollouts, expected) => {
    expect(wasLetThrough({ release: 'web', digest, rollouts, deployed: [] })).toBe(expected)
  })

  it.each([
    ['web', digest, true],
    ['api', digest, false],
    ['web', other, false],
  ])('is what git names of %s with %s', (release, named, expected) => {
    const deployed = [{ release, image: named }] as unknown as Parameters<typeof wasLetThrough>[0]['deployed']
    expect(wasLetThrough({ release: 'web', digest, rollouts: [], deployed })).toBe(expected)
  })
})

describe('a version that waits for its scan', () => {
  const release = releaseOf({ image: { repository, tag: 'v1', wait: '10m' } })
  const held = (status: Parameters<typeof heldBy>[0]['status'], scan: Parameters<typeof heldBy>[0]['scan']) =>
    heldBy({ release, image, scan, maxSeverity: 'HIGH', status, now: NOW })
  const waiting = (until: number, message = `image ${repository}:v1@${digest} was not scanned yet`) => ({
    waiting: { reason: 'ImageScanPending', message, until: new Date(until).toISOString() },
  })

  it.each<[string, Parameters<typeof held>[0], number]>([
    ['begins', undefined, NOW + 600_000],
    ['goes on, whatever the scan has come to', waiting(NOW + 5_000), NOW + 5_000],
    ['is over, and looks on', waiting(NOW - 5_000), NOW - 5_000],
    ['was stored by a clock that was ahead', waiting(NOW + 9e9), NOW + 600_000],
    ['was that of another image', waiting(NOW + 5_000, 'image web:v0 was not'), NOW + 600_000],
  ])('%s', (_, status, until) => {
    expect(held(status, { kind: 'Running' })).toMatchObject({
      kind: 'Waiting',
      reason: 'ImageScanPending',
      until,
    })
  })

  it('is held by findings, and not without them', () => {
    expect(held(undefined, { kind: 'Done', counts: { CRITICAL: 1 } })).toMatchObject({
      kind: 'Stalled',
      reason: 'ImageFindings',
    })
    expect(held(undefined, { kind: 'Done', counts: { HIGH: 1 } })).toBeUndefined()
  })

  it('outside Amazon ECR has none to wait for', () => {
    expect(held(undefined, undefined)).toMatchObject({ kind: 'Stalled', reason: 'ImageScanNotSupported' })
  })
})

describe('a scan that can not be read', () => {
  it('stops the release where a person has to mend it, and is tried again else', () => {
    const refused = new PortError('denied', { code: 'AccessDenied', handling: 'stall', remedy: 'Allow it.' })
    expect(unreadableScan(refused)).toEqual({
      kind: 'Stalled',
      reason: 'AccessDenied',
      message: 'denied; Allow it.',
    })
    const away = new PortError('away', { code: 'Throttled', handling: 'wait' })
    expect(() => unreadableScan(away)).toThrow(away)
  })
})

function releaseOf(spec: Record<string, unknown>): DefaultedRelease {
  const checked = validateRelease(JSON.parse(JSON.stringify(releaseDocument(spec))))
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems))
  return checked.value
}
