import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Source } from '../../../controller/ports/source.ts'
import { portError } from '../../support/git-source.ts'
import { describeStages } from './contract-stages.ts'
import type { Stage } from './contract-stages.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const at = 1_750_000_000_123
const absent = '1'.repeat(40)
const untrusting = { allowedSigners: undefined, gpgKeyring: undefined }

let stage: Stage
let source: Source

describeStages((create) => {
  beforeEach(() => {
    stage = create()
    source = stage.source
  })
  afterEach(() => stage.close())
  describe('a tag', tagStories)
  describe('a prepared tag', preparedStories)
  describe('a push of tags', pushStories)
})

const prepare = (commit: string, names: readonly string[], message = 'Deployment') =>
  source.prepareTags({
    tags: names.map((name) => ({ name: `deploy/prod/${name}`, commit, message })),
    at,
    signingKeyFile: undefined,
  })

type Prepared = Awaited<ReturnType<typeof prepare>>

const push = (prepared: Prepared, expected: readonly string[] = [], by = source) =>
  by.pushTags({ tags: prepared.map((tag, index) => ({ ...tag, expected: expected[index] ?? '' })) })

const remoteTags = async () => (await source.references(references)).tags

const fetched = async (): Promise<string> => {
  const commit = stage.commit({ files: { a: 'a' } })
  await source.fetch(references)
  return commit
}

function tagStories(): void {
  it('that is lightweight reads as its commit, with the committer for the tagger', async () => {
    const commit = stage.commit({ files: { a: 'a' }, message: 'A\n\nKey: value', at: 1_700_000_000_000 })
    stage.moveTag('deploy/prod/1', commit)
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toEqual({
      name: 'deploy/prod/1',
      object: commit,
      commit,
      annotated: false,
      tagger: 'Dora Developer <dora@example.com>',
      taggedAt: 1_700_000_000_000,
      message: '',
      trailers: [],
    })
  })

  it('that is annotated has a message and trailers', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    const object = stage.moveTag('deploy/prod/1', commit, 'Roll back\n\nSteersman-Action: Rollback\n')
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toEqual({
      name: 'deploy/prod/1',
      object,
      commit,
      annotated: true,
      tagger: 'Dora Developer <dora@example.com>',
      taggedAt: 1_760_000_000_000,
      message: 'Roll back\n\nSteersman-Action: Rollback',
      trailers: [{ key: 'steersman-action', value: 'Rollback' }],
    })
  })

  it('of a tag is peeled to the commit', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    const inner = stage.moveTag('inner', commit, 'Inner')
    const object = stage.moveTag('deploy/prod/1', inner, 'Outer')
    await source.fetch(references)
    expect(await source.tag('deploy/prod/1')).toMatchObject({ object, commit, message: 'Outer' })
    expect(await source.references(references)).toMatchObject({ tags: [{ object, commit }] })
    expect([await source.hasObject(inner), await source.hasCommit(object)]).toEqual([true, false])
  })

  it('without a signature is not verified, for a reason', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    const object = stage.moveTag('deploy/prod/1', commit, 'One')
    await source.fetch(references)
    const reasons = await Promise.all([
      source.verify({ object, type: 'tag', tagName: 'deploy/prod/1', trust: untrusting }),
      source.verify({ object, type: 'tag', tagName: 'deploy/prod/2', trust: untrusting }),
      source.verify({ object, type: 'commit', trust: untrusting }),
      source.verify({ object: commit, type: 'tag', tagName: 'deploy/prod/1', trust: untrusting }),
      source.verify({ object: commit, type: 'commit', trust: untrusting }),
    ])
    expect(reasons).toEqual(
      [
        'the tag is not signed',
        "the signed tag object names tag 'deploy/prod/1', not 'deploy/prod/2'",
        `object ${object} is no commit`,
        'the tag is lightweight: it has no signature',
        'the commit is not signed',
      ].map((reason) => ({ valid: false, reason })),
    )
  })
}

function preparedStories(): void {
  it('is in the mirror, without a reference anywhere', async () => {
    const [tag] = await prepare(await fetched(), ['1'])
    expect(await source.hasObject(tag?.object ?? '')).toBe(true)
    expect(await source.hasCommit(tag?.object ?? '')).toBe(false)
    expect(await stage.another().hasObject(tag?.object ?? '')).toBe(false)
    expect([await source.tag('deploy/prod/1'), await remoteTags()]).toEqual([undefined, []])
  })

  it('is the same object for the same input from any mirror, and another for another', async () => {
    const commit = await fetched()
    const other = stage.another()
    await other.fetch(references)
    const request = (name: string, time: number) => ({
      tags: [{ name, commit, message: 'One' }],
      at: time,
      signingKeyFile: undefined,
    })
    const [one] = await source.prepareTags(request('deploy/prod/1', at))
    expect(await other.prepareTags(request('deploy/prod/1', at + 800))).toEqual([one])
    const [later] = await other.prepareTags(request('deploy/prod/1', at + 1_000))
    const [renamed] = await other.prepareTags(request('deploy/prod/2', at))
    expect(new Set([one?.object, later?.object, renamed?.object]).size).toBe(3)
  })

  it.each([
    ['a signature', { message: 'a\n-----BEGIN PGP SIGNATURE-----\nb' }],
    ['a nul', { message: 'a\0b' }],
    ['a bad name', { name: 'deploy/prod/..' }],
    ['no full id', { commit: 'abc' }],
  ])('is refused with %s', async (_what, change) => {
    const tag = { name: 'deploy/prod/1', commit: await fetched(), message: 'One', ...change }
    const asked = source.prepareTags({ tags: [tag], at, signingKeyFile: undefined })
    expect(await portError(asked)).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
  })

  it('of a commit that the mirror has not is an error to try again', async () => {
    await fetched()
    const error = await portError(prepare(absent, ['1']))
    expect(error).toMatchObject({ code: 'SourceUnavailable', handling: 'retry', ambiguous: false })
  })
}

