import type { Told } from '../events/model.ts'
import type { Images } from '../images.ts'

/**
 * Tells EventBridge of images that are there now and of scans that are over, in the shapes of
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function tellImages(
  images: Images,
  place: { readonly region: string; readonly accountId: string },
  publish: (told: () => Told) => void,
): void {
  images.onChange(({ name, before, after }) => {
    const image = images.find(name)
    if (image === undefined) return
    const told = (detailType: string, detail: object): Told => ({
      ...place,
      source: 'aws.ecr',
      detailType,
      resources: [`arn:aws:ecr:${place.region}:${place.accountId}:repository/${image.repository}`],
      detail: { 'repository-name': image.repository, 'image-digest': image.digest, ...detail },
    })
    if (before.missing === true)
      publish(() =>
        told('ECR Image Action', { result: 'SUCCESS', 'action-type': 'PUSH', 'image-tag': image.tag }),
      )
    if (after.scan !== undefined && before.scan?.status !== after.scan.status)
      publish(() =>
        told('ECR Image Scan', {
          'scan-status': after.scan?.status ?? 'COMPLETE',
          'finding-severity-counts': after.scan?.findings ?? {},
          'image-tags': [image.tag],
        }),
      )
  })
}
