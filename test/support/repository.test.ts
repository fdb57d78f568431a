import { expect, it } from 'vitest'

import type { CommitOptions, TestRepository, TreeEntry } from './repository.ts'
import { createRepository } from './repository.ts'

type Commit = readonly [files: Readonly<Record<string, TreeEntry>>, options?: CommitOptions]

/** A history with all that a tree may hold; `plumbing` makes each commit by git's single steps, as one that is signed has to be. */
function historyOf(plumbing: CommitOptions): readonly string[] {
  const repository: TestRepository = createRepository()
  const ids: string[] = []
  const commit = (...[files, options]: Commit): void =>
    void ids.push(repository.commit(files, { ...options, ...plumbing }))
  commit({
    'a/b.yaml': 'x\n',
    link: { mode: '120000', content: 'a/b.yaml' },
    'run.sh': { mode: '100755', content: Buffer.from([0, 255, 10]) },
  })
  commit({ 'a/b.yaml': null, 'with a blank': 'x' }, { message: 'Two\n\nof them' })
  commit({ submodule: { mode: '160000', content: ids[0] ?? '' }, z: '' })
  commit({ z: 'elsewhere' }, { branch: 'demo', at: 1_770_000_000 })
  commit({ z: 'a new history' }, { parents: [] })
  commit({ m: 'both' }, { parents: [ids[4] ?? '', ids[3] ?? ''] })
  commit({}, { message: 'Nothing' })
  commit({ back: 'again' }, { parents: [ids[2] ?? ''] })
  ids.push(repository.head('main') ?? '', repository.head('demo') ?? '')
  expect(repository.git(['fsck', '--strict', '--no-dangling'])).toBe('')
  repository.remove()
  return ids
}

it('makes the same commits in one step as in many', () => {
  expect(historyOf({})).toEqual(historyOf({ settings: [] }))
})
