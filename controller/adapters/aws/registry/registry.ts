import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  type ImageFailure,
} from '@aws-sdk/client-ecr'
import { PortError } from '../../../ports/error.ts'
import type { Scan } from '../../../core/scan.ts'
import type { ImageContent, ImageName, Registry } from '../../../ports/registry.ts'
import { createCache } from '../client/cache.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import { objectsIn, optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'
import { parseEcrRepository, type EcrRepository } from './image-repository.ts'
import { scanOf } from './scan-findings.ts'
import { createScanMemory } from './scan-memory.ts'

const keptMs = 60_000
const maxKept = 5_000

/** What a puller of any platform accepts; without an index in it, ECR would answer with one platform's digest. */
export const acceptedMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

/**
 * Amazon ECR behind the registry port: BatchGetImage, which is what a pull needs, so whoever may pull an image may resolve
 * it, from another account's registry and through a pull-through cache too. Answers are remembered for a minute,
 * those about scans as the scan memory says.
 */
export function createRegistry({ clients, send, clock, epoch }: AwsTools): Registry {
  const cache = createCache<string>({ clock, maxEntries: maxKept, maxAgeMs: keptMs })
  const shared = createSharedReads<string | undefined>(epoch)
  const scans = createScanMemory(clock)
  const sharedScans = createSharedReads<Scan>(epoch)

  async function read(image: ImageName, repository: EcrRepository): Promise<string | undefined> {
    const command = new BatchGetImageCommand({
      registryId: repository.accountId,
      repositoryName: repository.name,
      imageIds: [{ imageTag: image.tag }],
      acceptedMediaTypes,
    })
    try {
      const answer = await send('ecr:BatchGetImage', (options) =>
        clients.ecr(repository.region).send(command, options),
      )
      const [found] = objectsIn(answer.images, 'a list of images')
      const digest = optionalText(found?.imageId?.imageDigest, "an image's digest")
      if (digest === undefined) return absent(image, objectsIn(answer.failures, 'a list of failures')[0])
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw unreadable("an image's SHA-256 digest")
      cache.set(keyOf(image), digest)
      return digest
    } catch (error) {
      if (error instanceof PortError && error.code === 'ImageNotFound') return undefined
      throw error
    }
  }

  async function readScan(image: ImageContent, repository: EcrRepository): Promise<Scan> {
    const command = new DescribeImageScanFindingsCommand({
      registryId: repository.accountId,
      repositoryName: repository.name,
      imageId: { imageDigest: image.digest },
    })
    const scan = await send('ecr:DescribeImageScanFindings', (options) =>
      clients.ecr(repository.region).send(command, options),
    ).then(scanOf, missingScan)
    scans.set(contentKeyOf(image), scan)
    return scan
  }

  return {
    async resolve(image) {
      const repository = parseEcrRepository(image.repository)
      if (repository === undefined) throw notSupported(image)
      return cache.get(keyOf(image)) ?? shared.share(keyOf(image), () => read(image, repository))
    },
    async scan(image) {
      const repository = parseEcrRepository(image.repository)
      if (repository === undefined) return undefined
      const key = contentKeyOf(image)
      return scans.get(key) ?? sharedScans.share(key, () => readScan(image, repository))
    },
  }
}

/** What was not scanned, or is not seen yet, has no scan; whatever else went wrong is thrown. */
export function missingScan(error: unknown): Scan {
  if (error instanceof PortError && (error.code === 'ScanNotFound' || error.code === 'ImageNotFound'))
    return { kind: 'Missing' }
  throw error
}

const contentKeyOf = ({ repository, digest }: ImageContent): string => `${repository}@${digest}`

const keyOf = ({ repository, tag }: ImageName): string => `${repository}:${tag}`

/** Nothing for an image that is not there, and an error for one that can't be told. */
export function absent(image: ImageName, failure: ImageFailure | undefined): undefined {
  const { failureCode, failureReason } = failure ?? {}
  if (failureCode === undefined || failureCode === 'ImageNotFound') return undefined
  throw new PortError(`ECR did not resolve ${keyOf(image)}: ${failureReason ?? failureCode}`, {
    code: 'ImageUnreadable',
    handling: failureCode === 'UpstreamUnavailable' ? 'retry' : 'stall',
    remedy: "Check the image's tag, and the repository's KMS key or pull-through cache.",
  })
}

function notSupported({ repository, tag }: ImageName): PortError {
  return new PortError(
    `${repository} is not a repository of Amazon ECR, so the tag ${tag} cannot be resolved`,
    {
      code: 'RegistryNotSupported',
      handling: 'stall',
      remedy: 'Give the digest in spec.image.digest, or use an image in Amazon ECR.',
    },
  )
}
