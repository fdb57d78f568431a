import { describe, expect, it } from 'vitest'
import { checkTarget, corpusOf } from './support/check-target.ts'
import { httpInput } from './targets/http-input.ts'

describe('what is asked over HTTP', () => {
  it('is answered, and refused with what to do about it', async () => {
    await checkTarget(httpInput, 150)
  })

  it.each(corpusOf(httpInput))('holds for $file', async ({ input }) => {
    await httpInput.run(input)
    expect(input.length).toBeGreaterThan(0)
  })
})
