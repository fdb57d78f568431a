import { served } from '../../support/release-controller.ts'
import { describe, expect, it } from 'vitest'

import { withStarted } from '../../../controller/core/rollout/started.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'

const AT = '2026-01-01T00:00:00Z'

function rollout(change: Partial<RolloutSpec>): RolloutState {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  return { ...last, spec: { ...last.spec, ...change } as RolloutState['spec'] }
}

describe('a status beside the rollout that was started last', () => {
  it.each([
    ['Restart', { lastHandledRestartAt: AT }],
    ['Retry', { lastHandledRetryAt: AT }],
    ['Commit', {}],
    ['Drift', {}],
  ] as const)('knows the request that a %s answers, though nobody stored it', (why, handled) => {
    const started = rollout({ why, requestedAt: AT })
    const status = { lastRollout: 7, rollout: started.name }
    expect(withStarted(status, started, undefined)).toEqual({ ...status, ...handled })
    expect(withStarted(status, undefined, started)).toEqual({ ...status, ...handled })
  })

  it('is the same where it knows of it, where nobody asked, and where nothing was rolled out', () => {
    const { name } = rollout({})
    const status = { lastHandledRestartAt: AT, lastHandledRetryAt: AT, rollout: name }
    expect(withStarted(status, rollout({ why: 'Restart', requestedAt: AT }), undefined)).toBe(status)
    expect(withStarted(status, undefined, rollout({ why: 'Retry', requestedAt: AT }))).toBe(status)
    expect(withStarted(status, rollout({ why: 'Restart' }), undefined)).toBe(status)
    expect(withStarted(status, undefined, undefined)).toBe(status)
  })

  it('knows the tags that a running rollout may give a service, and not those of one that has ended', () => {
    const { service } = rollout({}).spec
    const tagged = rollout({ service: { ...service, settings: { tags: [{ key: 'team', value: 'shop' }] } } })
    const status = { rollout: tagged.name }
    expect(withStarted(status, tagged, undefined)).toEqual({ ...status, tagKeys: ['team'] })
    expect(withStarted({ ...status, tagKeys: ['team'] }, tagged, undefined)).toEqual({
      ...status,
      tagKeys: ['team'],
    })
    expect(withStarted({}, undefined, tagged)).toEqual({})
  })

  it('names the running rollout, and never counts back', () => {
    const { name, spec } = rollout({ number: 3 })
    expect(withStarted({ rollout: 'prod-web-2', lastRollout: 2 }, { name, spec }, undefined)).toEqual({
      rollout: name,
      lastRollout: 3,
    })
    expect(withStarted({ lastRollout: 5 }, { name, spec }, undefined)).toEqual({
      rollout: name,
      lastRollout: 5,
    })
  })
})
