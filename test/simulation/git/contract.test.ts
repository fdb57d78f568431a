import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Source } from '../../../controller/ports/source.ts'
import { portError } from '../../support/git-source.ts'
import { describeStages } from './contract-stages.ts'
import type { Stage } from './contract-stages.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const at = 1_750_000_000_123
const absent = '1'.repeat(40)

let stage: Stage
let source: Source

describeStages((create) => {
  beforeEach(() => {
    stage = create()
    source = stage.source
  })
  afterEach(() => stage.close())
  describe('the references', referenceStories)
  describe('a fetch', fetchStories)
  describe('the history', historyStories)
  describe('the newest commit that touches a path', touchStories)
  describe('the files of a commit', fileStories)
})

function referenceStories(): void {
  it('of an empty repository are none, and it can be fetched', async () => {
    expect(await source.references(references)).toEqual({ head: undefined, tags: [] })
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toBeUndefined()
  })

  it('have no head where the branch is missing or was deleted', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    stage.moveTag('deploy/prod/1', commit)
    stage.commit({ files: { a: 'a' }, branch: 'x/refs/heads/production' })
    expect(await source.references({ ...references, branch: 'production' })).toMatchObject({
      head: undefined,
      tags: [{ name: 'deploy/prod/1', commit }],
    })
    stage.deleteBranch('main')
    expect((await source.references(references)).head).toBeUndefined()
  })

  it('are the head and the tags asked for, in the order of their names', async () => {
    const first = stage.commit({ files: { a: 'a' } })
    const second = stage.commit({ files: { a: 'b' } })
    const object = stage.moveTag('deploy/prod/current', first, 'One')
    for (const name of ['deploy/prod/9', 'deploy/prod/10', 'deploy/production/1', 'live', 'deploy/prod/9ü']) {
      stage.moveTag(name, second)
    }
    expect(await source.references({ ...references, otherTags: ['live', 'deploy/prod/9', 'none'] })).toEqual({
      head: second,
      tags: [
        ...['deploy/prod/10', 'deploy/prod/9', 'deploy/prod/9ü'].map((name) => ({
          name,
          object: second,
          commit: second,
        })),
        { name: 'deploy/prod/current', object, commit: first },
        { name: 'live', object: second, commit: second },
      ],
    })
  })

  it.each([
    { branch: '-x', tagPrefix: 'deploy/' },
    { branch: 'main', tagPrefix: '' },
    { branch: 'main', tagPrefix: 'a..b/' },
    { branch: 'main', tagPrefix: 'deploy/', otherTags: ['a b'] },
  ])('are refused for the names $branch, $tagPrefix, $otherTags', async (request) => {
    const refused = { code: 'SourceRefused', handling: 'stall' }
    expect(await portError(source.references(request))).toMatchObject(refused)
    expect(await portError(source.fetch(request))).toMatchObject(refused)
  })

  it('of a repository that is away are waited for, and what was fetched stays readable', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    stage.goAway()
    const missing = { code: 'SourceMissing', handling: 'wait', ambiguous: false }
    expect(await portError(source.references(references))).toMatchObject(missing)
    expect(await portError(source.fetch(references))).toMatchObject(missing)
    expect(await source.commit(commit)).toMatchObject({ id: commit })
    stage.comeBack()
    expect((await source.references(references)).head).toBe(commit)
  })
}

function fetchStories(): void {
  it('follows a forced push, and keeps what it had', async () => {
    const first = stage.commit({ files: { a: 'a' } })
    const second = stage.commit({ files: { a: 'b' } })
    await source.fetch(references)
    stage.forcePush('main', first)
    const rewritten = stage.commit({ files: { a: 'z' }, parents: [] })
    expect(await source.hasCommit(rewritten)).toBe(false)
    await source.fetch(references)
    expect(await source.commit(rewritten)).toMatchObject({ parents: [] })
    expect([await source.hasCommit(second), await source.isAncestor(first, rewritten)]).toEqual([true, false])
  })

  it('follows moved and deleted tags, also single ones outside the prefix', async () => {
    const first = stage.commit({ files: { a: 'a' } })
    const second = stage.commit({ files: { a: 'b' } })
    stage.moveTag('deploy/prod/current', first, 'One')
    stage.moveTag('deploy/prod/1', first)
    stage.moveTag('live', first)
    const request = { ...references, otherTags: ['live'] }
    await source.fetch(request)
    const object = stage.moveTag('deploy/prod/current', second, 'Two')
    stage.deleteTag('deploy/prod/1')
    stage.deleteTag('live')
    expect(await source.tag('live')).toMatchObject({ commit: first })
    await source.fetch(request)
    expect(await source.tag('deploy/prod/current')).toMatchObject({ object, commit: second, message: 'Two' })
    expect([await source.tag('deploy/prod/1'), await source.tag('live')]).toEqual([undefined, undefined])
    expect(await source.hasObject(object)).toBe(true)
  })

  it('goes on without a branch that was deleted', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    stage.deleteBranch('main')
    stage.moveTag('deploy/prod/1', commit)
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toMatchObject({ commit })
    expect(await source.hasCommit(commit)).toBe(true)
  })

  it('leaves other branches and tags where they are', async () => {
    const other = stage.commit({ files: { a: 'a' }, branch: 'feature' })
    stage.commit({ files: { b: 'b' } })
    stage.moveTag('v1', other)
    await source.fetch(references)
    expect([await source.hasCommit(other), await source.tag('v1')]).toEqual([false, undefined])
  })

  it('of one mirror is not one of another, and outlives its source', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    expect(await stage.another().hasCommit(commit)).toBe(false)
    expect(await stage.restart().hasCommit(commit)).toBe(true)
  })
}

