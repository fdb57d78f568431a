import { BatchGetImageCommand, DescribeImageScanFindingsCommand } from '@aws-sdk/client-ecr'
import type { Scan } from '../../../core/scan.ts'
import { PortError } from '../../../ports/error.ts'
import type { ImageContent, Registry } from '../../../ports/registry.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { parseEcrRepository, type EcrRepository } from './image-repository.ts'
import { acceptedMediaTypes } from './media-types.ts'
import { platformsOf, worstOf } from './platforms.ts'
import { scanOf } from './scan-findings.ts'
import { createScanMemory } from './scan-memory.ts'

/** Amazon ECR's scans behind the registry port: of an image, or of each platform of an index. Answers are remembered as the scan memory says. */
export function createScans({ clients, send, clock, epoch }: AwsTools): Registry['scan'] {
  const known = createScanMemory(clock)
  const shared = createSharedReads<Scan>(epoch)

  async function readPlatforms({ digest }: ImageContent, repository: EcrRepository) {
    const command = new BatchGetImageCommand(manifestRequest(repository, digest))
    const answer = await send('ecr:BatchGetImage', (options) =>
      clients.ecr(repository.region).send(command, options),
    )
    return platformsOf(digest, answer)
  }

  async function readOne(digest: string, repository: EcrRepository): Promise<Scan> {
    const command = new DescribeImageScanFindingsCommand(scanRequest(repository, digest))
    return send('ecr:DescribeImageScanFindings', (options) =>
      clients.ecr(repository.region).send(command, options),
    ).then(scanOf, missingScan)
  }

  async function readScan(image: ImageContent, repository: EcrRepository): Promise<Scan> {
    const digests = await readPlatforms(image, repository).catch(missingScan)
    const scan =
      digests === undefined || 'kind' in digests
        ? missing
        : worstOf(await Promise.all(digests.map((digest) => readOne(digest, repository))))
    known.set(contentKeyOf(image), scan)
    return scan
  }

  return async (image) => {
    const repository = parseEcrRepository(image.repository)
    if (repository === undefined) return undefined
    const key = contentKeyOf(image)
    return known.get(key) ?? shared.share(key, () => readScan(image, repository))
  }
}

/** What was not scanned, or is not seen yet, has no scan; whatever else went wrong is thrown. */
export function missingScan(error: unknown): Extract<Scan, { kind: 'Missing' }> {
  if (error instanceof PortError && (error.code === 'ScanNotFound' || error.code === 'ImageNotFound'))
    return missing
  throw error
}

const missing = { kind: 'Missing' } as const

/** Asks for the manifest of an image. */
export const manifestRequest = ({ accountId, name }: EcrRepository, imageDigest: string) => ({
  registryId: accountId,
  repositoryName: name,
  imageIds: [{ imageDigest }],
  acceptedMediaTypes,
})

/** Asks for the scan of one platform. */
export const scanRequest = ({ accountId, name }: EcrRepository, imageDigest: string) => ({
  registryId: accountId,
  repositoryName: name,
  imageId: { imageDigest },
})

const contentKeyOf = ({ repository, digest }: ImageContent): string => `${repository}@${digest}`
