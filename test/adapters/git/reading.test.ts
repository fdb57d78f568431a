import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createGitSource } from '../../../controller/adapters/git/source.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Source } from '../../../controller/ports/source.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository } from '../../support/repository.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }

let repository: TestRepository
let source: Source
let mirrorDir: string
let remove: () => void

beforeEach(() => {
  repository = createRepository()
  ;({ source, mirrorDir, remove } = createTestSource(repository.path))
})

afterEach(() => {
  remove()
  repository.remove()
})

describe('the references of a repository', () => {
  it('are the head of the branch and the tags below the prefix, annotated ones with object and commit', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const second = repository.commit({ 'a.txt': 'b' })
    const object = repository.tag('deploy/prod/current', first, { message: 'One' })
    repository.tag('deploy/prod/1', second)
    repository.tag('deploy/production/1', second)
    repository.tag('live', second)
    expect(await source.references({ ...references, otherTags: ['live'] })).toEqual({
      head: second,
      tags: [
        { name: 'deploy/prod/1', object: second, commit: second },
        { name: 'deploy/prod/current', object, commit: first },
        { name: 'live', object: second, commit: second },
      ],
    })
  })

  it('have no head while the branch does not exist', async () => {
    expect(await source.references(references)).toEqual({ head: undefined, tags: [] })
  })

  it('name a branch of the same ending as another branch', async () => {
    repository.commit({ 'a.txt': 'a' }, { branch: 'x/refs/heads/main' })
    expect((await source.references(references)).head).toBeUndefined()
  })
})

describe('a fetch', () => {
  it('brings a commit that the mirror then has', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    expect(await source.hasCommit(commit)).toBe(true)
  })

  it('follows a forced push', async () => {
    repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const rewritten = repository.commit({ 'a.txt': 'z' }, { parents: [] })
    await source.fetch(references)
    expect(await source.commit(rewritten)).toMatchObject({ parents: [] })
  })

  it('follows a moved and a deleted tag', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const second = repository.commit({ 'a.txt': 'b' })
    repository.tag('deploy/prod/current', first, { message: 'One' })
    repository.tag('deploy/prod/1', first)
    await source.fetch(references)
    const moved = repository.tag('deploy/prod/current', second, { message: 'Two' })
    repository.deleteTag('deploy/prod/1')
    await source.fetch(references)
    expect(await source.tag('deploy/prod/current')).toMatchObject({
      object: moved,
      commit: second,
      message: 'Two',
    })
    expect(await source.tag('deploy/prod/1')).toBeUndefined()
  })

  it('goes on without a branch or a single tag that was deleted', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    repository.tag('deploy/prod/1', commit)
    repository.tag('live', commit)
    const request = { ...references, otherTags: ['live'] }
    await source.fetch(request)
    repository.deleteBranch('main')
    repository.deleteTag('live')
    await source.fetch(request)
    expect(await source.tag('live')).toBeUndefined()
    expect(await source.tag('deploy/prod/1')).toMatchObject({ commit })
    expect(await source.hasCommit(commit)).toBe(true)
  })

  it('leaves other branches and tags where they are', async () => {
    const other = repository.commit({ 'a.txt': 'a' }, { branch: 'feature' })
    repository.commit({ 'b.txt': 'b' })
    repository.tag('v1', other)
    await source.fetch(references)
    expect(await source.hasCommit(other)).toBe(false)
  })

  it('reads a repository that is itself shallow', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const second = repository.commit({ 'a.txt': 'b' })
    writeFileSync(join(repository.path, 'shallow'), `${second}\n`)
    repository.git(['update-ref', '-d', 'refs/heads/none'])
    await source.fetch(references)
    expect(await source.hasCommit(first)).toBe(false)
    expect(await source.files({ commit: second, path: '', limitBytes: 10, limitFiles: 10 })).toHaveLength(1)
    const third = repository.commit({ 'a.txt': 'c' })
    await source.fetch(references)
    expect(await source.isAncestor(second, third)).toBe(true)
  })

  it('removes lock files that a killed git left', async () => {
    repository.commit({ 'a.txt': 'a' })
    const again = createTestSource(repository.path)
    await again.source.fetch(references)
    const copy = `${again.mirrorDir}-copy`
    cpSync(again.mirrorDir, copy, { recursive: true })
    writeFileSync(join(copy, 'refs', 'heads', 'main.lock'), '')
    writeFileSync(join(copy, 'packed-refs.lock'), '')
    const next = repository.commit({ 'a.txt': 'b' })
    const restarted = createGitSource({
      repository: { url: repository.path, credentials: undefined },
      mirrorDir: copy,
      clock: systemClock,
      timeoutMs: 20_000,
    })
    await restarted.fetch(references)
    expect(await restarted.hasCommit(next)).toBe(true)
    expect(existsSync(join(copy, 'packed-refs.lock'))).toBe(false)
    again.remove()
  })

  it('of two sources with one mirror runs one at a time', async () => {
    const commits = ['a', 'b', 'c'].map((branch) => repository.commit({ 'a.txt': branch }, { branch }))
    await Promise.all(
      ['a', 'b', 'c'].map((branch) => source.fetch({ branch, tagPrefix: `deploy/${branch}/` })),
    )
    expect(await Promise.all(commits.map((commit) => source.hasCommit(commit)))).toEqual([true, true, true])
  })
})