/** Two lines of work that a merge brings together, and what is on neither side. */
function mergedHistory(): { base: string; left: string; right: string; merge: string } {
  const base = stage.commit({ files: { 'src/a': 'a', 'docs/a': 'a' } })
  const left = stage.commit({ files: { 'docs/a': 'b' } })
  const right = stage.commit({ files: { 'src/a': 'b' }, branch: 'feature', parents: [base] })
  const merge = stage.commit({ files: { 'src/a': 'b' }, parents: [left, right], message: 'Merge' })
  return { base, left, right, merge }
}

function historyStories(): void {
  it('tells ancestors over a merge, and a commit is its own', async () => {
    const { base, left, right, merge } = mergedHistory()
    await source.fetch(references)
    const pairs = [base, left, right, merge].map((one) =>
      Promise.all([base, left, right, merge].map((other) => source.isAncestor(one, other))),
    )
    expect(await Promise.all(pairs)).toEqual([
      [true, true, true, true],
      [false, true, false, true],
      [false, false, true, true],
      [false, false, false, true],
    ])
  })

  it('counts and lists what a head is ahead, newest first, up to a limit', async () => {
    const { base, left, right, merge } = mergedHistory()
    await source.fetch(references)
    const between = async (exclude: string, limit: number) =>
      (await source.commitsBetween({ exclude, head: merge, limit })).map(({ id }) => id)
    expect(await between(base, 9)).toEqual([merge, right, left])
    expect([await between(left, 9), await between(right, 1), await between(base, 0)]).toEqual([
      [merge, right],
      [merge],
      [],
    ])
    expect(await between(merge, 9)).toEqual([])
    expect(await source.countAhead({ base, head: merge })).toBe(3)
    expect(await source.countAhead({ base: merge, head: base })).toBe(0)
    expect(await source.countAhead({ base: left, head: right })).toBe(1)
  })

  it('orders by time, and what has the same second as it was found', async () => {
    const base = stage.commit({ files: { a: 'a' }, at })
    const left = stage.commit({ files: { b: 'b' }, at })
    const early = stage.commit({ files: { c: 'c' }, branch: 'feature', parents: [base], at: at - 60_000 })
    const right = stage.commit({ files: { d: 'd' }, branch: 'feature', at: at + 500 })
    const merge = stage.commit({ files: { c: 'c', d: 'd' }, parents: [right, left], at })
    await source.fetch(references)
    const listed = await source.commitsBetween({ exclude: base, head: merge, limit: 9 })
    expect(listed.map(({ id }) => id)).toEqual([merge, right, left, early])
  })

  it('tells a commit with its people, time, subject and trailers', async () => {
    const message =
      'Deploy  again \nand more\n\nThe reason.\n\nSteersman-Resume: prod\nReviewed-By: Ana\n  Lopez'
    const commit = stage.commit({ files: { a: 'a' }, message, at: 1_700_000_000_999 })
    await source.fetch(references)
    expect(await source.commit(commit)).toEqual({
      id: commit,
      parents: [],
      author: 'Dora Developer <dora@example.com>',
      committer: 'Dora Developer <dora@example.com>',
      committedAt: 1_700_000_000_000,
      subject: 'Deploy  again and more',
      trailers: [
        { key: 'steersman-resume', value: 'prod' },
        { key: 'reviewed-by', value: 'Ana Lopez' },
      ],
    })
  })
}

