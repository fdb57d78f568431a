import { describe, expect, it } from 'vitest'

import type { LoadedRelease } from '../../../controller/core/manifest.ts'
import { relationIssues } from '../../../controller/core/manifest/relations.ts'
import { WEB, commit, file, load } from './files.ts'

const GROUPED = WEB.replace('spec:\n', 'spec:\n  group: {name: shop, atomic: true}\n')

/** A member of a group, with another engine or strategy than it was written with. */
function member(change: Partial<LoadedRelease['release']['spec']>): LoadedRelease {
  const [release] = load(commit(file('deploy/releases/web.yaml', GROUPED))).releases
  if (release === undefined) throw new Error('no release')
  const { spec } = release.release
  return { ...release, release: { ...release.release, spec: { ...spec, ...change } } }
}

const { strategy } = member({}).release.spec
const told = (release: LoadedRelease): string =>
  relationIssues({ loaded: [release], written: [] })
    .map((issue) => JSON.stringify(issue))
    .join('\n')

describe('a member of a group whose traffic has no weights of Steersman’s own', () => {
  it.each<[what: string, change: Parameters<typeof member>[0], path: string]>([
    ['strategy Rolling', { strategy: { ...strategy, type: 'Rolling' } }, '/spec/strategy/type'],
    ['engine Native', { engine: 'Native' }, '/spec/engine'],
  ])('is told that %s has none', (what, change, path) => {
    const issue = told(member(change))
    expect(issue).toContain(path)
    expect(issue).toContain(
      `group shop moves the weights of its members together, and ${what} has none; expected BlueGreen, Canary or Linear by engine TargetGroupSwap`,
    )
  })

  it('is told nothing where it has them', () => {
    expect(told(member({}))).toBe('')
  })
})
