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
  describe('a commit of edited files', editStories)
})

const fetched = async (): Promise<string> => {
  const commit = stage.commit({ files: { a: 'a' } })
  await source.fetch(references)
  return commit
}

const edited = (head: string, edits: readonly { path: string; text: string }[], branch = 'main') => ({
  branch,
  head,
  edits,
  message: '\nPin web\n\nSteersman-Pin: web\n\n',
  author: 'Ana <ana@example.com>',
  at,
})

const commitFiles = (head: string, edits: readonly { path: string; text: string }[], branch?: string) =>
  source.commitFiles(edited(head, edits, branch))

function editStories(): void {
  it('changes those files alone, keeps their modes and lands on the branch', async () => {
    const head = stage.commit({
      files: {
        'deploy/web.yaml': 'old\n',
        'deploy/run.sh': { mode: 'executable', bytes: Buffer.from('#!/bin/sh\n') },
        other: 'kept',
      },
    })
    await source.fetch(references)
    const { result, commit } = await commitFiles(head, [
      { path: './deploy//web.yaml', text: 'new\n' },
      { path: 'deploy/run.sh', text: 'exit 0\n' },
      { path: 'deploy/more.yaml', text: '' },
      { path: 'other/below', text: 'x' },
    ])
    expect([result, stage.branchHead('main')]).toEqual(['Pushed', commit])
    expect(await source.commit(commit)).toEqual({
      id: commit,
      parents: [head],
      author: 'Ana <ana@example.com>',
      committer: 'Ana <ana@example.com>',
      committedAt: 1_750_000_000_000,
      subject: 'Pin web',
      trailers: [{ key: 'steersman-pin', value: 'web' }],
    })
    const files = await source.files({ commit, path: '', limitBytes: 99, limitFiles: 9 })
    expect(files.map(({ path, text }) => [path, text])).toEqual([
      ['deploy/more.yaml', ''],
      ['deploy/run.sh', 'exit 0\n'],
      ['deploy/web.yaml', 'new\n'],
      ['other/below', 'x'],
    ])
    // The id covers the modes, which no answer of the port shows.
    expect(commit).toBe('493d0d77a7477d8da701bebd6421a0bf37146395')
  })

  it('is Stale when the head moved or the branch is not there, and stays in the mirror', async () => {
    const head = await fetched()
    const next = stage.commit({ files: { a: 'b' } })
    const edits = [{ path: 'a', text: 'c\n' }]
    const { result, commit } = await commitFiles(head, edits)
    expect([result, stage.branchHead('main'), await source.hasCommit(commit)]).toEqual(['Stale', next, true])
    expect(await commitFiles(head, edits, 'gone')).toEqual({ result: 'Stale', commit })
    stage.forcePush('main', head)
    expect(await commitFiles(head, edits)).toEqual({ result: 'Pushed', commit })
  })

  it('goes to a new branch, once: the very same commit there is Stale too', async () => {
    const head = await fetched()
    const request = { ...edited(head, [{ path: 'a', text: 'b' }]), newBranch: 'pin-web' }
    const { result, commit } = await source.commitFiles(request)
    expect([result, stage.branchHead('pin-web'), stage.branchHead('main')]).toEqual(['Pushed', commit, head])
    expect(await source.commitFiles(request)).toEqual({ result: 'Stale', commit })
    const later = { ...request, at: request.at + 1_000 }
    expect((await source.commitFiles(later)).result).toBe('Stale')
    expect(stage.branchHead('pin-web')).toBe(commit)
  })

  it('may be repeated after an answer that never came', async () => {
    const head = await fetched()
    const first = await commitFiles(head, [{ path: 'a', text: 'b' }])
    expect(await stage.restart().commitFiles(edited(head, [{ path: 'a', text: 'b' }]))).toEqual(first)
    const later = stage.commit({ files: { z: 'z' } })
    expect((await commitFiles(head, [{ path: 'a', text: 'b' }])).result).toBe('Stale')
    await source.fetch(references)
    expect(await source.isAncestor(first.commit, later)).toBe(true)
  })

  it.each(['../up', '/etc/passwd', '.git/config', '', 'link', 'sub', 'folder'])(
    'is refused for path %j',
    async (path) => {
      const head = stage.commit({
        files: {
          link: { mode: 'symlink', target: 'a' },
          sub: { mode: 'submodule', target: absent },
          'folder/a': 'a',
        },
      })
      await source.fetch(references)
      const error = await portError(commitFiles(head, [{ path, text: 'x' }]))
      expect(error).toMatchObject({ code: 'SourceRefused', handling: 'stall', ambiguous: false })
      expect(stage.branchHead('main')).toBe(head)
    },
  )

  it('is refused for an author that would forge headers', async () => {
    const author = 'Ana <a@example.com> 1 +0000\ncommitter Eve <e@example.com>'
    const asked = source.commitFiles({ ...edited(await fetched(), []), author })
    expect(await portError(asked)).toMatchObject({ code: 'SourceRefused', handling: 'stall' })
  })

  it('on a head that the mirror has not is an error to try again', async () => {
    await fetched()
    const error = await portError(commitFiles(absent, [{ path: 'a', text: 'x' }]))
    expect(error).toMatchObject({ code: 'SourceUnavailable', handling: 'retry', ambiguous: true })
  })
}
