import { describe, expect, it } from 'vitest'

import type { Outcome } from '../../controller/core/outcome.ts'
import { timestamp } from '../../controller/core/time.ts'
import { bringsRecord, lookAgain } from '../../controller/engine/conclude.ts'
import type { ReleaseStatus } from '../../controller/resources/types.ts'
import { ready } from '../core/rollout/ready.ts'

const why = { reason: 'GateFailed', message: 'it failed' }
const now = Date.UTC(2026, 0, 1)
const converged: Outcome = { kind: 'Converged', lookAgainMs: undefined }

describe('a release is looked at again', () => {
  const lookedAt = (outcome: Outcome, warmForMs?: number): number | undefined => {
    const { rollout } = ready()
    const keepPreviousUntil = timestamp(now + (warmForMs ?? 0))
    const last = { ...rollout, status: { ...rollout.status, keepPreviousUntil } }
    return lookAgain(outcome, { last: warmForMs === undefined ? undefined : last, now })
  }

  it.each<readonly [what: string, outcome: Outcome]>([
    ['is stalled', { kind: 'Stalled', ...why }],
    ['has failed', { kind: 'Failed', ...why }],
    ['waits', { kind: 'Waiting', ...why, until: undefined, lookAgainMs: undefined }],
  ])('when its old side gets cold, although it %s', (_what, outcome) => {
    expect(lookedAt(outcome, 45_000)).toBe(45_000)
    expect(lookedAt(outcome, -1)).toBeUndefined()
    expect(lookedAt(outcome)).toBeUndefined()
  })

  it('when its outcome says so', () => {
    expect(lookedAt({ kind: 'Progressing', ...why, lookAgainMs: 2_000 }, 45_000)).toBe(2_000)
    expect(lookedAt({ ...converged, lookAgainMs: 1_000 }, 45_000)).toBe(1_000)
    expect(lookedAt({ kind: 'Gone' }, 45_000)).toBeUndefined()
  })
})

describe('an environment is asked to record', () => {
  const status = (commit: string, isReady: boolean): ReleaseStatus => ({
    verified: { commit, digest: 'd', rollout: 'web-1' },
    conditions: [
      {
        type: 'Ready',
        status: isReady ? 'True' : 'False',
        reason: 'Serving',
        message: '',
        lastTransitionTime: timestamp(now),
      },
    ],
  })

  it.each([
    ['a release serves another commit', status('a', true), converged, true],
    ['a release serves again what it served before', status('b', false), converged, true],
    ['nothing is new', status('b', true), converged, false],
    ['a release does not serve', status('a', false), { kind: 'Failed', ...why } as const, false],
  ])('where %s', (...[, before, outcome, expected]) => {
    expect(bringsRecord(outcome, before, status('b', true))).toBe(expected)
  })
})
