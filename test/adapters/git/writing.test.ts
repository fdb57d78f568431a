import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Source } from '../../../controller/ports/source.ts'
import { createTestSource, portError } from '../../support/git-source.ts'
import { createRepository } from '../../support/repository.ts'
import type { TestRepository } from '../../support/repository.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const at = 1_750_000_000_123

let repository: TestRepository
let source: Source
let remove: () => void

beforeEach(() => {
  repository = createRepository()
  ;({ source, remove } = createTestSource(repository.path))
})

afterEach(() => {
  remove()
  repository.remove()
})

const prepare = async (
  commit: string,
  number = 1,
  message = `Deployment ${number}\n\nSteersman-Number: ${number}`,
) => {
  const tags = ['deploy/prod/current', `deploy/prod/${number}`].map((name) => ({ name, commit, message }))
  return source.prepareTags({ tags, at, signingKeyFile: undefined })
}

const push = (prepared: Awaited<ReturnType<typeof prepare>>, expected: readonly string[] = []) =>
  source.pushTags({ tags: prepared.map((tag, index) => ({ ...tag, expected: expected[index] ?? '' })) })

const remoteTags = async () => (await source.references(references)).tags

describe('tags that are prepared', () => {
  it('are in the mirror and not yet in the repository', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const prepared = await prepare(commit)
    expect(await Promise.all(prepared.map(({ object }) => source.hasObject(object)))).toEqual([true, true])
    expect(await remoteTags()).toEqual([])
  })

  it('are the same objects for the same input, also from a fresh mirror', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const other = createTestSource(repository.path)
    await other.source.fetch(references)
    const tags = [{ name: 'deploy/prod/1', commit, message: 'One' }]
    const request = { tags, at, signingKeyFile: undefined }
    expect(await other.source.prepareTags(request)).toEqual(await source.prepareTags(request))
    other.remove()
  })

  it('are read back with tagger, time, message and trailers once they are pushed', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const prepared = await prepare(commit, 7)
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
    await source.fetch(references)
    expect(await source.tag('deploy/prod/7')).toEqual({
      name: 'deploy/prod/7',
      object: prepared[1]?.object,
      commit,
      annotated: true,
      tagger: 'Steersman <steersman@steersman.dev>',
      taggedAt: 1_750_000_000_000,
      message: 'Deployment 7\n\nSteersman-Number: 7',
      trailers: [{ key: 'steersman-number', value: '7' }],
    })
  })

  it.each(['-----BEGIN SSH SIGNATURE-----', 'a\n-----BEGIN PGP SIGNATURE-----\nb', 'nul\0byte'])(
    'are refused with a message that pretends to be signed or cannot be stored: %j',
    async (message) => {
      const commit = repository.commit({ 'a.txt': 'a' })
      await source.fetch(references)
      expect(await portError(prepare(commit, 1, message))).toMatchObject({ code: 'SourceRefused' })
    },
  )
})

describe('a lightweight tag', () => {
  it('reads as its commit, with the committer for the tagger', async () => {
    const commit = repository.commit({ 'a.txt': 'a' }, { at: 1_700_000_000 })
    repository.tag('deploy/prod/current', commit)
    await source.fetch(references)
    expect(await source.tag('deploy/prod/current')).toEqual({
      name: 'deploy/prod/current',
      object: commit,
      commit,
      annotated: false,
      tagger: 'Dora Developer <dora@example.com>',
      taggedAt: 1_700_000_000_000,
      message: '',
      trailers: [],
    })
  })

  it('is peeled through a tag of a tag, and is none where it names no commit', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    repository.tag('inner', commit, { message: 'Inner' })
    repository.tag('deploy/prod/current', 'inner', { message: 'Outer' })
    repository.tag('deploy/prod/1', `${commit}^{tree}`)
    await source.fetch(references)
    expect(await source.tag('deploy/prod/current')).toMatchObject({ commit, message: 'Outer' })
    expect(await source.tag('deploy/prod/1')).toBeUndefined()
  })
})