describe('history', () => {
  it('tells ancestors, and a commit is its own', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const second = repository.commit({ 'a.txt': 'b' })
    await source.fetch(references)
    expect(await source.isAncestor(first, second)).toBe(true)
    expect(await source.isAncestor(second, first)).toBe(false)
    expect(await source.isAncestor(second, second)).toBe(true)
  })

  it('counts the commits that a head is ahead', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    repository.commit({ 'a.txt': 'b' })
    const third = repository.commit({ 'a.txt': 'c' })
    await source.fetch(references)
    expect(await source.countAhead({ base: first, head: third })).toBe(2)
    expect(await source.countAhead({ base: third, head: first })).toBe(0)
  })

  it('tells a commit with its people, time, subject and trailers', async () => {
    const message = 'Deploy again\n\nThe reason.\n\nSteersman-Resume: prod\nReviewed-by: Ana\n  Lopez'
    const commit = repository.commit({ 'a.txt': 'a' }, { message, at: 1_700_000_000 })
    await source.fetch(references)
    expect(await source.commit(commit)).toEqual({
      id: commit,
      parents: [],
      author: 'Dora Developer <dora@example.com>',
      committer: 'Dora Developer <dora@example.com>',
      committedAt: 1_700_000_000_000,
      subject: 'Deploy again',
      trailers: [
        { key: 'steersman-resume', value: 'prod' },
        { key: 'reviewed-by', value: 'Ana Lopez' },
      ],
    })
  })

  it('lists the commits between two, newest first, up to a limit', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const second = repository.commit({ 'a.txt': 'b' })
    const third = repository.commit({ 'a.txt': 'c' })
    await source.fetch(references)
    const between = async (limit: number): Promise<readonly string[]> =>
      (await source.commitsBetween({ exclude: first, head: third, limit })).map((commit) => commit.id)
    expect(await between(10)).toEqual([third, second])
    expect(await between(1)).toEqual([third])
  })

  it('finds the newest commit that touches a path, past a merge that brings nothing new', async () => {
    const base = repository.commit({ 'src/a.txt': 'a', 'docs/a.txt': 'a' })
    const code = repository.commit({ 'src/a.txt': 'b' }, { branch: 'feature', parents: [base] })
    const docs = repository.commit({ 'docs/a.txt': 'b' })
    const merge = repository.commit({ 'src/a.txt': 'b' }, { parents: [docs, code], message: 'Merge' })
    await source.fetch(references)
    expect(await source.newestTouching({ head: merge, paths: ['src'] })).toBe(code)
    expect(await source.newestTouching({ head: merge, paths: ['docs'] })).toBe(docs)
    expect(await source.newestTouching({ head: merge, paths: ['none'] })).toBeUndefined()
    expect(await source.newestTouching({ head: docs, paths: [''] })).toBe(docs)
  })

  it('takes a path as it is written, never as a pattern', async () => {
    const commit = repository.commit({ 'src/a.txt': 'a', ':(glob)b': 'b' })
    await source.fetch(references)
    expect(await source.newestTouching({ head: commit, paths: ['*'] })).toBeUndefined()
    expect(await source.newestTouching({ head: commit, paths: [':(glob)b'] })).toBe(commit)
  })

  it.each([
    ['commit', (id: string) => source.commit(id)],
    ['files', (commit: string) => source.files({ commit, path: '', limitBytes: 1, limitFiles: 1 })],
    ['ancestry', (id: string) => source.isAncestor(id, id)],
  ])('says CommitMissing where a %s is asked of a commit that the mirror has not', async (_name, ask) => {
    expect(await portError(ask('1'.repeat(40)))).toMatchObject({ code: 'CommitMissing', handling: 'retry' })
  })
})

