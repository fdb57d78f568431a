import type { FoundImage } from '../images.ts'
import { invalidParameter } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members } from '../kernel/operation.ts'
import { optionalRecords, optionalText, text } from '../members.ts'
import { pageOf } from '../paging.ts'
import { imageById, imageMissing } from './find-image.ts'
import { repositoryOf, type EcrWorld } from './repository.ts'
import { scanSummary } from './scans.ts'

const MEDIA_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'
const PUSHED_MS = Date.UTC(2024, 0, 1)

/** DescribeImages: the images asked for, by tag or digest, or all that the sandbox has heard of. */
export function describeImages(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const ids = optionalRecords(input, 'imageIds')
  if (ids !== undefined && ids.length > 100) throw invalidParameter('imageIds can have at most 100 items.')
  if (ids !== undefined && ids.length > 0) {
    const found = ids.map((id) => imageById(ecr, repository, id) ?? imageMissing(repository, id, context))
    return { imageDetails: found.map((image) => detail(ecr, image, context)) }
  }
  const { items, ...rest } = pageOf(known(ecr, repository), input, 1000)
  return { imageDetails: items.map((image) => detail(ecr, image, context)), ...rest }
}

/** BatchGetImage: manifests of those that exist, and a failure for each of the others. */
export function batchGetImage(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const ids = optionalRecords(input, 'imageIds') ?? []
  if (ids.length === 0 || ids.length > 100)
    throw invalidParameter('imageIds must have between 1 and 100 items.')
  const images: Members[] = []
  const failures: Members[] = []
  for (const id of ids) {
    const found = imageById(ecr, repository, id)
    if (found !== undefined) images.push(imageView(found, context))
    else {
      const failureReason = 'Requested image not found'
      failures.push({ imageId: id, failureCode: 'ImageNotFound', failureReason })
    }
  }
  return { images, failures }
}

/** ListImages: every image of a repository that the sandbox has heard of. */
export function listImages(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const { items, ...rest } = pageOf(known(ecr, repository), input, 1000)
  return { imageIds: items.map((image) => ({ imageDigest: image.digest, imageTag: image.tag })), ...rest }
}

/** PutImage: from now on the tag exists, whatever its behaviour said before. */
export function putImage(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const name = `${repository}:${optionalText(input, 'imageTag') ?? 'latest'}`
  text(input, 'imageManifest')
  const { missing: _missing, ...behavior } = ecr.images.behaviorOf(name)
  ecr.images.set(name, behavior)
  const pushed = ecr.images.find(name)
  if (pushed === undefined) throw new Error(`the image ${name} is missing after it was pushed`)
  return { image: imageView(pushed, context) }
}

function known(ecr: EcrWorld, repository: string): FoundImage[] {
  return ecr.images.tagsOf(repository).flatMap((tag) => ecr.images.find(`${repository}:${tag}`) ?? [])
}

function detail(ecr: EcrWorld, image: FoundImage, context: CallContext): Members {
  return {
    registryId: context.accountId,
    repositoryName: image.repository,
    imageDigest: image.digest,
    imageTags: [image.tag],
    imageSizeInBytes: 10_485_760,
    imagePushedAt: timestamp(PUSHED_MS),
    ...scanSummary(ecr, image),
    imageManifestMediaType: MEDIA_TYPE,
  }
}

function imageView(image: FoundImage, context: CallContext): Members {
  const config = {
    mediaType: 'application/vnd.docker.container.image.v1+json',
    size: 2,
    digest: image.digest,
  }
  return {
    registryId: context.accountId,
    repositoryName: image.repository,
    imageId: { imageDigest: image.digest, imageTag: image.tag },
    imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE, config, layers: [] }),
    imageManifestMediaType: MEDIA_TYPE,
  }
}
