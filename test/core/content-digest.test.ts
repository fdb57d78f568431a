import { describe, expect, it } from 'vitest'

import { contentDigest } from '../../controller/core/content-digest.ts'

describe('the digest of a content', () => {
  it('is the same for settings that mean the same, in any case', () => {
    const content = { taskDefinition: 'sha256:1', imageDigest: undefined, gates: [] }
    expect(contentDigest({ ...content, settings: { launchType: 'fargate' } })).toBe(
      contentDigest({ ...content, settings: { launchType: 'FARGATE' } }),
    )
  })

  it('is the same in any order of three gates', () => {
    const content = { taskDefinition: 'sha256:1', imageDigest: undefined, settings: undefined }
    const digest = (...names: readonly string[]): string =>
      contentDigest({ ...content, gates: names.map((name) => ({ name })) })
    expect(
      new Set([digest('a', 'b', 'c'), digest('c', 'b', 'a'), digest('b', 'c', 'a'), digest('b', 'a', 'c')])
        .size,
    ).toBe(1)
  })
})