function touchStories(): void {
  it('is not a merge that brings nothing of its own', async () => {
    const { left, right, merge } = mergedHistory()
    await source.fetch(references)
    const touching = (...paths: string[]) => source.newestTouching({ head: merge, paths })
    expect([await touching('src'), await touching('docs/a'), await touching('none')]).toEqual([
      right,
      left,
      undefined,
    ])
    expect([await touching('docs', 'src'), await touching(''), await touching()]).toEqual([
      merge,
      merge,
      merge,
    ])
  })

  it('is a removal, a first commit, but not a change that was taken back in one merge', async () => {
    const base = stage.commit({ files: { 'src/a': 'a', 'src/b': 'b', c: 'c' } })
    const removal = stage.commit({ files: {}, removed: ['src/b'] })
    const change = stage.commit({ files: { c: 'd' }, branch: 'feature', parents: [base] })
    const dropped = stage.commit({ files: {}, parents: [removal, change] })
    await source.fetch(references)
    const touching = (...paths: string[]) => source.newestTouching({ head: dropped, paths })
    expect([await touching('src'), await touching('src/a'), await touching('c')]).toEqual([
      removal,
      base,
      base,
    ])
  })

  it('takes a path as it is written, never as a pattern or as the beginning of a name', async () => {
    const commit = stage.commit({ files: { 'src/a': 'a', ':(glob)b': 'b' } })
    await source.fetch(references)
    const touching = (path: string) => source.newestTouching({ head: commit, paths: [path] })
    expect([await touching('*'), await touching('sr'), await touching(':(glob)b')]).toEqual([
      undefined,
      undefined,
      commit,
    ])
  })
}

function fileStories(): void {
  const read = (commit: string, path: string, limits: { limitBytes?: number; limitFiles?: number } = {}) =>
    source.files({ commit, path, limitBytes: 100, limitFiles: 9, ...limits })

  it('are everything below a path, with what cannot be text marked', async () => {
    const commit = stage.commit({
      files: {
        'deploy/a.yaml': 'name: ü\n',
        'deploy/b.bin': { mode: 'file', bytes: Buffer.from([0xff, 0x00, 0x0a, 0x80]) },
        'deploy/link': { mode: 'symlink', target: '/etc/passwd' },
        'deploy/releases/c.yaml': '',
        'deploy/sub': { mode: 'submodule', target: absent },
        'deploy/tool': { mode: 'executable', bytes: Buffer.from('#!') },
        'deployment/d.yaml': 'no',
      },
    })
    await source.fetch(references)
    expect(await read(commit, './deploy/')).toEqual([
      { path: 'deploy/a.yaml', mode: 'file', size: 9, text: 'name: ü\n', validUtf8: true },
      { path: 'deploy/b.bin', mode: 'file', size: 4, text: '', validUtf8: false },
      { path: 'deploy/link', mode: 'symlink', size: 11, text: '', validUtf8: true },
      { path: 'deploy/releases/c.yaml', mode: 'file', size: 0, text: '', validUtf8: true },
      { path: 'deploy/sub', mode: 'submodule', size: 0, text: '', validUtf8: true },
      { path: 'deploy/tool', mode: 'file', size: 2, text: '#!', validUtf8: true },
    ])
    expect((await read(commit, 'deploy/tool')).map(({ path }) => path)).toEqual(['deploy/tool'])
    expect(await read(commit, 'none')).toEqual([])
  })

  it('are listed by the bytes of their paths', async () => {
    const names = ['a/x', 'a.b', 'a-b', 'a0', 'B', '\u{1f600}', '\uff5e', 'a/b/c']
    const commit = stage.commit({ files: Object.fromEntries(names.map((name) => [name, 'same'])) })
    await source.fetch(references)
    expect((await read(commit, '')).map(({ path }) => path)).toEqual([
      'B',
      'a-b',
      'a.b',
      'a/b/c',
      'a/x',
      'a0',
      '\uff5e',
      '\u{1f600}',
    ])
  })

  it('have no text over the limit, and are refused when they are too many', async () => {
    const files = { 'big.txt': 'x'.repeat(101), 'full.txt': 'y'.repeat(100) }
    const commit = stage.commit({ files })
    await source.fetch(references)
    expect((await read(commit, '')).map(({ size, text }) => [size, text.length])).toEqual([
      [101, 0],
      [100, 100],
    ])
    expect(await portError(read(commit, '', { limitFiles: 1 }))).toMatchObject({
      code: 'SourceTooLarge',
      handling: 'stall',
    })
  })

  it.each(['../up', '/etc', 'a/.GIT/b', 'a\0b'])('are refused for path %j', async (path) => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    expect(await portError(read(commit, path))).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
  })
}
