import { describe, expect, it } from 'vitest'
import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import type { Relative } from '../../../controller/core/relations.ts'
import type { Condition, ReleaseStatus } from '../../../controller/resources/types.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf, line } from './planning.ts'

const ready = (status: Condition['status'], message: string): Condition => ({
  type: 'Ready',
  status,
  reason: 'Serving',
  message,
  lastTransitionTime: '2026-11-28T00:00:00Z',
})
const serving: ReleaseStatus = {
  verified: { commit: 'commit-2', digest: 'api-2', at: '2026-11-28T00:00:00Z' },
  conditions: [ready('True', 'the wanted version serves')],
}

const api = (change: Partial<Relative> = {}): Relative => ({
  release: 'api',
  wanted: 'api-2',
  status: serving,
  active: undefined,
  lastSucceeded: undefined,
  newest: 2,
  ...change,
})

const second = desiredRelease({ version: '2' })

function planned(relative: Relative, change: Partial<PlanInput> = {}): string {
  const relations = { dependsOn: [relative], group: undefined }
  const decision = planRelease(inputOf(served(), { desired: second, relations, ...change }))
  return decision.kind === 'Blocked' ? `${decision.reason}: ${decision.message}` : line(decision)
}

const started = 'start to blue because of Commit'

describe('a release that depends on another one', () => {
  it('begins once that one serves what the commit wants of it', () => {
    expect(planned(api())).toBe(started)
  })

  it.each<readonly [what: string, change: Partial<Relative>, expected: string]>([
    [
      'serves an older version',
      { wanted: 'api-3' },
      'DependencyNotReady: waits until api serves; api: not begun yet',
    ],
    [
      'does not serve just now',
      { status: { ...serving, conditions: [ready('False', 'none of the 2 tasks runs')] } },
      'DependencyNotReady: waits until api serves; api: none of the 2 tasks runs',
    ],
    ['was never looked at', { status: {} }, 'DependencyNotReady: waits until api serves; api: not begun yet'],
    [
      'waits for its image',
      {
        wanted: undefined,
        status: { conditions: [ready('False', 'image api:2 is not in the registry yet')] },
      },
      'DependencyNotReady: waits until api serves; api: image api:2 is not in the registry yet',
    ],
    [
      'failed with what the commit wants',
      {
        wanted: 'api-3',
        status: {
          failed: [{ digest: 'api-3', reason: 'GateFailed', at: '2026-11-28T00:00:00Z' }],
          conditions: [
            ready('False', 'this version failed; push a new one, or run steersman retry prod/api'),
          ],
        },
      },
      'DependencyFailed: waits for what it depends on, and that failed: api: this version failed; push a new one, or run steersman retry prod/api; this begins once api serves',
    ],
  ])('waits while that one %s', (_what, change, expected) => {
    expect(planned(api(change))).toBe(expected)
  })

  it('waits for another try, too', () => {
    const failed = [{ digest: second.digest, reason: 'GateFailed', at: '2026-11-27T00:00:00Z' }]
    const requests = { restart: undefined, retry: { id: '2026-11-28T00:00:00Z', by: 'ann' } }
    const status = { ...served().status, failed }
    expect(planned(api({ wanted: 'api-3' }), { requests, status })).toContain('DependencyNotReady')
    expect(planned(api(), { requests, status })).toBe('start to blue because of Retry')
  })

  it.each(['Pin', 'Tag', 'Failback'] as const)('goes back by %s at once', (why) => {
    const desired = { ...second, why, goesBack: true as const }
    expect(planned(api({ wanted: 'api-3' }), { desired })).toBe(`start to blue because of ${why}`)
  })

  it('is given fresh tasks at once', () => {
    const requests = { restart: { id: '2026-11-28T00:00:00Z', by: 'ann' }, retry: undefined }
    const desired = desiredRelease()
    expect(planned(api({ wanted: 'api-3' }), { desired, requests })).toBe('start to blue because of Restart')
  })

  it('has what somebody changed put right while it waits', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const relations = { dependsOn: [api({ wanted: 'api-3' })], group: undefined }
    const decision = planRelease(inputOf(controller, { desired: second, relations }))
    expect(line(decision)).toMatch(/^mend: /)
  })
})
