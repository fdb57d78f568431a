import type { FoundImage } from '../images.ts'
import { AwsError } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members } from '../kernel/operation.ts'
import type { ScanBehavior } from '../kernel/ports-between.ts'
import { findImage } from './find-image.ts'
import { repositoryOf, type EcrWorld } from './repository.ts'

const SCANNED_MS = Date.UTC(2024, 0, 1)

/** DescribeImageScanFindings: what the image's behaviour says of its scan, without the findings' details. */
export function scanFindings(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const image = findImage(ecr, { repository, input, context })
  const scan = scanOf(ecr, image)
  if (scan.status === 'NONE') throw notScanned(repository, image, context)
  return {
    ...subject(repository, image, context),
    ...statusView(scan),
    ...(hasResult(scan)
      ? {
          imageScanFindings: {
            imageScanCompletedAt: timestamp(SCANNED_MS),
            vulnerabilitySourceUpdatedAt: timestamp(SCANNED_MS),
            findings: [],
            findingSeverityCounts: scan.findings,
          },
        }
      : {}),
  }
}

/** StartImageScan: the scan is over by the time that anybody looks. */
export function startScan(ecr: EcrWorld, input: Members, context: CallContext): Members {
  const repository = repositoryOf(ecr, input, context)
  const image = findImage(ecr, { repository, input, context })
  const name = `${repository}:${image.tag}`
  const { scan, ...behavior } = ecr.images.behaviorOf(name)
  ecr.images.set(name, { ...behavior, scan: { ...scan, status: 'COMPLETE' } })
  return { ...subject(repository, image, context), imageScanStatus: { status: 'IN_PROGRESS' } }
}

/** What DescribeImages says of the image's scan. */
export function scanSummary(ecr: EcrWorld, image: FoundImage): Members {
  const scan = scanOf(ecr, image)
  if (scan.status === 'NONE') return {}
  return {
    ...statusView(scan),
    ...(hasResult(scan) ? { imageScanFindingsSummary: { findingSeverityCounts: scan.findings } } : {}),
  }
}

const scanOf = (ecr: EcrWorld, { repository, tag }: FoundImage): Required<ScanBehavior> => ({
  status: 'COMPLETE',
  findings: {},
  ...ecr.images.behaviorOf(`${repository}:${tag}`).scan,
})

const hasResult = ({ status }: ScanBehavior): boolean => status === 'COMPLETE' || status === 'ACTIVE'

const statusView = ({ status }: Required<ScanBehavior>): Members => ({
  imageScanStatus: {
    status,
    ...(status === 'COMPLETE' ? { description: 'The scan was completed successfully.' } : {}),
  },
})

const subject = (repositoryName: string, image: FoundImage, { accountId }: CallContext): Members => ({
  registryId: accountId,
  repositoryName,
  imageId: { imageDigest: image.digest, imageTag: image.tag },
})

function notScanned(repository: string, { digest }: FoundImage, { accountId }: CallContext): AwsError {
  return new AwsError(
    'ScanNotFoundException',
    `Image scan does not exist for the image with '{imageDigest:'${digest}'}' in the repository with name ` +
      `'${repository}' in the registry with id '${accountId}'`,
  )
}
