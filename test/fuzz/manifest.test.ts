import { describe, expect, it } from 'vitest'
import { checkTarget, corpusOf } from './support/check-target.ts'
import { commitTrees, settingsFiles } from './support/commit-trees.ts'
import { loadManifests } from '../../controller/core/manifest.ts'
import { loadSettings } from '../../controller/core/manifest/settings.ts'
import { manifest } from './targets/manifest.ts'

describe('what a commit says', () => {
  it('is read in full where nothing was changed', () => {
    const issues = commitTrees.map(
      (files) => loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates: [] }).issues,
    )
    expect(issues).toEqual([[], [], []])
    expect(loadSettings(settingsFiles.slice(0, 3)).issues).toEqual([])
  })

  it('becomes releases that pass their schema or issues that have a place', async () => {
    await checkTarget(manifest, 300)
  })

  it.each(corpusOf(manifest))('holds for $file', async ({ input }) => {
    await manifest.run(input)
    expect(input.length).toBeGreaterThan(0)
  })
})