it('says that a commit which the mirror has not is in no history', async () => {
  const commit = repository.commit({ 'a.txt': 'a' })
  await source.fetch(references)
  expect(await source.isAncestor('1'.repeat(40), commit)).toBe(false)
})

describe('the files of a commit', () => {
  const read = (commit: string, path: string) =>
    source.files({ commit, path, limitBytes: 100, limitFiles: 5 })

  it('are everything below a path, byte by byte, with what cannot be text marked', async () => {
    const commit = repository.commit({
      'deploy/a.yaml': 'name: ü\n',
      'deploy/b.bin': Buffer.from([0xff, 0x00, 0x0a, 0x80]),
      'deploy/releases/c.yaml': '',
      'other/d.yaml': 'no',
    })
    await source.fetch(references)
    expect(await read(commit, 'deploy')).toEqual([
      { path: 'deploy/a.yaml', mode: 'file', size: 9, text: 'name: ü\n', validUtf8: true },
      { path: 'deploy/b.bin', mode: 'file', size: 4, text: '', validUtf8: false },
      { path: 'deploy/releases/c.yaml', mode: 'file', size: 0, text: '', validUtf8: true },
    ])
  })

  it('name links and submodules without following them', async () => {
    const commit = repository.commit({
      'deploy/link': { mode: '120000', content: '/etc/passwd' },
      'deploy/sub': { mode: '160000', content: '1'.repeat(40) },
    })
    await source.fetch(references)
    expect((await read(commit, './deploy/')).map(({ path, mode, text }) => ({ path, mode, text }))).toEqual([
      { path: 'deploy/link', mode: 'symlink', text: '' },
      { path: 'deploy/sub', mode: 'submodule', text: '' },
    ])
  })

  it('leave out the text of a file over the limit, and keep its size', async () => {
    const commit = repository.commit({ 'big.txt': 'x'.repeat(101) })
    await source.fetch(references)
    expect(await read(commit, '')).toEqual([
      { path: 'big.txt', mode: 'file', size: 101, text: '', validUtf8: true },
    ])
  })

  it('are refused when there are too many', async () => {
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`f${index}`, 'x']))
    const commit = repository.commit(files)
    await source.fetch(references)
    expect(await portError(read(commit, ''))).toMatchObject({ code: 'SourceTooLarge', handling: 'stall' })
  })

  it('with odd names and equal contents are all there', async () => {
    const names = ['a b', 'a\nb', '"q"', '-x', 'ü']
    const commit = repository.commit(Object.fromEntries(names.map((name) => [name, 'same'])))
    await source.fetch(references)
    const files = await read(commit, '')
    expect(new Set(files.map((file) => file.path))).toEqual(new Set(names))
    expect(files.every((file) => file.text === 'same')).toBe(true)
  })
})

it('keeps the mirror free of anything but its own settings', async () => {
  repository.commit({ 'a.txt': 'a' })
  await source.fetch(references)
  expect(readFileSync(join(mirrorDir, 'config'), 'utf8')).not.toContain('remote')
  expect(existsSync(join(mirrorDir, 'hooks'))).toBe(false)
})

it.each(['pack', 'main'])('makes a mirror anew whose %s was emptied in a crash', async (ending) => {
  const commit = repository.commit({ 'a.txt': 'a' })
  await source.fetch(references)
  const damaged = readdirSync(mirrorDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(ending),
  )
  for (const entry of damaged) {
    chmodSync(join(entry.parentPath, entry.name), 0o644)
    writeFileSync(join(entry.parentPath, entry.name), '')
  }
  expect(damaged).toHaveLength(1)
  const codes: string[] = []
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await source
      .fetch(references)
      .catch((error: unknown) => codes.push(error instanceof PortError ? error.code : ''))
  }
  expect(codes.filter((code) => code !== 'MirrorDamaged')).toEqual([])
  const files = await source.files({ commit, path: '', limitBytes: 9, limitFiles: 9 })
  expect([codes.length < 3, files.map(({ text }) => text)]).toEqual([true, ['a']])
})
