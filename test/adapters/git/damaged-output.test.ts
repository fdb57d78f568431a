import { describe, expect, it } from 'vitest'
import { classifyFailure, GitFailure } from '../../../controller/adapters/git/errors.ts'
import { countAhead, newestTouching, readCommit } from '../../../controller/adapters/git/history.ts'
import { readReferences } from '../../../controller/adapters/git/references.ts'
import { readFiles, readObjects } from '../../../controller/adapters/git/tree.ts'
import { printingMirror } from '../../support/printing-mirror.ts'

const ID = '1'.repeat(40)
const FILES = { commit: ID, path: 'deploy', limitBytes: 1_000, limitFiles: 10 }
const ENTRY = `100644 blob ${ID}       3\tdeploy/web.yaml\0`

describe('what git prints', () => {
  it.each([
    ['a cut list of references', `${ID}\trefs/heads/main\n111`],
    ['a list of references without its end', `${ID}\trefs/heads/main`],
    ['a line that is no reference', `${ID}\trefs/heads/main\nwarning\n`],
  ])('is refused, not taken for a branch that is gone, for %s', async (_, output) => {
    const asked = readReferences(printingMirror(output), { branch: 'main', tagPrefix: 'deploy/prod/' })
    await expect(asked).rejects.toMatchObject({ code: 'SourceUnavailable', handling: 'retry' })
  })

  it.each([
    ['an entry without a size', `100644 blob ${ID}       x\tdeploy/web.yaml\0`, `${ID} blob 3\na: \n`],
    ['an entry without a path', `100644 blob ${ID}       3`, `${ID} blob 3\na: \n`],
    ['a cut content', ENTRY, `${ID} blob 3\na:`],
    ['a content of another size', ENTRY, `${ID} blob 2\na:\n`],
    ['no content', ENTRY, ''],
    ['an odd header', ENTRY, 'hello\n'],
  ])('is refused, not taken for an empty file, for %s', async (_, listing, contents) => {
    const asked = readFiles(printingMirror(listing, { batch: Buffer.from(contents) }), FILES)
    await expect(asked).rejects.toMatchObject({ code: 'SourceUnavailable', handling: 'retry' })
  })

  it('tells of a damaged mirror where a file of the tree has no object', async () => {
    const asked = readFiles(printingMirror(ENTRY, { batch: Buffer.from(`${ID} missing\n`) }), FILES)
    await expect(asked).rejects.toMatchObject({ code: 'MirrorDamaged', handling: 'retry' })
  })

  it('may leave out an object that was only asked for', async () => {
    expect(await readObjects(printingMirror(`${ID} missing\n`), [ID])).toEqual(new Map())
  })

  it.each([
    ['a cut commit', () => readCommit(printingMirror(`${ID}\0${ID}\0Do`), ID)],
    ['a commit without a time', () => readCommit(printingMirror(`${ID}\0\0a\0b\0soon\0s\0m\n\0`), ID)],
    ['a commit without an id', () => readCommit(printingMirror(`11\0\0a\0b\x001\0s\0m\n\0`), ID)],
    ['a count that is no number', () => countAhead(printingMirror('many\n'), { base: ID, head: ID })],
    ['a commit that is no id', () => newestTouching(printingMirror('main\n'), { head: ID, paths: ['a'] })],
  ])('is refused for %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ code: 'SourceUnavailable', handling: 'retry' })
  })

  it.each([
    ['interrupted by a control character', 'fatal: no: plan\u0009ted-secret', 'planted-secret'],
    ['at the end of a long message', `fatal: ${'x'.repeat(390)}planted-secret`, 'planted-secret'],
  ])('tells no secret that is %s', (_, stderr, secret) => {
    const failure = new GitFailure('fetch', { ended: 'exited', stderr })
    const { message } = classifyFailure(failure, 'fetch', [secret])
    expect(message).not.toContain('plan')
  })
})
