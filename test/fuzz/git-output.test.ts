import { describe, expect, it } from 'vitest'
import { checkTarget, corpusOf } from './support/check-target.ts'
import { gitOutput } from './targets/git-output.ts'

describe('what git prints', () => {
  it('is read into what the port promises, or refused', async () => {
    await checkTarget(gitOutput, 1_000)
  })

  it.each(corpusOf(gitOutput))('holds for $file', async ({ input }) => {
    await gitOutput.run(input)
    expect(input.length).toBeGreaterThan(0)
  })
})
