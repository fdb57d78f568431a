import type { DescribeImageScanFindingsResponse } from '@aws-sdk/client-ecr'
import type { Scan } from '../../../core/scan.ts'
import { countOrZero, objectsIn, optionalText, requiredText } from '../client/members.ts'
import { unreadable } from '../client/unreadable.ts'

/** PENDING is of enhanced scanning: the image waits for its turn. */
const running: ReadonlySet<string> = new Set(['IN_PROGRESS', 'PENDING'])
/** ACTIVE is of enhanced scanning: there is a result, and Amazon Inspector goes on looking for what becomes known later. */
const done: ReadonlySet<string> = new Set(['COMPLETE', 'ACTIVE'])

/** Reads the first page of an answer, which has the counts of all. A status that is not known is no result. */
export function scanOf({ imageScanStatus, imageScanFindings }: DescribeImageScanFindingsResponse): Scan {
  const status = requiredText(imageScanStatus?.status, "an image scan's status")
  if (running.has(status)) return { kind: 'Running' }
  if (done.has(status)) return { kind: 'Done', counts: countsOf(imageScanFindings) }
  const description = optionalText(imageScanStatus?.description, "an image scan's description")
  return { kind: 'Failed', why: description === undefined ? status : `${status} (${description})` }
}

function countsOf(
  findings: DescribeImageScanFindingsResponse['imageScanFindings'],
): Readonly<Record<string, number>> {
  if (typeof findings !== 'object' || findings === null) throw unreadable("an image scan's findings")
  const counts: unknown = findings.findingSeverityCounts
  if (typeof counts === 'object' && counts !== null)
    return Object.fromEntries(
      Object.entries(counts).map(([severity, count]) => [
        severity,
        countOrZero(count, 'a count of findings'),
      ]),
    )
  const listed = [
    ...objectsIn(findings.findings, 'a list of findings'),
    ...objectsIn(findings.enhancedFindings, 'a list of findings'),
  ]
  if (listed.length > 0) throw unreadable('counts of findings by severity')
  return {}
}
