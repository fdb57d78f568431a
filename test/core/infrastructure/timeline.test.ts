import { describe, expect, it } from 'vitest'
import { timelineOfApply } from '../../../controller/core/infrastructure/timeline.ts'

const COMMIT = '4f2c11d0a9b8c7d6e5f40312'
const times = { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:09.000Z' }
const resource = (index: number) => ({ address: `aws_x.r${index}`, action: 'update', ...times })

describe('What Terraform did for the commit of a rollout', () => {
  it('stands first in its timeline, each resource and the whole', () => {
    const apply = { commit: COMMIT, ...times, resources: [resource(1)] }
    expect(timelineOfApply(apply, { commit: COMMIT, why: 'Commit' })).toEqual([
      { action: 'let Terraform update aws_x.r1', ...times, outcome: 'Succeeded' },
      { action: 'apply the infrastructure of commit 4f2c11d0a9b8', ...times, outcome: 'Succeeded' },
    ])
  })

  it('leaves room for the rollout’s own actions', () => {
    const resources = Array.from({ length: 100 }, (_, index) => resource(index))
    const entries = timelineOfApply(
      { commit: COMMIT, ...times, resources },
      { commit: COMMIT, why: 'Commit' },
    )
    expect(entries).toHaveLength(51)
    expect(entries[49]?.action).toBe('let Terraform update aws_x.r49')
  })

  it.each([
    ['nothing was ever applied', undefined, 'Commit'],
    ['it was for another commit', { commit: 'another', ...times }, 'Commit'],
    ['the rollout is a restart', { commit: COMMIT, ...times }, 'Restart'],
  ] as const)('is not told where %s', (_, apply, why) => {
    expect(timelineOfApply(apply, { commit: COMMIT, why })).toEqual([])
  })
})
