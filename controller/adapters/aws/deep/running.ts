import { DescribeServiceRevisionsCommand, type ServiceRevision } from '@aws-sdk/client-ecs'
import type { RunningImage } from '../../../core/running-images.ts'
import type { DeepLooks } from '../../../ports/deep-looks.ts'
import { createBatcher } from '../client/batcher.ts'
import { createCache } from '../client/cache.ts'
import { objectsIn, optionalText, textOrEmpty } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceRevisions.html */
const REVISIONS_A_CALL = 20
const MOST_KEPT = 10_000

/**
 * DescribeServiceRevisions: ECS resolves the tags of a revision's images once, with its first task, and starts the very same images from then on. So what is
 * whole is never asked for again.
 */
export function createRunningReads({ clients, send, clock }: AwsTools): DeepLooks['running'] {
  const whole = createCache<readonly RunningImage[]>({ clock, maxEntries: MOST_KEPT })
  const batcher = createBatcher<string, readonly RunningImage[] | null>({
    clock,
    maxSize: REVISIONS_A_CALL,
    groupOf: () => 'service revisions',
    identityOf: (arn) => arn,
    async read(arns) {
      const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] })
      const answer = await send('ecs:DescribeServiceRevisions', (options) =>
        clients.ecs.send(command, options),
      )
      const described = objectsIn(answer.serviceRevisions, 'a list of service revisions')
      return arns.map((arn) => {
        const found = described.find(({ serviceRevisionArn }) => serviceRevisionArn === arn)
        if (found === undefined) return null
        const images = imagesOf(found)
        if (images.length > 0 && images.every(({ digest }) => digest !== undefined)) whole.set(arn, images)
        return images
      })
    },
  })
  return async (arn) => whole.get(arn) ?? batcher.load(arn)
}

const imagesOf = ({ containerImages }: ServiceRevision): readonly RunningImage[] =>
  objectsIn(containerImages, 'a list of images').map(({ containerName, image, imageDigest }) => ({
    container: textOrEmpty(containerName, "a container's name"),
    image: textOrEmpty(image, "a container's image"),
    digest: optionalText(imageDigest, "an image's digest"),
  }))
