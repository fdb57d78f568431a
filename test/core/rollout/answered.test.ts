import { describe, expect, it } from 'vitest'

import { withAnswered } from '../../../controller/core/rollout/answered.ts'

const AT = '2026-01-01T00:00:00Z'

describe('a status beside the rollout that was started last', () => {
  it.each([
    ['Restart', { lastHandledRestartAt: AT }],
    ['Retry', { lastHandledRetryAt: AT }],
    ['Commit', {}],
    ['Drift', {}],
  ] as const)('knows the request that a %s answers, though nobody stored it', (why, handled) => {
    expect(withAnswered({ lastRollout: 7 }, { why, requestedAt: AT })).toEqual({ lastRollout: 7, ...handled })
  })

  it('is the same where it knows of it, where nobody asked, and where nothing was rolled out', () => {
    const status = { lastHandledRestartAt: AT, lastHandledRetryAt: AT }
    expect(withAnswered(status, { why: 'Restart', requestedAt: AT })).toBe(status)
    expect(withAnswered(status, { why: 'Retry', requestedAt: AT })).toBe(status)
    expect(withAnswered(status, { why: 'Restart' })).toBe(status)
    expect(withAnswered(status, undefined)).toBe(status)
  })
})
