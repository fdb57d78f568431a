import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Source } from '../../../controller/ports/source.ts'
import { portError } from '../../support/git-source.ts'
import { describeStages } from './contract-stages.ts'
import type { Stage } from './contract-stages.ts'

const references = { branch: 'main', tagPrefix: 'deploy/prod/' }
const absent = '1'.repeat(40)

let stage: Stage
let source: Source

describeStages((create) => {
  beforeEach(() => {
    stage = create()
    source = stage.source
  })
  afterEach(() => stage.close())
  describe('what the mirror has not', absenceStories)
})

function absenceStories(): void {
  it.each([
    ['commit', (id: string) => source.commit(id)],
    ['files', (id: string) => source.files({ commit: id, path: '', limitBytes: 1, limitFiles: 1 })],
    ['isAncestor', (id: string, known: string) => source.isAncestor(known, id)],
    ['countAhead', (id: string, known: string) => source.countAhead({ base: known, head: id })],
    ['countAhead of the base', (id: string, known: string) => source.countAhead({ base: id, head: known })],
    [
      'commitsBetween',
      (id: string, known: string) => source.commitsBetween({ exclude: id, head: known, limit: 1 }),
    ],
    ['newestTouching', (id: string) => source.newestTouching({ head: id, paths: ['a'] })],
  ])('is CommitMissing to %s', async (_name, ask) => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    const error = await portError(ask(absent, commit))
    expect(error).toMatchObject({ code: 'CommitMissing', handling: 'retry', ambiguous: false })
  })

  it('is no object, no commit, in no history and behind no signature', async () => {
    const commit = stage.commit({ files: { a: 'a' } })
    await source.fetch(references)
    const trust = { allowedSigners: undefined, gpgKeyring: undefined }
    expect(await source.hasObject(absent)).toBe(false)
    expect(await source.hasCommit(absent)).toBe(false)
    expect(await source.isAncestor(absent, commit)).toBe(false)
    expect(await source.verify({ object: absent, type: 'commit', trust })).toMatchObject({ valid: false })
  })

  it('may be no id at all, which is refused', async () => {
    const refused = { code: 'SourceRefused', handling: 'stall' }
    expect(await portError(source.hasObject('HEAD'))).toMatchObject(refused)
    expect(await portError(source.hasCommit('-x'))).toMatchObject(refused)
    expect(await portError(source.commit('abc'))).toMatchObject(refused)
  })
}
