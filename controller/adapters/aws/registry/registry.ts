import { BatchGetImageCommand, type BatchGetImageResponse, type ImageFailure } from '@aws-sdk/client-ecr'
import { PortError } from '../../../ports/error.ts'
import type { ImageName, Registry } from '../../../ports/registry.ts'
import { createCache } from '../client/cache.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import { objectsIn, optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'
import { parseEcrRepository, type EcrRepository } from './image-repository.ts'
import { acceptedMediaTypes } from './media-types.ts'
import { platformsOf } from './platforms.ts'
import { createScans } from './scans.ts'

/** An image's digest, and those of the platforms that it is made of, where it is an index of them. */
export type Meaning = readonly [string, ...(readonly string[])]

export interface TagMeanings {
  /** Undefined when no such image was pushed. */
  meaning(image: ImageName): Promise<Meaning | undefined>
}

const keptMs = 60_000
const maxKept = 5_000

/**
 * Amazon ECR behind the registry port: BatchGetImage, which is what a pull needs, so whoever may pull an image may resolve
 * it, from another account's registry and through a pull-through cache too. Answers are remembered for a minute,
 * those about scans as the scan memory says.
 */
export function createRegistry(tools: AwsTools): Registry & TagMeanings {
  const { clients, send, clock, epoch } = tools
  const cache = createCache<Meaning>({ clock, maxEntries: maxKept, maxAgeMs: keptMs })
  const shared = createSharedReads<Meaning | undefined>(epoch)

  async function read(image: ImageName, repository: EcrRepository): Promise<Meaning | undefined> {
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
      const known = [digest, ...platformsIn(digest, answer)] as const
      cache.set(keyOf(image), known)
      return known
    } catch (error) {
      if (error instanceof PortError && error.code === 'ImageNotFound') return undefined
      throw error
    }
  }

  async function meaning(image: ImageName): Promise<Meaning | undefined> {
    const repository = parseEcrRepository(image.repository)
    if (repository === undefined) throw notSupported(image)
    return cache.get(keyOf(image)) ?? shared.share(keyOf(image), () => read(image, repository))
  }

  return {
    resolve: async (image) => (await meaning(image))?.[0],
    meaning,
    scan: createScans(tools),
  }
}

/** What can't be read as an index has no platforms of its own: the digest alone says enough. */
function platformsIn(digest: string, answer: BatchGetImageResponse): readonly string[] {
  try {
    return (platformsOf(digest, answer) ?? []).filter((platform) => platform !== digest)
  } catch (error) {
    if (error instanceof PortError) return []
    throw error
  }
}

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
