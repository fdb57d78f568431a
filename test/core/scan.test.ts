import { describe, expect, it } from 'vitest'
import type { Scan } from '../../controller/core/scan.ts'
import { judgeScan } from '../../controller/core/scan.ts'

const image = 'shop/web:v1@sha256:1'
type Severity = Parameters<typeof judgeScan>[0]['maxSeverity']
const judged = (scan: Scan, maxSeverity: Severity = 'MEDIUM') => judgeScan({ image, scan, maxSeverity })

describe('judgeScan', () => {
  it.each<[Readonly<Record<string, number>>, Severity, string]>([
    [{}, 'INFORMATIONAL', 'Passed'],
    [{ INFORMATIONAL: 4 }, 'INFORMATIONAL', 'Passed'],
    [{ LOW: 1 }, 'INFORMATIONAL', 'Refused'],
    [{ HIGH: 2, MEDIUM: 9 }, 'HIGH', 'Passed'],
    [{ HIGH: 2 }, 'MEDIUM', 'Refused'],
    [{ CRITICAL: 1 }, 'HIGH', 'Refused'],
    [{ CRITICAL: 0 }, 'LOW', 'Passed'],
    [{ CRITICAL: 1 }, 'CRITICAL', 'Passed'],
    [{ UNDEFINED: 1 }, 'HIGH', 'Refused'],
    [{ UNTRIAGED: 1 }, 'HIGH', 'Refused'],
    [{ 'NEW WORD': 1 }, 'HIGH', 'Refused'],
    [{ UNTRIAGED: 1, UNDEFINED: 1 }, 'CRITICAL', 'Passed'],
  ])('of %j with at most %s is %s', (counts, maxSeverity, kind) => {
    expect(judged({ kind: 'Done', counts }, maxSeverity).kind).toBe(kind)
  })

  it('tells the worst counts first, and what to do', () => {
    const counts = { LOW: 40, MEDIUM: 7, HIGH: 2, UNTRIAGED: 1, CRITICAL: 3 }
    expect(judged({ kind: 'Done', counts }, 'LOW')).toEqual({
      kind: 'Refused',
      reason: 'ImageFindings',
      message:
        'the scan of image shop/web:v1@sha256:1 found 3 CRITICAL, 1 UNTRIAGED, 2 HIGH, 7 MEDIUM; at most LOW is let through here: ' +
        'push an image without them, or let an admin change images.requireScan',
    })
  })

  it.each<[Scan, string, RegExp]>([
    [
      { kind: 'Missing' },
      'Pending',
      /^image shop\/web:v1@sha256:1 was not scanned yet; turn on scan on push/,
    ],
    [{ kind: 'Running' }, 'Pending', /^image shop\/web:v1@sha256:1 is being scanned$/],
    [{ kind: 'Failed', why: 'UNSUPPORTED_IMAGE' }, 'Refused', /has no result of a scan: UNSUPPORTED_IMAGE; /],
  ])('%j is %s', (scan, kind, message) => {
    expect(judged(scan)).toMatchObject({ kind, message: expect.stringMatching(message) as string })
  })
})
