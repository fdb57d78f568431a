import { describe, expect, it } from 'vitest'

import { PortError } from '../../../controller/ports/error.ts'
import { portError } from '../../support/git-source.ts'
import { MemoryRemote } from './remote.ts'
import { createMemorySource, createMirror } from './source.ts'
import type { GitGateway } from './source.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const author = 'Dora Developer <dora@example.com>'
const at = 1_760_000_000_000
const trust = { allowedSigners: '/keys/allowed-signers', gpgKeyring: undefined }

function newWorld() {
  let now = at
  const remote = new MemoryRemote({ clock: { now: () => (now += 1) } })
  const mirror = createMirror()
  const calls: string[] = []
  const gateway: GitGateway = {
    async call(operation, writes, effect) {
      calls.push(writes ? `${operation}!` : operation)
      return effect()
    },
  }
  const commit = (files: Readonly<Record<string, string>>, signer?: string): string =>
    remote.commit({
      branch: 'main',
      files,
      message: 'Change',
      author,
      at,
      ...(signer === undefined ? {} : { signer }),
    })
  return { remote, mirror, calls, commit, source: createMemorySource({ remote, mirror, gateway }) }
}

const prepare = (source: ReturnType<typeof createMemorySource>, commit: string, signingKeyFile?: string) =>
  source.prepareTags({
    tags: ['current', '1'].map((name) => ({ name: `deploy/prod/${name}`, commit, message: 'One' })),
    at,
    signingKeyFile,
  })

describe('the log of a repository in memory', () => {
  it('tells who changed which reference, with one number for one push', async () => {
    const { remote, source, commit } = newWorld()
    const first = commit({ a: 'a' })
    await source.fetch(references)
    const [current, number] = (await prepare(source, first)).map((tag) => ({ ...tag, expected: '' }))
    if (current === undefined || number === undefined) throw new Error('two tags were asked for')
    await source.pushTags({ tags: [current, number] })
    await source.pushTags({ tags: [current, number] })
    remote.moveTag('deploy/prod/current', first)
    remote.moveTag('deploy/prod/current', first)
    remote.deleteTag('deploy/prod/1')
    remote.deleteTag('deploy/prod/1')
    const line = ({ object }: { object: string }) => object
    expect(remote.log).toEqual(
      [
        ['refs/heads/main', undefined, first, 'people', 1],
        ['refs/tags/deploy/prod/current', undefined, line(current), 'steersman', 2],
        ['refs/tags/deploy/prod/1', undefined, line(number), 'steersman', 2],
        ['refs/tags/deploy/prod/current', line(current), first, 'people', 3],
        ['refs/tags/deploy/prod/1', line(number), undefined, 'people', 4],
      ].map(([ref, before, after, by, push], index) => ({
        ref,
        before,
        after,
        by,
        push,
        at: at + index + 1,
      })),
    )
  })

  it('refuses people what git refuses them', () => {
    const { remote, commit } = newWorld()
    const first = commit({ a: 'a' })
    remote.moveTag('deploy/prod/1', first)
    expect(() => remote.moveTag('deploy/prod', first)).toThrow('in the way')
    expect(() => remote.moveTag('v1', 'none')).toThrow('has no object none')
    expect(() => remote.forcePush('main', '1'.repeat(40))).toThrow('has no commit')
    expect(() => remote.deleteTag('a b')).toThrow('not a valid tag name')
    expect(remote.log).toHaveLength(2)
  })
})

describe('the gateway', () => {
  it('sees every call to the forge, and no other', async () => {
    const { source, calls, commit } = newWorld()
    const head = commit({ a: 'a' })
    await source.references(references)
    await source.fetch(references)
    const prepared = await prepare(source, head)
    await source.files({ commit: head, path: '', limitBytes: 9, limitFiles: 9 })
    await source.tag('deploy/prod/1')
    await source.pushTags({ tags: [] })
    await source.pushTags({ tags: prepared.map((tag) => ({ ...tag, expected: '' })) })
    await source.commitFiles({ branch: 'main', head, edits: [], message: 'Pin', author, at })
    expect(calls).toEqual(['references', 'fetch', 'pushTags!', 'commitFiles!'])
  })

  it('may lose the answer of a push that happened, which the next life then finds done', async () => {
    const { remote, mirror, commit } = newWorld()
    const head = commit({ a: 'a' })
    const lossy: GitGateway = {
      async call(_operation, writes, effect) {
        const answer = effect()
        if (!writes) return answer
        throw new PortError('lost', { code: 'SourceUnavailable', handling: 'retry', ambiguous: true })
      },
    }
    const first = createMemorySource({ remote, mirror, gateway: lossy })
    await first.fetch(references)
    const prepared = (await prepare(first, head)).map((tag) => ({ ...tag, expected: '' }))
    expect(await portError(first.pushTags({ tags: prepared }))).toMatchObject({ ambiguous: true })
    const next = createMemorySource({ remote, mirror })
    expect(await next.pushTags({ tags: prepared })).toEqual({ result: 'Pushed' })
    expect(
      remote
        .tags('deploy/prod/')
        .map(({ object }) => object)
        .toSorted(),
    ).toEqual(prepared.map(({ object }) => object).toSorted())
    expect(remote.log).toHaveLength(3)
  })
})

it('loses a damaged mirror once, with what was prepared, and fetches it anew', async () => {
  const { source, mirror, commit } = newWorld()
  const head = commit({ a: 'a' })
  await source.fetch(references)
  const [tag] = await prepare(source, head)
  mirror.isDamaged = true
  expect(await source.references(references)).toMatchObject({ head })
  expect(await portError(source.commit(head))).toMatchObject({ code: 'MirrorDamaged', handling: 'retry' })
  expect(await portError(source.commit(head))).toMatchObject({ code: 'CommitMissing', handling: 'retry' })
  await source.fetch(references)
  expect([await source.hasCommit(head), await source.hasObject(tag?.object ?? '')]).toEqual([true, false])
})

describe('a signature', () => {
  it('is its signer, where anybody is trusted', async () => {
    const { remote, source, commit } = newWorld()
    const object = commit({ a: 'a' }, 'dora@example.com')
    const tag = remote.moveTag('deploy/prod/1', object, { message: 'One', tagger: author, at, signer: 'ana' })
    await source.fetch(references)
    const verify = (request: Omit<Parameters<typeof source.verify>[0], 'trust'>) =>
      source.verify({ ...request, trust })
    expect(await verify({ object, type: 'commit' })).toEqual({ valid: true, signer: 'dora@example.com' })
    expect(await verify({ object: tag, type: 'tag', tagName: 'deploy/prod/1' })).toEqual({
      valid: true,
      signer: 'ana',
    })
    expect(await verify({ object: tag, type: 'tag', tagName: 'deploy/prod/2' })).toMatchObject({
      valid: false,
    })
    const nobody = { allowedSigners: undefined, gpgKeyring: undefined }
    expect(await source.verify({ object, type: 'commit', trust: nobody })).toMatchObject({ valid: false })
  })

  it('of Steersman is its key, and makes another object', async () => {
    const { source, commit } = newWorld()
    const head = commit({ a: 'a' })
    await source.fetch(references)
    const [plain] = await prepare(source, head)
    const [signed] = await prepare(source, head, '/keys/steersman')
    const request = { object: signed?.object ?? '', type: 'tag', trust } as const
    expect(await source.verify(request)).toEqual({ valid: true, signer: '/keys/steersman' })
    expect(signed?.object).not.toBe(plain?.object)
  })
})
