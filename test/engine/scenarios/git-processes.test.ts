import { describe, expect, it } from 'vitest'
import type { CountedGit } from '../../support/counted-git.ts'
import { createCountedGit } from '../../support/counted-git.ts'
import type { Ending } from '../../support/machine.ts'
import { startMachine, STORY } from '../../support/machine.ts'
import { makeTemporaryDirectory } from '../../support/temp-directory.ts'

describe('the controller starts git', () => {
  it(
    'once for a look without news, and for a new commit once for each thing it asks',
    async (context) => {
      const git = await countGit(context)
      const machine = await startMachine(context, { spec: { source: { interval: '10m' } } })
      await machine.start()
      await machine.untilDeployed(machine.push({ version: 'v1' }))
      await machine.nextReconcile()
      git.started()
      await machine.nextReconcile()
      expect(git.started()).toEqual(['ls-remote'])
      await machine.untilDeployed(machine.push({ version: 'v2' }))
      await machine.nextReconcile()
      const { 'ls-remote': looks, ...rest } = countOf(git.started())
      // The branch is fetched, and the tags that the controller has pushed itself.
      expect(rest).toMatchObject({ fetch: 2, push: 1, mktag: 2, log: 1, 'ls-tree': 2 })
      expect(looks).toBeLessThanOrEqual(8)
      // Once the new commit and its history, each new tag, and the files of both looks.
      expect(rest['cat-file']).toBeLessThanOrEqual(8)
      expect(rest['rev-list']).toBeLessThanOrEqual(4)
    },
    STORY.timeout,
  )
})

/** For this file, which has a process of its own. */
async function countGit(ending: Ending): Promise<CountedGit> {
  const folder = await makeTemporaryDirectory('steersman-counted-git')
  const path = process.env['PATH']
  const git = createCountedGit(folder.path)
  process.env['PATH'] = git.path
  ending.onTestFinished(async () => {
    process.env['PATH'] = path
    await folder.remove()
  })
  return git
}

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
