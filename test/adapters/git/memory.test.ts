import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemory } from '../../../controller/adapters/git/memory.ts'
import { createCountedGit } from '../../support/counted-git.ts'
import type { CountedGit } from '../../support/counted-git.ts'
import { createTestSource } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository } from '../../support/repository.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }

let folder: string
let git: CountedGit
let repository: TestRepository
let test: ReturnType<typeof createTestSource>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steersman-memory-'))
  git = createCountedGit(folder)
  repository = createRepository()
  test = createTestSource(repository.path, { outerEnvironment: { ...process.env, PATH: git.path } })
})

afterEach(() => {
  test.remove()
  repository.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('a mirror that was asked before', () => {
  it('starts no git for what can not have changed', async () => {
    const [first, second] = history()
    const { source } = test
    await source.fetch(references)
    const ask = () =>
      Promise.all([
        source.tag('deploy/prod/1'),
        source.commit(second),
        source.hasCommit(second),
        source.isAncestor(first, second),
        source.isAncestor(second, first),
        source.countAhead({ base: first, head: second }),
        source.newestTouching({ head: second, paths: ['a.txt'] }),
      ])
    git.started()
    const answers = await ask()
    expect(git.started().length).toBeGreaterThan(0)
    expect(await ask()).toEqual(answers)
    expect(git.started()).toEqual([])
  })

  it('asks again for what was not there', async () => {
    const [first, second] = history()
    const absent = '1'.repeat(40)
    const { source } = test
    await source.fetch(references)
    expect([await source.hasCommit(absent), await source.isAncestor(absent, second)]).toEqual([false, false])
    expect(await source.tag('deploy/prod/2')).toBeUndefined()
    git.started()
    await Promise.all([
      source.hasCommit(absent),
      source.isAncestor(absent, first),
      source.tag('deploy/prod/2'),
    ])
    expect(git.started()).toEqual(['cat-file', 'cat-file', 'cat-file'])
  })

  it('reads a tag again that was fetched again, and no other', async () => {
    const [, second] = history()
    repository.tag('deploy/test/1', second, { message: 'Test' })
    const { source } = test
    const others = { branch: 'main', tagPrefix: 'deploy/test/' }
    await source.fetch(references)
    await source.fetch(others)
    await Promise.all([source.tag('deploy/prod/1'), source.tag('deploy/test/1')])
    repository.tag('deploy/prod/1', second, { message: 'Moved' })
    await source.fetch(references)
    git.started()
    expect(await source.tag('deploy/prod/1')).toMatchObject({ commit: second, message: 'Moved' })
    expect(git.started()).toEqual(['cat-file'])
    expect(await source.tag('deploy/test/1')).toMatchObject({ message: 'Test' })
    expect(git.started()).toEqual([])
    repository.deleteTag('deploy/prod/1')
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toBeUndefined()
  })

  it('knows nothing any more once it was lost', async () => {
    const [, second] = history()
    const { source, mirrorDir } = test
    await source.fetch(references)
    expect([await source.hasCommit(second), (await source.tag('deploy/prod/1'))?.message]).toEqual([
      true,
      'One',
    ])
    rmSync(mirrorDir, { recursive: true })
    expect([await source.hasCommit(second), await source.tag('deploy/prod/1')]).toEqual([false, undefined])
  })
})

describe('what is remembered', () => {
  it('is not what was asked for before a fetch and answered after it', async () => {
    const memory = createMemory()
    const answer = Promise.withResolvers<string>()
    const early = memory.ofReference('refs/tags/a', () => answer.promise)
    memory.forgetReferences(() => true)
    answer.resolve('old')
    expect(await early).toBe('old')
    expect(await memory.ofReference('refs/tags/a', async () => 'new')).toBe('new')
  })

  it('is forgotten when objects may have gone, and the oldest when there is too much', async () => {
    const memory = createMemory()
    const ask = (id: number, answer: string) => memory.ofObjects([id], async () => answer)
    await ask(0, 'first')
    expect(await ask(0, 'again')).toBe('first')
    memory.forgetObjects()
    expect(await ask(0, 'later')).toBe('later')
    await ask(1, 'kept')
    for (let id = 2; id <= 9_999; id++) await ask(id, 'other')
    expect(await ask(0, 'used again')).toBe('later')
    await ask(10_000, 'one too many')
    expect([await ask(0, 'asked again'), await ask(1, 'asked again')]).toEqual(['later', 'asked again'])
  })

  it('is no failure', async () => {
    const memory = createMemory()
    const failed = memory.ofObjects(['log'], () => Promise.reject(new Error('no')))
    await expect(failed).rejects.toThrow('no')
    expect(await memory.ofObjects(['log'], async () => 'yes')).toBe('yes')
  })
})

/** Two commits, and a tag of the first. */
function history(): readonly [string, string] {
  const first = repository.commit({ 'a.txt': 'a' })
  const second = repository.commit({ 'b.txt': 'b' })
  repository.tag('deploy/prod/1', first, { message: 'One' })
  return [first, second]
}
