import type { BatchGetImageResponse } from '@aws-sdk/client-ecr'
import type { EcrRepository } from '../../../controller/adapters/aws/registry/image-repository.ts'
import { parseEcrRepository } from '../../../controller/adapters/aws/registry/image-repository.ts'
import { manifestRequest, missingScan, scanRequest } from '../../../controller/adapters/aws/registry/scans.ts'
import { acceptedMediaTypes } from '../../../controller/adapters/aws/registry/media-types.ts'
import { absent } from '../../../controller/adapters/aws/registry/registry.ts'
import { platformsOf, worstOf } from '../../../controller/adapters/aws/registry/platforms.ts'
import { scanOf } from '../../../controller/adapters/aws/registry/scan-findings.ts'
import type { Scan } from '../../../controller/core/scan.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Core } from './core.ts'
import type { Steps } from './steps.ts'

/** Answers are remembered for a minute, as the adapter does, in milliseconds. */
const KEPT_MS = 60_000

/** The digest of a tag; undefined when it is not there. */
export function* resolve(core: Core, repository: string, tag: string): Steps<string | undefined> {
  const image = { repository, tag }
  const key = `${repository}:${tag}`
  const known = core.digests.get(key)
  if (known !== undefined && core.clock.monotonic() - known.at < KEPT_MS) return known.digest
  const place = parseEcrRepository(repository)
  if (place === undefined)
    throw new PortError(`${repository} is no ECR`, { code: 'RegistryNotSupported', handling: 'stall' })
  try {
    const output = (yield* core.aws.read('ecr:BatchGetImage', {
      registryId: place.accountId,
      repositoryName: place.name,
      imageIds: [{ imageTag: tag }],
      acceptedMediaTypes,
    })) as BatchGetImageResponse
    const digest = output.images?.[0]?.imageId?.imageDigest
    if (digest === undefined) return absent(image, output.failures?.[0])
    core.digests.set(key, { digest, at: core.clock.monotonic() })
    return digest
  } catch (error) {
    if (error instanceof PortError && error.code === 'ImageNotFound') return undefined
    throw error
  }
}

/** What is known of the scan of an image; undefined outside ECR. */
export function* scan(core: Core, repository: string, digest: string): Steps<Scan | undefined> {
  const key = `${repository}@${digest}`
  const known = core.scans.get(key)
  if (known !== undefined) return known
  const place = parseEcrRepository(repository)
  if (place === undefined) return undefined
  const fresh = yield* readScan(core, place, digest)
  core.scans.set(key, fresh)
  return fresh
}

function* readScan(core: Core, repository: EcrRepository, digest: string): Steps<Scan> {
  try {
    const answer = yield* core.aws.read('ecr:BatchGetImage', manifestRequest(repository, digest))
    const scans: Scan[] = []
    for (const platform of platformsOf(digest, answer) ?? [])
      scans.push(yield* readOne(core, repository, platform))
    return worstOf(scans)
  } catch (error) {
    return missingScan(error)
  }
}

function* readOne(core: Core, repository: EcrRepository, digest: string): Steps<Scan> {
  try {
    return scanOf(yield* core.aws.read('ecr:DescribeImageScanFindings', scanRequest(repository, digest)))
  } catch (error) {
    return missingScan(error)
  }
}