function pushStories(): void {
  it('is seen by a fetch, with what was prepared', async () => {
    const commit = await fetched()
    const message = 'Deployment 7\n\nSteersman-Number: 7'
    const prepared = await prepare(commit, ['current', '7'], `\n${message}\n\n`)
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
    expect(await source.tag('deploy/prod/7')).toBeUndefined()
    const other = stage.another()
    await other.fetch(references)
    expect(await other.tag('deploy/prod/7')).toEqual({
      name: 'deploy/prod/7',
      object: prepared[1]?.object,
      commit,
      annotated: true,
      tagger: 'Steersman <steersman@steersman.dev>',
      taggedAt: 1_750_000_000_000,
      message,
      trailers: [{ key: 'steersman-number', value: '7' }],
    })
  })

  it('that another life prepared is made by the next, and may be repeated', async () => {
    const prepared = await prepare(await fetched(), ['current', '1'])
    const next = stage.restart()
    expect(await next.hasObject(prepared[0]?.object ?? '')).toBe(true)
    expect(await push(prepared, [], next)).toEqual({ result: 'Pushed' })
    expect(await push(prepared, [], stage.restart())).toEqual({ result: 'Pushed' })
    expect(await remoteTags()).toMatchObject([{ name: 'deploy/prod/1' }, { name: 'deploy/prod/current' }])
  })

  it('brings the commit of a history that people have pushed away', async () => {
    const first = await fetched()
    const second = stage.commit({ files: { a: 'b' } })
    await source.fetch(references)
    stage.forcePush('main', first)
    expect(await push(await prepare(second, ['1']))).toEqual({ result: 'Pushed' })
    const other = stage.another()
    await other.fetch(references)
    expect(await other.isAncestor(first, second)).toBe(true)
  })

  it.each([
    [
      'moved to another commit',
      (commit: string) => void stage.moveTag('deploy/prod/current', commit, 'By hand'),
    ],
    ['made lightweight', (commit: string) => void stage.moveTag('deploy/prod/current', commit)],
    ['deleted', () => stage.deleteTag('deploy/prod/current')],
    [
      'followed by a number of somebody else',
      (commit: string) => void stage.moveTag('deploy/prod/2', commit, '2'),
    ],
    ['joined by a tag in the way', (commit: string) => void stage.moveTag('deploy/prod/2/x', commit)],
  ])('of two tags is Stale, and changes nothing at all, when one was %s', async (_what, change) => {
    const first = stage.commit({ files: { a: 'a' } })
    const before = stage.moveTag('deploy/prod/current', first, 'Before')
    const second = stage.commit({ files: { a: 'b' } })
    await source.fetch(references)
    const prepared = await prepare(second, ['current', '2'])
    change(first)
    const tags = await remoteTags()
    expect(await push(prepared, [before])).toEqual({ result: 'Stale' })
    expect(await remoteTags()).toEqual(tags)
    expect(await push(prepared, [prepared[0]?.object ?? ''])).toEqual({ result: 'Stale' })
  })

  it('moves an annotated tag whose object is still the one expected, and no other', async () => {
    const first = stage.commit({ files: { a: 'a' } })
    const before = stage.moveTag('deploy/prod/current', first, 'Before')
    await source.fetch(references)
    const prepared = await prepare(first, ['current'])
    expect(await push(prepared, [first])).toEqual({ result: 'Stale' })
    expect(await push(prepared, [''])).toEqual({ result: 'Stale' })
    expect(await push(prepared, [before])).toEqual({ result: 'Pushed' })
    expect(await push(await prepare(first, ['current'], 'Again'), [before])).toEqual({ result: 'Stale' })
  })

  it('with one tag there already still makes the other', async () => {
    const [current, number] = await prepare(await fetched(), ['current', '1'])
    await push(current === undefined ? [] : [current])
    expect(await push([current, number].filter((tag) => tag !== undefined))).toEqual({ result: 'Pushed' })
    expect(await remoteTags()).toHaveLength(2)
  })

  it('of an object that the mirror has not is refused, unless it is Stale already', async () => {
    const commit = await fetched()
    const lost = [{ name: 'deploy/prod/1', object: absent, commit }]
    expect(await push(lost, [commit])).toEqual({ result: 'Stale' })
    expect(await portError(push(lost))).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
    expect(await remoteTags()).toEqual([])
  })

  it('of nothing is done, also while the repository is away, and of something is waited for', async () => {
    const prepared = await prepare(await fetched(), ['1'])
    stage.goAway()
    expect(await source.pushTags({ tags: [] })).toEqual({ result: 'Pushed' })
    const error = await portError(push(prepared))
    expect(error).toMatchObject({ code: 'SourceMissing', handling: 'wait', ambiguous: false })
    stage.comeBack()
    expect(await push(prepared)).toEqual({ result: 'Pushed' })
  })

  it.each([
    { name: '-x', object: absent, expected: '' },
    { name: 'deploy/prod/1', object: 'abc', expected: '' },
    { name: 'deploy/prod/1', object: absent, expected: 'HEAD' },
  ])('is refused for $name, $object, $expected', async (tag) => {
    await fetched()
    expect(await portError(source.pushTags({ tags: [tag] }))).toMatchObject({ code: 'SourceRefused' })
  })
}