describe('a push of tags', () => {
  it('moves an annotated tag when it is still the object that was last read', async () => {
    const first = repository.commit({ 'a.txt': 'a' })
    const before = repository.tag('deploy/prod/current', first, { message: 'Before' })
    const second = repository.commit({ 'a.txt': 'b' })
    await source.fetch(references)
    const prepared = await prepare(second, 2)
    expect(await push(prepared, [before])).toEqual({ result: 'Pushed' })
    expect(await remoteTags()).toMatchObject([
      { name: 'deploy/prod/2', commit: second },
      { name: 'deploy/prod/current', commit: second },
    ])
  })

  it('may be repeated: the same objects that are there already are no conflict', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const prepared = await prepare(commit)
    await push(prepared)
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
  })

  it.each([
    [
      'moved by a person',
      (commit: string) => void repository.tag('deploy/prod/current', commit, { message: 'By hand' }),
    ],
    ['deleted', () => repository.deleteTag('deploy/prod/current')],
    [
      'followed by a number of somebody else',
      (commit: string) => void repository.tag('deploy/prod/2', commit, { message: '2' }),
    ],
  ])('is Stale, and changes nothing at all, when the tag was %s', async (_what, change) => {
    const first = repository.commit({ 'a.txt': 'a' })
    const before = repository.tag('deploy/prod/current', first, { message: 'Before' })
    const second = repository.commit({ 'a.txt': 'b' })
    await source.fetch(references)
    const prepared = await prepare(second, 2)
    change(first)
    const tags = await remoteTags()
    expect(await push(prepared, [before])).toEqual({ result: 'Stale' })
    expect(await remoteTags()).toEqual(tags)
  })

  it("is refused by a hook with the hook's own words", async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const prepared = await prepare(commit)
    repository.refusePushes('Tags are protected here')
    const error = await portError(push(prepared))
    expect(error).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
    expect(error.message).toContain('Tags are protected here (pre-receive hook declined)')
    repository.acceptPushes()
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
  })

  it('that two controllers make at the same time succeeds for one of them', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    const other = createTestSource(repository.path)
    const results = await Promise.all(
      [source, other.source].map(async (one, index) => {
        await one.fetch(references)
        const tags = [{ name: 'deploy/prod/1', commit, message: `From ${index}` }]
        const prepared = await one.prepareTags({ tags, at, signingKeyFile: undefined })
        return (await one.pushTags({ tags: prepared.map((tag) => ({ ...tag, expected: '' })) })).result
      }),
    )
    expect(results.toSorted()).toEqual(['Pushed', 'Stale'])
    other.remove()
  })

  it('of nothing is done', async () => {
    expect(await source.pushTags({ tags: [] })).toEqual({ result: 'Pushed' })
  })

  it('to a repository that is away is a wait', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const prepared = await prepare(commit)
    repository.goAway()
    expect(await portError(push(prepared))).toMatchObject({ code: 'SourceMissing', handling: 'wait' })
    repository.comeBack()
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
  })
})

describe('a commit of edited files', () => {
  const commitFiles = (head: string, edits: readonly { path: string; text: string }[]) =>
    source.commitFiles({
      branch: 'main',
      head,
      edits,
      message: 'Pin web',
      author: 'Ana <ana@example.com>',
      at,
    })

  it('changes those files alone and lands on the branch', async () => {
    const head = repository.commit({
      'deploy/web.yaml': 'old\n',
      'deploy/run.sh': { mode: '100755', content: '#!/bin/sh\n' },
      'other.txt': 'kept',
    })
    await source.fetch(references)
    const { result, commit } = await commitFiles(head, [
      { path: 'deploy/web.yaml', text: 'new\n' },
      { path: 'deploy/run.sh', text: '#!/bin/sh\nexit 0\n' },
      { path: 'deploy/more.yaml', text: '' },
    ])
    expect([result, repository.head()]).toEqual(['Pushed', commit])
    expect(repository.git(['diff-tree', '-r', '--raw', '--abbrev=4', head, commit]).split('\n')).toEqual([
      expect.stringMatching(/^:000000 100644 .* A\tdeploy\/more.yaml$/),
      expect.stringMatching(/^:100755 100755 .* M\tdeploy\/run.sh$/),
      expect.stringMatching(/^:100644 100644 .* M\tdeploy\/web.yaml$/),
    ])
    expect(repository.git(['cat-file', '-s', `${commit}:deploy/more.yaml`])).toBe('0')
    expect(await source.commit(commit)).toMatchObject({
      parents: [head],
      author: 'Ana <ana@example.com>',
      committedAt: 1_750_000_000_000,
      subject: 'Pin web',
    })
  })

  it('is Stale when the branch went on meanwhile', async () => {
    const head = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const next = repository.commit({ 'a.txt': 'b' })
    expect((await commitFiles(head, [{ path: 'a.txt', text: 'c\n' }])).result).toBe('Stale')
    expect(repository.head()).toBe(next)
  })

  it.each(['../up.txt', '/etc/passwd', '.git/config', 'a/../../b', '', 'link', 'sub'])(
    'is refused for path %j',
    async (path) => {
      const head = repository.commit({
        link: { mode: '120000', content: 'a.txt' },
        sub: { mode: '160000', content: '1'.repeat(40) },
      })
      await source.fetch(references)
      expect(await portError(commitFiles(head, [{ path, text: 'x' }]))).toMatchObject({
        code: 'SourceRefused',
      })
      expect(repository.head()).toBe(head)
    },
  )

  it('is refused for an author that would forge headers', async () => {
    const head = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    const author = 'Ana <a@example.com> 1 +0000\ncommitter Eve <e@example.com>'
    const request = { branch: 'main', head, edits: [], message: 'x', author, at }
    expect(await portError(source.commitFiles(request))).toMatchObject({ code: 'SourceRefused' })
  })
})

describe('a repository that is away', () => {
  it('is waited for, and read again when it is back', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    repository.goAway()
    expect(await portError(source.references(references))).toMatchObject({
      code: 'SourceMissing',
      handling: 'wait',
    })
    expect(await portError(source.fetch(references))).toMatchObject({
      code: 'SourceMissing',
      handling: 'wait',
    })
    repository.comeBack()
    expect((await source.references(references)).head).toBe(commit)
  })

  it('leaves what was fetched readable', async () => {
    const commit = repository.commit({ 'a.txt': 'a' })
    await source.fetch(references)
    rmSync(repository.path, { recursive: true })
    expect(await source.files({ commit, path: '', limitBytes: 9, limitFiles: 9 })).toHaveLength(1)
  })
})
