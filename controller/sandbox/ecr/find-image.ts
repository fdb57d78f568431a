import type { FoundImage } from '../images.ts'
import { AwsError, invalidParameter } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { optionalRecord, optionalText } from '../members.ts'
import type { EcrWorld } from './repository.ts'

/** The image that an `imageId` names by tag, by digest or by both, if it is there. */
export function imageById(ecr: EcrWorld, repository: string, id: Members): FoundImage | undefined {
  const digest = optionalText(id, 'imageDigest')
  const tag = optionalText(id, 'imageTag')
  if (digest === undefined && tag === undefined) {
    throw invalidParameter('An imageId needs an imageTag or an imageDigest.')
  }
  const found = ecr.images.find(digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`)
  return tag === undefined || found?.tag === tag ? found : undefined
}

/** The image of a request about one; throws ImageNotFoundException. */
export function findImage(
  ecr: EcrWorld,
  {
    repository,
    input,
    context,
  }: { readonly repository: string; readonly input: Members; readonly context: CallContext },
): FoundImage {
  const id = optionalRecord(input, 'imageId') ?? {}
  return imageById(ecr, repository, id) ?? imageMissing(repository, id, context)
}

/** Throws what ECR says of an image that is not there. */
export function imageMissing(repository: string, id: Members, context: CallContext): never {
  const digest = optionalText(id, 'imageDigest') ?? 'null'
  const tag = optionalText(id, 'imageTag') ?? 'null'
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${digest}', imageTag:'${tag}'} does not exist within the repository ` +
      `with name '${repository}' in the registry with id '${context.accountId}'`,
  )
}
